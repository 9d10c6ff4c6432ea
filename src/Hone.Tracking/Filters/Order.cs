using Hone.Tracking.Runs;

namespace Hone.Tracking.Filters;

/// <summary>What results are sorted by.</summary>
/// <param name="Subject">By what.</param>
/// <param name="IsDescending">Whether the largest comes first.</param>
internal readonly record struct Order(Subject Subject, bool IsDescending)
{
    /// <summary>Reads <c>metrics.loss DESC</c> and the like; up is the way if none is named.</summary>
    /// <exception cref="TrackingException">It cannot be read.</exception>
    public static Order Parse(string clause)
    {
        var text = clause.Trim();
        var isDescending = TryCut(ref text, "DESC");
        if (!isDescending)
        {
            TryCut(ref text, "ASC");
        }

        // Attributes may be called by what the web page shows, which has spaces; every other name with a space stands in quotes.
        var isOne = text.Length > 0 && (text.Contains(' ', StringComparison.Ordinal) ? IsQuoted(text) || !text.Contains('.', StringComparison.Ordinal) : true);
        return isOne
            ? new Order(Subjects.Parse(text), isDescending)
            : throw TrackingException.Invalid($"Invalid order_by clause '{clause}'. Could not be parsed.");
    }

    private static bool IsQuoted(string text) => text[^1] is '"' or '`' && text.IndexOf(text[^1], StringComparison.Ordinal) < text.Length - 1;

    private static bool TryCut(ref string text, string way)
    {
        if (text.Length <= way.Length || !text.EndsWith(way, StringComparison.OrdinalIgnoreCase) || !char.IsWhiteSpace(text[^(way.Length + 1)]))
        {
            return false;
        }

        text = text[..^way.Length].TrimEnd();
        return true;
    }
}
