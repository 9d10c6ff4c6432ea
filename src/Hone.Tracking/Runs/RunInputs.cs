namespace Hone.Tracking.Runs;

/// <summary>A data set as clients describe it.</summary>
internal sealed record LoggedDataset
{
    public required string Name { get; init; }

    /// <summary>What tells its versions apart.</summary>
    public required string Digest { get; init; }

    public required string SourceType { get; init; }

    /// <summary>Where it comes from, as JSON.</summary>
    public required string Source { get; init; }

    public string? Schema { get; init; }

    public string? Profile { get; init; }

    /// <summary>What the run says of its use, e.g. <c>mlflow.data.context</c>.</summary>
    public required List<(string Key, string Value)> Tags { get; init; }
}

/// <summary>What runs read and write: data sets and models.</summary>
internal static class RunInputs
{
    /// <summary>Notes that a run reads a data set; one that the run has already is passed over.</summary>
    public static void Add(TrackingSession session, long run, LoggedDataset dataset)
    {
        var key = Find(session, RunIds.ExperimentOf(run), dataset) ?? Insert(session, RunIds.ExperimentOf(run), dataset);
        var insert = session.Kept(
            """
            INSERT INTO run_datasets (run, dataset, position)
            VALUES (?1, ?2, (SELECT count(*) FROM run_datasets WHERE run = ?1)) ON CONFLICT DO NOTHING
            """);
        insert.Bind(1, run);
        insert.Bind(2, key);
        if (insert.RunAndCount() == 0)
        {
            return;
        }

        var tag = session.Kept(
            """
            INSERT INTO run_dataset_tags (run, dataset, key, value) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (run, dataset, key) DO UPDATE SET value = excluded.value
            """);
        tag.Bind(1, run);
        tag.Bind(2, key);
        foreach (var (name, value) in dataset.Tags)
        {
            tag.Bind(3, name);
            tag.Bind(4, value);
            tag.Run();
        }
    }

    /// <summary>Notes that a run reads a model, or writes it at a step; one that is noted already is passed over.</summary>
    /// <param name="session">The connection.</param>
    /// <param name="run">Key of the run.</param>
    /// <param name="modelId">The model's id.</param>
    /// <param name="step">The step at which it is written; null: it is read.</param>
    public static void AddModel(TrackingSession session, long run, string modelId, long? step)
    {
        var insert = session.Kept("INSERT INTO run_models (run, model_id, is_output, step) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING");
        insert.Bind(1, run);
        insert.Bind(2, modelId);
        insert.Bind(3, step is null ? 0L : 1);
        insert.Bind(4, step);
        insert.Run();
    }

    private static long? Find(TrackingSession session, long experiment, LoggedDataset dataset)
    {
        var find = session.Kept("SELECT dataset FROM datasets WHERE experiment = ?1 AND name = ?2 AND digest = ?3");
        find.Bind(1, experiment);
        find.Bind(2, dataset.Name);
        find.Bind(3, dataset.Digest);
        return find.Step() ? find.Int64(0) : null;
    }

    private static long Insert(TrackingSession session, long experiment, LoggedDataset dataset)
    {
        var insert = session.Kept(
            "INSERT INTO datasets (experiment, name, digest, source_type, source, schema, profile) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) RETURNING dataset");
        insert.Bind(1, experiment);
        insert.Bind(2, dataset.Name);
        insert.Bind(3, dataset.Digest);
        insert.Bind(4, dataset.SourceType);
        insert.Bind(5, dataset.Source);
        insert.Bind(6, dataset.Schema);
        insert.Bind(7, dataset.Profile);
        return insert.RunAndGet();
    }
}
