using System.Globalization;
using Hone.Tracking.Artifacts;
using Hone.Tracking.Registry;
using Hone.Tracking.Runs;

namespace Hone.Tracking.Mlflow;

/// <summary>Writes models, logged and registered, as MLflow's store of files has them.</summary>
internal static class ExportedModels
{
    /// <summary>Writes a logged model.</summary>
    /// <param name="session">The connection.</param>
    /// <param name="key">Its key.</param>
    /// <param name="experiment">The folder of its experiment.</param>
    /// <param name="files">Copies its files.</param>
    /// <param name="log">Is told what cannot be written.</param>
    /// <param name="cancellationToken">Gives up the copying of files.</param>
    public static async Task WriteLoggedAsync(
        TrackingSession session, long key, string experiment, ExportedFiles files, ImportLog log, CancellationToken cancellationToken)
    {
        var row = session.Kept($"{LoggedModels.Select} WHERE l.logged_model = ?1");
        row.Bind(1, key);
        row.Step();
        var model = LoggedModels.Current(row);
        var id = LoggedModels.IdOf(session, key);
        var folder = Path.Combine(experiment, MlflowFiles.ModelsFolder, id);
        var place = await files.CopyAsync(ArtifactLocation.OfLoggedModel(session, model), Path.Combine(folder, "artifacts"), cancellationToken);
        MlflowYaml.Write(
            Path.Combine(folder, MlflowFiles.Meta),
            ("artifact_location", place),
            ("creation_timestamp", model.Created / TimeSpan.TicksPerMillisecond),
            ("experiment_id", model.Experiment.ToString(CultureInfo.InvariantCulture)),
            ("last_updated_timestamp", model.Updated / TimeSpan.TicksPerMillisecond),
            ("lifecycle_stage", IsDeleted(session, key) ? "deleted" : "active"),
            ("model_id", id),
            ("model_type", model.ModelType),
            ("name", model.Name),
            ("source_run_id", model.SourceRunId),
            ("status", NumberOf(model.Status)),
            ("status_message", null));
        WritePairs(session, "SELECT key, value FROM logged_model_tags WHERE logged_model = ?1 ORDER BY key", key, Path.Combine(folder, "tags"), log);
        WritePairs(session, "SELECT key, value FROM logged_model_params WHERE logged_model = ?1 ORDER BY key", key, Path.Combine(folder, "params"), log);
        WriteMetrics(session, key, Path.Combine(folder, "metrics"), log);
    }

    /// <summary>Writes all registered models, and returns how many there are.</summary>
    public static int WriteRegistered(TrackingSession session, string folder, ImportLog log)
    {
        var models = new List<RegisteredModel>();
        var rows = session.Kept($"{RegisteredModels.Select} ORDER BY m.name");
        while (rows.Step())
        {
            models.Add(RegisteredModels.Current(rows));
        }

        Directory.CreateDirectory(folder);
        return models.Count(model => Write(session, model, folder, log));
    }

    private static bool Write(TrackingSession session, RegisteredModel model, string parent, ImportLog log)
    {
        if (model.Name is "." or ".." || model.Name.AsSpan().ContainsAny('/', '\0'))
        {
            log.Skip(model.Name, "the name is none that a folder can have");
            return false;
        }

        var folder = Path.Combine(parent, model.Name);
        MlflowYaml.Write(
            Path.Combine(folder, MlflowFiles.Meta),
            ("creation_timestamp", model.Created / TimeSpan.TicksPerMillisecond),
            ("description", model.Description),
            ("last_updated_timestamp", model.Updated / TimeSpan.TicksPerMillisecond),
            ("name", model.Name));
        WritePairs(session, "SELECT key, value FROM registered_model_tags WHERE model = ?1 ORDER BY key", model.Key, Path.Combine(folder, "tags"), log);
        WritePairs(session, "SELECT alias, version FROM model_aliases WHERE model = ?1 ORDER BY alias", model.Key, Path.Combine(folder, "aliases"), log);
        foreach (var version in Versions(session, model.Key))
        {
            Write(session, version, folder, log);
        }

        return true;
    }

    private static List<ModelVersion> Versions(TrackingSession session, long model)
    {
        var versions = new List<ModelVersion>();
        var rows = session.Kept($"{ModelVersions.Select} WHERE v.model = ?1 ORDER BY v.version");
        rows.Bind(1, model);
        while (rows.Step())
        {
            versions.Add(ModelVersions.Current(rows));
        }

        return versions;
    }

    private static void Write(TrackingSession session, in ModelVersion version, string model, ImportLog log)
    {
        var folder = Path.Combine(model, string.Create(CultureInfo.InvariantCulture, $"version-{version.Version}"));
        MlflowYaml.Write(
            Path.Combine(folder, MlflowFiles.Meta),
            ("creation_timestamp", version.Created / TimeSpan.TicksPerMillisecond),
            ("current_stage", version.Stage),
            ("description", version.Description),
            ("last_updated_timestamp", version.Updated / TimeSpan.TicksPerMillisecond),
            ("model_id", version.ModelId),
            ("name", version.Name),
            ("run_id", version.RunId),
            ("run_link", version.RunLink),
            ("source", version.Source),
            ("status", "READY"),
            ("status_message", null),
            ("storage_location", version.Location),
            ("user_id", null),
            ("version", version.Version));
        var tags = session.Kept("SELECT key, value FROM model_version_tags WHERE model = ?1 AND version = ?2 ORDER BY key");
        tags.Bind(1, version.Model);
        tags.Bind(2, version.Version);
        ExportedPairs.Write(tags, Path.Combine(folder, "tags"), log);
    }

    private static void WriteMetrics(TrackingSession session, long model, string folder, ImportLog log)
    {
        var rows = session.Kept(
            """
            SELECT n.name, x.value, x.at, x.step, x.run, x.dataset_name, x.dataset_digest
            FROM logged_model_metrics x JOIN metric_names n USING (metric) WHERE x.logged_model = ?1 ORDER BY n.name, x.run, x.dataset_name, x.dataset_digest
            """);
        rows.Bind(1, model);
        while (rows.Step())
        {
            if (ExportedPairs.PlaceOf(folder, rows.Text(0)!, log) is { } path)
            {
                var line = string.Create(
                    CultureInfo.InvariantCulture,
                    $"{rows.Int64(2) / TimeSpan.TicksPerMillisecond} {MlflowValue.Write(rows.Double(1))} {rows.Int64(3)} {session.RunIds.Of(rows.Int64(4))} {rows.Text(5)} {rows.Text(6)}");
                File.AppendAllText(path, line.TrimEnd() + "\n");
            }
        }
    }

    private static void WritePairs(TrackingSession session, string sql, long key, string folder, ImportLog log)
    {
        var rows = session.Kept(sql);
        rows.Bind(1, key);
        ExportedPairs.Write(rows, folder, log);
    }

    private static bool IsDeleted(TrackingSession session, long model)
    {
        var row = session.Kept("SELECT 1 FROM logged_models WHERE logged_model = ?1 AND lifecycle_stage = 'deleted'");
        row.Bind(1, model);
        return row.Step();
    }

    private static int NumberOf(string status) => status switch
    {
        "LOGGED_MODEL_PENDING" => 1,
        "LOGGED_MODEL_READY" => 2,
        _ => 3,
    };
}
