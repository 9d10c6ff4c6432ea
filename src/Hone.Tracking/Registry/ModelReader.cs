using Hone.Tracking.Runs;
using Hone.Tracking.Store;

namespace Hone.Tracking.Registry;

/// <summary>Reads models for programs of this machine.</summary>
internal static class ModelReader
{
    /// <summary>Whether a reference names a version or an alias, and not the model alone.</summary>
    public static bool IsVersion(string reference) => reference.Contains('/', StringComparison.Ordinal) || reference.Contains('@', StringComparison.Ordinal);

    /// <summary>The version of a reference: <c>NAME/VERSION</c>, <c>NAME@ALIAS</c>, or <c>NAME</c> for the latest.</summary>
    /// <exception cref="TrackingException">There is none such.</exception>
    public static ModelVersion Find(TrackingSession session, string reference)
    {
        if (reference.LastIndexOf('/') is > 0 and var slash)
        {
            return ModelVersions.Get(session, reference[..slash], reference[(slash + 1)..]);
        }

        if (reference.LastIndexOf('@') is > 0 and var at)
        {
            return ModelAliases.Get(session, RegisteredModels.Get(session, reference[..at]), reference[(at + 1)..]);
        }

        var model = RegisteredModels.Get(session, reference);
        return Versions(session, model) is [.., var latest] ? latest : throw TrackingException.NotFound($"The model '{reference}' has no version.");
    }

    /// <summary>A model with its versions.</summary>
    public static ModelSummary Summary(TrackingSession session, RegisteredModel model) => new()
    {
        Name = model.Name,
        Description = model.Description,
        Created = StoreTime.FromStore(model.Created),
        Updated = StoreTime.FromStore(model.Updated),
        Tags = Pairs(session, "SELECT key, value FROM registered_model_tags WHERE model = ?1 ORDER BY key", model.Key),
        Versions = Versions(session, model).ConvertAll(version => Summary(session, version)),
    };

    /// <summary>A version with what its run measured.</summary>
    public static ModelVersionSummary Summary(TrackingSession session, ModelVersion version)
    {
        var run = version.RunId is null ? -1 : TrackedRuns.KeyOf(session, version.RunId);
        return new ModelVersionSummary
        {
            Name = version.Name,
            Version = version.Version,
            Stage = version.Stage,
            Aliases = Pairs(session, "SELECT alias, '' FROM model_aliases WHERE model = ?1 AND version = ?2 ORDER BY alias", version.Model, version.Version)
                .ConvertAll(pair => pair.Key),
            Description = version.Description,
            Source = version.Source,
            RunId = version.RunId,
            Created = StoreTime.FromStore(version.Created),
            Updated = StoreTime.FromStore(version.Updated),
            Tags = Pairs(
                session, "SELECT key, value FROM model_version_tags WHERE model = ?1 AND version = ?2 ORDER BY key", version.Model, version.Version),
            Metrics = run < 0 ? [] : Metrics(session, run),
        };
    }

    /// <summary>The rows of a statement of the program, a key and a value each.</summary>
    public static List<KeyValuePair<string, string>> Pairs(TrackingSession session, string sql, params ReadOnlySpan<long> keys)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        var rows = session.Kept(sql);
        for (var i = 0; i < keys.Length; i++)
        {
            rows.Bind(i + 1, keys[i]);
        }

        while (rows.Step())
        {
            pairs.Add(KeyValuePair.Create(rows.Text(0)!, rows.Text(1) ?? ""));
        }

        return pairs;
    }

    private static List<ModelVersion> Versions(TrackingSession session, RegisteredModel model)
    {
        var versions = new List<ModelVersion>();
        var rows = session.Kept($"{ModelVersions.Select} WHERE v.model = ?1 ORDER BY v.version");
        rows.Bind(1, model.Key);
        while (rows.Step())
        {
            versions.Add(ModelVersions.Current(rows));
        }

        return versions;
    }

    private static List<KeyValuePair<string, double>> Metrics(TrackingSession session, long run)
    {
        var metrics = new List<KeyValuePair<string, double>>();
        var rows = session.Kept("SELECT n.name, l.value FROM latest_metrics l JOIN metric_names n USING (metric) WHERE l.run = ?1 ORDER BY n.name");
        rows.Bind(1, run);
        while (rows.Step())
        {
            metrics.Add(KeyValuePair.Create(rows.Text(0)!, rows.Double(1)));
        }

        return metrics;
    }
}
