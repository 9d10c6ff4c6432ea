using System.Globalization;
using Hone.Tracking.Runs;
using Hone.Tracking.Store;

namespace Hone.Tracking.Mlflow;

/// <summary>MLflow's SQLite database, of any version from 1 to 3: tables and columns that a version lacks count as empty.</summary>
internal sealed class MlflowDatabase : IMlflowSource
{
    private readonly SqliteDatabase _database;
    private readonly MlflowTables _tables;
    private readonly ImportLog _log;

    private MlflowDatabase(SqliteDatabase database, ImportLog log)
    {
        _database = database;
        _tables = new MlflowTables(database);
        _log = log;
    }

    /// <summary>Opens a file.</summary>
    /// <exception cref="StudyStoreException">It cannot be read, or is no database of MLflow.</exception>
    public static MlflowDatabase Open(string path, ImportLog log)
    {
        var source = new MlflowDatabase(SqliteDatabase.Open(path, create: false), log);
        if (source._tables.Has("runs", "run_uuid") && source._tables.Has("experiments", "experiment_id"))
        {
            return source;
        }

        source.Dispose();
        throw new StudyStoreException($"'{path}' is no database of MLflow: it has no tables of runs and experiments.");
    }

    /// <inheritdoc/>
    public int CountRuns() => (int)(_database.Number("SELECT count(*) FROM runs") ?? 0);

    /// <inheritdoc/>
    public IEnumerable<SourceExperiment> Experiments()
    {
        using var rows = _tables.Select(
            "experiments", "experiment_id", "name", "artifact_location", "lifecycle_stage", "creation_time", "last_update_time");
        while (rows.Step())
        {
            var id = rows.Text(0)!;
            yield return new SourceExperiment
            {
                Id = id,
                Name = rows.Text(1) ?? "",
                Location = rows.Text(2),
                IsDeleted = rows.Text(3) == "deleted",
                Created = Number(rows, 4),
                Updated = Number(rows, 5),
                Tags = Pairs("experiment_tags", "key", "value", ("experiment_id", id)),
            };
        }
    }

    /// <inheritdoc/>
    public IEnumerable<SourceRun> Runs(SourceExperiment experiment)
    {
        using var rows = _tables.Select(
            "runs", [("experiment_id", experiment.Id)], "run_uuid", "name", "user_id", "status", "start_time", "end_time", "artifact_uri", "lifecycle_stage", "deleted_time");
        while (rows.Step())
        {
            var id = rows.Text(0)!;
            if (MlflowValue.Status(rows.Text(3)) is not { } status)
            {
                _log.Skip($"run {id}", $"status '{rows.Text(3)}' is none");
                continue;
            }

            var (datasets, models) = Inputs(id);
            yield return new SourceRun
            {
                Id = id,
                Name = rows.Text(1),
                User = rows.Text(2),
                Status = status,
                Start = Number(rows, 4),
                End = Number(rows, 5),
                ArtifactUri = rows.Text(6),
                IsDeleted = rows.Text(7) == "deleted",
                DeletedAt = Number(rows, 8),
                Parameters = Pairs("params", "key", "value", ("run_uuid", id)),
                Tags = Pairs("tags", "key", "value", ("run_uuid", id)),
                Datasets = datasets,
                ModelInputs = models,
                ModelOutputs = Outputs(id),
                Metrics = Metrics(id),
            };
        }
    }

    /// <inheritdoc/>
    public IEnumerable<SourceLoggedModel> LoggedModels(SourceExperiment experiment)
    {
        using var rows = _tables.Select(
            "logged_models", [("experiment_id", experiment.Id)], "model_id", "name", "model_type", "source_run_id", "status",
            "creation_timestamp_ms", "last_updated_timestamp_ms", "lifecycle_stage", "artifact_location");
        while (rows.Step())
        {
            var id = rows.Text(0)!;
            yield return new SourceLoggedModel
            {
                Id = id,
                Name = rows.Text(1) ?? "",
                ModelType = rows.Text(2),
                SourceRunId = rows.Text(3),
                Status = rows.Text(4) ?? "2",
                Created = Number(rows, 5),
                Updated = Number(rows, 6),
                IsDeleted = rows.Text(7) == "deleted",
                ArtifactUri = rows.Text(8),
                Tags = Pairs("logged_model_tags", "tag_key", "tag_value", ("model_id", id)),
                Parameters = Pairs("logged_model_params", "param_key", "param_value", ("model_id", id)),
                Metrics = ModelMetrics(id),
            };
        }
    }

    /// <inheritdoc/>
    public IEnumerable<SourceModel> Models()
    {
        using var rows = _tables.Select("registered_models", "name", "description", "creation_time", "last_updated_time");
        while (rows.Step())
        {
            var name = rows.Text(0)!;
            yield return new SourceModel
            {
                Name = name,
                Description = rows.Text(1),
                Created = Number(rows, 2),
                Updated = Number(rows, 3),
                Tags = Pairs("registered_model_tags", "key", "value", ("name", name)),
                Aliases = Pairs("registered_model_aliases", "alias", "version", ("name", name)),
                Versions = Versions(name),
            };
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _database.Dispose();

    private List<SourceVersion> Versions(string name)
    {
        var versions = new List<SourceVersion>();
        using var rows = _tables.Select(
            "model_versions", [("name", name)], "version", "current_stage", "description", "source", "storage_location", "run_id", "run_link",
            "creation_time", "last_updated_time");
        while (rows.Step())
        {
            // MLflow keeps the row of a version that was deleted, without what it was.
            var stage = rows.Text(1);
            if (stage == "Deleted_Internal")
            {
                continue;
            }

            var number = rows.Int64(0);
            versions.Add(new SourceVersion
            {
                Number = number,
                Stage = stage,
                Description = rows.Text(2),
                Source = rows.Text(3),
                Location = rows.Text(4),
                RunId = rows.Text(5),
                RunLink = rows.Text(6),
                ModelId = rows.Text(3) is { } source && source.StartsWith("models:/m-", StringComparison.Ordinal) ? source["models:/".Length..] : null,
                Created = Number(rows, 7),
                Updated = Number(rows, 8),
                Tags = Pairs("model_version_tags", "key", "value", ("name", name), ("version", number.ToString(CultureInfo.InvariantCulture))),
            });
        }

        return [.. versions.OrderBy(version => version.Number)];
    }

    private IEnumerable<LoggedMetric> Metrics(string run)
    {
        using var rows = _tables.Select("metrics", [("run_uuid", run)], "key", "value", "timestamp", "step", "is_nan");
        while (rows.Step())
        {
            yield return new LoggedMetric(rows.Text(0) ?? "", MlflowValue.OfRow(rows, 1, 4), MlflowValue.Ticks(rows.Int64(2)), rows.Int64(3));
        }
    }

    private List<(string RunId, LoggedMetric Metric)> ModelMetrics(string model)
    {
        var metrics = new List<(string RunId, LoggedMetric Metric)>();
        using var rows = _tables.Select(
            "logged_model_metrics", [("model_id", model)], "metric_name", "metric_value", "metric_timestamp_ms", "metric_step", "run_id", "dataset_name", "dataset_digest");
        while (rows.Step())
        {
            var measured = new MeasuredModel("", rows.Text(5) ?? "", rows.Text(6) ?? "");
            metrics.Add((rows.Text(4) ?? "", new LoggedMetric(
                rows.Text(0) ?? "", rows.Double(1), MlflowValue.Ticks(rows.Int64(2)), rows.Int64(3), measured)));
        }

        return metrics;
    }

    private (List<LoggedDataset> Datasets, List<string> Models) Inputs(string run)
    {
        var datasets = new List<LoggedDataset>();
        using (var rows = _tables.Select("inputs", [("destination_id", run), ("source_type", "DATASET")], "input_uuid", "source_id"))
        {
            while (rows.Step())
            {
                if (Dataset(rows.Text(1)!, Pairs("input_tags", "name", "value", ("input_uuid", rows.Text(0)!))) is { } dataset)
                {
                    datasets.Add(dataset);
                }
                else
                {
                    _log.Skip($"run {run}", $"its data set {rows.Text(1)} is not in the table of data sets");
                }
            }
        }

        var models = new List<string>();
        using var read = _tables.Select("inputs", [("source_id", run), ("destination_type", "MODEL_INPUT")], "destination_id");
        while (read.Step())
        {
            models.Add(read.Text(0)!);
        }

        return (datasets, models);
    }

    private LoggedDataset? Dataset(string id, List<(string Key, string Value)> tags)
    {
        using var row = _tables.Select(
            "datasets", [("dataset_uuid", id)], "name", "digest", "dataset_source_type", "dataset_source", "dataset_schema", "dataset_profile");
        return !row.Step() ? null : new LoggedDataset
        {
            Name = row.Text(0) ?? "",
            Digest = row.Text(1) ?? "",
            SourceType = row.Text(2) ?? "",
            Source = row.Text(3) ?? "",
            Schema = row.Text(4),
            Profile = row.Text(5),
            Tags = tags,
        };
    }

    private List<(string Id, long Step)> Outputs(string run)
    {
        var outputs = new List<(string Id, long Step)>();
        using var rows = _tables.Select("inputs", [("source_id", run), ("destination_type", "MODEL_OUTPUT")], "destination_id", "step");
        while (rows.Step())
        {
            outputs.Add((rows.Text(0)!, rows.Int64(1)));
        }

        return outputs;
    }

    private List<(string Key, string Value)> Pairs(string table, string key, string value, params (string Column, string Value)[] conditions)
    {
        var pairs = new List<(string Key, string Value)>();
        using var rows = _tables.Select(table, conditions, key, value);
        while (rows.Step())
        {
            pairs.Add((rows.Text(0) ?? "", rows.Text(1) ?? ""));
        }

        return pairs;
    }

    private static long? Number(Statement row, int column) => row.IsNull(column) ? null : row.Int64(column);
}
