using Hone.Tracking.Mlflow;
using Hone.Tracking.Runs;
using Hone.Tracking.Store;

namespace Hone.Tracking.Registry;

/// <summary>A logged model's row: a model that a run wrote, registered or not.</summary>
internal readonly record struct LoggedModel
{
    /// <summary>Its key.</summary>
    public required long Key { get; init; }

    /// <summary>Key of its experiment.</summary>
    public required long Experiment { get; init; }

    /// <summary>Its name; others may have the same.</summary>
    public required string Name { get; init; }

    /// <summary>What it is by its client's word, e.g. <c>Agent</c>.</summary>
    public string? ModelType { get; init; }

    /// <summary>Id of the run that wrote it.</summary>
    public string? SourceRunId { get; init; }

    /// <summary>How far its upload is.</summary>
    public required string Status { get; init; }

    /// <summary>When it was made, as the store writes times.</summary>
    public required long Created { get; init; }

    /// <summary>When it was changed last.</summary>
    public required long Updated { get; init; }
}

/// <summary>The logged models of a store.</summary>
internal static class LoggedModels
{
    /// <summary>Before the id of a logged model, which goes on like a run's.</summary>
    public const string IdPrefix = "m-";

    /// <summary>Begins a statement over models <c>l</c>, whose rows <see cref="Current"/> reads.</summary>
    public const string Select =
        "SELECT l.logged_model, l.experiment, l.name, l.model_type, l.source_run_id, l.status, l.creation_time, l.last_update_time FROM logged_models l";

    private const string PairValues = "(logged_model, key, value) VALUES (?1, ?2, ?3) ON CONFLICT (logged_model, key) DO UPDATE SET value = excluded.value";

    private static readonly string[] Statuses = ["LOGGED_MODEL_PENDING", "LOGGED_MODEL_READY", "LOGGED_MODEL_UPLOAD_FAILED"];

    /// <summary>The id of a model.</summary>
    public static string IdOf(TrackingSession session, long model) => IdPrefix + session.RunIds.Of(model);

    /// <summary>The key of a model; -1 if none of this store can have the id.</summary>
    public static long KeyOf(TrackingSession session, string id) =>
        id.StartsWith(IdPrefix, StringComparison.Ordinal) && session.RunIds.TryParse(id[IdPrefix.Length..], out var key) ? key
        : Imported.Find(session, Imported.Model, id) ?? -1;

    /// <summary>A status as the protocol writes it, from its name or its number.</summary>
    /// <exception cref="TrackingException">There is none such.</exception>
    public static string Status(string status) =>
        status is ['1' or '2' or '3'] ? Statuses[status[0] - '1']
        : Array.IndexOf(Statuses, status) >= 0 ? status
        : throw TrackingException.Invalid($"Invalid value '{status}' for parameter 'status' supplied: expected one of {string.Join(", ", Statuses)}.");

    /// <summary>The model of an id.</summary>
    /// <exception cref="TrackingException">There is none, or it was deleted.</exception>
    public static LoggedModel Get(TrackingSession session, string id)
    {
        var row = session.Kept($"{Select} WHERE l.logged_model = ?1 AND l.lifecycle_stage = 'active'");
        row.Bind(1, KeyOf(session, id));
        return row.Step() ? Current(row) : throw TrackingException.NotFound($"Logged model with ID '{id}' not found.");
    }

    /// <summary>The model in the row of a statement that begins with <see cref="Select"/>.</summary>
    public static LoggedModel Current(Statement row) => new()
    {
        Key = row.Int64(0),
        Experiment = row.Int64(1),
        Name = row.Text(2)!,
        ModelType = row.Text(3),
        SourceRunId = row.Text(4),
        Status = row.Text(5)!,
        Created = row.Int64(6),
        Updated = row.Int64(7),
    };

    /// <summary>Makes a model whose files are yet to come, and returns its key.</summary>
    /// <param name="session">The connection.</param>
    /// <param name="experiment">Key of the experiment.</param>
    /// <param name="name">Its name; empty: one is made up.</param>
    /// <param name="modelType">What it is.</param>
    /// <param name="sourceRunId">Id of the run that writes it.</param>
    /// <param name="now">When, as the store writes times.</param>
    public static long Create(TrackingSession session, long experiment, string? name, string? modelType, string? sourceRunId, long now)
    {
        var insert = session.Kept(
            """
            INSERT INTO logged_models (experiment, name, model_type, source_run_id, status, creation_time, last_update_time)
            VALUES (?1, ?2, ?3, ?4, 'LOGGED_MODEL_PENDING', ?5, ?5) RETURNING logged_model
            """);
        insert.Bind(1, experiment);
        insert.Bind(2, string.IsNullOrEmpty(name) ? RunNames.Of(NextKey(session)) : name);
        insert.Bind(3, modelType);
        insert.Bind(4, sourceRunId);
        insert.Bind(5, now);
        return insert.RunAndGet();
    }

    /// <summary>Says how far the upload is.</summary>
    public static void SetStatus(TrackingSession session, long model, string status, long now)
    {
        var update = session.Kept("UPDATE logged_models SET status = ?2, last_update_time = ?3 WHERE logged_model = ?1");
        update.Bind(1, model);
        update.Bind(2, status);
        update.Bind(3, now);
        update.Run();
    }

    /// <summary>Deletes a model. Nothing is removed from the file, and its files stay where they are.</summary>
    public static void Delete(TrackingSession session, long model, long now)
    {
        var update = session.Kept("UPDATE logged_models SET lifecycle_stage = 'deleted', last_update_time = ?2 WHERE logged_model = ?1");
        update.Bind(1, model);
        update.Bind(2, now);
        update.Run();
    }

    /// <summary>Sets a tag of a model.</summary>
    public static void SetTag(TrackingSession session, long model, string key, string value) =>
        SetPair(session, $"INSERT INTO logged_model_tags {PairValues}", model, key, value);

    /// <summary>Logs a parameter of a model.</summary>
    public static void SetParameter(TrackingSession session, long model, string key, string value) =>
        SetPair(session, $"INSERT INTO logged_model_params {PairValues}", model, key, value);

    /// <summary>Removes a tag of a model; false if it has none of that name.</summary>
    public static bool DeleteTag(TrackingSession session, long model, string key)
    {
        var delete = session.Kept("DELETE FROM logged_model_tags WHERE logged_model = ?1 AND key = ?2");
        delete.Bind(1, model);
        delete.Bind(2, key);
        return delete.RunAndCount() > 0;
    }

    private static long NextKey(TrackingSession session)
    {
        var last = session.Kept("SELECT coalesce(max(logged_model), 0) + 1 FROM logged_models");
        last.Step();
        return last.Int64(0);
    }

    private static void SetPair(TrackingSession session, string sql, long model, string key, string value)
    {
        var insert = session.Kept(sql);
        insert.Bind(1, model);
        insert.Bind(2, key);
        insert.Bind(3, value);
        insert.Run();
    }
}
