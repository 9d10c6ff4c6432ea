using System.Text.Json;
using Hone.Tracking.Runs;

namespace Hone.Tracking.Rest;

/// <summary>The fields of one metric while they are read.</summary>
internal ref struct MetricFields
{
    private string? _key;
    private string? _earlier;
    private double? _value;
    private long? _timestamp;
    private long _step;
    private string? _modelId;
    private string? _datasetName;
    private string? _datasetDigest;

    /// <summary>Reads the field whose name the reader stands on, or passes over it if it is none of a metric's.</summary>
    public void Read(ref Utf8JsonReader json)
    {
        if (json.ValueTextEquals("key"u8))
        {
            _key = JsonFields.Text(ref json, "key", _earlier);
        }
        else if (json.ValueTextEquals("value"u8))
        {
            _value = JsonFields.Double(ref json, "value");
        }
        else if (json.ValueTextEquals("timestamp"u8))
        {
            _timestamp = JsonFields.Int64(ref json, "timestamp");
        }
        else if (json.ValueTextEquals("step"u8))
        {
            _step = JsonFields.Int64(ref json, "step") ?? 0;
        }
        else if (json.ValueTextEquals("model_id"u8))
        {
            _modelId = JsonFields.Text(ref json, "model_id", _modelId);
        }
        else if (json.ValueTextEquals("dataset_name"u8))
        {
            _datasetName = JsonFields.Text(ref json, "dataset_name", _datasetName);
        }
        else if (json.ValueTextEquals("dataset_digest"u8))
        {
            _datasetDigest = JsonFields.Text(ref json, "dataset_digest", _datasetDigest);
        }
        else
        {
            json.Skip();
        }
    }

    /// <summary>Makes ready for the next metric, which mostly has the same name.</summary>
    public void Clear()
    {
        _earlier = _key ?? _earlier;
        _key = null;
        _value = null;
        _timestamp = null;
        _step = 0;
        _modelId = null;
        _datasetName = null;
        _datasetDigest = null;
    }

    /// <summary>The metric.</summary>
    /// <exception cref="TrackingException">A field is missing or out of its limits.</exception>
    public readonly LoggedMetric Checked()
    {
        if (_value is not { } value)
        {
            throw RestRequest.Missing("value");
        }

        if (_timestamp is not { } timestamp)
        {
            throw RestRequest.Missing("timestamp");
        }

        if (_key is null || !ReferenceEquals(_key, _earlier))
        {
            Limits.CheckKey(_key, "Metric");
        }

        var model = string.IsNullOrEmpty(_modelId) ? null : new MeasuredModel(_modelId, _datasetName ?? "", _datasetDigest ?? "");
        return new LoggedMetric(_key!, value, Milliseconds.ToTicks(timestamp, "timestamp"), _step, model);
    }
}
