using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Hone.Tracking.Runs;

namespace Hone.Tracking.Rest;

/// <summary>Reads the fields of a body token by token, for requests that come thousands of times a second.</summary>
/// <remarks>What counts as which type is as in <see cref="RestRequest"/>. Each value is read from the reader standing on its name.</remarks>
internal static class JsonFields
{
    /// <summary>Begins to read the one object of a body.</summary>
    /// <exception cref="TrackingException">It is none.</exception>
    public static void Begin(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            throw new TrackingException(TrackingError.BadRequest, "The body of the request must be a JSON object.");
        }
    }

    /// <summary>Goes to the name of the next field; false after the last one of the object.</summary>
    public static bool Next(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.PropertyName)
        {
            return true;
        }

        if (json.CurrentDepth == 0)
        {
            // Throws if anything follows.
            json.Read();
        }

        return false;
    }

    /// <summary>Begins to read a list of objects; false if it is null.</summary>
    /// <exception cref="TrackingException">It is no list.</exception>
    public static bool BeginList(ref Utf8JsonReader json, string name)
    {
        json.Read();
        return json.TokenType switch
        {
            JsonTokenType.StartArray => true,
            JsonTokenType.Null => false,
            _ => throw Wrong(ref json, name, "array"),
        };
    }

    /// <summary>Goes to the next object of a list; false after the last one.</summary>
    /// <exception cref="TrackingException">Something else stands in the list.</exception>
    public static bool NextObject(ref Utf8JsonReader json, string name)
    {
        json.Read();
        return json.TokenType switch
        {
            JsonTokenType.StartObject => true,
            JsonTokenType.EndArray => false,
            _ => throw Wrong(ref json, name, "object"),
        };
    }

    /// <summary>A text; null if it is null.</summary>
    /// <param name="json">The reader.</param>
    /// <param name="name">The field, for the error.</param>
    /// <param name="earlier">A text that it may be again, and then is, rather than a new one of the same letters.</param>
    /// <exception cref="TrackingException">It is of another type.</exception>
    public static string? Text(ref Utf8JsonReader json, string name, string? earlier = null)
    {
        json.Read();
        switch (json.TokenType)
        {
            case JsonTokenType.Null:
                return null;
            case JsonTokenType.String:
                return String(ref json, name, earlier);
            case JsonTokenType.Number:
                return Raw(ref json);
            default:
                throw Wrong(ref json, name, "string");
        }
    }

    /// <summary>A number, also as a text, which is how NaN and the infinities come; null if it is null.</summary>
    /// <exception cref="TrackingException">It is none.</exception>
    public static double? Double(ref Utf8JsonReader json, string name)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Number)
        {
            return json.GetDouble();
        }

        if (json.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        return json.TokenType != JsonTokenType.String ? throw Wrong(ref json, name, "double")
            : json.ValueTextEquals("NaN"u8) ? double.NaN
            : json.ValueTextEquals("Infinity"u8) ? double.PositiveInfinity
            : json.ValueTextEquals("-Infinity"u8) ? double.NegativeInfinity
            : double.TryParse(String(ref json, name), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value
            : throw Wrong(ref json, name, "double");
    }

    /// <summary>A whole number, also as a text; null if it is null.</summary>
    /// <exception cref="TrackingException">It is none.</exception>
    public static long? Int64(ref Utf8JsonReader json, string name)
    {
        json.Read();
        switch (json.TokenType)
        {
            case JsonTokenType.Null:
                return null;
            case JsonTokenType.Number when json.TryGetInt64(out var number):
                return number;
            case JsonTokenType.Number when json.GetDouble() is var real && real == Math.Truncate(real) && Math.Abs(real) < long.MaxValue:
                return (long)real;
            case JsonTokenType.String when long.TryParse(String(ref json, name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number):
                return number;
            default:
                throw Wrong(ref json, name, "integer");
        }
    }

    /// <summary>The id of a run by its new name or its old one.</summary>
    /// <exception cref="TrackingException">There is neither.</exception>
    public static string RunId(string? runId, string? runUuid) =>
        !string.IsNullOrEmpty(runId) ? runId : !string.IsNullOrEmpty(runUuid) ? runUuid : throw RestRequest.Missing("run_id");

    private static string String(ref Utf8JsonReader json, string name, string? earlier = null)
    {
        try
        {
            return earlier is not null && json.ValueTextEquals(earlier) ? earlier : json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, or bytes that are no UTF-8.
            throw Wrong(ref json, name, "string");
        }
    }

    private static TrackingException Wrong(ref Utf8JsonReader json, string name, string type) => RestRequest.Invalid(name, Raw(ref json), type);

    private static string Raw(ref Utf8JsonReader json) =>
        Encoding.UTF8.GetString(json.HasValueSequence ? json.ValueSequence.ToArray() : json.ValueSpan);
}
