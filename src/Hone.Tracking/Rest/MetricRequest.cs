using System.Buffers;
using System.Text.Json;
using Hone.Tracking.Runs;

namespace Hone.Tracking.Rest;

/// <summary>What <c>log-metric</c> asks for.</summary>
/// <param name="RunId">The run's id.</param>
/// <param name="Metric">The value.</param>
internal sealed record MetricRequest(string RunId, LoggedMetric Metric)
{
    /// <summary>Reads the body.</summary>
    /// <exception cref="TrackingException">A field is missing or malformed.</exception>
    public static MetricRequest Read(ReadOnlySequence<byte> body)
    {
        var json = new Utf8JsonReader(body);
        var metric = new MetricFields();
        string? runId = null;
        string? runUuid = null;
        JsonFields.Begin(ref json);
        while (JsonFields.Next(ref json))
        {
            if (json.ValueTextEquals("run_id"u8))
            {
                runId = JsonFields.Text(ref json, "run_id");
            }
            else if (json.ValueTextEquals("run_uuid"u8))
            {
                runUuid = JsonFields.Text(ref json, "run_uuid");
            }
            else
            {
                metric.Read(ref json);
            }
        }

        return new MetricRequest(JsonFields.RunId(runId, runUuid), metric.Checked());
    }
}
