using Hone.Tracking.Runs;

namespace Hone.Tracking.Filters;

/// <summary>Reads what conditions and orders are about.</summary>
internal static class Subjects
{
    /// <summary>Reads <c>kind.name</c>, or an attribute's name alone; the name may stand in double quotes or backticks.</summary>
    /// <exception cref="TrackingException">There is no such kind, or no name.</exception>
    public static Subject Parse(string text)
    {
        var dot = text[0] is '"' or '`' or '\'' ? -1 : text.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
        {
            return new Subject(Subject.Attribute, Unquoted(text));
        }

        var kind = text[..dot].ToLowerInvariant() switch
        {
            "metric" or "metrics" => "metric",
            "parameter" or "parameters" or "param" or "params" => "param",
            "tag" or "tags" => "tag",
            "attribute" or "attributes" or "attr" or "run" => Subject.Attribute,
            "dataset" or "datasets" => "dataset",
            _ => throw TrackingException.Invalid(
                $"Invalid entity type '{text[..dot]}'. Valid values are ['metric', 'parameter', 'tag', 'attribute', 'dataset']"),
        };
        var key = Unquoted(text[(dot + 1)..]);
        return key.Length > 0 ? new Subject(kind, key) : throw TrackingException.Invalid($"Invalid identifier '{text}': a name must follow the dot.");
    }

    private static string Unquoted(string text) =>
        text.Length >= 2 && text[0] is '"' or '`' or '\'' && text[^1] == text[0] ? FilterTokenizer.Unquoted(text) : text;
}
