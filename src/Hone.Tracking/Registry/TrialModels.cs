using System.Globalization;
using System.Text.Json;
using Hone.Tracking.Runs;
using Hone.Tracking.Store;

namespace Hone.Tracking.Registry;

/// <summary>The models that a trial's program logged, by the addresses under which MLflow's clients load them.</summary>
internal static class TrialModels
{
    // What older clients note of a model that they logged.
    private const string HistoryTag = "mlflow.log-model.history";

    /// <summary>Versions of registered models first, e.g. <c>models:/digits/3</c>; those that are not registered if there is none.</summary>
    /// <param name="database">The connection.</param>
    /// <param name="run">Key of the trial's run.</param>
    public static IReadOnlyList<string> Of(Database database, long run)
    {
        var ids = RunIds.Read(database);
        var registered = Registered(database, ids.Of(run));
        return registered.Count > 0 ? registered
            : Logged(database, ids, run) is { Count: > 0 } logged ? logged
            : Noted(database, ids, run);
    }

    private static List<string> Registered(Database database, string runId)
    {
        using var rows = database.Prepare(
            "SELECT name, version FROM model_versions JOIN registered_models USING (model) WHERE run_id = ?1 ORDER BY name, version");
        rows.Bind(1, runId);
        var models = new List<string>();
        while (rows.Step())
        {
            models.Add(string.Create(CultureInfo.InvariantCulture, $"models:/{rows.Text(0)}/{rows.Int64(1)}"));
        }

        return models;
    }

    private static List<string> Logged(Database database, RunIds ids, long run)
    {
        using var rows = database.Prepare(
            "SELECT logged_model FROM logged_models WHERE source_run_id = ?1 AND lifecycle_stage = 'active' ORDER BY logged_model");
        rows.Bind(1, ids.Of(run));
        var models = new List<string>();
        while (rows.Step())
        {
            models.Add($"models:/{LoggedModels.IdPrefix}{ids.Of(rows.Int64(0))}");
        }

        return models;
    }

    private static List<string> Noted(Database database, RunIds ids, long run)
    {
        using var row = database.Prepare("SELECT value FROM tags WHERE run = ?1 AND key = ?2");
        row.Bind(1, run);
        row.Bind(2, HistoryTag);
        if (!row.Step())
        {
            return [];
        }

        try
        {
            using var history = JsonDocument.Parse(row.Text(0)!);
            return [.. history.RootElement.EnumerateArray().Select(model => $"runs:/{ids.Of(run)}/{model.GetProperty("artifact_path").GetString()}").Distinct()];
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            // A client may have set the tag to anything.
            return [];
        }
    }
}
