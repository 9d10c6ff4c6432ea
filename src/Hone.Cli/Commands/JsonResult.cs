using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Hone.Budgets;
using Hone.Space;
using Hone.Trials;

namespace Hone.Cli.Commands;

/// <summary>Writes results as JSON, one object a line.</summary>
/// <remarks>
/// JSON has no NaN and no infinities: they are written as the texts <c>"NaN"</c>, <c>"Infinity"</c> and <c>"-Infinity"</c>, which most
/// languages turn back into numbers, and which, unlike null, no comparison takes for a small number.
/// </remarks>
internal static class JsonResult
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One object as one line.</summary>
    public static string Line(Action<Utf8JsonWriter> content)
    {
        var text = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(text, Options))
        {
            json.WriteStartObject();
            content(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    /// <summary>A property that is an object.</summary>
    public static void WriteObject(this Utf8JsonWriter json, string name, Action content)
    {
        json.WriteStartObject(name);
        content();
        json.WriteEndObject();
    }

    /// <summary>A number that may be none, or not finite.</summary>
    public static void WriteDouble(this Utf8JsonWriter json, string name, double? value)
    {
        json.WritePropertyName(name);
        if (value is { } number)
        {
            json.WriteDouble(number);
        }
        else
        {
            json.WriteNullValue();
        }
    }

    /// <summary>An element of an array that is a measurement: its step, when it came and its value.</summary>
    public static void WriteRow(this Utf8JsonWriter json, Measurement measurement)
    {
        json.WriteStartArray();
        json.WriteNumberValue(measurement.Step);
        json.WriteDouble(measurement.SinceStart.TotalSeconds);
        json.WriteDouble(measurement.Value);
        json.WriteEndArray();
    }

    private static void WriteDouble(this Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumberValue(value);
        }
        else
        {
            json.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>A configuration.</summary>
    public static void WriteParameters(this Utf8JsonWriter json, IEnumerable<KeyValuePair<string, ParameterValue>> parameters)
    {
        json.WriteStartObject("parameters");
        json.WriteParameterValues(parameters);
        json.WriteEndObject();
    }

    /// <summary>A configuration's values, each a property of the object that is being written.</summary>
    public static void WriteParameterValues(this Utf8JsonWriter json, IEnumerable<KeyValuePair<string, ParameterValue>> parameters)
    {
        foreach (var (name, value) in parameters)
        {
            switch (value.Kind)
            {
                case ValueKind.Text:
                    json.WriteString(name, value.ToString());
                    break;
                case ValueKind.Boolean:
                    json.WriteBoolean(name, value.Number != 0);
                    break;
                case ValueKind.Integer:
                    json.WriteNumber(name, (long)value.Number);
                    break;
                default:
                    json.WriteDouble(name, value.Number);
                    break;
            }
        }
    }

    /// <summary>The values of a trial's objectives, by metric.</summary>
    public static void WriteValues(this Utf8JsonWriter json, IReadOnlyList<Objective> objectives, IReadOnlyList<double> values)
    {
        json.WriteStartObject("values");
        for (var i = 0; i < objectives.Count && i < values.Count; i++)
        {
            json.WriteDouble(objectives[i].Metric, values[i]);
        }

        json.WriteEndObject();
    }

    /// <summary>A trial with its values and parameters; null if there is none.</summary>
    public static void WriteTrial(
        this Utf8JsonWriter json,
        string name,
        IReadOnlyList<Objective> objectives,
        (int Number, IReadOnlyList<double> Values, IEnumerable<KeyValuePair<string, ParameterValue>> Parameters)? trial)
    {
        if (trial is not { } shown)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteObject(name, () =>
        {
            json.WriteNumber("trial", shown.Number);
            json.WriteValues(objectives, shown.Values);
            json.WriteParameters(shown.Parameters);
        });
    }

    /// <summary>What was spent; null for what could not be measured.</summary>
    public static void WriteSpent(this Utf8JsonWriter json, Spending spent) => json.WriteObject("spent", () =>
    {
        json.WriteDouble("wall_seconds", Math.Round(spent.Wall.TotalSeconds, 6));
        json.WriteDouble("cpu_seconds", spent.CpuSeconds);
        json.WriteNumber("steps", spent.Steps);
        json.WriteDouble("energy_joules", spent.EnergyJoules);
    });

    /// <summary>A member of an enumeration as it is written everywhere: in lower case.</summary>
    public static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
