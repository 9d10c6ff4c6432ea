using Hone.Tracking.Registry;
using Hone.Tracking.Runs;

namespace Hone.Tracking.Mlflow;

/// <summary>Writes a logged model of another store.</summary>
internal static class ImportedLoggedModel
{
    /// <summary>The key of a model by its id, here or where it came from; null if there is none.</summary>
    public static long? Find(TrackingSession session, string id)
    {
        var key = LoggedModels.KeyOf(session, id);
        var row = session.Kept("SELECT 1 FROM logged_models WHERE logged_model = ?1");
        row.Bind(1, key);
        return row.Step() ? key : null;
    }

    /// <summary>Makes the model with all that belongs to it, and returns its key.</summary>
    public static long Add(TrackingSession session, long experiment, SourceLoggedModel model, long now)
    {
        var created = model.Created is null ? now : MlflowValue.Ticks(model.Created);
        var key = LoggedModels.Create(session, experiment, model.Name, model.ModelType, model.SourceRunId, created);
        model.Tags.ForEach(tag => LoggedModels.SetTag(session, key, tag.Key, tag.Value));
        model.Parameters.ForEach(pair => LoggedModels.SetParameter(session, key, pair.Key, pair.Value));
        Imported.Add(session, Imported.Model, model.Id, key, model.ArtifactUri);
        foreach (var (runId, metric) in model.Metrics)
        {
            if (TrackedRuns.KeyOf(session, runId) is >= 0 and var run)
            {
                LoggedModelMetrics.Keep(session, run, metric with { Model = metric.Model! with { Id = model.Id } });
            }
        }

        var updated = model.Updated is null ? created : MlflowValue.Ticks(model.Updated);
        LoggedModels.SetStatus(session, key, Status(model.Status), updated);
        if (model.IsDeleted)
        {
            LoggedModels.Delete(session, key, updated);
        }

        return key;
    }

    // What is no status of the protocol's was once ready, or the model would not be there.
    private static string Status(string status) => status switch
    {
        "1" or "PENDING" or "LOGGED_MODEL_PENDING" => LoggedModels.Status("1"),
        "3" or "FAILED" or "LOGGED_MODEL_UPLOAD_FAILED" => LoggedModels.Status("3"),
        _ => LoggedModels.Status("2"),
    };
}
