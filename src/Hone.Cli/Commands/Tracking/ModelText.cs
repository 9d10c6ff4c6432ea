using System.Globalization;
using Hone.Cli.Progress;
using Hone.Tracking.Registry;

namespace Hone.Cli.Commands.Tracking;

/// <summary>Registered models as text.</summary>
internal static class ModelText
{
    /// <summary>Writes models, a line each.</summary>
    public static void WriteList(TextWriter output, IReadOnlyList<ModelSummary> models)
    {
        var table = new TextTable("model", "versions", "latest", "production", "aliases", "changed");
        foreach (var model in models)
        {
            table.Add(
                model.Name,
                model.Versions.Count.ToString(CultureInfo.InvariantCulture),
                Number(model.Versions is [.., var latest] ? latest : null),
                Number(model.Versions.LastOrDefault(version => version.Stage == "Production")),
                string.Join(", ", model.Versions.SelectMany(version => version.Aliases.Select(alias => string.Create(CultureInfo.InvariantCulture, $"{alias}={version.Version}")))),
                Date(model.Updated));
        }

        table.Write(output);
    }

    /// <summary>Writes a model with its versions.</summary>
    public static void Write(TextWriter output, ModelSummary model)
    {
        output.WriteLine($"{model.Name}{(string.IsNullOrEmpty(model.Description) ? "" : $": {model.Description}")}");
        WritePairs(output, "tags", model.Tags);
        if (model.Versions.Count == 0)
        {
            return;
        }

        output.WriteLine();
        var table = new TextTable("version", "stage", "aliases", "made", "run", "metrics");
        foreach (var version in model.Versions)
        {
            table.Add(
                version.Version.ToString(CultureInfo.InvariantCulture),
                version.Stage,
                string.Join(", ", version.Aliases),
                Date(version.Created),
                version.RunId ?? "",
                Metrics(version));
        }

        table.Write(output);
    }

    /// <summary>Writes a version.</summary>
    public static void Write(TextWriter output, ModelVersionSummary version)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{version.Name}/{version.Version}{(string.IsNullOrEmpty(version.Description) ? "" : $": {version.Description}")}"));
        WriteLine(output, "stage", version.Stage);
        WriteLine(output, "aliases", string.Join(", ", version.Aliases));
        WriteLine(output, "made", Date(version.Created));
        WriteLine(output, "source", version.Source);
        WriteLine(output, "run", version.RunId);
        WriteLine(output, "metrics", Metrics(version));
        WritePairs(output, "tags", version.Tags);
    }

    /// <summary>Writes a version's way back to its data, the latest first.</summary>
    public static void Write(TextWriter output, ModelLineage lineage)
    {
        Write(output, lineage.Version);
        if (lineage.Run is not { } run)
        {
            output.WriteLine("made by no run of this store");
            return;
        }

        output.WriteLine(run.Trial is { } trial
            ? string.Create(CultureInfo.InvariantCulture, $"made by trial {trial} of {run.Experiment} ({run.Id}, {run.Status})")
            : $"made by run {run.Name} of {run.Experiment} ({run.Id}, {run.Status})");
        WritePairs(output, "parameters", run.Parameters);
        WriteLine(output, "commit", run.Commit);
        WriteLine(output, "pipeline", run.Stage is null ? null : $"stage {run.Stage}{(run.StageLock is null ? "" : $", locked as {run.StageLock}")}");
        foreach (var dataset in run.Datasets)
        {
            WriteLine(output, "read", $"{dataset.Name} {dataset.Digest}{(dataset.Context is null ? "" : $" for {dataset.Context}")}, from {dataset.Source}");
        }

        foreach (var (path, md5) in run.Data)
        {
            WriteLine(output, "data", $"{path} {md5}");
        }
    }

    private static void WriteLine(TextWriter output, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            output.WriteLine($"  {name}: {value.ReplaceLineEndings(" ")}");
        }
    }

    private static void WritePairs(TextWriter output, string name, IReadOnlyList<KeyValuePair<string, string>> pairs) =>
        WriteLine(output, name, string.Join(", ", pairs.Select(pair => $"{pair.Key}={pair.Value}")));

    private static string Metrics(ModelVersionSummary version) =>
        string.Join(", ", version.Metrics.Where(metric => !metric.Key.StartsWith("system/", StringComparison.Ordinal)).Select(metric => $"{metric.Key}={Figures.Number(metric.Value)}"));

    private static string Number(ModelVersionSummary? version) => version?.Version.ToString(CultureInfo.InvariantCulture) ?? "";

    private static string Date(DateTimeOffset at) => at.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
