namespace Hone.Tracking.Rest;

/// <summary>A tracking server cannot listen. The message says where and what to do.</summary>
public sealed class TrackingServerException : Exception
{
    /// <summary>Creates the exception with a message for the user.</summary>
    public TrackingServerException(string message) : base(message) { }

    /// <summary>Creates the exception with a message and the error behind it.</summary>
    public TrackingServerException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>Creates the exception without a message.</summary>
    public TrackingServerException() { }
}
