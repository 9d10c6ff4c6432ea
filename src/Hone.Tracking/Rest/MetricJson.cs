using System.Text.Json;
using Hone.Tracking.Runs;
using Hone.Tracking.Store;

namespace Hone.Tracking.Rest;

/// <summary>The protocol's message of a measurement.</summary>
internal static class MetricJson
{
    /// <summary>Writes the last value of each metric of a run as the list <c>metrics</c>; nothing at all if there is none.</summary>
    /// <param name="json">The answer.</param>
    /// <param name="session">The connection.</param>
    /// <param name="run">Key of the run.</param>
    /// <param name="isOpenTrial">Whether the run is a trial that has not ended, whose last values stand in its journal alone.</param>
    public static void WriteLatest(Utf8JsonWriter json, TrackingSession session, long run, bool isOpenTrial)
    {
        var rows = isOpenTrial ? OfOpenTrial(session) : session.Kept(
            "SELECT name, value, at, step FROM latest_metrics JOIN metric_names USING (metric) WHERE run = ?1 ORDER BY metric");
        rows.Bind(1, run);
        if (!rows.Step())
        {
            return;
        }

        json.WriteStartArray("metrics"u8);
        do
        {
            json.WriteStartObject();
            json.WriteString("key"u8, rows.Bytes(0));
            json.WriteDouble("value"u8, rows.Double(1));
            json.WriteTime("timestamp"u8, rows.Int64(2));
            json.WriteNumber("step"u8, rows.Int64(3));
            json.WriteEndObject();
        }
        while (rows.Step());
        json.WriteEndArray();
    }

    /// <summary>Writes a point of a history, as an object.</summary>
    /// <param name="json">The answer.</param>
    /// <param name="name">Name of the metric.</param>
    /// <param name="point">The point.</param>
    /// <param name="runId">The run's id, in an answer about several; null: the client knows it.</param>
    public static void WritePoint(Utf8JsonWriter json, string name, in HistoryPoint point, string? runId)
    {
        json.WriteStartObject();
        json.WriteString("key"u8, name);
        json.WriteDouble("value"u8, point.Value);
        json.WriteTime("timestamp"u8, point.At);
        json.WriteNumber("step"u8, point.Step);
        json.WriteText("run_id"u8, runId);
        json.WriteEndObject();
    }

    private static Statement OfOpenTrial(TrackingSession session) => session.Kept(
        """
        SELECT metric, value, at, step FROM (
          SELECT metric, value, at, step, row_number() OVER (PARTITION BY metric ORDER BY sequence DESC, position DESC) AS place
          FROM measurements WHERE run = ?1 AND attempt = (SELECT attempt FROM runs WHERE run = ?1)) AS numbered
        WHERE place = 1 ORDER BY metric
        """);
}
