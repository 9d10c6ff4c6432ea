namespace Hone.Space;

/// <summary>A search space, or a configuration for one, that cannot be. The message names the parameter and what to do.</summary>
public sealed class SearchSpaceException : Exception
{
    /// <summary>Creates the exception with a message for the person who wrote the space.</summary>
    public SearchSpaceException(string message) : base(message) { }

    /// <summary>Creates the exception with a message and the error behind it.</summary>
    public SearchSpaceException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>Creates the exception without a message.</summary>
    public SearchSpaceException() { }
}
