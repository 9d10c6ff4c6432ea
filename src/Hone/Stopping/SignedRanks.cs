using Hone.Analysis.Statistics;

namespace Hone.Stopping;

/// <summary>Wilcoxon's signed-rank test (1945) of paired differences against the alternative that they are above 0.</summary>
/// <remarks>
/// Zeros keep their ranks, half of which count as positive (as scipy's <c>zsplit</c>). Up to 50 differences that are not 0 the probability
/// is exact given the ranks, ties included: all 2^n choices of signs are counted. Beyond, it is the normal approximation with the same
/// mean and variance, without a continuity correction.
/// </remarks>
internal static class SignedRanks
{
    private const int MostForExact = 50;

    /// <summary>The probability, were all signs drawn by a fair coin, of a sum of positive ranks at least as large; 1 if all are 0.</summary>
    /// <param name="differences">None is NaN; infinities are larger than all others.</param>
    public static double UpperTail(ReadOnlySpan<double> differences)
    {
        var sizes = new double[differences.Length];
        for (var i = 0; i < sizes.Length; i++)
        {
            sizes[i] = Math.Abs(differences[i]);
        }

        // Twice a rank is whole. Zeros add the same to the sum whatever the signs, so they only hold ranks.
        var ranks = Ranks.Of(sizes);
        var doubled = new List<int>(ranks.Length);
        var sum = 0;
        for (var i = 0; i < ranks.Length; i++)
        {
            if (differences[i] != 0)
            {
                doubled.Add((int)(2 * ranks[i]));
                sum += differences[i] > 0 ? doubled[^1] : 0;
            }
        }

        return doubled.Count <= MostForExact ? Exact(doubled, sum) : Approximate(doubled, sum);
    }

    /// <summary>For n differences without ties and zeros, the upper tail at each sum of positive ranks, from 0.</summary>
    public static double[] Tails(int n)
    {
        var tails = Counts([.. Enumerable.Range(1, n)]);
        for (var sum = tails.Length - 2; sum >= 0; sum--)
        {
            tails[sum] += tails[sum + 1];
        }

        for (var sum = 0; sum < tails.Length; sum++)
        {
            tails[sum] = Math.ScaleB(tails[sum], -n);
        }

        return tails;
    }

    private static double Exact(List<int> ranks, int sum)
    {
        var counts = Counts(ranks);
        var above = 0.0;
        for (var s = counts.Length - 1; s >= sum; s--)
        {
            above += counts[s];
        }

        return Math.ScaleB(above, -ranks.Count);
    }

    // How many of the 2^n choices of signs give each sum: a rank at a time.
    private static double[] Counts(IReadOnlyList<int> ranks)
    {
        var counts = new double[ranks.Sum() + 1];
        counts[0] = 1;
        foreach (var rank in ranks)
        {
            for (var sum = counts.Length - 1; sum >= rank; sum--)
            {
                counts[sum] += counts[sum - rank];
            }
        }

        return counts;
    }

    private static double Approximate(List<int> ranks, double sum)
    {
        var (mean, variance) = (0.0, 0.0);
        foreach (var rank in ranks)
        {
            mean += rank / 2.0;
            variance += rank * (rank / 4.0);
        }

        var z = (sum - mean) / Math.Sqrt(variance);
        return z >= 0 ? Distributions.NormalTail(z) : 1 - Distributions.NormalTail(-z);
    }
}
