namespace Hone.Analysis.Statistics;

/// <summary>An interval for a number computed from data.</summary>
/// <param name="Value">The number.</param>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public readonly record struct Interval(double Value, double Low, double High);

/// <summary>Intervals by resampling.</summary>
public static class Bootstrap
{
    /// <summary>
    /// The BCa interval (Efron 1987) of a statistic: percentiles of its values on resamples, shifted for bias (the share of resamples below
    /// the value) and acceleration (skewness of the values with one datum left out).
    /// </summary>
    /// <param name="values">The data; at least two.</param>
    /// <param name="statistic">From data to the number; not changed data.</param>
    /// <param name="random">Where the resamples come from.</param>
    /// <param name="level">In (0, 1).</param>
    /// <param name="resamples">At least 100.</param>
    /// <returns>The interval; without width where the statistic never varies.</returns>
    public static Interval Bca(
        ReadOnlySpan<double> values, Func<double[], double> statistic, Random random, double level = 0.95, int resamples = 10_000)
    {
        ArgumentNullException.ThrowIfNull(statistic);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfLessThan(values.Length, 2, nameof(values));
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 100);
        var data = values.ToArray();
        var estimate = statistic(data);
        var draws = new double[resamples];
        var sample = new double[data.Length];
        for (var i = 0; i < resamples; i++)
        {
            for (var j = 0; j < sample.Length; j++)
            {
                sample[j] = data[random.Next(data.Length)];
            }

            draws[i] = statistic(sample);
        }

        Array.Sort(draws);
        var bias = Bias(draws, estimate);
        if (!double.IsFinite(bias))
        {
            return new Interval(estimate, Math.Min(estimate, draws[0]), Math.Max(estimate, draws[^1]));
        }

        var acceleration = Acceleration(data, statistic);
        double End(double share)
        {
            var z = bias + Distributions.NormalQuantile(share);
            return Percentile(draws, Distributions.Normal(bias + (z / (1 - (acceleration * z)))));
        }

        return new Interval(estimate, End((1 - level) / 2), End((1 + level) / 2));
    }

    // Draws equal to the estimate count half.
    private static double Bias(double[] draws, double estimate) => Distributions.NormalQuantile(
        (draws.Count(draw => draw < estimate) + (0.5 * draws.Count(draw => draw == estimate))) / draws.Length);

    private static double Acceleration(double[] data, Func<double[], double> statistic)
    {
        double[] left = [.. Enumerable.Range(0, data.Length).Select(i => statistic([.. data[..i], .. data[(i + 1)..]]))];
        var mean = left.Average();
        var squares = left.Sum(value => Math.Pow(mean - value, 2));
        return squares > 0 ? left.Sum(value => Math.Pow(mean - value, 3)) / (6 * Math.Pow(squares, 1.5)) : 0;
    }

    private static double Percentile(double[] sorted, double share)
    {
        var position = share * (sorted.Length - 1);
        var below = (int)position;
        return below + 1 < sorted.Length
            ? sorted[below] + ((position - below) * (sorted[below + 1] - sorted[below]))
            : sorted[^1];
    }
}
