using System.Text.Json;
using Hone.Budgets;
using Hone.Trials;
using Hone.Tuning;

namespace Hone.Tracking.Store;

/// <summary>Reads what a store says of a study as a whole.</summary>
internal sealed class StudyReader(Database database)
{
    /// <summary>The names of all studies, sorted.</summary>
    public IReadOnlyList<string> Names()
    {
        using var statement = database.Prepare(
            "SELECT name FROM studies JOIN experiments USING (experiment) WHERE lifecycle_stage = 'active' ORDER BY name");
        var names = new List<string>();
        while (statement.Step())
        {
            names.Add(statement.Text(0)!);
        }

        return names;
    }

    /// <summary>Key and definition of a study; null if there is none of that name.</summary>
    public StoredStudy? Find(string name)
    {
        using var statement = database.Prepare(
            """
            SELECT experiment, definition, began, session_began, state, spent FROM studies JOIN experiments USING (experiment)
            WHERE name = ?1 AND lifecycle_stage = 'active'
            """);
        statement.Bind(1, name);
        return statement.Step()
            ? new StoredStudy(
                statement.Int64(0),
                name,
                StudyDefinition.Parse(statement.Text(1)!),
                Time(statement, 2),
                Time(statement, 3),
                statement.Text(4) is { } state ? Enum.Parse<StudyState>(state) : null,
                statement.IsNull(5) ? new Spending() : JsonSerializer.Deserialize(statement.Bytes(5), StoreJson.Default.Spending)!)
            : null;
    }

    /// <summary>A study at a glance.</summary>
    public StudySummary Summarize(StoredStudy study)
    {
        var (counts, best) = CountsAndBest(study);
        var last = LastActivity(study.Experiment);
        return new StudySummary
        {
            Name = study.Name,
            State = State(study),
            Objectives = study.Definition.Objectives,
            Origin = study.Definition.Origin,
            Counts = counts,
            BestValue = best,
            Spent = Spent(study, last),
            Began = study.Began,
            LastActivity = last,
        };
    }

    /// <summary>Running while the lock is held; otherwise as the last session left it, and Interrupted if it was killed.</summary>
    public StudyState State(StoredStudy study) =>
        database.IsLocked(study.Name) ? StudyState.Running : study.Ended ?? StudyState.Interrupted;

    /// <summary>What the last session wrote down when it ended, or, if one is open or was killed, what the trials say.</summary>
    public Spending Spent(StoredStudy study, DateTimeOffset? lastActivity)
    {
        if (study.Ended is not null || study.SessionBegan is null)
        {
            return study.Spent;
        }

        using var statement = database.Prepare("SELECT count(*), sum(steps) FROM runs WHERE run >= ?1 AND run < ?2 AND trial IS NOT NULL");
        statement.BindRuns(study.Experiment);
        statement.Step();
        var open = lastActivity - study.SessionBegan ?? TimeSpan.Zero;
        return new Spending
        {
            Trials = (int)statement.Int64(0),
            Steps = Math.Max(study.Spent.Steps, statement.Int64(1)),
            Wall = study.Spent.Wall + (open > TimeSpan.Zero ? open : TimeSpan.Zero),
            CpuSeconds = Larger(study.Spent.CpuSeconds, Sum(study.Experiment, "system/cpu_seconds")),
            EnergyJoules = Larger(study.Spent.EnergyJoules, Sum(study.Experiment, "system/energy_joules")),
            GpuSeconds = study.Spent.GpuSeconds,
        };
    }

    /// <summary>When the last event was written.</summary>
    public DateTimeOffset? LastActivity(long experiment)
    {
        // Reports lie by run: only those of trials that have not ended can be later than the last decision.
        var at = database.Number(
            $"""
            SELECT max(at) FROM (
              SELECT * FROM (SELECT at FROM events WHERE experiment = {experiment} ORDER BY sequence DESC LIMIT 1) AS decision
              UNION ALL
              SELECT (SELECT at FROM metrics m WHERE m.run = r.run AND position = 0 ORDER BY sequence DESC LIMIT 1)
              FROM runs r WHERE run >= {RunKey.First(experiment)} AND run < {RunKey.First(experiment + 1)} AND state IN ('Waiting', 'Running')) AS times
            """);
        return at is { } ticks ? StoreTime.FromStore(ticks) : null;
    }

    // One pass over the runs of the study, which lie together.
    private (Dictionary<TrialState, int> Counts, double? Best) CountsAndBest(StoredStudy study)
    {
        using var statement = database.Prepare(
            "SELECT state, count(*), min(objective) FROM runs WHERE run >= ?1 AND run < ?2 AND trial IS NOT NULL GROUP BY state");
        statement.BindRuns(study.Experiment);
        var counts = new Dictionary<TrialState, int>();
        double? best = null;
        while (statement.Step())
        {
            var state = StoredValues.State(statement.Text(0)!);
            counts.Add(state, (int)statement.Int64(1));
            if (state == TrialState.Complete && !statement.IsNull(2))
            {
                best = study.Definition.Objectives[0].Signed(statement.Double(2));
            }
        }

        return (counts, best);
    }

    private double? Sum(long experiment, string metric)
    {
        using var statement = database.Prepare(
            """
            SELECT sum(value) FROM latest_metrics WHERE run >= ?1 AND run < ?2 AND run & 2147483648 = 0
            AND metric = (SELECT metric FROM metric_names WHERE name = ?3)
            """);
        statement.BindRuns(experiment);
        statement.Bind(3, metric);
        return statement.Step() && !statement.IsNull(0) ? statement.Double(0) : null;
    }

    private static double? Larger(double? left, double? right) => left > right || right is null ? left : right;

    private static DateTimeOffset? Time(Statement statement, int column) =>
        statement.IsNull(column) ? null : StoreTime.FromStore(statement.Int64(column));
}

/// <summary>A study's row in the store.</summary>
/// <param name="Experiment">Key of the experiment.</param>
/// <param name="Name">Name of the study.</param>
/// <param name="Definition">What it looks for.</param>
/// <param name="Began">When the first session began.</param>
/// <param name="SessionBegan">When the last session began.</param>
/// <param name="Ended">How the last session ended; null while it is open, and for ever if it was killed.</param>
/// <param name="Spent">What was spent when a session ended last.</param>
internal sealed record StoredStudy(
    long Experiment,
    string Name,
    StudyDefinition Definition,
    DateTimeOffset? Began,
    DateTimeOffset? SessionBegan,
    StudyState? Ended,
    Spending Spent);
