using Hone.Tracking.Runs;

namespace Hone.Tracking.Mlflow;

/// <summary>What other servers called the things of this store.</summary>
internal static class Imported
{
    public const string Experiment = "experiment";
    public const string Run = "run";
    public const string Model = "model";

    /// <summary>The key of a thing by its old id; null if nothing had it.</summary>
    public static long? Find(TrackingSession session, string kind, string id)
    {
        var row = session.Kept("SELECT key FROM imported WHERE kind = ?1 AND id = ?2");
        row.Bind(1, kind);
        row.Bind(2, id);
        return row.Step() ? row.Int64(0) : null;
    }

    /// <summary>The old id of a thing; null if it was made here.</summary>
    public static string? IdOf(TrackingSession session, string kind, long key)
    {
        var row = session.Kept("SELECT id FROM imported WHERE kind = ?1 AND key = ?2 ORDER BY id");
        row.Bind(1, kind);
        row.Bind(2, key);
        return row.Step() ? row.Text(0) : null;
    }

    /// <summary>Where the files of a logged model lie that came from another server; null: in the usual place.</summary>
    public static string? LocationOf(TrackingSession session, long model)
    {
        var row = session.Kept("SELECT artifact_uri FROM imported WHERE kind = 'model' AND key = ?1 AND artifact_uri IS NOT NULL");
        row.Bind(1, model);
        return row.Step() ? row.Text(0) : null;
    }

    /// <summary>Notes an old id.</summary>
    public static void Add(TrackingSession session, string kind, string id, long key, string? artifactUri = null)
    {
        var insert = session.Kept(
            "INSERT INTO imported (kind, id, key, artifact_uri) VALUES (?1, ?2, ?3, ?4) "
            + "ON CONFLICT (kind, id) DO UPDATE SET key = excluded.key, artifact_uri = excluded.artifact_uri");
        insert.Bind(1, kind);
        insert.Bind(2, id);
        insert.Bind(3, key);
        insert.Bind(4, artifactUri);
        insert.Run();
    }
}
