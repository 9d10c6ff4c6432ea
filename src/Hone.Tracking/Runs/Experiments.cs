using System.Globalization;
using Hone.Tracking.Mlflow;
using Hone.Tracking.Store;

namespace Hone.Tracking.Runs;

/// <summary>The experiments of a store. A study is one.</summary>
internal static class Experiments
{
    private const string Columns = "experiment, name, artifact_location, lifecycle_stage = 'deleted', creation_time, last_update_time";

    /// <summary>Begins a statement over experiments <c>e</c>, whose rows <see cref="Current"/> reads.</summary>
    public const string Select = $"SELECT {Columns} FROM experiments e";

    /// <summary>Makes experiment 0, to which clients log that name none, unless there is one or its name is taken.</summary>
    public static void MakeDefault(TrackingSession session, long now)
    {
        var insert = session.Kept(
            "INSERT INTO experiments (experiment, name, creation_time, last_update_time) VALUES (0, 'Default', ?1, ?1) ON CONFLICT DO NOTHING");
        insert.Bind(1, now);
        insert.Run();
    }

    /// <summary>The experiment of an id; it may be deleted.</summary>
    /// <exception cref="TrackingException">There is none.</exception>
    public static Experiment Get(TrackingSession session, string id)
    {
        if (!long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var key))
        {
            throw TrackingException.Invalid($"Invalid experiment ID '{id}'. Experiment ID must be a valid integer.");
        }

        return Find(session, key) ?? FindImported(session, id) ?? throw Missing(id);
    }

    /// <summary>The experiment of an id; one that is deleted counts as none.</summary>
    /// <exception cref="TrackingException">There is none.</exception>
    public static Experiment GetActive(TrackingSession session, string id) =>
        Get(session, id) is { IsDeleted: false } experiment ? experiment : throw Missing(id);

    /// <summary>The experiment of an id, for what only an active one allows.</summary>
    /// <exception cref="TrackingException">There is none, or it is deleted.</exception>
    public static Experiment GetForChange(TrackingSession session, string id) =>
        Get(session, id) is { IsDeleted: false } experiment
            ? experiment
            : throw TrackingException.Invalid($"The experiment {id} must be in the 'active' state. Current state is deleted.");

    /// <summary>The key of an id, or of the one that an experiment had where it came from; null if none can have it.</summary>
    public static long? KeyOf(TrackingSession session, string id) =>
        long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var key) && key < int.MaxValue
            && (Find(session, key) is not null || Imported.Find(session, Imported.Experiment, id) is null)
            ? key
            : Imported.Find(session, Imported.Experiment, id);

    /// <summary>The experiment of a key; null if there is none.</summary>
    public static Experiment? Find(TrackingSession session, long key)
    {
        var statement = session.Kept($"{Select} WHERE experiment = ?1");
        statement.Bind(1, key);
        return Single(statement);
    }

    /// <summary>The experiment of a name; null if there is none.</summary>
    public static Experiment? Find(TrackingSession session, string name)
    {
        var statement = session.Kept($"{Select} WHERE name = ?1");
        statement.Bind(1, name);
        return Single(statement);
    }

    /// <summary>The experiment in the row of a statement that begins with <see cref="Select"/>.</summary>
    public static Experiment Current(Statement row) =>
        new(row.Int64(0), row.Text(1)!, row.Text(2), row.Int64(3) != 0, row.Int64(4), row.Int64(5));

    /// <summary>Makes an experiment and returns its key.</summary>
    /// <exception cref="TrackingException">The name is taken.</exception>
    public static long Create(TrackingSession session, string name, string? artifactLocation, long now)
    {
        RefuseTaken(session, name);
        var insert = session.Kept(
            "INSERT INTO experiments (name, artifact_location, creation_time, last_update_time) VALUES (?1, ?2, ?3, ?3) RETURNING experiment");
        insert.Bind(1, name);
        insert.Bind(2, artifactLocation);
        insert.Bind(3, now);
        return insert.RunAndGet();
    }

    /// <summary>Gives an experiment another name.</summary>
    /// <exception cref="TrackingException">The name is taken, or a tuner knows the experiment by the old one.</exception>
    public static void Rename(TrackingSession session, in Experiment experiment, string name, long now)
    {
        if (name != experiment.Name)
        {
            RefuseTaken(session, name);
            RefuseTuned(session, experiment);
        }

        var update = session.Kept("UPDATE experiments SET name = ?2, last_update_time = ?3 WHERE experiment = ?1");
        update.Bind(1, experiment.Key);
        update.Bind(2, name);
        update.Bind(3, now);
        update.Run();
    }

    /// <summary>Deletes an experiment with its runs, or restores both. Nothing is removed from the file.</summary>
    /// <exception cref="TrackingException">A tuner works on it.</exception>
    public static void SetDeleted(TrackingSession session, in Experiment experiment, bool isDeleted, long now)
    {
        RefuseTuned(session, experiment);
        var stage = isDeleted ? "deleted" : "active";
        var update = session.Kept("UPDATE experiments SET lifecycle_stage = ?2, last_update_time = ?3 WHERE experiment = ?1");
        update.Bind(1, experiment.Key);
        update.Bind(2, stage);
        update.Bind(3, now);
        update.Run();
        var runs = session.Kept("UPDATE runs SET lifecycle_stage = ?3 WHERE run >= ?1 AND run < ?2");
        runs.BindRuns(experiment.Key);
        runs.Bind(3, stage);
        runs.Run();
    }

    /// <summary>Sets a tag of an experiment.</summary>
    public static void SetTag(TrackingSession session, long experiment, string key, string value)
    {
        var insert = session.Kept(
            "INSERT INTO experiment_tags (experiment, key, value) VALUES (?1, ?2, ?3) ON CONFLICT (experiment, key) DO UPDATE SET value = excluded.value");
        insert.Bind(1, experiment);
        insert.Bind(2, key);
        insert.Bind(3, value);
        insert.Run();
    }

    /// <summary>Removes a tag of an experiment; false if it has none of that name.</summary>
    public static bool DeleteTag(TrackingSession session, long experiment, string key)
    {
        var delete = session.Kept("DELETE FROM experiment_tags WHERE experiment = ?1 AND key = ?2");
        delete.Bind(1, experiment);
        delete.Bind(2, key);
        return delete.RunAndCount() > 0;
    }

    /// <summary>Notes that an experiment was changed.</summary>
    public static void Touch(TrackingSession session, long experiment, long now)
    {
        var update = session.Kept("UPDATE experiments SET last_update_time = ?2 WHERE experiment = ?1");
        update.Bind(1, experiment);
        update.Bind(2, now);
        update.Run();
    }

    // By the id that it had where it came from; an experiment that has it here goes before.
    private static Experiment? FindImported(TrackingSession session, string id) =>
        Imported.Find(session, Imported.Experiment, id) is { } key ? Find(session, key) : null;

    private static Experiment? Single(Statement statement)
    {
        if (!statement.Step())
        {
            return null;
        }

        var experiment = Current(statement);
        statement.Reset();
        return experiment;
    }

    private static void RefuseTaken(TrackingSession session, string name)
    {
        if (Find(session, name) is { } other)
        {
            throw new TrackingException(
                TrackingError.AlreadyExists,
                $"Experiment(name={name}) already exists{(other.IsDeleted ? " in deleted state. Restore it, or take another name" : "")}.");
        }
    }

    // A tuner holds the right to a study by its name.
    private static void RefuseTuned(TrackingSession session, in Experiment experiment)
    {
        if (session.Database.IsLocked(experiment.Name))
        {
            throw new TrackingException(
                TrackingError.WrongState, $"A tuner works on the study '{experiment.Name}'. Rename, delete or restore it when that has ended.");
        }
    }

    private static TrackingException Missing(string id) => TrackingException.NotFound($"No Experiment with id={id} exists");
}

/// <summary>An experiment's row.</summary>
/// <param name="Key">Its key, which is its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Location">Where its runs' files lie; null: where the server keeps them.</param>
/// <param name="IsDeleted">Whether it was deleted.</param>
/// <param name="Created">When it was made, as the store writes times.</param>
/// <param name="Updated">When it was changed last.</param>
internal readonly record struct Experiment(long Key, string Name, string? Location, bool IsDeleted, long Created, long Updated)
{
    /// <summary>Where its runs' files lie, as clients are told.</summary>
    public string ArtifactLocation => Location ?? string.Create(CultureInfo.InvariantCulture, $"mlflow-artifacts:/{Key}");
}
