using System.Globalization;
using Hone.Tracking.Runs;

namespace Hone.Tracking.Registry;

/// <summary>Follows a version of a model back to its run, its data and its pipeline.</summary>
internal static class LineageReader
{
    private const string DataPrefix = "hone.data.";

    /// <summary>The lineage of a version.</summary>
    public static ModelLineage Read(TrackingSession session, ModelVersion version)
    {
        var summary = ModelReader.Summary(session, version);
        var run = RunOf(session, version);
        return new ModelLineage(summary, run < 0 ? null : Run(session, run));
    }

    // The run that was named, or the one that wrote the logged model that the version is.
    private static long RunOf(TrackingSession session, ModelVersion version)
    {
        if (version.RunId is { } id && Existing(session, id) is { } run)
        {
            return run;
        }

        if (version.ModelId is null || LoggedModels.KeyOf(session, version.ModelId) is not (>= 0 and var key))
        {
            return -1;
        }

        var row = session.Kept("SELECT source_run_id FROM logged_models WHERE logged_model = ?1");
        row.Bind(1, key);
        return row.Step() && row.Text(0) is { } source ? Existing(session, source) ?? -1 : -1;
    }

    private static long? Existing(TrackingSession session, string id)
    {
        var run = TrackedRuns.KeyOf(session, id);
        var row = session.Kept("SELECT 1 FROM runs WHERE run = ?1");
        row.Bind(1, run);
        return row.Step() ? run : null;
    }

    private static LineageRun Run(TrackingSession session, long run)
    {
        var tags = ModelReader.Pairs(session, "SELECT key, value FROM tags WHERE run = ?1 ORDER BY key", run);
        var row = session.Kept(
            "SELECT r.run_name, r.status, e.name, r.trial FROM runs r JOIN experiments e ON e.experiment = r.run >> 32 WHERE r.run = ?1");
        row.Bind(1, run);
        row.Step();
        long? trial = row.IsNull(3) ? null : row.Int64(3);
        var (name, status, experiment) = (row.Text(0), row.Text(1)!, row.Text(2)!);
        row.Reset();
        return new LineageRun
        {
            Id = session.RunIds.Of(run),
            Name = name ?? string.Create(CultureInfo.InvariantCulture, $"trial {trial}"),
            Status = status,
            Experiment = experiment,
            Trial = trial,
            Parameters = ModelReader.Pairs(session, "SELECT key, value FROM params WHERE run = ?1 ORDER BY key", run),
            Datasets = Datasets(session, run),
            Data = [.. tags.Where(tag => tag.Key.StartsWith(DataPrefix, StringComparison.Ordinal)).Select(tag => KeyValuePair.Create(tag.Key[DataPrefix.Length..], tag.Value))],
            Stage = Tag(tags, "hone.pipeline.stage"),
            StageLock = Tag(tags, "hone.pipeline.lock"),
            Commit = Tag(tags, "hone.git.commit") ?? Tag(tags, "mlflow.source.git.commit"),
        };
    }

    private static string? Tag(List<KeyValuePair<string, string>> tags, string name) => tags.Find(tag => tag.Key == name).Value;

    private static List<LineageDataset> Datasets(TrackingSession session, long run)
    {
        var datasets = new List<LineageDataset>();
        var rows = session.Kept(
            """
            SELECT d.name, d.digest, d.source_type, d.source, t.value FROM run_datasets r JOIN datasets d ON d.dataset = r.dataset
            LEFT JOIN run_dataset_tags t ON t.run = r.run AND t.dataset = r.dataset AND t.key = 'mlflow.data.context'
            WHERE r.run = ?1 ORDER BY r.position
            """);
        rows.Bind(1, run);
        while (rows.Step())
        {
            datasets.Add(new LineageDataset(rows.Text(0)!, rows.Text(1)!, rows.Text(2)!, rows.Text(3)!, rows.Text(4)));
        }

        return datasets;
    }
}
