namespace Hone.Tracking.Client;

/// <summary>A run that cannot be started: no server is named, or the server refuses it. The message says why and what to do.</summary>
public sealed class HoneRunException : Exception
{
    /// <summary>Creates the exception with a message for the user.</summary>
    public HoneRunException(string message) : base(message) { }

    /// <summary>Creates the exception with a message and the error behind it.</summary>
    public HoneRunException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>Creates the exception without a message.</summary>
    public HoneRunException() { }
}
