namespace Hone.Learning.Data;

/// <summary>
/// A table that cannot be used. The message names the file, where there is one the line, the column and the value, and says what was
/// expected.
/// </summary>
public sealed class DataException : Exception
{
    /// <summary>Creates the exception with a message for the person who has the table.</summary>
    public DataException(string message) : base(message) { }

    /// <summary>Creates the exception with a message and the error behind it.</summary>
    public DataException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>Creates the exception without a message.</summary>
    public DataException() { }
}
