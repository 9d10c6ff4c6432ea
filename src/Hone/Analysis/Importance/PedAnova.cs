using Hone.Trials;

namespace Hone.Analysis.Importance;

/// <summary>
/// PED-ANOVA: how much a parameter matters is how far its distribution among the best trials is from its distribution among all.
/// </summary>
/// <remarks>
/// <para>
/// Watanabe, Bansal and Hutter, "PED-ANOVA: Efficiently Quantifying Hyperparameter Importance in Arbitrary Subspaces", IJCAI 2023 (arXiv
/// 2304.10255): the Pearson divergence v = q^2 sum_x p(x) (p_top(x) / p(x) - 1)^2, with p from all trials and p_top from the best share q
/// of them, each estimated by kernels on a grid of 50 cells. O(n d): it can be had while a study runs.
/// </para>
/// <para>
/// A parameter that is active in a share b of all trials and in a share a of the best ones counts a^2 / b of the divergence among the
/// trials where it is active (arXiv 2601.20800); that a branch itself is better shows in the parameter that decides on it.
/// </para>
/// <para>Departs from the paper in that both densities use the bandwidth of the smaller set, so that the same distribution gives nearly
/// 0.</para>
/// </remarks>
public static class PedAnova
{
    private const int Cells = 50;

    // A kernel is no narrower than a cell: below that the grid, not the data, would decide.
    private const double NarrowestKernel = 1.0 / Cells;

    /// <summary>The importance of every parameter for being among the best trials by a metric.</summary>
    /// <param name="table">The study.</param>
    /// <param name="metric">The metric, of learning or of the system.</param>
    /// <param name="best">q: the share of the trials that counts as the best, in (0, 1).</param>
    /// <exception cref="ArgumentException">No complete trial has the metric.</exception>
    public static ImportanceResult Of(StudyTable table, string metric, double best = 0.1)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(best, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(best, 1);
        var rows = table.RowsWith(metric);
        var top = Best(table, metric, rows, (int)Math.Ceiling(best * rows.Length));
        var share = rows.Length == 0 ? 0 : (double)top.Length / rows.Length;
        return new ImportanceResult
        {
            Metric = metric,
            Method = "ped-anova",
            Trials = rows.Length,
            Parameters = ImportanceResult.Ranked(table.Axes.Select((axis, i) =>
                (axis.Name, share * share * Divergence(axis, table.Units(i).ToArray(), rows, top), 0.0))),
        };
    }

    // Ties of the last of the best go in too: to leave some out would be chance.
    private static int[] Best(StudyTable table, string metric, int[] rows, int count)
    {
        if (rows.Length == 0)
        {
            return [];
        }

        var sign = table.GoalOf(metric) == Goal.Minimize ? 1 : -1;
        var column = table[metric].ToArray();
        var limit = rows.Select(row => sign * column[row]).Order().ElementAt(count - 1);
        return [.. rows.Where(row => sign * column[row] <= limit)];
    }

    private static double Divergence(Axis axis, double[] units, int[] rows, int[] top)
    {
        double[] all = [.. rows.Select(row => units[row]).Where(unit => !double.IsNaN(unit))];
        double[] good = [.. top.Select(row => units[row]).Where(unit => !double.IsNaN(unit))];
        if (good.Length == 0)
        {
            return 0;
        }

        var (p, q) = axis.Kind == AxisKind.Numeric ? Smooth(all, good) : (Count(axis, all), Count(axis, good));
        var sum = 0.0;
        for (var i = 0; i < p.Length; i++)
        {
            sum += p[i] * ((q[i] / p[i]) - 1) * ((q[i] / p[i]) - 1);
        }

        var (a, b) = ((double)good.Length / top.Length, (double)all.Length / rows.Length);
        return a * a / b * sum;
    }

    private static (double[] All, double[] Good) Smooth(double[] all, double[] good)
    {
        var width = Math.Max(Bandwidth(good), NarrowestKernel);
        return (Density(all, width), Density(good, width));
    }

    // Scott's rule on the more robust of two measures of spread.
    private static double Bandwidth(double[] values)
    {
        var mean = values.Average();
        var deviation = Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / Math.Max(1, values.Length - 1));
        double[] sorted = [.. values.Order()];
        var quartiles = (sorted[(int)(0.75 * (sorted.Length - 1))] - sorted[(int)(0.25 * (sorted.Length - 1))]) / 1.34;
        var spread = quartiles > 0 ? Math.Min(deviation, quartiles) : deviation;
        return 1.059 * spread * Math.Pow(values.Length, -0.2);
    }

    // Normal kernels cut off at the ends of the range, one a filled cell, and one uniform observation.
    private static double[] Density(double[] values, double width)
    {
        var counts = new double[Cells];
        foreach (var value in values)
        {
            counts[Math.Min((int)(value * Cells), Cells - 1)]++;
        }

        var density = new double[Cells];
        Array.Fill(density, 1.0 / Cells);
        var kernel = new double[Cells];
        for (var from = 0; from < Cells; from++)
        {
            if (counts[from] == 0)
            {
                continue;
            }

            for (var to = 0; to < Cells; to++)
            {
                var distance = (to - from) / (double)Cells / width;
                kernel[to] = Math.Exp(-distance * distance / 2);
            }

            var sum = kernel.Sum();
            for (var to = 0; to < Cells; to++)
            {
                density[to] += counts[from] * kernel[to] / sum;
            }
        }

        return [.. density.Select(d => d / (values.Length + 1))];
    }

    private static double[] Count(Axis axis, double[] units)
    {
        var counts = new double[axis.Levels.Count];
        Array.Fill(counts, 1.0 / counts.Length);
        foreach (var unit in units)
        {
            counts[Math.Min((int)(unit * counts.Length), counts.Length - 1)]++;
        }

        return [.. counts.Select(count => count / (units.Length + 1))];
    }
}
