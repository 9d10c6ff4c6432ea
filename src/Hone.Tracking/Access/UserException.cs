namespace Hone.Tracking.Access;

/// <summary>A user cannot be added or changed so. The message says why.</summary>
public sealed class UserException : Exception
{
    /// <summary>Creates the exception with a message for whoever asked.</summary>
    public UserException(string message) : base(message) { }

    /// <summary>Creates the exception with a message and the error behind it.</summary>
    public UserException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>Creates the exception without a message.</summary>
    public UserException() { }
}
