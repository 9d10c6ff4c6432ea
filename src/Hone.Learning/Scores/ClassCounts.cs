namespace Hone.Learning.Scores;

/// <summary>How the predictions of one class against all others went.</summary>
/// <param name="TruePositives">Of the class, and predicted as it.</param>
/// <param name="FalsePositives">Not of the class, but predicted as it.</param>
/// <param name="FalseNegatives">Of the class, but not predicted as it.</param>
/// <param name="TrueNegatives">Neither.</param>
public readonly record struct ClassCounts(long TruePositives, long FalsePositives, long FalseNegatives, long TrueNegatives)
{
    /// <summary>The counts added up.</summary>
    public static ClassCounts operator +(ClassCounts a, ClassCounts b) => new(
        a.TruePositives + b.TruePositives,
        a.FalsePositives + b.FalsePositives,
        a.FalseNegatives + b.FalseNegatives,
        a.TrueNegatives + b.TrueNegatives);

    /// <summary>The counts added up.</summary>
    public static ClassCounts Add(ClassCounts left, ClassCounts right) => left + right;
}
