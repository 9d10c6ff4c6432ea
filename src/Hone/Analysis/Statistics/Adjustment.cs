namespace Hone.Analysis.Statistics;

/// <summary>Raises the p of several tests so that the chance of even one false finding stays below the level.</summary>
public static class Adjustment
{
    /// <summary>Holm 1979: the i-th smallest p times m - i + 1, and never below an earlier one. Holds for any dependence.</summary>
    public static double[] Holm(IReadOnlyList<double> p) => StepDown(p, (value, i, m) => (m - i + 1) * value);

    /// <summary>
    /// Finner 1993: the i-th smallest p becomes 1 - (1 - p)^(m / i), and never below an earlier one. Stronger, for independent tests.
    /// </summary>
    public static double[] Finner(IReadOnlyList<double> p) => StepDown(p, (value, i, m) => 1 - Math.Pow(1 - value, (double)m / i));

    private static double[] StepDown(IReadOnlyList<double> p, Func<double, int, int, double> raise)
    {
        ArgumentNullException.ThrowIfNull(p);
        var adjusted = new double[p.Count];
        var largest = 0.0;
        var place = 0;
        foreach (var index in Enumerable.Range(0, p.Count).OrderBy(i => p[i]))
        {
            largest = Math.Max(largest, Math.Min(1, raise(p[index], ++place, p.Count)));
            adjusted[index] = largest;
        }

        return adjusted;
    }
}
