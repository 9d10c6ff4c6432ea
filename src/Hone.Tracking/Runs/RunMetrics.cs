using Hone.Tracking.Store;

namespace Hone.Tracking.Runs;

/// <summary>One value of one metric, as clients log it.</summary>
/// <param name="Key">Name of the metric.</param>
/// <param name="Value">The value; NaN and the infinities are values too.</param>
/// <param name="At">When, as the store writes times.</param>
/// <param name="Step">The step; any whole number.</param>
/// <param name="Model">The logged model that it was measured of; null: none is named.</param>
internal readonly record struct LoggedMetric(string Key, double Value, long At, long Step, MeasuredModel? Model = null);

/// <summary>What a metric was measured of and on.</summary>
/// <param name="Id">Id of the logged model.</param>
/// <param name="DatasetName">Name of the data set, or an empty text.</param>
/// <param name="DatasetDigest">Digest of the data set, or an empty text.</param>
internal sealed record MeasuredModel(string Id, string DatasetName, string DatasetDigest);

/// <summary>What runs log of metrics: their whole history, and of each the last value, which is that of the highest step.</summary>
internal static class RunMetrics
{
    /// <summary>Logs one value.</summary>
    public static void Log(TrackingSession session, long run, in LoggedMetric metric)
    {
        var key = session.MetricNames.KeyOf(metric.Key);
        Insert(session.Kept(InsertValue), run, key, metric);
        KeepLatest(session, run, key, metric);
    }

    /// <summary>Logs values, each once: what the run has already is passed over.</summary>
    // Called for batches of 1,000: some 10^5 values a second. Of each metric only the batch's own last value is held against the store's.
    public static void Log(TrackingSession session, long run, ReadOnlySpan<LoggedMetric> metrics)
    {
        if (metrics.Length == 1)
        {
            Log(session, run, metrics[0]);
            return;
        }

        var insert = session.Kept(InsertValue);
        var latest = session.Latest;
        latest.Clear();
        string? lastKey = null;
        var key = 0L;
        for (var i = 0; i < metrics.Length; i++)
        {
            ref readonly var metric = ref metrics[i];
            if (metric.Key != lastKey)
            {
                key = session.MetricNames.KeyOf(metric.Key);
                lastKey = metric.Key;
            }

            Insert(insert, run, key, metric);
            if (!latest.TryGetValue(key, out var held) || IsLater(metric, metrics[held]))
            {
                latest[key] = i;
            }
        }

        foreach (var (name, index) in latest)
        {
            KeepLatest(session, run, name, metrics[index]);
        }
    }

    private const string InsertValue = "INSERT INTO run_metrics (run, metric, at, step, value) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING";

    private static void Insert(Statement insert, long run, long key, in LoggedMetric metric)
    {
        insert.Bind(1, run);
        insert.Bind(2, key);
        insert.Bind(3, metric.At);
        insert.Bind(4, metric.Step);
        insert.BindWithNan(5, metric.Value);
        insert.Run();
    }

    // Among equals of step and time the larger value is the last; NaN counts as 0 in this, as in MLflow's tables.
    private static void KeepLatest(TrackingSession session, long run, long key, in LoggedMetric metric)
    {
        var upsert = session.Kept(
            """
            INSERT INTO latest_metrics (run, metric, value, step, at) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (run, metric) DO UPDATE SET value = excluded.value, step = excluded.step, at = excluded.at
            WHERE (excluded.step, excluded.at, coalesce(excluded.value, 0.0)) > (latest_metrics.step, latest_metrics.at, coalesce(latest_metrics.value, 0.0))
            """);
        upsert.Bind(1, run);
        upsert.Bind(2, key);
        upsert.Bind(3, metric.Value);
        upsert.Bind(4, metric.Step);
        upsert.Bind(5, metric.At);
        upsert.Run();
    }

    private static bool IsLater(in LoggedMetric metric, in LoggedMetric other) =>
        metric.Step != other.Step ? metric.Step > other.Step
        : metric.At != other.At ? metric.At > other.At
        : Comparable(metric.Value) > Comparable(other.Value);

    private static double Comparable(double value) => double.IsNaN(value) ? 0 : value;
}
