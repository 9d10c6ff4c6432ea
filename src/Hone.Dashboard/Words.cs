using System.Globalization;
using Hone.Space;

namespace Hone.Dashboard;

/// <summary>Numbers and durations as a person reads them, in the invariant culture.</summary>
internal static class Words
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>Five significant digits.</summary>
    public static string Number(double value) => value.ToString("G5", Culture);

    /// <summary>A parameter's value; a float with six significant digits.</summary>
    public static string Parameter(ParameterValue value) =>
        value.Kind == ValueKind.Float ? value.Number.ToString("G6", Culture) : value.ToString();

    /// <summary>A whole number, with the thousands apart; above ten millions in millions.</summary>
    public static string Count(double count) => Math.Abs(count) >= 1e7
        ? $"{(count / 1e6).ToString("#,0.0", Culture)} M"
        : Math.Round(count).ToString("#,0", Culture);

    /// <summary>A duration in its two largest units.</summary>
    public static string Duration(double seconds)
    {
        if (!double.IsFinite(seconds))
        {
            return "unknown";
        }

        return seconds switch
        {
            0 => "0 s",
            < 0.9995 => $"{(seconds * 1000).ToString("0", Culture)} ms",
            < 59.95 => $"{seconds.ToString("0.0", Culture)} s",
            < 3599.5 => Pair(seconds, 60, "min", "s"),
            < 86_370 => Pair(seconds / 60, 60, "h", "min"),
            _ => Pair(seconds / 3600, 24, "d", "h"),
        };
    }

    /// <summary>Joules, kilojoules or megajoules.</summary>
    public static string Energy(double joules) => joules switch
    {
        < 1e3 => $"{joules.ToString("0.#", Culture)} J",
        < 1e6 => $"{(joules / 1e3).ToString("0.##", Culture)} kJ",
        _ => $"{(joules / 1e6).ToString("#,0.##", Culture)} MJ",
    };

    private static string Pair(double small, int ratio, string large, string unit)
    {
        var whole = (long)Math.Round(small);
        return whole % ratio == 0 ? $"{whole / ratio} {large}" : $"{whole / ratio} {large} {whole % ratio} {unit}";
    }
}
