using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Hone.Tracking.Client;

/// <summary>Writes lines of a spool into memory. Not thread-safe.</summary>
internal sealed class LineWriter : IDisposable
{
    private const int LargestKept = 1 << 20;
    private ArrayBufferWriter<byte> _bytes = new(4096);
    private readonly Utf8JsonWriter _json;

    public LineWriter() => _json = new Utf8JsonWriter(_bytes, new JsonWriterOptions { SkipValidation = true });

    /// <summary>The lines.</summary>
    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    /// <summary>Begins anew.</summary>
    public void Clear()
    {
        if (_bytes.Capacity > LargestKept)
        {
            _bytes = new ArrayBufferWriter<byte>(LargestKept);
        }

        _bytes.ResetWrittenCount();
    }

    /// <summary>Adds the line of an entry.</summary>
    // Called for every value that is logged: nothing is allocated.
    public void Add(in LogEntry entry)
    {
        var start = Begin(entry.Kind);
        _json.WriteStartObject();
        switch (entry.Kind)
        {
            case LineKind.Metric:
                _json.WriteString("key"u8, entry.Key);
                WriteValue(entry.Value);
                _json.WriteNumber("timestamp"u8, entry.Timestamp);
                _json.WriteNumber("step"u8, entry.Step);
                break;
            case LineKind.File:
                _json.WriteString("path"u8, entry.Key);
                _json.WriteString("copy"u8, entry.Text);
                break;
            case LineKind.End:
                _json.WriteString("status"u8, entry.Key);
                _json.WriteNumber("end_time"u8, entry.Timestamp);
                break;
            default:
                _json.WriteString("key"u8, entry.Key);
                _json.WriteString("value"u8, entry.Text);
                break;
        }

        _json.WriteEndObject();
        End(start);
    }

    /// <summary>Adds a line about the run or the spool itself.</summary>
    public void Add<T>(LineKind kind, T value, JsonTypeInfo<T> type)
    {
        var start = Begin(kind);
        JsonSerializer.Serialize(_json, value, type);
        End(start);
    }

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();

    private void WriteValue(double value)
    {
        if (double.IsFinite(value))
        {
            _json.WriteNumber("value"u8, value);
        }
        else
        {
            _json.WriteString("value"u8, double.IsNaN(value) ? "NaN"u8 : value > 0 ? "Infinity"u8 : "-Infinity"u8);
        }
    }

    private int Begin(LineKind kind)
    {
        var start = _bytes.WrittenCount;
        var head = _bytes.GetSpan(2);
        head[0] = (byte)kind;
        head[1] = (byte)' ';
        _bytes.Advance(2);
        _json.Reset(_bytes);
        return start;
    }

    private void End(int start)
    {
        _json.Flush();
        var sum = SpoolLine.Checksum(_bytes.WrittenSpan[start..]);
        var tail = _bytes.GetSpan(SpoolLine.TailBytes + 1);
        tail[0] = (byte)' ';
        Utf8Formatter.TryFormat(sum, tail[1..], out _, new StandardFormat('x', 8));
        tail[SpoolLine.TailBytes] = (byte)'\n';
        _bytes.Advance(SpoolLine.TailBytes + 1);
    }
}
