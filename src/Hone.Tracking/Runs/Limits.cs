namespace Hone.Tracking.Runs;

/// <summary>What names and values may be, as the protocol has it.</summary>
internal static class Limits
{
    public const int Key = 250;
    public const int ParameterValue = 6_000;
    public const int TagValue = 8_000;
    public const int ExperimentTagValue = 5_000;
    public const int ExperimentName = 500;

    /// <summary>Checks the name of a metric, a parameter or a tag.</summary>
    /// <param name="name">The name.</param>
    /// <param name="kind">What it names, for the message, e.g. <c>Metric</c>.</param>
    /// <exception cref="TrackingException">It is empty, too long, or could be no file's name.</exception>
    public static void CheckKey(string? name, string kind)
    {
        if (string.IsNullOrEmpty(name))
        {
            throw TrackingException.Invalid($"{kind} name cannot be None. A key name must be provided.");
        }

        if (name.Length > Key)
        {
            throw TrackingException.Invalid($"{kind} name '{name[..Key]}' had length {name.Length}, which exceeded length limit of {Key}");
        }

        foreach (var c in name)
        {
            if (!char.IsLetterOrDigit(c) && !char.IsSurrogate(c) && c is not ('_' or '-' or '.' or ' ' or ':' or '/')
                && char.GetUnicodeCategory(c) is not (System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.OtherNumber
                    or System.Globalization.UnicodeCategory.LetterNumber or System.Globalization.UnicodeCategory.SpacingCombiningMark))
            {
                throw TrackingException.Invalid(
                    $"Invalid value \"{name}\" for parameter '{kind.ToLowerInvariant()} name' supplied: Names may only contain alphanumerics, "
                    + "underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/).");
            }
        }

        if (IsOtherPath(name))
        {
            throw TrackingException.Invalid(
                $"Invalid value \"{name}\" for parameter '{kind.ToLowerInvariant()} name' supplied: Names may be treated as files in certain cases, "
                + "and must not resolve to other names when treated as such.");
        }
    }

    /// <summary>A value cut to its longest allowed length, as the protocol does rather than lose a run for it.</summary>
    public static string Cut(string value, int most) =>
        value.Length <= most ? value : value[..(char.IsHighSurrogate(value[most - 1]) ? most - 1 : most)];

    /// <summary>Refuses a value above its length.</summary>
    /// <exception cref="TrackingException">It is too long.</exception>
    public static void CheckLength(string value, int most, string kind)
    {
        if (value.Length > most)
        {
            throw TrackingException.Invalid($"{kind} '{value[..Math.Min(Key, most)]}' had length {value.Length}, which exceeded length limit of {most}");
        }
    }

    // 'a//b', 'a/./b', 'a/', '/a' and '..' are names of other files than they read like.
    private static bool IsOtherPath(string name)
    {
        var rest = name.AsSpan();
        while (true)
        {
            var slash = rest.IndexOf('/');
            var segment = slash < 0 ? rest : rest[..slash];
            if (segment is "" or "." or "..")
            {
                return true;
            }

            if (slash < 0)
            {
                return false;
            }

            rest = rest[(slash + 1)..];
        }
    }
}
