namespace Hone.Stopping;

/// <summary>What the best complete trial had in each of its folds.</summary>
/// <param name="Trial">Its number.</param>
/// <param name="Values">The last value of each fold, all finite; at least one.</param>
public sealed record FoldRecord(int Trial, IReadOnlyList<double> Values)
{
    /// <summary>The mean over all folds.</summary>
    public double Mean { get; } = Values.Average();
}
