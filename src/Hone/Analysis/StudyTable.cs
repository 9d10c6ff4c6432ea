using Hone.Space;
using Hone.Trials;

namespace Hone.Analysis;

/// <summary>The complete trials of a study as a table: a row a trial, columns of parameters and of metrics.</summary>
/// <remarks>
/// Trials that were stopped or failed are left out: their last values are those of another length of training. A metric is a trial's last
/// value of it, an objective what the objective takes.
/// </remarks>
public sealed class StudyTable
{
    private readonly Dictionary<string, double[]> _metrics = new(StringComparer.Ordinal);
    private readonly double[][] _units;
    private readonly double[][] _numbers;

    private StudyTable(StudyRecord record, SearchSpace? space)
    {
        var rows = record.Trials.Where(trial => trial.State == TrialState.Complete).ToArray();
        Trials = [.. rows.Select(trial => trial.Number)];
        Objectives = record.Objectives;
        var values = rows.Select(trial => trial.Parameters.ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal)).ToArray();
        Axes = [.. FindAxes(record, space, values).Where(axis => axis.Varies)];
        _units = [.. Axes.Select(axis => Column(values, axis, axis.Unit))];
        _numbers = [.. Axes.Select(axis => Column(values, axis, axis.Number))];
        FillMetrics(rows);
    }

    /// <summary>The numbers of the trials, row by row.</summary>
    public IReadOnlyList<int> Trials { get; }

    /// <summary>The parameters that vary, in the space's order.</summary>
    public IReadOnlyList<Axis> Axes { get; }

    /// <summary>What the study looks for.</summary>
    public IReadOnlyList<Objective> Objectives { get; }

    /// <summary>Every metric that some complete trial has: objectives first, then by name.</summary>
    public IReadOnlyList<string> Metrics =>
        [.. _metrics.Keys.OrderBy(IsNoObjective).ThenBy(name => name, StringComparer.Ordinal)];

    /// <summary>Makes the table.</summary>
    /// <param name="record">The study; histories are not needed.</param>
    /// <param name="space">The space where it is at hand; null: as the record's lines say, and where they don't, as the values
    /// suggest.</param>
    public static StudyTable Of(StudyRecord record, SearchSpace? space = null)
    {
        ArgumentNullException.ThrowIfNull(record);
        return new StudyTable(record, space);
    }

    /// <summary>A metric, row by row; NaN where a trial has none.</summary>
    /// <exception cref="ArgumentException">No complete trial has the metric.</exception>
    public ReadOnlySpan<double> this[string metric] => _metrics.TryGetValue(metric, out var column)
        ? column
        : throw new ArgumentException(
            $"No complete trial has the metric '{metric}'. There are: {string.Join(", ", Metrics)}.", nameof(metric));

    /// <summary>Where the trials lie on an axis, from 0 to 1; NaN where the parameter is inactive.</summary>
    public ReadOnlySpan<double> Units(int axis) => _units[axis];

    /// <summary>The values of a parameter as numbers; NaN where it is inactive.</summary>
    public ReadOnlySpan<double> Numbers(int axis) => _numbers[axis];

    /// <summary>Which values of a metric are better: as the objective says, otherwise the smaller ones, as of a cost.</summary>
    public Goal GoalOf(string metric) => Objectives.FirstOrDefault(o => o.Metric == metric)?.Goal ?? Goal.Minimize;

    /// <summary>The rows with a finite value of a metric.</summary>
    internal int[] RowsWith(string metric)
    {
        var column = this[metric].ToArray();
        return [.. Enumerable.Range(0, column.Length).Where(row => double.IsFinite(column[row]))];
    }

    private int IsNoObjective(string metric) => Objectives.Any(o => o.Metric == metric) ? 0 : 1;

    private static IEnumerable<Axis> FindAxes(StudyRecord record, SearchSpace? space, Dictionary<string, ParameterValue>[] rows)
    {
        if (space is not null)
        {
            foreach (var parameter in space.Parameters)
            {
                yield return Axis.Of(parameter);
            }

            yield break;
        }

        var names = record.Trials.SelectMany(trial => trial.Parameters.Select(p => p.Key)).Distinct(StringComparer.Ordinal);
        foreach (var name in names.OrderBy(name => PlaceOf(name, record)))
        {
            HashSet<ParameterValue> seen = [.. rows.Where(row => row.ContainsKey(name)).Select(row => row[name])];
            var line = record.Space.FirstOrDefault(line => line.StartsWith(name + ": ", StringComparison.Ordinal));
            if (seen.Count > 0)
            {
                yield return (line is null ? null : Axis.Parse(line, seen)) ?? Axis.Infer(name, seen);
            }
        }
    }

    // Those that no line names come first, in the order in which trials name them.
    private static int PlaceOf(string name, StudyRecord record)
    {
        for (var i = 0; i < record.Space.Count; i++)
        {
            if (record.Space[i].StartsWith(name + ": ", StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }

    private static double[] Column(Dictionary<string, ParameterValue>[] rows, Axis axis, Func<ParameterValue, double> map) =>
        [.. rows.Select(row => row.TryGetValue(axis.Name, out var value) ? map(value) : double.NaN)];

    private void FillMetrics(TrialRecord[] rows)
    {
        for (var row = 0; row < rows.Length; row++)
        {
            foreach (var (metric, value) in rows[row].Metrics)
            {
                Set(metric, row, value);
            }

            for (var i = 0; i < Math.Min(Objectives.Count, rows[row].Values.Count); i++)
            {
                Set(Objectives[i].Metric, row, rows[row].Values[i]);
            }
        }
    }

    private void Set(string metric, int row, double value)
    {
        if (!_metrics.TryGetValue(metric, out var column))
        {
            _metrics.Add(metric, column = new double[Trials.Count]);
            Array.Fill(column, double.NaN);
        }

        column[row] = value;
    }
}
