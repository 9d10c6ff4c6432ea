namespace Hone.Analysis.Statistics;

/// <summary>Tail probabilities and quantiles of the distributions that the tests need, to about 12 digits.</summary>
public static class Distributions
{
    /// <summary>P(Z &lt;= z) of the standard normal distribution.</summary>
    public static double Normal(double z)
    {
        var tail = 0.5 * SpecialFunctions.UpperGamma(0.5, z * z / 2);
        return z < 0 ? tail : 1 - tail;
    }

    /// <summary>P(Z &gt; z) of the standard normal distribution, exact in the far tail too.</summary>
    public static double NormalTail(double z) => Normal(-z);

    /// <summary>The z with P(Z &lt;= z) = p.</summary>
    /// <param name="p">In [0, 1].</param>
    public static double NormalQuantile(double p)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(p);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(p, 1);
        return p switch
        {
            0 => double.NegativeInfinity,
            1 => double.PositiveInfinity,
            > 0.5 => -LowerNormalQuantile(1 - p),
            _ => LowerNormalQuantile(p),
        };
    }

    /// <summary>P(T &lt;= t) of Student's t distribution.</summary>
    /// <param name="t">Any number.</param>
    /// <param name="freedom">Degrees of freedom, above 0.</param>
    public static double StudentT(double t, double freedom) => t > 0 ? 1 - StudentTTail(t, freedom) : StudentTTail(-t, freedom);

    /// <summary>P(T &gt; t) of Student's t distribution for t of at least 0; half of the two-sided p.</summary>
    /// <param name="t">At least 0.</param>
    /// <param name="freedom">Degrees of freedom, above 0.</param>
    public static double StudentTTail(double t, double freedom) =>
        t < 0 ? 1 - StudentTTail(-t, freedom) : 0.5 * SpecialFunctions.Beta(freedom / (freedom + (t * t)), freedom / 2, 0.5);

    /// <summary>The t with P(T &lt;= t) = p.</summary>
    /// <param name="p">In (0, 1).</param>
    /// <param name="freedom">Degrees of freedom, above 0.</param>
    public static double StudentTQuantile(double p, double freedom) => p < 0.5
        ? -StudentTQuantile(1 - p, freedom)
        : p == 0.5 ? 0 : Invert(t => StudentTTail(t, freedom), 1 - p);

    /// <summary>P(F &gt; f) of the F distribution.</summary>
    /// <param name="f">At least 0.</param>
    /// <param name="first">Degrees of freedom of the numerator, above 0.</param>
    /// <param name="second">Degrees of freedom of the denominator, above 0.</param>
    public static double FTail(double f, double first, double second) => f <= 0
        ? 1
        : SpecialFunctions.Beta(second / (second + (first * f)), second / 2, first / 2);

    /// <summary>P(X &gt; x) of the chi-squared distribution.</summary>
    /// <param name="x">At least 0.</param>
    /// <param name="freedom">Degrees of freedom, above 0.</param>
    public static double ChiSquaredTail(double x, double freedom) => SpecialFunctions.UpperGamma(freedom / 2, x / 2);

    /// <summary>P(Q &gt; q) of the range of k independent standard normal numbers: the studentized range with infinite freedom.</summary>
    /// <remarks>
    /// P(Q &lt;= q) = k times the integral of phi(z) (Phi(z) - Phi(z - q))^(k-1) dz: the largest of the k is z, the others lie within q
    /// below it. By Simpson's rule on [-8, 8 + q], where the integrand is smooth and vanishes at the ends.
    /// </remarks>
    /// <param name="q">At least 0.</param>
    /// <param name="k">How many numbers; at least 2.</param>
    public static double RangeTail(double q, int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 2);
        if (q <= 0)
        {
            return 1;
        }

        const int Steps = 2000;
        var (low, high) = (-8.5, 8.5 + Math.Min(q, 17));
        var width = (high - low) / Steps;
        var sum = 0.0;
        for (var i = 0; i <= Steps; i++)
        {
            var z = low + (i * width);
            var weight = i is 0 or Steps ? 1 : i % 2 == 1 ? 4 : 2;
            sum += weight * Math.Exp(-z * z / 2) * Math.Pow(Normal(z) - Normal(z - q), k - 1);
        }

        return Math.Clamp(1 - (k * sum * width / 3 / Math.Sqrt(2 * Math.PI)), 0, 1);
    }

    /// <summary>The q with P(Q &gt; q) = alpha, see <see cref="RangeTail"/>.</summary>
    /// <param name="alpha">In (0, 1).</param>
    /// <param name="k">How many numbers; at least 2.</param>
    public static double RangeQuantile(double alpha, int k) => Invert(q => RangeTail(q, k), alpha);

    // A falling tail on [0, infinity): brackets, then halves until no number lies between.
    private static double Invert(Func<double, double> tail, double p)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(p, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(p, 1);
        var (low, high) = (0.0, 1.0);
        while (tail(high) > p)
        {
            (low, high) = (high, high * 2);
        }

        for (var i = 0; i < 200 && high - low > 1e-15 * high; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = tail(middle) > p ? (middle, high) : (low, middle);
        }

        return (low + high) / 2;
    }

    private static double LowerNormalQuantile(double p) => p == 0.5 ? 0 : -Invert(NormalTail, p);
}
