using System.Text.Json;

namespace Hone.Tracking.Rest;

/// <summary>The protocol's ways to write values.</summary>
internal static class JsonWriting
{
    /// <summary>A text; nothing at all for null.</summary>
    public static void WriteText(this Utf8JsonWriter json, ReadOnlySpan<byte> name, string? text)
    {
        if (text is not null)
        {
            json.WriteString(name, text);
        }
    }

    /// <summary>A number; NaN and the infinities as texts.</summary>
    public static void WriteDouble(this Utf8JsonWriter json, ReadOnlySpan<byte> name, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteString(name, double.IsNaN(value) ? "NaN"u8 : value > 0 ? "Infinity"u8 : "-Infinity"u8);
        }
    }

    /// <summary>An object with a key and a value, as tags and parameters are.</summary>
    public static void WritePair(this Utf8JsonWriter json, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        json.WriteStartObject();
        json.WriteString("key"u8, key);
        json.WriteString("value"u8, value);
        json.WriteEndObject();
    }

    /// <summary>A point in time, from the store's ticks of 100 ns, in milliseconds.</summary>
    public static void WriteTime(this Utf8JsonWriter json, ReadOnlySpan<byte> name, long ticks) =>
        json.WriteNumber(name, Milliseconds.FromTicks(ticks));
}
