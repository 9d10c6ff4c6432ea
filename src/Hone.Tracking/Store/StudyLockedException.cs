namespace Hone.Tracking.Store;

/// <summary>Another tuner works on the study. The message says which.</summary>
public sealed class StudyLockedException : Exception
{
    /// <summary>Creates the exception with a message for the user.</summary>
    public StudyLockedException(string message) : base(message) { }

    /// <summary>Creates the exception with a message and the error behind it.</summary>
    public StudyLockedException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>Creates the exception without a message.</summary>
    public StudyLockedException() { }
}
