using Hone.Analysis;
using Hone.Space;
using Hone.Trials;

namespace Hone.Tracking.Store;

/// <summary>Reads trials of one study out of the tables of runs.</summary>
internal sealed class TrialReader : IDisposable
{
    private readonly long _experiment;
    private readonly MetricNames _names;
    private readonly Statement _runs;
    private readonly Statement _parameters;
    private readonly Statement _latest;
    private readonly Statement _history;

    public TrialReader(Database database, long experiment)
    {
        _names = new MetricNames(database);
        _runs = database.Prepare(
            """
            SELECT run, trial, state, reason, attempt, start_time, steps, wall, violation, objective_values, rule FROM runs
            WHERE run >= ?1 AND run < ?2 AND trial IS NOT NULL ORDER BY run LIMIT ?3
            """);
        _experiment = experiment;
        _runs.Bind(2, RunKey.First(experiment + 1));
        _parameters = database.Prepare("SELECT key, value, kind, position FROM params WHERE run = ?1");
        _latest = database.Prepare("SELECT metric, value FROM latest_metrics WHERE run = ?1");
        _history = database.Prepare(
            "SELECT position, metric, value, step, attempt, since_start, sequence FROM metrics WHERE run = ?1 ORDER BY sequence, position");
    }

    /// <summary>The trials from a number on, by number.</summary>
    /// <param name="first">The smallest number.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="history">Whether to read every measurement of the last attempt.</param>
    public List<TrialRecord> Read(int first, int count, bool history)
    {
        _runs.Bind(1, RunKey.Of(_experiment, first));
        _runs.Bind(3, (long)count);
        var trials = new List<TrialRecord>(Math.Min(count, 1000));
        while (_runs.Step())
        {
            trials.Add(Current(history));
        }

        return trials;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _runs.Dispose();
        _parameters.Dispose();
        _latest.Dispose();
        _history.Dispose();
    }

    private TrialRecord Current(bool history)
    {
        var run = _runs.Int64(0);
        var attempt = (int)_runs.Int64(4);
        var state = StoredValues.State(_runs.Text(2)!);
        var trial = new TrialRecord
        {
            Number = (int)_runs.Int64(1),
            State = state,
            Reason = _runs.Text(3) ?? "",
            Rule = _runs.Text(10) ?? "",
            Parameters = Parameters(run),
            Metrics = [],
            Attempts = attempt,
            Started = _runs.IsNull(5) ? null : StoreTime.FromStore(_runs.Int64(5)),
        };
        var hasEnded = state is not (TrialState.Waiting or TrialState.Running);
        var (measurements, order) = history || !hasEnded ? Measurements(run, attempt) : ([], []);
        trial = history ? trial with { Order = order } : trial;
        return hasEnded ? Ended(trial, run, history ? measurements : []) : Open(trial, measurements, history);
    }

    private TrialRecord Ended(TrialRecord trial, long run, List<Measurement> history) => trial with
    {
        Metrics = Latest(run),
        Values = StoredValues.Doubles(_runs.Bytes(9)),
        Violation = _runs.Double(8),
        Steps = _runs.Int64(6),
        WallSeconds = TimeSpan.FromTicks(_runs.Int64(7)).TotalSeconds,
        History = history,
    };

    // What a trial reported last is written beside its run when it ends; until then its measurements say it.
    private static TrialRecord Open(TrialRecord trial, List<Measurement> measurements, bool history)
    {
        var latest = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var measurement in measurements)
        {
            latest[measurement.Metric] = measurement.Value;
        }

        return trial with
        {
            Metrics = [.. latest.Select(m => new MetricValue(m.Key, m.Value))],
            Steps = measurements.Count == 0 ? 0 : measurements[^1].Step,
            WallSeconds = measurements.Count == 0 ? 0 : measurements[^1].SinceStart.TotalSeconds,
            History = history ? measurements : [],
        };
    }

    private List<KeyValuePair<string, ParameterValue>> Parameters(long run)
    {
        var parameters = new List<(long Position, KeyValuePair<string, ParameterValue> Value)>();
        _parameters.Bind(1, run);
        while (_parameters.Step())
        {
            var value = StoredValues.Parameter(_parameters.Text(1)!, _parameters.IsNull(2) ? (long)ValueKind.Text : _parameters.Int64(2));
            parameters.Add((_parameters.Int64(3), new(_parameters.Text(0)!, value)));
        }

        parameters.Sort((a, b) => a.Position.CompareTo(b.Position));
        return parameters.ConvertAll(p => p.Value);
    }

    private List<MetricValue> Latest(long run)
    {
        var metrics = new List<MetricValue>();
        _latest.Bind(1, run);
        while (_latest.Step())
        {
            metrics.Add(new MetricValue(_names.NameOf(_latest.Int64(0)), _latest.Double(1)));
        }

        metrics.Sort((a, b) => string.CompareOrdinal(a.Metric, b.Metric));
        return metrics;
    }

    private (List<Measurement> History, List<long> Order) Measurements(long run, int attempt)
    {
        var (measurements, order) = (new List<Measurement>(), new List<long>());
        var (isLast, step, since) = (false, 0L, TimeSpan.Zero);
        _history.Bind(1, run);
        while (_history.Step())
        {
            if (_history.Int64(0) == 0)
            {
                (isLast, step, since) = (_history.Int64(4) == attempt, _history.Int64(3), TimeSpan.FromTicks(_history.Int64(5)));
            }

            if (isLast && !_history.IsNull(1))
            {
                measurements.Add(new Measurement(_names.NameOf(_history.Int64(1)), step, _history.Double(2), since));
                order.Add(_history.Int64(6));
            }
        }

        return (measurements, order);
    }
}
