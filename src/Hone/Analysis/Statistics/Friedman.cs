namespace Hone.Analysis.Statistics;

/// <summary>What Friedman's test gave.</summary>
/// <param name="MeanRanks">One a model; 1 is the smallest value of every block.</param>
/// <param name="ChiSquared">Friedman's statistic, chi-squared with k - 1 degrees of freedom, corrected for ties.</param>
/// <param name="F">Iman and Davenport's, F with k - 1 and (k - 1)(N - 1) degrees of freedom: less conservative, and the one to go
/// by.</param>
public sealed record FriedmanResult(IReadOnlyList<double> MeanRanks, TestResult ChiSquared, TestResult F);

/// <summary>Tests by ranks whether several models do equally well on the same blocks, without taking scores for normal.</summary>
/// <remarks>
/// Friedman 1937: X = 12 N / (k (k + 1)) (sum R_j^2 - k (k + 1)^2 / 4), divided by 1 - sum (t^3 - t) / (N (k^3 - k)) where scores are tied
/// within a block. Iman and Davenport 1980: F = (N - 1) X / (N (k - 1) - X). As recommended by Demsar, JMLR 7 (2006).
/// </remarks>
public static class Friedman
{
    /// <summary>Tests.</summary>
    /// <param name="blocks">A row a block with one score a model; at least two of each.</param>
    public static FriedmanResult Of(IReadOnlyList<double[]> blocks)
    {
        var (n, k) = Blocks.Check(blocks);
        var ranks = new double[k];
        var ties = 0.0;
        foreach (var block in blocks)
        {
            ties += Ranks.TieTerm(block);
            var own = Ranks.Of(block);
            for (var j = 0; j < k; j++)
            {
                ranks[j] += own[j] / n;
            }
        }

        var x = 12.0 * n / (k * (k + 1)) * (ranks.Sum(rank => rank * rank) - (k * (k + 1) * (k + 1) / 4.0));
        x /= 1 - (ties / (n * ((double)(k * k * k) - k)));
        if (double.IsNaN(x))
        {
            // All scores of every block are tied.
            return new FriedmanResult(ranks, new("friedman", 0, 1), new("iman-davenport", 0, 1));
        }

        var rest = (n * (k - 1)) - x;
        var f = rest > 1e-12 ? (n - 1) * x / rest : double.PositiveInfinity;
        return new FriedmanResult(
            ranks,
            new("friedman", x, Distributions.ChiSquaredTail(x, k - 1)),
            new("iman-davenport", f, double.IsPositiveInfinity(f) ? 0 : Distributions.FTail(f, k - 1, (k - 1) * (n - 1))));
    }

    /// <summary>
    /// Nemenyi's critical difference: two models differ at level alpha if their mean ranks do by more than q sqrt(k (k + 1) / (6 N)), with
    /// q the quantile of the range of k normal numbers over sqrt(2) (Nemenyi 1963).
    /// </summary>
    /// <param name="models">k, at least 2.</param>
    /// <param name="blocks">N, at least 2.</param>
    /// <param name="alpha">Level, in (0, 1).</param>
    public static double CriticalDifference(int models, int blocks, double alpha = 0.05)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(models, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(blocks, 2);
        return Distributions.RangeQuantile(alpha, models) / Math.Sqrt(2) * Math.Sqrt(models * (models + 1) / (6.0 * blocks));
    }

    /// <summary>Nemenyi's p for the difference of two mean ranks.</summary>
    /// <param name="difference">Of the mean ranks.</param>
    /// <param name="models">k, at least 2.</param>
    /// <param name="blocks">N, at least 2.</param>
    public static double NemenyiP(double difference, int models, int blocks) =>
        Distributions.RangeTail(Math.Abs(difference) / Math.Sqrt(models * (models + 1) / (6.0 * blocks)) * Math.Sqrt(2), models);
}
