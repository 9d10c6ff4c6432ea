using Hone.Tracking.Store;

namespace Hone.Tracking.Runs;

/// <summary>Removes the rows of things that were deleted, those that name others first.</summary>
internal static class RemovedRows
{
    private static readonly string[] OfRuns =
    [
        "logged_model_metrics", "run_metrics", "latest_metrics", "metrics", "params", "tags", "run_dataset_tags", "run_datasets", "run_models", "deleted_runs", "runs",
    ];

    private static readonly string[] OfExperiment = ["datasets", "experiment_tags", "studies", "experiments"];

    private static readonly string[] OfLoggedModel = ["logged_model_metrics", "logged_model_params", "logged_model_tags", "logged_models"];

    /// <summary>Removes the runs from one key to before another.</summary>
    public static void Runs(TrackingSession session, long first, long end)
    {
        foreach (var table in OfRuns)
        {
            Run(session.Kept($"DELETE FROM {table} WHERE run >= ?1 AND run < ?2"), first, end);
        }

        Run(session.Kept("DELETE FROM imported WHERE kind = 'run' AND key >= ?1 AND key < ?2"), first, end);
    }

    /// <summary>Removes an experiment with its runs and, if it is one, its study.</summary>
    public static void Experiment(TrackingSession session, long experiment)
    {
        if (!IsDeleted(session, experiment))
        {
            // Restored meanwhile.
            return;
        }

        Run(session.Kept("DELETE FROM events WHERE experiment = ?1"), experiment);
        Runs(session, RunKey.First(experiment), RunKey.First(experiment + 1));
        foreach (var table in OfExperiment)
        {
            Run(session.Kept($"DELETE FROM {table} WHERE experiment = ?1"), experiment);
        }

        Run(session.Kept("DELETE FROM imported WHERE kind = 'experiment' AND key = ?1"), experiment);
        Run(session.Kept("DELETE FROM user_roles WHERE kind = 0 AND object = ?1"), experiment);
    }

    /// <summary>Removes a logged model.</summary>
    public static void LoggedModel(TrackingSession session, long model)
    {
        foreach (var table in OfLoggedModel)
        {
            Run(session.Kept($"DELETE FROM {table} WHERE logged_model = ?1"), model);
        }

        Run(session.Kept("DELETE FROM imported WHERE kind = 'model' AND key = ?1"), model);
    }

    private static bool IsDeleted(TrackingSession session, long experiment)
    {
        var row = session.Kept("SELECT 1 FROM experiments WHERE experiment = ?1 AND lifecycle_stage = 'deleted'");
        row.Bind(1, experiment);
        return row.Step();
    }

    private static void Run(Statement statement, long first, long? second = null)
    {
        statement.Bind(1, first);
        if (second is { } number)
        {
            statement.Bind(2, number);
        }

        statement.Run();
    }
}
