using Hone.Analysis.Statistics;

namespace Hone.Analysis.Effects;

/// <summary>A rank correlation with its interval.</summary>
/// <param name="Value">From -1 to 1; NaN where one side does not vary or there are fewer than 2 pairs.</param>
/// <param name="Low">Lower end; -1 with too few pairs for an interval.</param>
/// <param name="High">Upper end; 1 with too few pairs for an interval.</param>
/// <param name="P">Two-sided probability of such a value if there is no correlation; NaN as the value is.</param>
public readonly record struct Correlation(double Value, double Low, double High, double P);

/// <summary>How far two columns rise and fall together, whatever the shape: correlations of ranks.</summary>
public static class Correlations
{
    /// <summary>Spearman's rho, the correlation of the ranks.</summary>
    /// <remarks>
    /// Interval by Fisher's z with the standard error sqrt((1 + rho^2 / 2) / (n - 3)) of Bonett and Wright, Psychometrika 65 (2000), from 4
    /// pairs on; p by Student's t with n - 2 degrees of freedom.
    /// </remarks>
    /// <param name="x">One column.</param>
    /// <param name="y">The other one, as long. Pairs with NaN are left out.</param>
    /// <param name="level">Of the interval, in (0, 1).</param>
    public static Correlation Spearman(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double level = 0.95)
    {
        var (a, b) = Complete(x, y);
        var n = a.Length;
        var rho = n < 2 ? double.NaN : Pearson(Ranks.Of(a), Ranks.Of(b));
        var t = Math.Abs(rho) * Math.Sqrt((n - 2) / Math.Max(0, 1 - (rho * rho)));
        var p = n < 3 ? double.NaN : Math.Abs(rho) >= 1 ? 0 : 2 * Distributions.StudentTTail(t, n - 2);
        var error = n > 3 ? Math.Sqrt((1 + (rho * rho / 2)) / (n - 3)) : double.PositiveInfinity;
        return WithInterval(rho, error, double.IsNaN(rho) ? rho : p, level);
    }

    /// <summary>Kendall's tau-b: concordant less discordant pairs, corrected for ties.</summary>
    /// <remarks>
    /// Interval by Fisher's z with the standard error sqrt(0.437 / (n - 4)) of Fieller, Hartley and Pearson, Biometrika 44 (1957), from 5
    /// pairs on; p by the normal approximation with the variance corrected for ties (Kendall 1970). O(n log n) by Knight, JASA 61 (1966).
    /// </remarks>
    /// <param name="x">One column.</param>
    /// <param name="y">The other one, as long. Pairs with NaN are left out.</param>
    /// <param name="level">Of the interval, in (0, 1).</param>
    public static Correlation Kendall(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double level = 0.95)
    {
        var (a, b) = Complete(x, y);
        var n = a.Length;
        var (tiesA, tiesB) = (new Ties(a), new Ties(b));
        var tiedInBoth = a.Zip(b).GroupBy(pair => pair).Sum(group => group.Count() * (group.Count() - 1.0) / 2);
        var pairs = n * (n - 1.0) / 2;
        var score = pairs - tiesA.Pairs - tiesB.Pairs + tiedInBoth - (2 * Discordant(a, b));
        var norm = Math.Sqrt((pairs - tiesA.Pairs) * (pairs - tiesB.Pairs));
        var tau = norm > 0 ? score / norm : double.NaN;
        var p = double.IsNaN(tau) ? tau : 2 * Distributions.NormalTail(Math.Abs(score) / Math.Sqrt(Variance(n, tiesA, tiesB)));
        return WithInterval(tau, n > 4 ? Math.Sqrt(0.437 / (n - 4)) : double.PositiveInfinity, p, level);
    }

    private static Correlation WithInterval(double value, double error, double p, double level)
    {
        if (double.IsNaN(value))
        {
            return new Correlation(value, -1, 1, p);
        }

        var z = Math.Atanh(Math.Clamp(value, -1, 1));
        if (double.IsInfinity(z))
        {
            return double.IsInfinity(error) ? new Correlation(value, -1, 1, p) : new Correlation(value, value, value, p);
        }

        var half = Distributions.NormalQuantile((1 + level) / 2) * error;
        return new Correlation(value, Math.Tanh(z - half), Math.Tanh(z + half), p);
    }

    private static (double[] X, double[] Y) Complete(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(y.Length, x.Length);
        var (a, b) = (new List<double>(x.Length), new List<double>(x.Length));
        for (var i = 0; i < x.Length; i++)
        {
            if (!double.IsNaN(x[i]) && !double.IsNaN(y[i]))
            {
                a.Add(x[i]);
                b.Add(y[i]);
            }
        }

        return ([.. a], [.. b]);
    }

    private static double Pearson(double[] x, double[] y)
    {
        var (meanX, meanY) = (x.Average(), y.Average());
        var (xx, yy, xy) = (0.0, 0.0, 0.0);
        for (var i = 0; i < x.Length; i++)
        {
            xx += (x[i] - meanX) * (x[i] - meanX);
            yy += (y[i] - meanY) * (y[i] - meanY);
            xy += (x[i] - meanX) * (y[i] - meanY);
        }

        return xx > 0 && yy > 0 ? Math.Clamp(xy / Math.Sqrt(xx * yy), -1, 1) : double.NaN;
    }

    // In order of x, a pair is discordant if its y stand in the wrong order: as many as a merge sort by y moves past each other.
    private static double Discordant(double[] x, double[] y)
    {
        double[] sorted = [.. x.Zip(y).OrderBy(pair => pair.First).ThenBy(pair => pair.Second).Select(pair => pair.Second)];
        return Inversions(sorted, new double[sorted.Length]);
    }

    private static double Inversions(Span<double> values, Span<double> spare)
    {
        if (values.Length < 2)
        {
            return 0;
        }

        var half = values.Length / 2;
        var count = Inversions(values[..half], spare) + Inversions(values[half..], spare);
        var (left, right) = (0, half);
        for (var i = 0; i < values.Length; i++)
        {
            if (right == values.Length || (left < half && values[left] <= values[right]))
            {
                spare[i] = values[left++];
            }
            else
            {
                count += half - left;
                spare[i] = values[right++];
            }
        }

        spare[..values.Length].CopyTo(values);
        return count;
    }

    private static double Variance(int n, Ties x, Ties y)
    {
        var (m, count) = (n * (n - 1.0), (double)n);
        return (((m * ((2 * count) + 5)) - x.Weighted - y.Weighted) / 18)
            + (2 * x.Pairs * y.Pairs / m)
            + (n > 2 ? x.Triples * y.Triples / (9 * m * (count - 2)) : 0);
    }

    private sealed class Ties
    {
        public Ties(double[] values)
        {
            foreach (var group in values.GroupBy(value => value))
            {
                double t = group.Count();
                Pairs += t * (t - 1) / 2;
                Triples += t * (t - 1) * (t - 2);
                Weighted += t * (t - 1) * ((2 * t) + 5);
            }
        }

        public double Pairs { get; }

        public double Triples { get; }

        public double Weighted { get; }
    }
}
