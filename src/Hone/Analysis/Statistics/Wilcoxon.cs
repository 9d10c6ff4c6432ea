namespace Hone.Analysis.Statistics;

/// <summary>Wilcoxon's signed-rank test of paired differences (1945), two-sided.</summary>
/// <remarks>
/// Differences of 0 are left out. Exact by the distribution of the rank sum for up to 50 differences without ties and zeros; otherwise by
/// the normal approximation with the variance corrected for ties and without a continuity correction, as scipy's <c>wilcoxon</c>.
/// </remarks>
public static class Wilcoxon
{
    private const int MostForExact = 50;

    /// <summary>Tests whether differences lie around 0. The statistic is the smaller of the two rank sums.</summary>
    /// <param name="differences">Finite, at least one; p is 1 if all are 0.</param>
    public static TestResult Of(ReadOnlySpan<double> differences)
    {
        ArgumentOutOfRangeException.ThrowIfZero(differences.Length, nameof(differences));
        double[] nonzero = [.. differences.ToArray().Where(d => d != 0)];
        double[] sizes = [.. nonzero.Select(Math.Abs)];
        var ranks = Ranks.Of(sizes);
        var plus = nonzero.Zip(ranks).Where(pair => pair.First > 0).Sum(pair => pair.Second);
        var statistic = Math.Min(plus, ranks.Sum() - plus);
        var ties = Ranks.TieTerm(sizes);
        var isExact = ties == 0 && nonzero.Length == differences.Length && nonzero.Length <= MostForExact;
        var p = nonzero.Length == 0 ? 1 : isExact ? Exact((int)statistic, nonzero.Length) : Approximate(statistic, nonzero.Length, ties);
        return new TestResult(isExact ? "wilcoxon exact" : "wilcoxon", statistic, p);
    }

    private static double Approximate(double statistic, int n, double ties)
    {
        var mean = n * (n + 1) / 4.0;
        var variance = ((n * (n + 1.0) * ((2 * n) + 1)) - (ties / 2)) / 24;
        return Math.Min(1, 2 * Distributions.NormalTail(Math.Abs(statistic - mean) / Math.Sqrt(variance)));
    }

    // How many of the 2^n choices of signs give each rank sum: a rank at a time.
    private static double Exact(int statistic, int n)
    {
        var counts = new double[(n * (n + 1) / 2) + 1];
        counts[0] = 1;
        for (var rank = 1; rank <= n; rank++)
        {
            for (var sum = counts.Length - 1; sum >= rank; sum--)
            {
                counts[sum] += counts[sum - rank];
            }
        }

        return Math.Min(1, 2 * counts.Take(statistic + 1).Sum() / Math.Pow(2, n));
    }
}
