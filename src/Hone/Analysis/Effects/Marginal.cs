using System.Globalization;
using Hone.Analysis.Statistics;

namespace Hone.Analysis.Effects;

/// <summary>What a metric was on average over the trials in one part of an axis.</summary>
/// <param name="Label">The value, or the range of values, in words.</param>
/// <param name="From">Lower end of a numeric part, otherwise the level's place in the list.</param>
/// <param name="To">Upper end of a numeric part, otherwise as <paramref name="From"/>.</param>
/// <param name="Trials">How many trials lie there; at least 1.</param>
/// <param name="Mean">Mean of the metric with an interval by Student's t; without width for a single trial.</param>
public sealed record MarginalBin(string Label, double From, double To, int Trials, Interval Mean);

/// <summary>The effect of one parameter on one metric, whatever the others are.</summary>
/// <param name="Parameter">Name of the parameter.</param>
/// <param name="Metric">Name of the metric.</param>
/// <param name="Bins">In ascending or declared order; parts without trials are left out.</param>
public sealed record Marginal(string Parameter, string Metric, IReadOnlyList<MarginalBin> Bins);

/// <summary>One cell of a pairwise effect.</summary>
/// <param name="First">Index of the first parameter's part.</param>
/// <param name="Second">Index of the second parameter's part.</param>
/// <param name="Trials">How many trials lie there; at least 1.</param>
/// <param name="Mean">Mean of the metric.</param>
public readonly record struct GridCell(int First, int Second, int Trials, double Mean);

/// <summary>The effect of two parameters on one metric.</summary>
/// <param name="First">Name of the first parameter.</param>
/// <param name="Second">Name of the second parameter.</param>
/// <param name="Metric">Name of the metric.</param>
/// <param name="FirstLabels">The parts of the first parameter, in words.</param>
/// <param name="SecondLabels">The parts of the second parameter, in words.</param>
/// <param name="Cells">The cells with trials.</param>
public sealed record EffectGrid(
    string First,
    string Second,
    string Metric,
    IReadOnlyList<string> FirstLabels,
    IReadOnlyList<string> SecondLabels,
    IReadOnlyList<GridCell> Cells);

/// <summary>Means of a metric over parts of one or two axes.</summary>
public static class Marginals
{
    /// <summary>The effect of one parameter.</summary>
    /// <param name="table">The study.</param>
    /// <param name="axis">Index of the parameter's axis.</param>
    /// <param name="metric">Name of the metric.</param>
    /// <param name="bins">Into how many parts with equal numbers of trials a numeric axis is cut; each value is a part of its own where
    /// there are no more.</param>
    /// <param name="level">Of the intervals, in (0, 1).</param>
    public static Marginal Of(StudyTable table, int axis, string metric, int bins = 8, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        var y = table[metric].ToArray();
        var parts = new Parts(table, axis, table.RowsWith(metric), bins);
        return new Marginal(table.Axes[axis].Name, metric, [.. parts.Rows.Select((rows, i) => new MarginalBin(
            parts.Labels[i], parts.Ends[i].From, parts.Ends[i].To, rows.Length, Mean([.. rows.Select(row => y[row])], level)))]);
    }

    /// <summary>The effect of two parameters together.</summary>
    /// <param name="table">The study.</param>
    /// <param name="first">Index of an axis.</param>
    /// <param name="second">Index of another axis.</param>
    /// <param name="metric">Name of the metric.</param>
    /// <param name="bins">As for one parameter.</param>
    public static EffectGrid Grid(StudyTable table, int first, int second, string metric, int bins = 6)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        var y = table[metric].ToArray();
        var rows = table.RowsWith(metric);
        var (a, b) = (new Parts(table, first, rows, bins), new Parts(table, second, rows, bins));
        var cells =
            from p in Enumerable.Range(0, a.Rows.Count)
            from q in Enumerable.Range(0, b.Rows.Count)
            let common = a.Rows[p].Intersect(b.Rows[q]).ToArray()
            where common.Length > 0
            select new GridCell(p, q, common.Length, common.Average(row => y[row]));
        return new EffectGrid(table.Axes[first].Name, table.Axes[second].Name, metric, a.Labels, b.Labels, [.. cells]);
    }

    private static Interval Mean(double[] values, double level)
    {
        var mean = values.Average();
        if (values.Length < 2)
        {
            return new Interval(mean, mean, mean);
        }

        var variance = values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1);
        var half = Distributions.StudentTQuantile((1 + level) / 2, values.Length - 1) * Math.Sqrt(variance / values.Length);
        return new Interval(mean, mean - half, mean + half);
    }

    /// <summary>The parts of an axis that hold trials, and which.</summary>
    private sealed class Parts
    {
        public Parts(StudyTable table, int axis, int[] rows, int bins)
        {
            var (values, place) = (table.Numbers(axis).ToArray(), table.Axes[axis]);
            var active = rows.Where(row => !double.IsNaN(table.Units(axis)[row])).ToArray();
            var units = table.Units(axis).ToArray();
            if (place.Kind != AxisKind.Numeric)
            {
                foreach (var group in active.GroupBy(row => (int)(units[row] * place.Levels.Count)).OrderBy(group => group.Key))
                {
                    Add([.. group], place.Levels[group.Key], group.Key, group.Key);
                }

                return;
            }

            var distinct = active.GroupBy(row => values[row]).OrderBy(group => group.Key).Select(group => group.ToArray()).ToArray();
            foreach (var part in distinct.Length <= bins ? distinct : Even(distinct, bins))
            {
                var (from, to) = (part.Min(row => values[row]), part.Max(row => values[row]));
                Add(part, from == to ? Show(from) : $"{Show(from)} to {Show(to)}", from, to);
            }
        }

        public List<int[]> Rows { get; } = [];

        public List<string> Labels { get; } = [];

        public List<(double From, double To)> Ends { get; } = [];

        private void Add(int[] rows, string label, double from, double to)
        {
            Rows.Add(rows);
            Labels.Add(label);
            Ends.Add((from, to));
        }

        // Equal values stay together, so parts are even only as far as they can be.
        private static IEnumerable<int[]> Even(int[][] distinct, int bins)
        {
            var total = distinct.Sum(rows => rows.Length);
            var (part, seen, made) = (new List<int>(), 0, 0);
            foreach (var rows in distinct)
            {
                part.AddRange(rows);
                seen += rows.Length;
                if (seen * (long)bins >= (made + 1L) * total)
                {
                    yield return [.. part];
                    part.Clear();
                    made = (int)(seen * (long)bins / total);
                }
            }
        }

        private static string Show(double number) => number.ToString("G4", CultureInfo.InvariantCulture);
    }
}
