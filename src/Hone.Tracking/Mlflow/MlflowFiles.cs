using System.Globalization;
using System.Text;
using Hone.Tracking.Runs;

namespace Hone.Tracking.Mlflow;

/// <summary>MLflow's store of files: a folder for each experiment, in it one for each run, in it one for parameters, metrics and tags each.</summary>
internal sealed class MlflowFiles : IMlflowSource
{
    public const string Meta = "meta.yaml";
    public const string Trash = ".trash";
    public const string ModelsFolder = "models";

    private readonly string _root;
    private readonly ImportLog _log;

    /// <param name="root">The folder, e.g. <c>mlruns</c>.</param>
    /// <param name="log">Is told what cannot be read.</param>
    public MlflowFiles(string root, ImportLog log)
    {
        _root = Path.GetFullPath(root);
        _log = log;
    }

    /// <summary>Whether a folder looks like such a store.</summary>
    public static bool IsOne(string path) =>
        Directory.Exists(path) && (Directory.Exists(Path.Combine(path, Trash)) || Directory.EnumerateDirectories(path).Any(folder =>
            File.Exists(Path.Combine(folder, Meta)) || Path.GetFileName(folder) == ModelsFolder));

    /// <inheritdoc/>
    public int CountRuns() => ExperimentFolders().Sum(folder => RunFolders(folder).Count());

    /// <inheritdoc/>
    public IEnumerable<SourceExperiment> Experiments()
    {
        foreach (var folder in ExperimentFolders())
        {
            if (MlflowYaml.Read(Path.Combine(folder, Meta), _log) is not { } meta)
            {
                continue;
            }

            var id = meta.Text("experiment_id") ?? Path.GetFileName(folder);
            if (meta.Text("name") is not { Length: > 0 } name)
            {
                _log.Skip(Path.Combine(folder, Meta), "the experiment has no name");
                continue;
            }

            yield return new SourceExperiment
            {
                Id = id,
                Name = name,
                Location = meta.Text("artifact_location"),
                IsDeleted = IsTrashed(folder) || meta.Text("lifecycle_stage") == "deleted",
                Created = meta.Number("creation_time"),
                Updated = meta.Number("last_update_time"),
                Tags = Pairs(Path.Combine(folder, "tags")),
            };
        }
    }

    /// <inheritdoc/>
    public IEnumerable<SourceRun> Runs(SourceExperiment experiment) =>
        FolderOf(experiment) is { } folder ? RunFolders(folder).Select(Run).OfType<SourceRun>() : [];

    /// <inheritdoc/>
    public IEnumerable<SourceLoggedModel> LoggedModels(SourceExperiment experiment) =>
        FolderOf(experiment) is { } folder ? Folders(Path.Combine(folder, ModelsFolder)).Select(LoggedModel).OfType<SourceLoggedModel>() : [];

    /// <inheritdoc/>
    public IEnumerable<SourceModel> Models()
    {
        foreach (var folder in Folders(Path.Combine(_root, ModelsFolder)))
        {
            if (MlflowYaml.Read(Path.Combine(folder, Meta), _log) is { } meta)
            {
                yield return new SourceModel
                {
                    Name = meta.Text("name") ?? Path.GetFileName(folder),
                    Description = meta.Text("description"),
                    Created = meta.Number("creation_timestamp"),
                    Updated = meta.Number("last_updated_timestamp"),
                    Tags = Pairs(Path.Combine(folder, "tags")),
                    Aliases = [.. Pairs(Path.Combine(folder, "aliases")).Select(alias => (alias.Key, alias.Value.Trim()))],
                    Versions = [.. Folders(folder).Where(IsVersion).Select(Version).OfType<SourceVersion>().OrderBy(version => version.Number)],
                };
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // No file is held open between calls.
    }

    private SourceRun? Run(string folder)
    {
        var path = Path.Combine(folder, Meta);
        if (MlflowYaml.Read(path, _log) is not { } meta)
        {
            return null;
        }

        if (MlflowValue.Status(meta.Text("status")) is not { } status)
        {
            _log.Skip(path, $"status '{meta.Text("status")}' is none; expected 1 to 5");
            return null;
        }

        var inputs = Inputs(folder);
        return new SourceRun
        {
            Id = meta.Text("run_id") ?? meta.Text("run_uuid") ?? Path.GetFileName(folder),
            Name = meta.Text("run_name"),
            User = meta.Text("user_id"),
            Status = status,
            Start = meta.Number("start_time"),
            End = meta.Number("end_time"),
            ArtifactUri = meta.Text("artifact_uri"),
            IsDeleted = meta.Text("lifecycle_stage") == "deleted",
            DeletedAt = meta.Number("deleted_time"),
            Parameters = Pairs(Path.Combine(folder, "params")),
            Tags = Pairs(Path.Combine(folder, "tags")),
            Datasets = inputs.Datasets,
            ModelInputs = inputs.Models,
            ModelOutputs = Outputs(folder),
            Metrics = Metrics(Path.Combine(folder, "metrics")),
            ArtifactFolder = Existing(Path.Combine(folder, "artifacts")),
        };
    }

    private (List<LoggedDataset> Datasets, List<string> Models) Inputs(string run)
    {
        var datasets = new List<LoggedDataset>();
        var models = new List<string>();
        foreach (var folder in Folders(Path.Combine(run, "inputs")))
        {
            var path = Path.Combine(folder, Meta);
            if (MlflowYaml.Read(path, _log) is not { } input)
            {
                continue;
            }

            if (input.Text("source_type") is "2" or "DATASET")
            {
                var place = Path.Combine(Path.GetDirectoryName(run)!, "datasets", input.Text("source_id") ?? "", Meta);
                if (MlflowYaml.Read(place, _log) is { } dataset)
                {
                    datasets.Add(Dataset(dataset, input.Pairs("tags")));
                }
            }
            else if (input.Text("destination_id") is { } model)
            {
                models.Add(model);
            }
        }

        return (datasets, models);
    }

    private static LoggedDataset Dataset(MlflowYaml dataset, List<(string Key, string Value)> tags) => new()
    {
        Name = dataset.Text("name") ?? "",
        Digest = dataset.Text("digest") ?? "",
        SourceType = dataset.Text("source_type") ?? "",
        Source = dataset.Text("source") ?? "",
        Schema = dataset.Text("schema"),
        Profile = dataset.Text("profile"),
        Tags = tags,
    };

    private List<(string Id, long Step)> Outputs(string run)
    {
        var outputs = new List<(string Id, long Step)>();
        foreach (var folder in Folders(Path.Combine(run, "outputs")))
        {
            if (MlflowYaml.Read(Path.Combine(folder, Meta), _log) is { } output && output.Text("destination_id") is { } model)
            {
                outputs.Add((model, output.Number("step") ?? 0));
            }
        }

        return outputs;
    }

    private SourceLoggedModel? LoggedModel(string folder)
    {
        if (MlflowYaml.Read(Path.Combine(folder, Meta), _log) is not { } meta)
        {
            return null;
        }

        return new SourceLoggedModel
        {
            Id = meta.Text("model_id") ?? Path.GetFileName(folder),
            Name = meta.Text("name") ?? "",
            ModelType = meta.Text("model_type"),
            SourceRunId = meta.Text("source_run_id"),
            Status = meta.Text("status") ?? "2",
            Created = meta.Number("creation_timestamp"),
            Updated = meta.Number("last_updated_timestamp"),
            IsDeleted = meta.Text("lifecycle_stage") == "deleted",
            ArtifactUri = meta.Text("artifact_location"),
            Tags = Pairs(Path.Combine(folder, "tags")),
            Parameters = Pairs(Path.Combine(folder, "params")),
            Metrics = ModelMetrics(Path.Combine(folder, "metrics")),
            ArtifactFolder = Existing(Path.Combine(folder, "artifacts")),
        };
    }

    // As a run's, with the run's id and the data set's name and digest behind.
    private static List<(string RunId, LoggedMetric Metric)> ModelMetrics(string folder)
    {
        var metrics = new List<(string RunId, LoggedMetric Metric)>();
        foreach (var (key, line, _) in Lines(folder))
        {
            var parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length > 3 && MlflowValue.TryReadLine(key, line, out var metric))
            {
                metrics.Add((parts[3], metric with { Model = new MeasuredModel("", parts.ElementAtOrDefault(4) ?? "", parts.ElementAtOrDefault(5) ?? "") }));
            }
        }

        return metrics;
    }

    private SourceVersion? Version(string folder)
    {
        var path = Path.Combine(folder, Meta);
        if (MlflowYaml.Read(path, _log) is not { } meta)
        {
            return null;
        }

        if (meta.Number("version") is not (> 0 and var number))
        {
            _log.Skip(path, "the version is no number");
            return null;
        }

        return new SourceVersion
        {
            Number = number,
            Stage = meta.Text("current_stage"),
            Description = meta.Text("description"),
            Source = meta.Text("source"),
            Location = meta.Text("storage_location"),
            RunId = meta.Text("run_id"),
            RunLink = meta.Text("run_link"),
            ModelId = meta.Text("model_id"),
            Created = meta.Number("creation_timestamp"),
            Updated = meta.Number("last_updated_timestamp"),
            Tags = Pairs(Path.Combine(folder, "tags")),
        };
    }

    private IEnumerable<LoggedMetric> Metrics(string folder)
    {
        foreach (var (key, line, place) in Lines(folder))
        {
            if (MlflowValue.TryReadLine(key, line, out var metric))
            {
                yield return metric;
            }
            else
            {
                _log.Skip(place, $"'{(line.Length <= 80 ? line : line[..80])}' is no measurement; expected a time, a value and a step");
            }
        }
    }

    private static IEnumerable<(string Key, string Line, string Place)> Lines(string folder)
    {
        foreach (var file in Files(folder))
        {
            var key = KeyOf(folder, file);
            var number = 0;
            foreach (var line in File.ReadLines(file))
            {
                number++;
                if (line.Length > 0)
                {
                    yield return (key, line, string.Create(CultureInfo.InvariantCulture, $"{file}:{number}"));
                }
            }
        }
    }

    private static List<(string Key, string Value)> Pairs(string folder) =>
        [.. Files(folder).Select(file => (KeyOf(folder, file), File.ReadAllText(file, Encoding.UTF8)))];

    private static string KeyOf(string folder, string file) => Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/');

    private static IEnumerable<string> Files(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal) : [];

    private IEnumerable<string> ExperimentFolders() => Folders(_root).Where(folder => Path.GetFileName(folder) is not (Trash or ModelsFolder))
        .Concat(Folders(Path.Combine(_root, Trash))).Where(folder => File.Exists(Path.Combine(folder, Meta)));

    private static IEnumerable<string> RunFolders(string experiment) => Folders(experiment)
        .Where(folder => Path.GetFileName(folder) is not (ModelsFolder or "datasets" or "tags" or "traces") && File.Exists(Path.Combine(folder, Meta)));

    private string? FolderOf(SourceExperiment experiment) =>
        Existing(Path.Combine(_root, experiment.Id)) ?? Existing(Path.Combine(_root, Trash, experiment.Id));

    private bool IsTrashed(string folder) => Path.GetDirectoryName(folder) == Path.Combine(_root, Trash);

    private static bool IsVersion(string folder) => Path.GetFileName(folder).StartsWith("version-", StringComparison.Ordinal);

    private static IEnumerable<string> Folders(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal) : [];

    private static string? Existing(string folder) => Directory.Exists(folder) ? folder : null;
}
