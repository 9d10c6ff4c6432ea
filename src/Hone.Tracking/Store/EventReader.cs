using System.Text.Json;
using Hone.Space;
using Hone.Trials;
using Hone.Tuning;

namespace Hone.Tracking.Store;

/// <summary>Reads the events of one study back in their order.</summary>
/// <remarks>
/// Reports lie trial by trial in the store and are merged in by sequence. A trial's are read when its proposal is reached and dropped
/// when they have been given out, so that memory is bounded by the trials that were open at one time.
/// </remarks>
internal sealed class EventReader : IDisposable
{
    private readonly MetricNames _metrics;
    private readonly Statement _events;
    private readonly Statement _parameters;
    private readonly Statement _reports;
    private readonly SearchSpace _space;
    private readonly PriorityQueue<Queue<Entry>, long> _pending = new();

    public EventReader(Database database, long experiment, SearchSpace space)
    {
        _space = space;
        _metrics = new MetricNames(database);
        _events = database.Prepare(
            """
            SELECT sequence, kind, at, run, run & 4294967295, attempt, state, reason, rule, not_before, is_retry, violation, wall,
              objective_values, spent
            FROM events WHERE experiment = ?1 ORDER BY sequence
            """);
        _events.Bind(1, experiment);
        _parameters = database.Prepare("SELECT key, value, kind FROM params WHERE run = ?1");
        _reports = database.Prepare(
            """
            SELECT sequence, position, metric, value, step, attempt, at, since_start FROM metrics WHERE run = ?1
            ORDER BY sequence, position
            """);
    }

    /// <summary>All events, in the order in which they were written.</summary>
    public IEnumerable<StudyEvent> Read()
    {
        while (_events.Step())
        {
            foreach (var report in ReportsBefore(_events.Int64(0)))
            {
                yield return report;
            }

            var entry = Current();
            if (entry is TrialProposed proposed)
            {
                Push(ReportsOf(proposed.Trial, _events.Int64(3)));
            }

            yield return entry;
        }

        foreach (var report in ReportsBefore(long.MaxValue))
        {
            yield return report;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _events.Dispose();
        _parameters.Dispose();
        _reports.Dispose();
    }

    private IEnumerable<TrialReported> ReportsBefore(long sequence)
    {
        while (_pending.TryPeek(out var queue, out var next) && next < sequence)
        {
            _pending.Dequeue();
            yield return queue.Dequeue().Report;
            Push(queue);
        }
    }

    private void Push(Queue<Entry> queue)
    {
        if (queue.TryPeek(out var first))
        {
            _pending.Enqueue(queue, first.Sequence);
        }
    }

    private StudyEvent Current()
    {
        var at = StoreTime.FromStore(_events.Int64(2));
        var trial = (int)_events.Int64(4);
        var reason = _events.Text(7) ?? "";
        return _events.Text(1) switch
        {
            EventKind.SessionBegan => new SessionBegan(at),
            EventKind.SessionEnded => new SessionEnded(
                at,
                Enum.Parse<StudyState>(_events.Text(6)!),
                JsonSerializer.Deserialize(_events.Bytes(14), StoreJson.Default.Spending)!),
            EventKind.Proposed => new TrialProposed(at, trial, ConfigurationOf(_events.Int64(3))),
            EventKind.Started => new TrialStarted(at, trial, (int)_events.Int64(5)),
            EventKind.StopDecided => new StopDecided(at, trial, StoredValues.State(_events.Text(6)!), _events.Text(8)!, reason),
            EventKind.Requeued => new TrialRequeued(at, trial, reason, StoreTime.FromStore(_events.Int64(9)), _events.Int64(10) != 0),
            EventKind.Ended => new TrialEnded(
                at,
                trial,
                StoredValues.State(_events.Text(6)!),
                reason,
                StoredValues.Doubles(_events.Bytes(13)),
                _events.Double(11),
                TimeSpan.FromTicks(_events.Int64(12))),
            var kind => throw new StudyStoreException($"The store is damaged: '{kind}' is no event. Put back a copy of it."),
        };
    }

    private Configuration ConfigurationOf(long run)
    {
        var values = new List<KeyValuePair<string, ParameterValue>>();
        _parameters.Bind(1, run);
        while (_parameters.Step())
        {
            values.Add(new(_parameters.Text(0)!, StoredValues.Parameter(_parameters.Text(1)!, _parameters.Int64(2))));
        }

        return Configuration.Of(_space, values);
    }

    private Queue<Entry> ReportsOf(int trial, long run)
    {
        var reports = new Queue<Entry>();
        List<MetricValue> values = [];
        _reports.Bind(1, run);
        while (_reports.Step())
        {
            if (_reports.Int64(1) == 0)
            {
                values = [];
                reports.Enqueue(new Entry(_reports.Int64(0), new TrialReported(
                    StoreTime.FromStore(_reports.Int64(6)),
                    trial,
                    (int)_reports.Int64(5),
                    _reports.Int64(4),
                    values,
                    TimeSpan.FromTicks(_reports.Int64(7)))));
            }

            if (!_reports.IsNull(2))
            {
                values.Add(new MetricValue(_metrics.NameOf(_reports.Int64(2)), _reports.Double(3)));
            }
        }

        return reports;
    }

    private readonly record struct Entry(long Sequence, TrialReported Report);
}
