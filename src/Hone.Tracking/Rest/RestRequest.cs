using System.Globalization;
using System.Text.Json;
using Hone.Tracking.Access;
using Hone.Tracking.Runs;
using Microsoft.AspNetCore.Http;

namespace Hone.Tracking.Rest;

/// <summary>The fields of a request: those of the query of a GET, those of the JSON body of any other method, and those in the path.</summary>
/// <remarks>A field that is null counts as absent, and one that is unknown is ignored, as the protocol has it.</remarks>
internal sealed class RestRequest
{
    private readonly IQueryCollection? _query;
    private readonly JsonElement _body;
    private readonly Dictionary<string, string>? _path;

    /// <summary>Whom the request comes from; null: who may do everything.</summary>
    public Caller? Caller { get; init; }

    /// <param name="query">The query, of a GET.</param>
    /// <param name="body">The body, of any other method.</param>
    /// <param name="path">What stands for the names in a route's braces.</param>
    public RestRequest(IQueryCollection? query, JsonElement body, Dictionary<string, string>? path)
    {
        _query = query;
        _body = body;
        _path = path;
    }

    /// <summary>What the caller may do, as the store says now.</summary>
    public Rights Rights(TrackingSession session) => new(Caller, session);

    /// <summary>A text; null if it is absent.</summary>
    /// <exception cref="TrackingException">It is of another type.</exception>
    public string? Text(string name)
    {
        if (_path is not null && _path.TryGetValue(name, out var segment))
        {
            return segment;
        }

        if (_query is not null)
        {
            return _query.TryGetValue(name, out var values) && values.Count > 0 ? values[0] : null;
        }

        if (!TryGet(name, out var value))
        {
            return null;
        }

        // Clients that hold ids as numbers send them so.
        return value.ValueKind switch
        {
            JsonValueKind.String => TextOf(value, name),
            JsonValueKind.Number => value.GetRawText(),
            _ => throw WrongType(name, value, "string"),
        };
    }

    /// <summary>A text of the body, where the address has a field of the same name; null if it is absent.</summary>
    /// <exception cref="TrackingException">It is of another type.</exception>
    public string? BodyText(string name) => new RestRequest(_query, _body, null).Text(name);

    /// <summary>A text that must be there and not empty.</summary>
    /// <exception cref="TrackingException">It is not.</exception>
    public string Required(string name) => Text(name) is { Length: > 0 } text ? text : throw Missing(name);

    /// <summary>A whole number, also as a text; null if it is absent.</summary>
    /// <exception cref="TrackingException">It is none.</exception>
    public long? Int64(string name)
    {
        if (_query is null && TryGet(name, out var value))
        {
            return Int64Of(value, name);
        }

        return Text(name) is not { } text ? null
            : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
            : throw Invalid(name, text, "integer");
    }

    /// <summary>A truth value; null if it is absent.</summary>
    /// <exception cref="TrackingException">It is none.</exception>
    public bool? Truth(string name)
    {
        if (_query is null && TryGet(name, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }

        return Text(name) switch
        {
            null => null,
            "true" or "True" => true,
            "false" or "False" => false,
            var text => throw Invalid(name, text, "boolean"),
        };
    }

    /// <summary>A list of texts; empty if it is absent.</summary>
    /// <exception cref="TrackingException">It is no list of texts.</exception>
    public List<string> Texts(string name)
    {
        var texts = new List<string>();
        if (_query is not null)
        {
            texts.AddRange(_query[name].Where(text => text is not null)!);
            return texts;
        }

        foreach (var item in Items(name))
        {
            texts.Add(item.ValueKind switch
            {
                JsonValueKind.String => TextOf(item, name),
                JsonValueKind.Number => item.GetRawText(),
                _ => throw WrongType(name, item, "string"),
            });
        }

        return texts;
    }

    /// <summary>A list of the body; empty if it is absent.</summary>
    /// <exception cref="TrackingException">It is no list.</exception>
    public JsonElement.ArrayEnumerator Items(string name) =>
        !TryGet(name, out var value) ? default
        : value.ValueKind == JsonValueKind.Array ? value.EnumerateArray()
        : throw WrongType(name, value, "array");

    /// <summary>The objects of a list of the body, each to be read like a request; empty if the list is absent.</summary>
    /// <exception cref="TrackingException">It is no list of objects.</exception>
    public IEnumerable<RestRequest> Objects(string name)
    {
        foreach (var item in Items(name))
        {
            yield return item.ValueKind == JsonValueKind.Object ? new RestRequest(null, item, null) : throw WrongType(name, item, "object");
        }
    }

    /// <summary>An object of the body, to be read like a request; null if it is absent.</summary>
    /// <exception cref="TrackingException">It is no object.</exception>
    public RestRequest? Object(string name) =>
        !TryGet(name, out var value) ? null
        : value.ValueKind == JsonValueKind.Object ? new RestRequest(null, value, null)
        : throw WrongType(name, value, "object");

    /// <summary>A number of results, at most a limit.</summary>
    /// <exception cref="TrackingException">It is below 1 or above the limit.</exception>
    public int MaxResults(int usual, int most) => Int64("max_results") switch
    {
        null => usual,
        < 1 and var few => throw TrackingException.Invalid(
            $"Invalid value {few} for parameter 'max_results' supplied. It must be at least 1, but got value {few}"),
        var number when number > most => throw TrackingException.Invalid(
            $"Invalid value {number} for parameter 'max_results' supplied. It must be at most {most}, but got value {number}"),
        var number => (int)number,
    };

    /// <summary>A field that must be there is not.</summary>
    public static TrackingException Missing(string name) => TrackingException.Invalid(
        $"Missing value for required parameter '{name}'. See the API docs for more information about request parameters.");

    /// <summary>A field cannot be read.</summary>
    public static TrackingException Invalid(string name, string value, string type) => TrackingException.Invalid(
        $"Invalid value {Short(value)} for parameter '{name}' supplied: Value was not of type '{type}'. "
        + "See the API docs for more information about request parameters.");

    private static TrackingException WrongType(string name, JsonElement value, string type) => Invalid(name, value.GetRawText(), type);

    private static long Int64Of(JsonElement value, string name)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number))
        {
            return number;
        }

        // A whole number may come with a fraction of nothing, or as a text.
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var real) && real == Math.Truncate(real) && Math.Abs(real) < long.MaxValue)
        {
            return (long)real;
        }

        return value.ValueKind == JsonValueKind.String
            && long.TryParse(TextOf(value, name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number)
            ? number
            : throw Invalid(name, value.GetRawText(), "integer");
    }

    private static string TextOf(JsonElement value, string name)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, which no text can hold.
            throw Invalid(name, value.GetRawText(), "string");
        }
    }

    private static string Short(string value) => value.Length <= 250 ? value : string.Concat(value.AsSpan(0, 250), "…");

    private bool TryGet(string name, out JsonElement value)
    {
        value = default;
        try
        {
            return _body.ValueKind == JsonValueKind.Object && _body.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;
        }
        catch (InvalidOperationException)
        {
            throw new TrackingException(TrackingError.BadRequest, "The name of a field is no text.");
        }
    }
}
