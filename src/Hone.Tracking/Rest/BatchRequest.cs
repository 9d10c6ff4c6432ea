using System.Buffers;
using System.Text.Json;
using Hone.Tracking.Runs;

namespace Hone.Tracking.Rest;

/// <summary>What <c>log-batch</c> asks for.</summary>
internal sealed class BatchRequest
{
    private const int MostMetrics = 1_000;
    private const int MostParameters = 100;
    private const int MostTags = 100;
    private const int MostTogether = 1_000;

    private BatchRequest(string runId) => RunId = runId;

    /// <summary>The run's id.</summary>
    public string RunId { get; }

    /// <summary>Values.</summary>
    public required List<LoggedMetric> Metrics { get; init; }

    /// <summary>Parameters, each key once.</summary>
    public required List<(string Key, string Value)> Parameters { get; init; }

    /// <summary>Tags; of a key that is there twice the last one counts.</summary>
    public required List<(string Key, string Value)> Tags { get; init; }

    /// <summary>A batch of one value.</summary>
    public static BatchRequest Of(MetricRequest request) => new(request.RunId) { Metrics = [request.Metric], Parameters = [], Tags = [] };

    /// <summary>Reads the body.</summary>
    /// <exception cref="TrackingException">A field is missing or malformed, or there is too much.</exception>
    public static BatchRequest Read(ReadOnlySequence<byte> body)
    {
        var json = new Utf8JsonReader(body);
        string? runId = null;
        string? runUuid = null;
        List<LoggedMetric> metrics = [];
        List<(string Key, string Value)> parameters = [];
        List<(string Key, string Value)> tags = [];
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
            else if (json.ValueTextEquals("metrics"u8))
            {
                ReadMetrics(ref json, metrics);
            }
            else if (json.ValueTextEquals("params"u8))
            {
                ReadPairs(ref json, "params", parameters, MostParameters, RunRoutes.Parameter);
            }
            else if (json.ValueTextEquals("tags"u8))
            {
                ReadPairs(ref json, "tags", tags, MostTags, RunRoutes.Tag);
            }
            else
            {
                json.Skip();
            }
        }

        Check(metrics.Count, parameters, tags.Count);
        return new BatchRequest(JsonFields.RunId(runId, runUuid)) { Metrics = metrics, Parameters = parameters, Tags = tags };
    }

    private static void ReadMetrics(ref Utf8JsonReader json, List<LoggedMetric> metrics)
    {
        if (!JsonFields.BeginList(ref json, "metrics"))
        {
            return;
        }

        var fields = new MetricFields();
        while (JsonFields.NextObject(ref json, "metrics"))
        {
            while (JsonFields.Next(ref json))
            {
                fields.Read(ref json);
            }

            metrics.Add(fields.Checked());
            fields.Clear();
            CheckCount(metrics.Count, MostMetrics, "metrics");
        }
    }

    private static void ReadPairs(
        ref Utf8JsonReader json,
        string name,
        List<(string Key, string Value)> pairs,
        int most,
        Func<string?, string?, (string Key, string Value)> check)
    {
        if (!JsonFields.BeginList(ref json, name))
        {
            return;
        }

        while (JsonFields.NextObject(ref json, name))
        {
            string? key = null;
            string? value = null;
            while (JsonFields.Next(ref json))
            {
                if (json.ValueTextEquals("key"u8))
                {
                    key = JsonFields.Text(ref json, "key");
                }
                else if (json.ValueTextEquals("value"u8))
                {
                    value = JsonFields.Text(ref json, "value");
                }
                else
                {
                    json.Skip();
                }
            }

            pairs.Add(check(key, value));
            CheckCount(pairs.Count, most, name);
        }
    }

    private static void CheckCount(int count, int most, string name)
    {
        if (count > most)
        {
            throw TrackingException.Invalid(
                $"A batch logging request can contain at most {most} {name}. Got more than {most} {name}. "
                + $"Please split up {name} across multiple requests and try again.");
        }
    }

    private static void Check(int metrics, List<(string Key, string Value)> parameters, int tags)
    {
        if (metrics + parameters.Count + tags is > MostTogether and var total)
        {
            throw TrackingException.Invalid(
                $"A batch logging request can contain at most {MostTogether} metrics, params, and tags. Got {total} metrics, params, and tags. "
                + "Please split up metrics, params, and tags across multiple requests and try again.");
        }

        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, _) in parameters)
        {
            if (!keys.Add(key))
            {
                throw TrackingException.Invalid(
                    $"Duplicate parameter keys have been submitted: ['{key}']. Please ensure the request contains only one param value per param key.");
            }
        }
    }
}
