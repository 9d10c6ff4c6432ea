using Hone.Trials;

namespace Hone.Stopping;

/// <summary>For each step, the values of all trials that got there, in order.</summary>
/// <remarks>
/// A trial counts at a step once it has reported that step or a later one, with what it had reported by then; so trials that report at
/// different steps can still be compared. A trial that ended before anybody reported at a step is not in the table there. A value that is
/// NaN is left out: it says nothing of a good curve. Beyond <see cref="MostSteps"/> distinct steps, new ones are not taken up.
/// </remarks>
public sealed class StepTable
{
    /// <summary>How many distinct steps a table has at most.</summary>
    public const int MostSteps = 20_000;

    private readonly List<long> _steps = [];
    private readonly Dictionary<long, SortedValues> _values = [];
    private readonly Dictionary<int, List<(long Step, double Value)>> _open = [];
    private readonly TableKey _key;

    internal StepTable(TableKey key) => _key = key;

    /// <summary>The values at a step in ascending order; null if there is none.</summary>
    public SortedValues? At(long step) => _values.GetValueOrDefault(step);

    /// <summary>What a running trial has contributed at a step; null if nothing.</summary>
    public double? Of(Trial trial, long step)
    {
        ArgumentNullException.ThrowIfNull(trial);
        if (_open.TryGetValue(trial.Number, out var contributions))
        {
            for (var i = contributions.Count - 1; i >= 0 && contributions[i].Step >= step; i--)
            {
                if (contributions[i].Step == step)
                {
                    return contributions[i].Value;
                }
            }
        }

        return null;
    }

    internal void Add(Trial trial)
    {
        if (trial.Updated(_key.Metric) is not { } series)
        {
            return;
        }

        if (!_open.TryGetValue(trial.Number, out var contributions))
        {
            _open.Add(trial.Number, contributions = []);
        }

        // A second value at the same step changes nothing here: the first one to get there is compared.
        var reached = contributions.Count > 0 ? contributions[^1].Step : -1;
        if (series.LastStep <= reached)
        {
            return;
        }

        if (_key.Rungs is { } rungs)
        {
            for (var rung = rungs.After(reached); rung <= series.LastStep; rung = rungs.After(rung))
            {
                Contribute(contributions, rung, Value(series, series.Count));
            }

            return;
        }

        Fill(contributions, reached, series);
        if (_values.ContainsKey(series.LastStep) || TryAddStep(series.LastStep))
        {
            Contribute(contributions, series.LastStep, Value(series, series.Count));
        }
    }

    internal void Remove(Trial trial)
    {
        if (_open.Remove(trial.Number, out var contributions))
        {
            foreach (var (step, value) in contributions)
            {
                if (!double.IsNaN(value))
                {
                    _values[step].Remove(value);
                }
            }
        }
    }

    internal void Close(Trial trial) => _open.Remove(trial.Number);

    // Steps of other trials that this one has passed between two of its reports: it counts there with what it had before.
    private void Fill(List<(long Step, double Value)> contributions, long reached, MetricSeries series)
    {
        if (series.Count < 2)
        {
            return;
        }

        var from = _steps.BinarySearch(Math.Max(reached, series.Steps[^2]) + 1);
        for (var i = from < 0 ? ~from : from; i < _steps.Count && _steps[i] < series.LastStep; i++)
        {
            Contribute(contributions, _steps[i], Value(series, series.Count - 1));
        }
    }

    private bool TryAddStep(long step)
    {
        if (_steps.Count == MostSteps)
        {
            return false;
        }

        var at = _steps.BinarySearch(step);
        _steps.Insert(~at, step);
        _values.Add(step, new SortedValues());
        return true;
    }

    private void Contribute(List<(long Step, double Value)> contributions, long step, double value)
    {
        contributions.Add((step, value));
        if (!double.IsNaN(value))
        {
            if (!_values.TryGetValue(step, out var values))
            {
                _values.Add(step, values = new SortedValues());
            }

            values.Add(value);
        }
    }

    private double Value(MetricSeries series, int count)
    {
        if (_key.Value == TableValue.Latest)
        {
            return series.Values[count - 1];
        }

        // All values, or all but the last: the mean before the last report is had from the one after it.
        return count == series.Count ? series.Mean : ((series.Mean * series.Count) - series.Last) / count;
    }
}
