using System.Numerics;

namespace Hone.Sampling.Tpe;

/// <summary>Integrals of the standard normal density, one at a time and in vectors; relative error below 1e-12 down to 37 deviations.</summary>
/// <remarks>
/// erfc(x) = t exp(-x^2 + P(t)) with t = 2 / (2 + x) for x >= 0. P is a Chebyshev interpolation, in powers of 2 t - 1, made once from the series and the continued
/// fraction of erfc (Abramowitz and Stegun 7.1.5 and 7.1.14).
/// </remarks>
internal static class NormalIntegral
{
    private const double RootHalf = 0.70710678118654752440;
    private const int Terms = 21;
    private static readonly double[] Coefficients = Fit();

    /// <summary>The mass of the standard normal distribution between two points, <paramref name="from"/> at most <paramref name="to"/>.</summary>
    public static double Mass(double from, double to)
    {
        // Taken on the side where both tails are small, so that far cells keep their digits.
        if (from + to > 0)
        {
            (from, to) = (-to, -from);
        }

        return 0.5 * (Erfc(-to * RootHalf) - Erfc(-from * RootHalf));
    }

    /// <summary>The same for the pairs of two vectors whose points are already divided by the square root of two.</summary>
    public static Vector<double> ScaledMass(Vector<double> from, Vector<double> to)
    {
        var flip = Vector.GreaterThan(from + to, Vector<double>.Zero);
        var near = Vector.ConditionalSelect(flip, from, -to);
        var far = Vector.ConditionalSelect(flip, to, -from);
        var nearSize = Vector.Abs(near);
        var (nearT, farT) = (T(nearSize), T(far));
        var (nearU, farU) = ((nearT * 2) - Vector<double>.One, (farT * 2) - Vector<double>.One);
        var nearSum = new Vector<double>(Coefficients[Terms - 1]);
        var farSum = nearSum;
        for (var i = Terms - 2; i >= 0; i--)
        {
            var coefficient = new Vector<double>(Coefficients[i]);
            nearSum = Vector.MultiplyAddEstimate(nearSum, nearU, coefficient);
            farSum = Vector.MultiplyAddEstimate(farSum, farU, coefficient);
        }

        var tail = nearT * Exponential.Of(nearSum - (nearSize * nearSize));
        var head = Vector.ConditionalSelect(Vector.LessThan(near, Vector<double>.Zero), new Vector<double>(2) - tail, tail);
        return new Vector<double>(0.5) * (head - (farT * Exponential.Of(farSum - (far * far))));
    }

    /// <summary>The complementary error function.</summary>
    public static double Erfc(double x)
    {
        var size = Math.Abs(x);
        var t = 2 / (2 + size);
        var u = (2 * t) - 1;
        var sum = Coefficients[Terms - 1];
        for (var i = Terms - 2; i >= 0; i--)
        {
            sum = (sum * u) + Coefficients[i];
        }

        var tail = t * Math.Exp(sum - (size * size));
        return x < 0 ? 2 - tail : tail;
    }

    private static Vector<double> T(Vector<double> x) => new Vector<double>(2) / (new Vector<double>(2) + x);

    private static double[] Fit()
    {
        const int Nodes = 64;
        var values = new double[Nodes];
        for (var k = 0; k < Nodes; k++)
        {
            var t = 0.5 * (Math.Cos(Math.PI * (k + 0.5) / Nodes) + 1);
            values[k] = LogScaledErfc((2 / t) - 2) - Math.Log(t);
        }

        var chebyshev = new double[Terms];
        for (var j = 0; j < Terms; j++)
        {
            for (var k = 0; k < Nodes; k++)
            {
                chebyshev[j] += (j == 0 ? 1.0 : 2.0) / Nodes * values[k] * Math.Cos(Math.PI * j * (k + 0.5) / Nodes);
            }
        }

        return ToPowers(chebyshev);
    }

    // The coefficients fall by about 5 from one to the next, so that little is lost in the powers of u = 2 t - 1.
    private static double[] ToPowers(double[] chebyshev)
    {
        var powers = new double[Terms];
        double[] before = new double[Terms + 1], polynomial = new double[Terms + 1];
        polynomial[0] = 1;
        for (var j = 0; j < Terms; j++)
        {
            var next = new double[Terms + 1];
            for (var k = 0; k < Terms; k++)
            {
                powers[k] += chebyshev[j] * polynomial[k];
                next[k + 1] += (j == 0 ? 1 : 2) * polynomial[k];
                next[k] -= before[k];
            }

            (before, polynomial) = (polynomial, next);
        }

        return powers;
    }

    // ln(erfc(x) exp(x^2)) for x >= 0.
    private static double LogScaledErfc(double x)
    {
        if (x < 1)
        {
            double sum = 0, term = x;
            for (var k = 0; Math.Abs(term) > 1e-18; k++)
            {
                sum += term;
                term *= 2 * x * x / ((2 * k) + 3);
            }

            return Math.Log(Math.Exp(x * x) - (2 / Math.Sqrt(Math.PI) * sum));
        }

        var fraction = 0.0;
        for (var k = 200; k > 0; k--)
        {
            fraction = k / 2.0 / (x + fraction);
        }

        return -Math.Log(Math.Sqrt(Math.PI) * (x + fraction));
    }
}
