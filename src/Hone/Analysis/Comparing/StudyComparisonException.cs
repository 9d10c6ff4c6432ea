namespace Hone.Analysis.Comparing;

/// <summary>Studies cannot be compared; the message says why, and what to do.</summary>
public sealed class StudyComparisonException : Exception
{
    /// <param name="message">Why, and what to do.</param>
    public StudyComparisonException(string message)
        : base(message)
    {
    }
}
