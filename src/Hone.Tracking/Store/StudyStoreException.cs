namespace Hone.Tracking.Store;

/// <summary>The store cannot be read or written. The message names the file and says what to do.</summary>
public sealed class StudyStoreException : Exception
{
    /// <summary>Creates the exception with a message for the user.</summary>
    public StudyStoreException(string message) : base(message) { }

    /// <summary>Creates the exception with a message and the error behind it.</summary>
    public StudyStoreException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>Whether it may go by itself: the database cannot be reached, or was ended under the hands of its clients.</summary>
    public bool IsTemporary { get; init; }

    /// <summary>Creates the exception without a message.</summary>
    public StudyStoreException() { }
}
