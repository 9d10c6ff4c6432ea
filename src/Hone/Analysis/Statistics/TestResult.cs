namespace Hone.Analysis.Statistics;

/// <summary>What a statistical test gave.</summary>
/// <param name="Test">Name of the test.</param>
/// <param name="Statistic">Its statistic, as its docs define it.</param>
/// <param name="P">Probability of a statistic at least as extreme if nothing is there; two-sided where there are two sides.</param>
public sealed record TestResult(string Test, double Statistic, double P)
{
    /// <summary>Whether that is too small to be taken for chance.</summary>
    public bool IsSignificant(double alpha = 0.05) => P < alpha;
}
