using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Hone.Tracking.Artifacts;
using Hone.Tracking.Runs;

namespace Hone.Tracking.Mlflow;

/// <summary>Writes a run as MLflow's store of files has it.</summary>
internal sealed class ExportedRun(TrackingSession session, ExportedFiles files, ImportLog log)
{
    // As MLflow's files number them.
    private const int RunVertex = 1;
    private const int DatasetVertex = 2;
    private const int ModelVertex = 3;
    private const int LocalSource = 4;

    /// <summary>Writes a run.</summary>
    /// <param name="run">Its key.</param>
    /// <param name="experiment">The folder of its experiment.</param>
    /// <param name="cancellationToken">Gives up the copying of files.</param>
    public async Task WriteAsync(long run, string experiment, CancellationToken cancellationToken)
    {
        var id = session.RunIds.Of(run);
        var folder = Path.Combine(experiment, id);
        var place = await files.CopyAsync(ArtifactLocation.OfRun(session, run), Path.Combine(folder, "artifacts"), cancellationToken);
        WriteMeta(run, id, folder, place);
        var parameters = session.Kept("SELECT key, value FROM params WHERE run = ?1 ORDER BY key");
        parameters.Bind(1, run);
        ExportedPairs.Write(parameters, Path.Combine(folder, "params"), log);
        var tags = session.Kept("SELECT key, value FROM run_tags WHERE run = ?1 ORDER BY key");
        tags.Bind(1, run);
        ExportedPairs.Write(tags, Path.Combine(folder, "tags"), log);
        WriteMetrics(run, Path.Combine(folder, "metrics"));
        WriteDatasets(run, id, folder, experiment);
        WriteModels(run, id, folder);
    }

    private void WriteMeta(long run, string id, string folder, string place)
    {
        var row = session.Kept(
            """
            SELECT r.run_name, r.user_id, r.status, r.start_time, r.end_time, r.lifecycle_stage, r.trial, d.at FROM runs r
            LEFT JOIN deleted_runs d ON d.run = r.run WHERE r.run = ?1
            """);
        row.Bind(1, run);
        row.Step();
        MlflowYaml.Write(
            Path.Combine(folder, MlflowFiles.Meta),
            ("artifact_uri", place),
            ("deleted_time", row.IsNull(7) ? null : row.Int64(7) / TimeSpan.TicksPerMillisecond),
            ("end_time", row.IsNull(4) ? null : row.Int64(4) / TimeSpan.TicksPerMillisecond),
            ("entry_point_name", ""),
            ("experiment_id", RunIds.ExperimentOf(run).ToString(CultureInfo.InvariantCulture)),
            ("lifecycle_stage", row.Text(5)),
            ("run_id", id),
            ("run_name", row.Text(0) ?? (row.IsNull(6) ? "" : string.Create(CultureInfo.InvariantCulture, $"trial {row.Int64(6)}"))),
            ("run_uuid", id),
            ("source_name", ""),
            ("source_type", LocalSource),
            ("source_version", ""),
            ("start_time", row.IsNull(3) ? null : row.Int64(3) / TimeSpan.TicksPerMillisecond),
            ("status", MlflowValue.NumberOf(row.Text(2)!)),
            ("tags", new List<(string Key, string Value)>()),
            ("user_id", row.Text(1) ?? ""));
        row.Reset();
    }

    private void WriteMetrics(long run, string folder)
    {
        foreach (var name in MetricNames(run))
        {
            if (ExportedPairs.PlaceOf(folder, name, log) is not { } path)
            {
                continue;
            }

            using var lines = new StreamWriter(path);
            var history = new MetricHistory(session, run, name, null, int.MaxValue);
            while (history.Next(out var point))
            {
                lines.Write(string.Create(
                    CultureInfo.InvariantCulture, $"{point.At / TimeSpan.TicksPerMillisecond} {MlflowValue.Write(point.Value)} {point.Step}\n"));
            }
        }
    }

    private List<string> MetricNames(long run)
    {
        var names = new List<string>();
        var isTrial = (run & RunIds.FirstClientNumber) == 0;
        var rows = session.Kept(isTrial
            ? "SELECT DISTINCT metric FROM measurements WHERE run = ?1 ORDER BY metric"
            : "SELECT n.name FROM latest_metrics l JOIN metric_names n USING (metric) WHERE l.run = ?1 ORDER BY n.name");
        rows.Bind(1, run);
        while (rows.Step())
        {
            names.Add(rows.Text(0)!);
        }

        return names;
    }

    private void WriteDatasets(long run, string id, string folder, string experiment)
    {
        var rows = session.Kept(
            """
            SELECT d.dataset, d.name, d.digest, d.source_type, d.source, d.schema, d.profile FROM run_datasets r JOIN datasets d USING (dataset)
            WHERE r.run = ?1 ORDER BY r.position
            """);
        rows.Bind(1, run);
        while (rows.Step())
        {
            var (name, digest) = (rows.Text(1)!, rows.Text(2)!);
            var dataset = Digest(name, digest);
            var place = Path.Combine(experiment, "datasets", dataset, MlflowFiles.Meta);
            if (!File.Exists(place))
            {
                MlflowYaml.Write(
                    place, ("digest", digest), ("name", name), ("profile", rows.Text(6)), ("schema", rows.Text(5)), ("source", rows.Text(4)), ("source_type", rows.Text(3)));
            }

            MlflowYaml.Write(
                Path.Combine(folder, "inputs", Digest(dataset, id), MlflowFiles.Meta),
                ("destination_id", id),
                ("destination_type", RunVertex),
                ("source_id", dataset),
                ("source_type", DatasetVertex),
                ("tags", Tags(run, rows.Int64(0))));
        }
    }

    private List<(string Key, string Value)> Tags(long run, long dataset)
    {
        var tags = new List<(string Key, string Value)>();
        var rows = session.Kept("SELECT key, value FROM run_dataset_tags WHERE run = ?1 AND dataset = ?2 ORDER BY key");
        rows.Bind(1, run);
        rows.Bind(2, dataset);
        while (rows.Step())
        {
            tags.Add((rows.Text(0)!, rows.Text(1)!));
        }

        return tags;
    }

    private void WriteModels(long run, string id, string folder)
    {
        var rows = session.Kept("SELECT model_id, is_output, step FROM run_models WHERE run = ?1 ORDER BY is_output, model_id");
        rows.Bind(1, run);
        while (rows.Step())
        {
            var model = rows.Text(0)!;
            var isOutput = rows.Int64(1) != 0;
            MlflowYaml.Write(
                Path.Combine(folder, isOutput ? "outputs" : "inputs", Uri.EscapeDataString(model), MlflowFiles.Meta),
                ("destination_id", model),
                ("destination_type", isOutput ? 2 : ModelVertex),
                ("source_id", id),
                ("source_type", RunVertex),
                ("step", rows.Int64(2)),
                ("tags", new List<(string Key, string Value)>()));
        }
    }

    // MLflow names such folders by an MD5, which keeps nobody out.
    private static string Digest(string first, string second)
    {
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        md5.AppendData(Encoding.UTF8.GetBytes(first));
        md5.AppendData(Encoding.UTF8.GetBytes(second));
        return Convert.ToHexStringLower(md5.GetHashAndReset());
    }
}
