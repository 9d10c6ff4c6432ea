using Hone.Tracking.Artifacts;
using Hone.Tracking.Registry;
using Hone.Tracking.Store;

namespace Hone.Tracking.Runs;

/// <summary>What was deleted long enough ago to be removed for good.</summary>
internal sealed class FoundGarbage
{
    /// <summary>Keys of experiments, all of whose runs are to be removed.</summary>
    public HashSet<long> Experiments { get; } = [];

    /// <summary>Keys of runs, and where their files lie.</summary>
    public List<(long Run, string Location)> Runs { get; } = [];

    /// <summary>Keys of logged models, and where their files lie.</summary>
    public List<(long Model, string Location)> LoggedModels { get; } = [];

    /// <summary>How many runs stay since a version of a registered model is made of their files.</summary>
    public int Kept { get; private set; }

    /// <summary>Looks through a store.</summary>
    /// <param name="session">The connection.</param>
    /// <param name="before">What was deleted at this time or before, as the store writes times.</param>
    public static FoundGarbage Find(TrackingSession session, long before)
    {
        var garbage = new FoundGarbage();
        var used = Used(session);
        foreach (var key in Keys(session, "SELECT experiment FROM experiments WHERE lifecycle_stage = 'deleted' AND last_update_time <= ?1 ORDER BY experiment", before))
        {
            garbage.Experiments.Add(key);
        }

        foreach (var run in DeletedRuns(session, garbage.Experiments, before))
        {
            garbage.Add(session, run, used);
        }

        // What is left of a study's journal would be of no use without its trials.
        garbage.Runs.RemoveAll(run => (run.Run & RunIds.FirstClientNumber) == 0 && !garbage.Experiments.Contains(RunIds.ExperimentOf(run.Run)));
        foreach (var model in DeletedModels(session, garbage.Experiments, before))
        {
            garbage.LoggedModels.Add((model.Key, ArtifactLocation.OfLoggedModel(session, model)));
        }

        return garbage;
    }

    private void Add(TrackingSession session, long run, HashSet<string> used)
    {
        var id = session.RunIds.Of(run);
        var location = ArtifactLocation.OfRun(session, run);
        if (used.Contains(id) || Mlflow.Imported.IdOf(session, Mlflow.Imported.Run, run) is { } old && used.Contains(old) || used.Any(place => place.StartsWith(location, StringComparison.Ordinal)))
        {
            Kept++;
            Experiments.Remove(RunIds.ExperimentOf(run));
        }
        else
        {
            Runs.Add((run, location));
        }
    }

    // Ids of the runs that versions were made by, and the places where their files lie.
    private static HashSet<string> Used(TrackingSession session)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        var rows = session.Kept("SELECT run_id, location FROM model_versions");
        while (rows.Step())
        {
            used.Add(rows.Text(0) ?? "");
            used.Add(rows.Text(1)!);
        }

        used.Remove("");
        return used;
    }

    // A trial is removed with its whole study alone. Of runs that an older program deleted it is not known when; their end stands for it.
    private static List<long> DeletedRuns(TrackingSession session, HashSet<long> experiments, long before)
    {
        var runs = Keys(
            session,
            """
            SELECT r.run FROM runs r JOIN experiments e ON e.experiment = r.run >> 32 LEFT JOIN deleted_runs d ON d.run = r.run
            WHERE r.lifecycle_stage = 'deleted' AND e.lifecycle_stage = 'active' AND r.trial IS NULL
            AND coalesce(d.at, r.end_time, r.start_time, 0) <= ?1 ORDER BY r.run
            """,
            before);
        foreach (var experiment in experiments)
        {
            var rows = session.Kept("SELECT run FROM runs WHERE run >= ?1 AND run < ?2 ORDER BY run");
            rows.BindRuns(experiment);
            Read(rows, runs);
        }

        return runs;
    }

    private static List<LoggedModel> DeletedModels(TrackingSession session, HashSet<long> experiments, long before)
    {
        var models = new List<LoggedModel>();
        var rows = session.Kept($"{Registry.LoggedModels.Select} WHERE l.lifecycle_stage = 'deleted' AND l.last_update_time <= ?1 ORDER BY l.logged_model");
        rows.Bind(1, before);
        while (rows.Step())
        {
            models.Add(Registry.LoggedModels.Current(rows));
        }

        models.RemoveAll(model => experiments.Contains(model.Experiment));
        foreach (var experiment in experiments)
        {
            var own = session.Kept($"{Registry.LoggedModels.Select} WHERE l.experiment = ?1 ORDER BY l.logged_model");
            own.Bind(1, experiment);
            while (own.Step())
            {
                models.Add(Registry.LoggedModels.Current(own));
            }
        }

        return models;
    }

    private static List<long> Keys(TrackingSession session, string sql, long before)
    {
        var keys = new List<long>();
        var rows = session.Kept(sql);
        rows.Bind(1, before);
        Read(rows, keys);
        return keys;
    }

    private static void Read(Statement rows, List<long> keys)
    {
        while (rows.Step())
        {
            keys.Add(rows.Int64(0));
        }
    }
}
