using System.Text.Json;
using Hone.Trials;
using Hone.Tuning;

namespace Hone.Tracking.Store;

/// <summary>Writes the events of one study into the open transaction, and what follows from them into the tables of runs.</summary>
internal sealed class EventWriter
{
    private readonly long _experiment;
    private readonly Database _database;
    private readonly MetricNames _metrics;
    private readonly RunWriter _runs;
    private readonly Dictionary<int, OpenTrial> _open = [];
    private readonly Statement _insertReport;
    private readonly Statement _insertValue;
    private readonly Statement _insertEvent;
    private readonly Statement _beginSession;
    private readonly Statement _endSession;
    private readonly Statement _findTrial;
    private readonly Statement _findLatest;
    private long _next;

    public EventWriter(Database database, long experiment, IReadOnlyList<Objective> objectives)
    {
        _database = database;
        _experiment = experiment;
        _metrics = new MetricNames(database);
        _runs = new RunWriter(database, experiment, objectives);
        _insertReport = database.Prepare(
            "INSERT INTO metrics (run, sequence, position, metric, value, step, attempt, at, since_start) VALUES (?1, ?2, 0, ?3, ?4, ?5, ?6, ?7, ?8)");
        _insertValue = database.Prepare("INSERT INTO metrics (run, sequence, position, metric, value) VALUES (?1, ?2, ?3, ?4, ?5)");
        _insertEvent = database.Prepare(
            """
            INSERT INTO events (experiment, sequence, kind, at, run, attempt, state, reason, rule, not_before, is_retry, violation, wall,
              objective_values, spent) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
            """);
        _beginSession = database.Prepare(
            "UPDATE studies SET began = coalesce(began, ?2), session_began = ?2, state = NULL WHERE experiment = ?1");
        _endSession = database.Prepare("UPDATE studies SET state = ?2, spent = ?3 WHERE experiment = ?1");
        _findTrial = database.Prepare("SELECT attempt FROM runs WHERE run = ?1");
        _findLatest = database.Prepare(
            "SELECT position, metric, value, step, attempt, at FROM metrics WHERE run = ?1 ORDER BY sequence, position");
        Recall();
    }

    /// <summary>Writes one event as the next of the study.</summary>
    /// <exception cref="InvalidOperationException">The event is of a trial that was never proposed.</exception>
    public void Write(StudyEvent entry)
    {
        if (entry is TrialReported reported)
        {
            Write(reported);
        }
        else
        {
            WriteDecision(entry);
        }

        _next++;
    }

    /// <summary>Goes back to what the store holds, after a transaction was undone.</summary>
    public void Recall()
    {
        _open.Clear();
        _metrics.Forget();
        var events = _database.Number($"SELECT max(sequence) FROM events WHERE experiment = {_experiment}") ?? -1;
        var reports = _database.Number(
            $"""
            SELECT max((SELECT max(sequence) FROM metrics m WHERE m.run = r.run)) FROM runs r
            WHERE run >= {RunKey.First(_experiment)} AND run < {RunKey.First(_experiment + 1)}
            """) ?? -1;
        _next = Math.Max(events, reports) + 1;
    }

    // Called for each report: 10^5 a second in a busy study. Allocates only when a trial reports a metric for the first time.
    private void Write(TrialReported reported)
    {
        var trial = Find(reported.Trial);
        var isLatest = reported.Attempt == trial.Attempt;
        var at = StoreTime.ToStore(reported.At);
        var values = reported.Values;
        _insertReport.Bind(1, trial.Run);
        _insertReport.Bind(2, _next);
        _insertReport.Bind(5, reported.Step);
        _insertReport.Bind(6, (long)reported.Attempt);
        _insertReport.Bind(7, at);
        _insertReport.Bind(8, reported.SinceStart.Ticks);
        if (isLatest)
        {
            trial.Reach(reported.Step);
        }

        if (values.Count == 0)
        {
            _insertReport.BindNull(3);
            _insertReport.BindNull(4);
            _insertReport.Run();
            return;
        }

        for (var i = 0; i < values.Count; i++)
        {
            var (name, value) = values[i];
            var metric = _metrics.KeyOf(name);
            if (i == 0)
            {
                _insertReport.Bind(3, metric);
                _insertReport.Bind(4, value);
                _insertReport.Run();
            }
            else
            {
                InsertFurther(trial.Run, i, metric, value);
            }

            if (isLatest)
            {
                trial.Take(i, new LatestValue(metric, value, reported.Step, at));
            }
        }
    }

    private void InsertFurther(long run, int position, long metric, double value)
    {
        if (position == 1)
        {
            _insertValue.Bind(1, run);
            _insertValue.Bind(2, _next);
        }

        _insertValue.Bind(3, (long)position);
        _insertValue.Bind(4, metric);
        _insertValue.Bind(5, value);
        _insertValue.Run();
    }

    private void WriteDecision(StudyEvent entry)
    {
        for (var parameter = 5; parameter <= 15; parameter++)
        {
            _insertEvent.BindNull(parameter);
        }

        _insertEvent.Bind(1, _experiment);
        _insertEvent.Bind(2, _next);
        _insertEvent.Bind(3, EventKind.Of(entry));
        _insertEvent.Bind(4, StoreTime.ToStore(entry.At));
        switch (entry)
        {
            case TrialProposed proposed:
                Propose(proposed);
                break;
            case TrialStarted started:
                var starting = BindTrial(started.Trial);
                _insertEvent.Bind(6, (long)started.Attempt);
                _runs.Start(starting, started);
                break;
            case StopDecided stop:
                var stopping = BindTrial(stop.Trial);
                _insertEvent.Bind(7, StoredValues.Name(stop.State));
                _insertEvent.Bind(8, _database.Storable(stop.Reason));
                _insertEvent.Bind(9, _database.Storable(stop.Rule));
                _runs.Decide(stopping, stop);
                break;
            case TrialRequeued requeued:
                var waiting = BindTrial(requeued.Trial);
                _insertEvent.Bind(8, _database.Storable(requeued.Reason));
                _insertEvent.Bind(10, StoreTime.ToStore(requeued.NotBefore));
                _insertEvent.Bind(11, requeued.IsRetry ? 1L : 0L);
                _runs.Requeue(waiting, requeued);
                break;
            case TrialEnded ended:
                End(ended);
                break;
            case SessionBegan began:
                _beginSession.Bind(1, _experiment);
                _beginSession.Bind(2, StoreTime.ToStore(began.At));
                _beginSession.Run();
                break;
            case SessionEnded ended:
                EndSession(ended);
                break;
        }

        _insertEvent.Run();
    }

    private void Propose(TrialProposed proposed)
    {
        var trial = new OpenTrial(_runs.Propose(proposed));
        _open[proposed.Trial] = trial;
        _insertEvent.Bind(5, trial.Run);
    }

    private void End(TrialEnded ended)
    {
        var trial = BindTrial(ended.Trial);
        _insertEvent.Bind(7, StoredValues.Name(ended.State));
        _insertEvent.Bind(8, _database.Storable(ended.Reason));
        _insertEvent.Bind(12, ended.Violation);
        _insertEvent.Bind(13, ended.Wall.Ticks);
        StoredValues.BindDoubles(_insertEvent, 14, ended.Values);
        _runs.End(trial, ended);
        _open.Remove(ended.Trial);
    }

    private void EndSession(SessionEnded ended)
    {
        var state = ended.State.ToString();
        var spent = JsonSerializer.Serialize(ended.Spent, StoreJson.Default.Spending);
        _insertEvent.Bind(7, state);
        _insertEvent.Bind(15, spent);
        _endSession.Bind(1, _experiment);
        _endSession.Bind(2, state);
        _endSession.Bind(3, spent);
        _endSession.Run();
    }

    private OpenTrial BindTrial(int number)
    {
        var trial = Find(number);
        _insertEvent.Bind(5, trial.Run);
        return trial;
    }

    private OpenTrial Find(int number)
    {
        if (!_open.TryGetValue(number, out var trial))
        {
            _open.Add(number, trial = Load(number));
        }

        return trial;
    }

    // A trial that an earlier session left open, or one that has ended.
    private OpenTrial Load(int number)
    {
        var run = RunKey.Of(_experiment, number);
        _findTrial.Bind(1, run);
        if (!_findTrial.Step())
        {
            throw new InvalidOperationException($"Trial {number} was never proposed.");
        }

        var trial = new OpenTrial(run);
        trial.Begin((int)_findTrial.Int64(0));
        _findTrial.Reset();
        _findLatest.Bind(1, trial.Run);
        var (isLatest, step, at) = (false, 0L, 0L);
        while (_findLatest.Step())
        {
            var position = (int)_findLatest.Int64(0);
            if (position == 0)
            {
                (isLatest, step, at) = (_findLatest.Int64(4) == trial.Attempt, _findLatest.Int64(3), _findLatest.Int64(5));
                trial.Reach(isLatest ? step : 0);
            }

            if (isLatest && !_findLatest.IsNull(1))
            {
                trial.Take(position, new LatestValue(_findLatest.Int64(1), _findLatest.Double(2), step, at));
            }
        }

        return trial;
    }
}
