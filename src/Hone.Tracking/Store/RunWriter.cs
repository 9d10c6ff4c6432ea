using Hone.Trials;
using Hone.Tuning;

namespace Hone.Tracking.Store;

/// <summary>Writes what follows from events into the tables of runs: the state of each trial, its parameters and its last values.</summary>
internal sealed class RunWriter
{
    private readonly Database _database;
    private readonly long _experiment;
    private readonly IReadOnlyList<Objective> _objectives;
    private readonly Statement _insertRun;
    private readonly Statement _insertParameter;
    private readonly Statement _start;
    private readonly Statement _decide;
    private readonly Statement _requeue;
    private readonly Statement _end;
    private readonly Statement _insertLatest;

    public RunWriter(Database database, long experiment, IReadOnlyList<Objective> objectives)
    {
        _database = database;
        _experiment = experiment;
        _objectives = objectives;
        _insertRun = database.Prepare(
            "INSERT INTO runs (run, status, trial, state, reason, attempt) VALUES (?1, 'SCHEDULED', ?2, 'Waiting', '', 0)");
        _insertParameter = database.Prepare("INSERT INTO params (run, key, value, position, kind) VALUES (?1, ?2, ?3, ?4, ?5)");
        _start = database.Prepare("UPDATE runs SET status = 'RUNNING', state = 'Running', reason = '', rule = NULL, attempt = ?2, start_time = ?3 WHERE run = ?1");
        _decide = database.Prepare("UPDATE runs SET rule = ?2 WHERE run = ?1");
        _requeue = database.Prepare("UPDATE runs SET status = 'SCHEDULED', state = 'Waiting', reason = ?2 WHERE run = ?1");
        _end = database.Prepare(
            """
            UPDATE runs SET status = ?2, state = ?3, reason = ?4, end_time = ?5, steps = ?6, wall = ?7, violation = ?8, objective = ?9,
              objective_values = ?10 WHERE run = ?1
            """);
        _insertLatest = database.Prepare(
            """
            INSERT INTO latest_metrics (run, metric, value, step, at) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (run, metric) DO UPDATE SET value = excluded.value, step = excluded.step, at = excluded.at
            """);
    }

    /// <summary>Makes the run of a new trial and returns its key.</summary>
    public long Propose(TrialProposed proposed)
    {
        var run = RunKey.Of(_experiment, proposed.Trial);
        _insertRun.Bind(1, run);
        _insertRun.Bind(2, (long)proposed.Trial);
        _insertRun.Run();
        _insertParameter.Bind(1, run);
        var position = 0L;
        foreach (var (name, value) in proposed.Configuration.Values)
        {
            _insertParameter.Bind(2, _database.Storable(name));
            _insertParameter.Bind(3, _database.Storable(value.ToString()));
            _insertParameter.Bind(4, position++);
            _insertParameter.Bind(5, (long)value.Kind);
            _insertParameter.Run();
        }

        return run;
    }

    public void Start(OpenTrial trial, TrialStarted started)
    {
        trial.Begin(started.Attempt);
        _start.Bind(1, trial.Run);
        _start.Bind(2, (long)started.Attempt);
        _start.Bind(3, StoreTime.ToStore(started.At));
        _start.Run();
    }

    public void Decide(OpenTrial trial, StopDecided decided)
    {
        _decide.Bind(1, trial.Run);
        _decide.Bind(2, _database.Storable(decided.Rule));
        _decide.Run();
    }

    public void Requeue(OpenTrial trial, TrialRequeued requeued)
    {
        _requeue.Bind(1, trial.Run);
        _requeue.Bind(2, _database.Storable(requeued.Reason));
        _requeue.Run();
    }

    public void End(OpenTrial trial, TrialEnded ended)
    {
        _end.Bind(1, trial.Run);
        _end.Bind(2, StoredValues.Status(ended.State));
        _end.Bind(3, StoredValues.Name(ended.State));
        _end.Bind(4, _database.Storable(ended.Reason));
        _end.Bind(5, StoreTime.ToStore(ended.At));
        _end.Bind(6, trial.Steps);
        _end.Bind(7, ended.Wall.Ticks);
        _end.Bind(8, ended.Violation);
        _end.Bind(9, Counts(ended) ? _objectives[0].Signed(ended.Values[0]) : double.NaN);
        StoredValues.BindDoubles(_end, 10, ended.Values);
        _end.Run();
        _insertLatest.Bind(1, trial.Run);
        foreach (ref readonly var latest in trial.Latest)
        {
            _insertLatest.Bind(2, latest.Metric);
            _insertLatest.Bind(3, latest.Value);
            _insertLatest.Bind(4, latest.Step);
            _insertLatest.Bind(5, latest.At);
            _insertLatest.Run();
        }
    }

    // As TrialResult.Counts says it, without making one.
    private static bool Counts(TrialEnded ended)
    {
        if (ended.State != TrialState.Complete || ended.Violation != 0 || ended.Values.Count == 0)
        {
            return false;
        }

        for (var i = 0; i < ended.Values.Count; i++)
        {
            if (!double.IsFinite(ended.Values[i]))
            {
                return false;
            }
        }

        return true;
    }
}
