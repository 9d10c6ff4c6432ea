namespace Hone.Analysis.Statistics;

/// <summary>The functions that the distributions are made of, to about 14 digits.</summary>
internal static class SpecialFunctions
{
    private const double Tiny = 1e-300;
    private const double Precision = 1e-16;
    private const int MostTerms = 100_000;

    private static readonly double[] Lanczos =
    [
        0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
        -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
    ];

    /// <summary>ln Gamma(x) for x above 0 (Lanczos 1964, with g = 7 and nine coefficients).</summary>
    public static double LogGamma(double x)
    {
        if (x < 0.5)
        {
            return Math.Log(Math.PI / Math.Abs(Math.Sin(Math.PI * x))) - LogGamma(1 - x);
        }

        x--;
        var sum = Lanczos[0];
        for (var i = 1; i < Lanczos.Length; i++)
        {
            sum += Lanczos[i] / (x + i);
        }

        var t = x + 7.5;
        return (0.5 * Math.Log(2 * Math.PI)) + ((x + 0.5) * Math.Log(t)) - t + Math.Log(sum);
    }

    /// <summary>
    /// The upper regularized incomplete gamma function Q(a, x): a series for small x, otherwise Lentz's continued fraction.
    /// </summary>
    public static double UpperGamma(double a, double x)
    {
        if (double.IsNaN(x) || x <= 0)
        {
            return double.IsNaN(x) ? x : 1;
        }

        if (double.IsPositiveInfinity(x))
        {
            return 0;
        }

        var factor = Math.Exp((a * Math.Log(x)) - x - LogGamma(a));
        if (x < a + 1)
        {
            var (sum, term) = (1 / a, 1 / a);
            for (var n = 1; n < MostTerms && Math.Abs(term) > Math.Abs(sum) * Precision; n++)
            {
                term *= x / (a + n);
                sum += term;
            }

            return 1 - (sum * factor);
        }

        var b = x + 1 - a;
        var (c, d) = (1 / Tiny, 1 / b);
        var h = d;
        for (var i = 1; i < MostTerms; i++)
        {
            var an = -i * (i - a);
            b += 2;
            d = 1 / Bounded((an * d) + b);
            c = Bounded(b + (an / c));
            h *= d * c;
            if (Math.Abs((d * c) - 1) < Precision * 4)
            {
                break;
            }
        }

        return h * factor;
    }

    /// <summary>The regularized incomplete beta function I_x(a, b), by Lentz's continued fraction.</summary>
    public static double Beta(double x, double a, double b)
    {
        if (double.IsNaN(x) || x <= 0 || x >= 1)
        {
            return double.IsNaN(x) ? x : x <= 0 ? 0 : 1;
        }

        var factor = Math.Exp(LogGamma(a + b) - LogGamma(a) - LogGamma(b) + (a * Math.Log(x)) + (b * double.LogP1(-x)));
        return x < (a + 1) / (a + b + 2) ? factor * BetaFraction(x, a, b) / a : 1 - (factor * BetaFraction(1 - x, b, a) / b);
    }

    private static double BetaFraction(double x, double a, double b)
    {
        var c = 1.0;
        var d = 1 / Bounded(1 - ((a + b) * x / (a + 1)));
        var h = d;
        for (var m = 1; m < MostTerms; m++)
        {
            var even = m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m)));
            d = 1 / Bounded(1 + (even * d));
            c = Bounded(1 + (even / c));
            h *= d * c;
            var odd = -(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1));
            d = 1 / Bounded(1 + (odd * d));
            c = Bounded(1 + (odd / c));
            h *= d * c;
            if (Math.Abs((d * c) - 1) < Precision * 4)
            {
                break;
            }
        }

        return h;
    }

    private static double Bounded(double value) => Math.Abs(value) < Tiny ? Tiny : value;
}
