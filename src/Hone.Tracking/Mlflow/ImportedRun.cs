using System.Runtime.InteropServices;
using Hone.Tracking.Runs;

namespace Hone.Tracking.Mlflow;

/// <summary>Writes a run of another store.</summary>
internal static class ImportedRun
{
    /// <summary>The tag that says what a run was called where it came from.</summary>
    public const string IdTag = "hone.imported.run_id";

    private const int MetricsAtOnce = 1_000;

    /// <summary>Whether there is a run of a key.</summary>
    public static bool IsThere(TrackingSession session, long run)
    {
        var row = session.Kept("SELECT 1 FROM runs WHERE run = ?1");
        row.Bind(1, run);
        return row.Step();
    }

    /// <summary>Makes the run with all that belongs to it, and returns its key.</summary>
    public static long Add(TrackingSession session, long experiment, SourceRun run, ImportLog log, long now)
    {
        var name = run.Name is { Length: > 0 } ? run.Name : run.Tags.Find(tag => tag.Key == TrackedRuns.NameTag).Value;
        var key = TrackedRuns.Create(session, experiment, run.User ?? "", name, MlflowValue.Ticks(run.Start));
        TrackedRuns.Update(session, key, run.Status, run.End is null ? null : MlflowValue.Ticks(run.End));
        SetLocation(session, key, run.ArtifactUri);
        AddPairs(session, key, run, log);
        AddMetrics(session, key, run, log);
        run.Datasets.ForEach(dataset => RunInputs.Add(session, key, dataset));
        run.ModelInputs.ForEach(model => RunInputs.AddModel(session, key, model, step: null));
        run.ModelOutputs.ForEach(model => RunInputs.AddModel(session, key, model.Id, model.Step));
        if (run.IsDeleted)
        {
            TrackedRuns.SetDeleted(session, key, isDeleted: true, run.DeletedAt is null ? now : MlflowValue.Ticks(run.DeletedAt));
        }

        Imported.Add(session, Imported.Run, run.Id, key);
        return key;
    }

    /// <summary>Says where the files of a run lie.</summary>
    public static void SetLocation(TrackingSession session, long run, string? location)
    {
        var update = session.Kept("UPDATE runs SET artifact_uri = ?2 WHERE run = ?1");
        update.Bind(1, run);
        update.Bind(2, location);
        update.Run();
    }

    private static void AddPairs(TrackingSession session, long key, SourceRun run, ImportLog log)
    {
        var parameters = run.Parameters.FindAll(pair => IsName(pair.Key, run, "parameter", log));
        RunParameters.Add(session, key, parameters);
        foreach (var (tag, value) in run.Tags)
        {
            if (tag != TrackedRuns.NameTag && IsName(tag, run, "tag", log))
            {
                TrackedRuns.SetTag(session, key, tag, value);
            }
        }

        TrackedRuns.SetTag(session, key, IdTag, run.Id);
    }

    private static void AddMetrics(TrackingSession session, long key, SourceRun run, ImportLog log)
    {
        var chunk = new List<LoggedMetric>(MetricsAtOnce);
        foreach (var metric in run.Metrics)
        {
            if (!IsName(metric.Key, run, "metric", log))
            {
                continue;
            }

            chunk.Add(metric);
            if (chunk.Count == MetricsAtOnce)
            {
                RunMetrics.Log(session, key, CollectionsMarshal.AsSpan(chunk));
                chunk.Clear();
            }
        }

        RunMetrics.Log(session, key, CollectionsMarshal.AsSpan(chunk));
    }

    private static bool IsName(string name, SourceRun run, string kind, ImportLog log)
    {
        if (name.Length is > 0 and <= Limits.Key)
        {
            return true;
        }

        log.Skip($"run {run.Id}", $"a {kind}'s name of {name.Length} letters; expected 1 to {Limits.Key}");
        return false;
    }
}
