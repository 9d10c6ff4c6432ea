using Hone.Tracking.Runs;

namespace Hone.Tracking.Registry;

/// <summary>What runs measured of logged models.</summary>
internal static class LoggedModelMetrics
{
    /// <summary>Keeps a value if it is of a model of this store and later than what is kept: of the same metric, run and data set.</summary>
    public static void Keep(TrackingSession session, long run, in LoggedMetric metric)
    {
        if (metric.Model is not { } model || LoggedModels.KeyOf(session, model.Id) is not (>= 0 and var key) || !Exists(session, key))
        {
            return;
        }

        var upsert = session.Kept(
            """
            INSERT INTO logged_model_metrics (logged_model, metric, run, dataset_name, dataset_digest, value, step, at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            ON CONFLICT (logged_model, metric, run, dataset_name, dataset_digest)
            DO UPDATE SET value = excluded.value, step = excluded.step, at = excluded.at WHERE (excluded.step, excluded.at) >= (logged_model_metrics.step, logged_model_metrics.at)
            """);
        upsert.Bind(1, key);
        upsert.Bind(2, session.MetricNames.KeyOf(metric.Key));
        upsert.Bind(3, run);
        upsert.Bind(4, model.DatasetName);
        upsert.Bind(5, model.DatasetDigest);
        upsert.Bind(6, metric.Value);
        upsert.Bind(7, metric.Step);
        upsert.Bind(8, metric.At);
        upsert.Run();
    }

    private static bool Exists(TrackingSession session, long model)
    {
        var find = session.Kept("SELECT 1 FROM logged_models WHERE logged_model = ?1");
        find.Bind(1, model);
        return find.Step();
    }
}
