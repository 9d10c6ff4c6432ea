using Hone.Analysis.Statistics;

namespace Hone.Ablation;

/// <summary>The numbers of a contrast, and what they say.</summary>
internal static class ContrastStatistics
{
    /// <summary>From so few pairs on no sign-flip p can be below 0.05.</summary>
    public const int LeastPairs = 6;

    private const double Power = 0.8;
    private const int MostSeeds = 1000;

    /// <summary>The numbers, not yet adjusted, without the interval.</summary>
    public static ContrastResult Of(AblationContrast contrast, double[] differences, double margin) => new()
    {
        Contrast = contrast,
        Verdict = ContrastVerdict.Undecided,
        Differences = differences,
        Mean = new Interval(differences.Length == 0 ? double.NaN : differences.Average(), double.NaN, double.NaN),
        Median = Median(differences),
        P = differences.Length == 0 ? 1 : SignFlip.Of(differences).P,
        AdjustedP = 1,
        EquivalenceP = differences.Length == 0 || double.IsNaN(margin) ? 1 : Math.Max(
            SignFlip.Upper([.. differences.Select(d => margin - d)]), SignFlip.Upper([.. differences.Select(d => margin + d)])),
        Margin = margin,
        Improvement = differences.Length == 0 ? double.NaN : differences.Average(d => d > 0 ? 1 : d == 0 ? 0.5 : 0),
    };

    /// <summary>The verdict. Equivalence comes first: a difference that is real but smaller than the margin is harmless.</summary>
    /// <param name="result">With adjusted p.</param>
    /// <param name="alpha">The level.</param>
    /// <param name="contrasts">How many contrasts share it.</param>
    /// <param name="scale">By how much looks have raised p.</param>
    public static ContrastResult Judged(ContrastResult result, double alpha, int contrasts, double scale)
    {
        var isPair = result.Contrast.IsInteraction;
        var verdict = result.EquivalenceP <= alpha ? (isPair ? ContrastVerdict.Additive : ContrastVerdict.Harmless)
            : result.AdjustedP > alpha ? ContrastVerdict.Undecided
            : result.Mean.Value > 0 ? (isPair ? ContrastVerdict.Redundant : ContrastVerdict.Matters)
            : isPair ? ContrastVerdict.Synergistic : ContrastVerdict.Harmful;
        return result with { Verdict = verdict, MoreSeeds = verdict == ContrastVerdict.Undecided ? More(result, alpha / scale / contrasts) : null };
    }

    /// <summary>
    /// With the BCa interval of the mean. Resamples of few pairs vary too little: the level is raised so that the interval of normal
    /// differences is as wide as Student's (Hesterberg 2015).
    /// </summary>
    public static ContrastResult WithInterval(ContrastResult result, double alpha)
    {
        double[] differences = [.. result.Differences];
        if (differences.Length < 2)
        {
            return result;
        }

        var n = differences.Length;
        var z = Math.Sqrt(n / (n - 1.0)) * Distributions.StudentTQuantile(1 - (alpha / 2), n - 1);
        var level = 1 - (2 * Distributions.NormalTail(z));
        return result with { Mean = Bootstrap.Bca(differences, data => data.Average(), new SeededRandom(1), Math.Min(level, 1 - 1e-9)) };
    }

    /// <summary>The standard deviation; NaN for fewer than two numbers.</summary>
    public static double Deviation(IReadOnlyList<double> values)
    {
        if (values.Count < 2)
        {
            return double.NaN;
        }

        var mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
    }

    // By the normal approximation: where the mean and the spread stay as they are, the chance is 80 % to find the difference or, if it lies within the
    // margin, that there is none. Not below what a sign-flip p needs.
    private static int? More(ContrastResult result, double level)
    {
        var n = result.Differences.Count;
        var deviation = Deviation(result.Differences);
        if (double.IsNaN(deviation))
        {
            return null;
        }

        double Needed(double distance, double p) => distance > 0
            ? Math.Pow((Distributions.NormalQuantile(1 - p) + Distributions.NormalQuantile(Power)) * deviation / distance, 2)
            : double.PositiveInfinity;
        var size = Math.Abs(result.Mean.Value);
        var least = Math.Ceiling(1 - Math.Log2(level));
        var needed = Math.Max(least, Math.Ceiling(Math.Min(Needed(size, level / 2), Needed(result.Margin - size, level))));
        return needed - n > MostSeeds || double.IsNaN(needed) ? null : Math.Max(1, (int)needed - n);
    }

    private static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
