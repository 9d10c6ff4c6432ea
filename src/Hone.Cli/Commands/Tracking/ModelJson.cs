using System.Globalization;
using System.Text.Json;
using Hone.Tracking.Registry;

namespace Hone.Cli.Commands.Tracking;

/// <summary>Registered models as JSON.</summary>
internal static class ModelJson
{
    /// <summary>A model with its versions.</summary>
    public static string Line(ModelSummary model) => JsonResult.Line(json =>
    {
        json.WriteString("name", model.Name);
        json.WriteString("description", model.Description);
        json.WriteString("created", Date(model.Created));
        json.WriteString("updated", Date(model.Updated));
        WritePairs(json, "tags", model.Tags);
        json.WriteStartArray("versions");
        foreach (var version in model.Versions)
        {
            json.WriteStartObject();
            WriteFields(json, version);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <summary>A version.</summary>
    public static string Line(ModelVersionSummary version) => JsonResult.Line(json => WriteFields(json, version));

    /// <summary>A version with what it was made from.</summary>
    public static string Line(ModelLineage lineage) => JsonResult.Line(json =>
    {
        WriteFields(json, lineage.Version);
        if (lineage.Run is { } run)
        {
            json.WriteObject("made_by", () => WriteFields(json, run));
        }
        else
        {
            json.WriteNull("made_by");
        }
    });

    private static void WriteFields(Utf8JsonWriter json, ModelVersionSummary version)
    {
        json.WriteString("name", version.Name);
        json.WriteNumber("version", version.Version);
        json.WriteString("stage", version.Stage);
        json.WriteStartArray("aliases");
        version.Aliases.ToList().ForEach(json.WriteStringValue);
        json.WriteEndArray();
        json.WriteString("description", version.Description);
        json.WriteString("source", version.Source);
        json.WriteString("run", version.RunId);
        json.WriteString("created", Date(version.Created));
        json.WriteString("updated", Date(version.Updated));
        WritePairs(json, "tags", version.Tags);
        json.WriteObject("metrics", () =>
        {
            foreach (var (name, value) in version.Metrics)
            {
                json.WriteDouble(name, value);
            }
        });
    }

    private static void WriteFields(Utf8JsonWriter json, LineageRun run)
    {
        json.WriteString("run", run.Id);
        json.WriteString("name", run.Name);
        json.WriteString("status", run.Status);
        json.WriteString("experiment", run.Experiment);
        if (run.Trial is { } trial)
        {
            json.WriteNumber("trial", trial);
        }
        else
        {
            json.WriteNull("trial");
        }

        WritePairs(json, "parameters", run.Parameters);
        json.WriteString("commit", run.Commit);
        json.WriteObject("pipeline", () =>
        {
            json.WriteString("stage", run.Stage);
            json.WriteString("lock", run.StageLock);
        });
        WritePairs(json, "data", run.Data);
        json.WriteStartArray("datasets");
        foreach (var dataset in run.Datasets)
        {
            json.WriteStartObject();
            json.WriteString("name", dataset.Name);
            json.WriteString("digest", dataset.Digest);
            json.WriteString("source_type", dataset.SourceType);
            json.WriteString("source", dataset.Source);
            json.WriteString("context", dataset.Context);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WritePairs(Utf8JsonWriter json, string name, IReadOnlyList<KeyValuePair<string, string>> pairs) => json.WriteObject(name, () =>
    {
        foreach (var (key, value) in pairs)
        {
            json.WriteString(key, value);
        }
    });

    private static string Date(DateTimeOffset at) => at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}
