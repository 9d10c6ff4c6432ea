namespace Hone.Tracking.Store;

/// <summary>The stored study of that name searches another space or for other objectives. The message shows the difference.</summary>
public sealed class StudyMismatchException : Exception
{
    /// <summary>Creates the exception with a message for the user.</summary>
    public StudyMismatchException(string message) : base(message) { }

    /// <summary>Creates the exception with a message and the error behind it.</summary>
    public StudyMismatchException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>Creates the exception without a message.</summary>
    public StudyMismatchException() { }
}
