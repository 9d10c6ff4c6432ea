using System.Globalization;
using Hone.Tracking.Runs;
using Hone.Tracking.Store;

namespace Hone.Tracking.Registry;

/// <summary>A model version's row.</summary>
internal readonly record struct ModelVersion
{
    /// <summary>Key of the registered model.</summary>
    public required long Model { get; init; }

    /// <summary>Name of the registered model.</summary>
    public required string Name { get; init; }

    /// <summary>Its number, from 1.</summary>
    public required long Version { get; init; }

    /// <summary>One of <see cref="Stages"/>.</summary>
    public required string Stage { get; init; }

    /// <summary>What it is; null: nobody said.</summary>
    public string? Description { get; init; }

    /// <summary>Where its files come from, as the client named it.</summary>
    public required string Source { get; init; }

    /// <summary>Where its files are.</summary>
    public required string Location { get; init; }

    /// <summary>Id of the run that made it; null: none was named.</summary>
    public string? RunId { get; init; }

    /// <summary>Address of the run where it is another server's.</summary>
    public string? RunLink { get; init; }

    /// <summary>Id of the logged model that it is.</summary>
    public string? ModelId { get; init; }

    /// <summary>When it was made, as the store writes times.</summary>
    public required long Created { get; init; }

    /// <summary>When it was changed last.</summary>
    public required long Updated { get; init; }
}

/// <summary>The versions of registered models.</summary>
internal static class ModelVersions
{
    /// <summary>Begins a statement over versions <c>v</c> of models <c>m</c>, whose rows <see cref="Current"/> reads.</summary>
    public const string Select =
        "SELECT v.model, m.name, v.version, v.stage, v.description, v.source, v.location, v.run_id, v.run_link, v.model_id, v.creation_time, "
        + "v.last_update_time FROM model_versions v JOIN registered_models m USING (model)";

    /// <summary>The version of a model by its number, as a text.</summary>
    /// <exception cref="TrackingException">There is none, or the number is none.</exception>
    public static ModelVersion Get(TrackingSession session, string name, string version)
    {
        if (!long.TryParse(version, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            throw TrackingException.Invalid($"Parameter 'version' must be an integer, got '{version}'.");
        }

        return Find(session, name, number) ?? throw TrackingException.NotFound($"Model Version (name={name}, version={version}) not found");
    }

    /// <summary>The version of a model; null if there is none.</summary>
    public static ModelVersion? Find(TrackingSession session, string name, long version)
    {
        var row = session.Kept($"{Select} WHERE m.name = ?1 AND v.version = ?2");
        row.Bind(1, name);
        row.Bind(2, version);
        return row.Step() ? Current(row) : null;
    }

    /// <summary>The version in the row of a statement that begins with <see cref="Select"/>.</summary>
    public static ModelVersion Current(Statement row) => new()
    {
        Model = row.Int64(0),
        Name = row.Text(1)!,
        Version = row.Int64(2),
        Stage = row.Text(3)!,
        Description = row.Text(4),
        Source = row.Text(5)!,
        Location = row.Text(6)!,
        RunId = row.Text(7),
        RunLink = row.Text(8),
        ModelId = row.Text(9),
        Created = row.Int64(10),
        Updated = row.Int64(11),
    };

    /// <summary>Of each stage that has any, the latest version; by stage.</summary>
    public static List<ModelVersion> Latest(TrackingSession session, long model)
    {
        var rows = session.Kept(
            $"{Select} WHERE v.model = ?1 AND v.version = (SELECT max(o.version) FROM model_versions o WHERE o.model = v.model AND o.stage = v.stage) "
            + "ORDER BY v.stage");
        rows.Bind(1, model);
        var found = new List<ModelVersion>();
        while (rows.Step())
        {
            found.Add(Current(rows));
        }

        return found;
    }

    /// <summary>Makes a version and returns its number, the one after the highest that its model ever had.</summary>
    public static long Create(TrackingSession session, in ModelVersion version)
    {
        var next = session.Kept(
            "UPDATE registered_models SET last_version = last_version + 1, last_update_time = ?2 WHERE model = ?1 RETURNING last_version");
        next.Bind(1, version.Model);
        next.Bind(2, version.Created);
        next.Step();
        var number = next.Int64(0);
        next.Reset();
        var insert = session.Kept(
            """
            INSERT INTO model_versions (model, version, description, source, location, run_id, run_link, model_id, creation_time, last_update_time)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9)
            """);
        insert.Bind(1, version.Model);
        insert.Bind(2, number);
        insert.Bind(3, version.Description);
        insert.Bind(4, version.Source);
        insert.Bind(5, version.Location);
        insert.Bind(6, version.RunId);
        insert.Bind(7, version.RunLink);
        insert.Bind(8, version.ModelId);
        insert.Bind(9, version.Created);
        insert.Run();
        return number;
    }

    /// <summary>Puts a version in its place, number, stage and times as they are given.</summary>
    public static void Insert(TrackingSession session, in ModelVersion version)
    {
        var count = session.Kept("UPDATE registered_models SET last_version = ?2 WHERE model = ?1 AND last_version < ?2");
        count.Bind(1, version.Model);
        count.Bind(2, version.Version);
        count.Run();
        var insert = session.Kept(
            """
            INSERT INTO model_versions (model, version, stage, description, source, location, run_id, run_link, model_id, creation_time, last_update_time)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
            """);
        insert.Bind(1, version.Model);
        insert.Bind(2, version.Version);
        insert.Bind(3, version.Stage);
        insert.Bind(4, version.Description);
        insert.Bind(5, version.Source);
        insert.Bind(6, version.Location);
        insert.Bind(7, version.RunId);
        insert.Bind(8, version.RunLink);
        insert.Bind(9, version.ModelId);
        insert.Bind(10, version.Created);
        insert.Bind(11, version.Updated);
        insert.Run();
    }

    /// <summary>Says what a version is.</summary>
    public static void Describe(TrackingSession session, in ModelVersion version, string? description, long now)
    {
        var update = session.Kept("UPDATE model_versions SET description = ?3, last_update_time = ?4 WHERE model = ?1 AND version = ?2");
        update.Bind(1, version.Model);
        update.Bind(2, version.Version);
        update.Bind(3, description);
        update.Bind(4, now);
        update.Run();
    }

    /// <summary>Moves a version to a stage.</summary>
    /// <param name="session">The connection.</param>
    /// <param name="version">The version.</param>
    /// <param name="stage">One of <see cref="Stages"/>.</param>
    /// <param name="archivesOthers">Whether the versions that are in the stage leave it for the archive.</param>
    /// <param name="now">When, as the store writes times.</param>
    public static void Move(TrackingSession session, in ModelVersion version, string stage, bool archivesOthers, long now)
    {
        if (archivesOthers)
        {
            var archive = session.Kept(
                "UPDATE model_versions SET stage = 'Archived', last_update_time = ?4 WHERE model = ?1 AND version <> ?2 AND stage = ?3");
            BindMove(archive, version, stage, now);
        }

        var move = session.Kept("UPDATE model_versions SET stage = ?3, last_update_time = ?4 WHERE model = ?1 AND version = ?2");
        BindMove(move, version, stage, now);
        RegisteredModels.Touch(session, version.Model, now);
    }

    /// <summary>Removes a version with its tags and the aliases that lead to it. Its number is not given again.</summary>
    public static void Delete(TrackingSession session, in ModelVersion version, long now)
    {
        Run(session, "DELETE FROM model_aliases WHERE model = ?1 AND version = ?2", version);
        Run(session, "DELETE FROM model_version_tags WHERE model = ?1 AND version = ?2", version);
        Run(session, "DELETE FROM model_versions WHERE model = ?1 AND version = ?2", version);
        RegisteredModels.Touch(session, version.Model, now);
    }

    /// <summary>Sets a tag of a version.</summary>
    public static void SetTag(TrackingSession session, long model, long version, string key, string value)
    {
        var insert = session.Kept(
            """
            INSERT INTO model_version_tags (model, version, key, value) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (model, version, key) DO UPDATE SET value = excluded.value
            """);
        insert.Bind(1, model);
        insert.Bind(2, version);
        insert.Bind(3, key);
        insert.Bind(4, value);
        insert.Run();
    }

    /// <summary>Removes a tag of a version, if it has one of that name.</summary>
    public static void DeleteTag(TrackingSession session, in ModelVersion version, string key)
    {
        var delete = session.Kept("DELETE FROM model_version_tags WHERE model = ?1 AND version = ?2 AND key = ?3");
        delete.Bind(3, key);
        delete.Bind(1, version.Model);
        delete.Bind(2, version.Version);
        delete.Run();
    }

    private static void BindMove(Statement statement, in ModelVersion version, string stage, long now)
    {
        statement.Bind(1, version.Model);
        statement.Bind(2, version.Version);
        statement.Bind(3, stage);
        statement.Bind(4, now);
        statement.Run();
    }

    private static void Run(TrackingSession session, string sql, in ModelVersion version)
    {
        var statement = session.Kept(sql);
        statement.Bind(1, version.Model);
        statement.Bind(2, version.Version);
        statement.Run();
    }
}
