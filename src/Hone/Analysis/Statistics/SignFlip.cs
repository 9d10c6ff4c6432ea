namespace Hone.Analysis.Statistics;

/// <summary>The sign-flip permutation test of paired differences: if nothing is there, each is as likely to have the other sign.</summary>
/// <remarks>
/// Exact for up to 32 differences: the 2^n sums are those of two halves in rising order, of which one goes through the other. Beyond, 100,000
/// flips are drawn, with the same seed every time, and the observed one is counted among them, so that p is never too small (Phipson and Smyth 2010). The smallest
/// two-sided p is 2^(1 - n): 0.0625 for five differences.
/// </remarks>
public static class SignFlip
{
    private const int MostForExact = 32;
    private const int Draws = 100_000;

    /// <summary>Tests whether differences lie around 0, two-sided. The statistic is their mean.</summary>
    /// <param name="differences">Finite, at least one; p is 1 if they sum to 0.</param>
    public static TestResult Of(ReadOnlySpan<double> differences)
    {
        ArgumentOutOfRangeException.ThrowIfZero(differences.Length, nameof(differences));
        double[] turned = [.. differences];
        var sum = turned.Sum();
        if (sum < 0)
        {
            turned = [.. turned.Select(d => -d)];
        }

        return new TestResult("sign flip", sum / turned.Length, sum == 0 ? 1 : Math.Min(1, 2 * Upper(turned)));
    }

    /// <summary>The chance of a sum at least as large if nothing is there: the one-sided p for "greater than 0".</summary>
    /// <param name="differences">Finite, at least one.</param>
    public static double Upper(ReadOnlySpan<double> differences)
    {
        ArgumentOutOfRangeException.ThrowIfZero(differences.Length, nameof(differences));
        var (sum, size) = (0.0, 0.0);
        foreach (var difference in differences)
        {
            sum += difference;
            size += Math.Abs(difference);
        }

        // Sums of the same numbers in another order may differ in their last digits, and count as equal.
        var least = sum - (1e-12 * size);
        return differences.Length <= MostForExact ? Exact(differences, least) : Drawn(differences, least);
    }

    private static double Exact(ReadOnlySpan<double> differences, double least)
    {
        var left = Sums(differences[..(differences.Length / 2)]);
        var right = Sums(differences[(differences.Length / 2)..]);
        var (count, from) = (0L, right.Length);
        foreach (var sum in left)
        {
            while (from > 0 && sum + right[from - 1] >= least)
            {
                from--;
            }

            count += right.Length - from;
        }

        return count / Math.Pow(2, differences.Length);
    }

    // In rising order: with each difference, the sums so far come twice, lower and higher, and the two rows are merged.
    private static double[] Sums(ReadOnlySpan<double> differences)
    {
        var sums = new double[] { 0 };
        foreach (var difference in differences)
        {
            var size = Math.Abs(difference);
            var merged = new double[2 * sums.Length];
            var (low, high) = (0, 0);
            for (var i = 0; i < merged.Length; i++)
            {
                var isLower = low < sums.Length && (high == sums.Length || sums[low] - size <= sums[high] + size);
                merged[i] = isLower ? sums[low++] - size : sums[high++] + size;
            }

            sums = merged;
        }

        return sums;
    }

    private static double Drawn(ReadOnlySpan<double> differences, double least)
    {
        var random = new SeededRandom(1);
        var count = 1;
        for (var draw = 0; draw < Draws; draw++)
        {
            var (sum, bits) = (0.0, 0UL);
            for (var i = 0; i < differences.Length; i++)
            {
                bits = i % 64 == 0 ? random.NextBits() : bits >> 1;
                sum += (bits & 1) == 0 ? differences[i] : -differences[i];
            }

            count += sum >= least ? 1 : 0;
        }

        return count / (Draws + 1.0);
    }
}
