using Hone.Tracking.Runs;
using Hone.Tracking.Store;

namespace Hone.Tracking.Registry;

/// <summary>A registered model's row.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Name">Its name, which is its id.</param>
/// <param name="Description">What it is for; null: nobody said.</param>
/// <param name="Created">When it was made, as the store writes times.</param>
/// <param name="Updated">When it or a version of it was changed last.</param>
internal readonly record struct RegisteredModel(long Key, string Name, string? Description, long Created, long Updated);

/// <summary>The registered models of a store.</summary>
internal static class RegisteredModels
{
    /// <summary>Begins a statement over models <c>m</c>, whose rows <see cref="Current"/> reads.</summary>
    public const string Select = "SELECT m.model, m.name, m.description, m.creation_time, m.last_update_time FROM registered_models m";

    /// <summary>The model of a name.</summary>
    /// <exception cref="TrackingException">There is none.</exception>
    public static RegisteredModel Get(TrackingSession session, string name) =>
        Find(session, name) ?? throw TrackingException.NotFound($"Registered Model with name={name} not found");

    /// <summary>The model of a name; null if there is none.</summary>
    public static RegisteredModel? Find(TrackingSession session, string name)
    {
        var row = session.Kept($"{Select} WHERE m.name = ?1");
        row.Bind(1, name);
        return row.Step() ? Current(row) : null;
    }

    /// <summary>The model in the row of a statement that begins with <see cref="Select"/>.</summary>
    public static RegisteredModel Current(Statement row) => new(row.Int64(0), row.Text(1)!, row.Text(2), row.Int64(3), row.Int64(4));

    /// <summary>Makes a model.</summary>
    /// <exception cref="TrackingException">The name is taken.</exception>
    public static RegisteredModel Create(TrackingSession session, string name, string? description, long now)
    {
        RefuseTaken(session, name);
        var insert = session.Kept(
            "INSERT INTO registered_models (name, description, creation_time, last_update_time) VALUES (?1, ?2, ?3, ?3) RETURNING model");
        insert.Bind(1, name);
        insert.Bind(2, description);
        insert.Bind(3, now);
        return new RegisteredModel(insert.RunAndGet(), name, description, now, now);
    }

    /// <summary>Gives a model another name. Its versions, tags and aliases stay its own.</summary>
    /// <exception cref="TrackingException">The name is taken.</exception>
    public static void Rename(TrackingSession session, in RegisteredModel model, string name, long now)
    {
        if (name != model.Name)
        {
            RefuseTaken(session, name);
        }

        var update = session.Kept("UPDATE registered_models SET name = ?2, last_update_time = ?3 WHERE model = ?1");
        update.Bind(1, model.Key);
        update.Bind(2, name);
        update.Bind(3, now);
        update.Run();
        var versions = session.Kept("UPDATE model_versions SET last_update_time = ?2 WHERE model = ?1");
        versions.Bind(1, model.Key);
        versions.Bind(2, now);
        versions.Run();
    }

    /// <summary>Says what a model is for.</summary>
    public static void Describe(TrackingSession session, long model, string? description, long now)
    {
        var update = session.Kept("UPDATE registered_models SET description = ?2, last_update_time = ?3 WHERE model = ?1");
        update.Bind(1, model);
        update.Bind(2, description);
        update.Bind(3, now);
        update.Run();
    }

    /// <summary>Notes that a model or a version of it was changed.</summary>
    public static void Touch(TrackingSession session, long model, long now)
    {
        var update = session.Kept("UPDATE registered_models SET last_update_time = ?2 WHERE model = ?1");
        update.Bind(1, model);
        update.Bind(2, now);
        update.Run();
    }

    /// <summary>Removes a model with its versions, tags and aliases. Files stay where they are: they are those of runs.</summary>
    public static void Delete(TrackingSession session, long model)
    {
        Run(session, "DELETE FROM model_aliases WHERE model = ?1", model);
        Run(session, "DELETE FROM model_version_tags WHERE model = ?1", model);
        Run(session, "DELETE FROM model_versions WHERE model = ?1", model);
        Run(session, "DELETE FROM registered_model_tags WHERE model = ?1", model);
        Run(session, "DELETE FROM registered_models WHERE model = ?1", model);
    }

    /// <summary>Sets a tag of a model.</summary>
    public static void SetTag(TrackingSession session, long model, string key, string value)
    {
        var insert = session.Kept(
            "INSERT INTO registered_model_tags (model, key, value) VALUES (?1, ?2, ?3) ON CONFLICT (model, key) DO UPDATE SET value = excluded.value");
        insert.Bind(1, model);
        insert.Bind(2, key);
        insert.Bind(3, value);
        insert.Run();
    }

    /// <summary>Removes a tag of a model, if it has one of that name.</summary>
    public static void DeleteTag(TrackingSession session, long model, string key)
    {
        var delete = session.Kept("DELETE FROM registered_model_tags WHERE model = ?1 AND key = ?2");
        delete.Bind(1, model);
        delete.Bind(2, key);
        delete.Run();
    }

    private static void Run(TrackingSession session, string sql, long model)
    {
        var statement = session.Kept(sql);
        statement.Bind(1, model);
        statement.Run();
    }

    private static void RefuseTaken(TrackingSession session, string name)
    {
        if (Find(session, name) is not null)
        {
            throw new TrackingException(TrackingError.AlreadyExists, $"Registered Model (name={name}) already exists.");
        }
    }
}
