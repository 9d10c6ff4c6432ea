using System.Buffers;
using System.Globalization;

namespace Hone.Cli.StudyFiles;

/// <summary>Reads durations and energies with their units.</summary>
internal static class Quantities
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("+-.0123456789");

    private static readonly Dictionary<string, double> Seconds = new(StringComparer.Ordinal)
    {
        ["ms"] = 0.001,
        ["s"] = 1,
        ["m"] = 60,
        ["h"] = 3600,
        ["d"] = 86400,
    };

    private static readonly Dictionary<string, double> Joules = new(StringComparer.Ordinal)
    {
        ["J"] = 1,
        ["kJ"] = 1e3,
        ["MJ"] = 1e6,
        ["GJ"] = 1e9,
        ["Wh"] = 3600,
        ["kWh"] = 3.6e6,
    };

    /// <summary>A duration such as <c>500ms</c>, <c>30s</c>, <c>10m</c>, <c>4h</c>, <c>1d</c> or <c>1h30m</c>; above 0, at most 10,000 days.</summary>
    /// <returns>What is wrong; null if nothing is.</returns>
    public static string? Duration(string text, out TimeSpan duration)
    {
        const string Expected = "expected a duration such as 500ms, 30s, 10m, 4h or 1d";
        duration = default;
        if (Sum(text, Seconds) is not { } seconds)
        {
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
                ? $"'{text}' has no unit; {Expected}"
                : $"'{text}' is no duration; {Expected}";
        }

        if (seconds is <= 0 or > 864_000_000)
        {
            return $"'{text}' is out of range; expected more than 0 and at most 10000d";
        }

        duration = TimeSpan.FromSeconds(seconds);
        return null;
    }

    /// <summary>An energy in joules such as <c>200J</c>, <c>50kJ</c>, <c>1.5MJ</c> or <c>2Wh</c>; above 0 and finite.</summary>
    /// <returns>What is wrong; null if nothing is.</returns>
    public static string? Energy(string text, out double joules)
    {
        const string Expected = "expected an energy such as 200J, 50kJ, 1.5MJ or 2Wh";
        joules = Sum(text, Joules) ?? double.NaN;
        return joules switch
        {
            > 0 and < double.PositiveInfinity => null,
            double.NaN when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _) => $"'{text}' has no unit; {Expected}",
            double.NaN => $"'{text}' is no energy; {Expected}",
            _ => $"'{text}' is out of range; expected more than 0J",
        };
    }

    // Adds up the parts of 1h30m; null if the text is not a row of numbers with known units.
    private static double? Sum(string text, Dictionary<string, double> units)
    {
        var rest = text.AsSpan().Trim();
        var sum = 0.0;
        for (var parts = 0; rest.Length > 0 || parts == 0; parts++)
        {
            var digits = rest.IndexOfAnyExcept(Digits);
            if (digits <= 0 || !double.TryParse(rest[..digits], NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            {
                return null;
            }

            rest = rest[digits..].TrimStart();
            var end = rest.IndexOfAny(Digits);
            if (!units.TryGetValue((end < 0 ? rest : rest[..end]).TrimEnd().ToString(), out var unit))
            {
                return null;
            }

            sum += number * unit;
            rest = end < 0 ? [] : rest[end..].TrimStart();
        }

        return sum;
    }
}
