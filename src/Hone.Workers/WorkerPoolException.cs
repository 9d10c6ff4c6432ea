namespace Hone.Workers;

/// <summary>A worker pool that cannot be set up as asked. The message says what is wrong and what to do.</summary>
public sealed class WorkerPoolException : Exception
{
    /// <summary>Creates the exception with a message for the person who wrote the study.</summary>
    public WorkerPoolException(string message) : base(message) { }

    /// <summary>Creates the exception with a message and the error behind it.</summary>
    public WorkerPoolException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>Creates the exception without a message.</summary>
    public WorkerPoolException() { }
}
