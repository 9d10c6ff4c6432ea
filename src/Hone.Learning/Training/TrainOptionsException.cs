namespace Hone.Learning.Training;

/// <summary>An option of <c>hone train</c> that cannot be. The message names the option and its value, and says what is expected.</summary>
public sealed class TrainOptionsException : Exception
{
    /// <summary>Creates the exception with a message for the person who gave the option.</summary>
    public TrainOptionsException(string message) : base(message) { }

    /// <summary>Creates the exception with a message and the error behind it.</summary>
    public TrainOptionsException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>Creates the exception without a message.</summary>
    public TrainOptionsException() { }
}
