namespace Hone.Analysis.Statistics;

/// <summary>Tests whether numbers come from a normal distribution.</summary>
/// <remarks>
/// Shapiro and Wilk 1965, by Royston's approximation, "Remark AS R94", Applied Statistics 44 (1995): W = (sum a_i x_(i))^2 / sum (x_i -
/// mean)^2 with weights a from normal scores, and a normal transform of W for p. For 3 to 5,000 numbers.
/// </remarks>
public static class ShapiroWilk
{
    private static readonly double[] First = [0, 0.221157, -0.147981, -2.07119, 4.434685, -2.706056];
    private static readonly double[] Second = [0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633];

    /// <summary>Tests. W near 1 speaks for a normal distribution.</summary>
    /// <param name="values">3 to 5,000 finite numbers, not all equal.</param>
    /// <exception cref="ArgumentException">There are too few or too many, or they are all equal.</exception>
    public static TestResult Of(ReadOnlySpan<double> values)
    {
        var n = values.Length;
        if (n is < 3 or > 5000)
        {
            throw new ArgumentException($"Shapiro-Wilk needs 3 to 5000 numbers, not {n}.", nameof(values));
        }

        double[] x = [.. values.ToArray().Order()];
        if (!(x[^1] > x[0]))
        {
            throw new ArgumentException("All numbers are equal: nothing can be said of their distribution.", nameof(values));
        }

        var weights = Weights(n);
        var mean = x.Average();
        var (above, squares) = (0.0, 0.0);
        for (var i = 0; i < n; i++)
        {
            above += weights[i] * x[i];
            squares += (x[i] - mean) * (x[i] - mean);
        }

        var w = Math.Min(1, above * above / squares);
        return new TestResult("shapiro-wilk", w, P(w, n));
    }

    // Antisymmetric, with sum of squares 1; the two outermost pairs by polynomials in 1/sqrt(n).
    private static double[] Weights(int n)
    {
        var a = new double[n];
        if (n == 3)
        {
            (a[0], a[2]) = (-Math.Sqrt(0.5), Math.Sqrt(0.5));
            return a;
        }

        double[] m = [.. Enumerable.Range(1, n).Select(i => Distributions.NormalQuantile((i - 0.375) / (n + 0.25)))];
        var sum = m.Sum(score => score * score);
        var u = 1 / Math.Sqrt(n);
        var last = Polynomial(First, u) + (m[^1] / Math.Sqrt(sum));
        var outer = n > 5 ? 2 : 1;
        var next = outer == 2 ? Polynomial(Second, u) + (m[^2] / Math.Sqrt(sum)) : 0;
        var phi = outer == 2
            ? (sum - (2 * m[^1] * m[^1]) - (2 * m[^2] * m[^2])) / (1 - (2 * last * last) - (2 * next * next))
            : (sum - (2 * m[^1] * m[^1])) / (1 - (2 * last * last));
        for (var i = outer; i < n - outer; i++)
        {
            a[i] = m[i] / Math.Sqrt(phi);
        }

        (a[0], a[^1]) = (-last, last);
        if (outer == 2)
        {
            (a[1], a[^2]) = (-next, next);
        }

        return a;
    }

    private static double P(double w, int n)
    {
        if (n == 3)
        {
            return Math.Max(0, 6 / Math.PI * (Math.Asin(Math.Sqrt(w)) - Math.Asin(Math.Sqrt(0.75))));
        }

        var y = Math.Log(1 - w);
        double mean, deviation;
        if (n <= 11)
        {
            var gamma = -2.273 + (0.459 * n);
            if (y >= gamma)
            {
                return 1e-99;
            }

            y = -Math.Log(gamma - y);
            mean = Polynomial([0.544, -0.39978, 0.025054, -0.0006714], n);
            deviation = Math.Exp(Polynomial([1.3822, -0.77857, 0.062767, -0.0020322], n));
        }
        else
        {
            var log = Math.Log(n);
            mean = Polynomial([-1.5861, -0.31082, -0.083751, 0.0038915], log);
            deviation = Math.Exp(Polynomial([-0.4803, -0.082676, 0.0030302], log));
        }

        return Distributions.NormalTail((y - mean) / deviation);
    }

    private static double Polynomial(double[] coefficients, double x)
    {
        var sum = 0.0;
        for (var i = coefficients.Length - 1; i >= 0; i--)
        {
            sum = (sum * x) + coefficients[i];
        }

        return sum;
    }
}
