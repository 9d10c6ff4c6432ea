using System.Globalization;

namespace Hone.Cli.Progress;

/// <summary>Writes numbers, durations and amounts short enough to be read at a glance.</summary>
internal static class Figures
{
    /// <summary>A number in four significant digits; <c>nan</c> and <c>inf</c> as such.</summary>
    public static string Number(double value) => value switch
    {
        double.NaN => "nan",
        double.PositiveInfinity => "inf",
        double.NegativeInfinity => "-inf",
        0 => "0",
        _ when Math.Abs(value) is >= 1e15 or < 1e-4 => value.ToString("0.###e+0", CultureInfo.InvariantCulture),
        _ when Math.Abs(value) >= 1e4 => Math.Round(value).ToString("0", CultureInfo.InvariantCulture),
        _ => Significant(value),
    };

    /// <summary>A duration in its two largest units, e.g. <c>350 ms</c>, <c>12.3 s</c>, <c>4m 05s</c>, <c>2h 30m</c>, <c>3d 4h</c>.</summary>
    public static string Duration(TimeSpan duration) => duration.TotalSeconds switch
    {
        < 0 => "0 s",
        < 0.9995 => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds:0} ms"),
        < 59.95 => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.0} s"),
        < 3600 => string.Create(CultureInfo.InvariantCulture, $"{(int)duration.TotalMinutes}m {duration.Seconds:00}s"),
        < 86400 => string.Create(CultureInfo.InvariantCulture, $"{(int)duration.TotalHours}h {duration.Minutes:00}m"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)duration.TotalDays}d {duration.Hours}h"),
    };

    /// <summary>Megabytes, as <c>64 MB</c> or <c>1.25 GB</c>.</summary>
    public static string Megabytes(double megabytes) => megabytes < 1000
        ? $"{Number(Math.Round(megabytes, 1))} MB"
        : $"{Number(Math.Round(megabytes / 1000, 2))} GB";

    /// <summary>Joules, as <c>200 J</c>, <c>50 kJ</c> or <c>1.5 MJ</c>.</summary>
    public static string Joules(double joules) => joules switch
    {
        < 1e3 => $"{Number(joules)} J",
        < 1e6 => $"{Number(joules / 1e3)} kJ",
        _ => $"{Number(joules / 1e6)} MJ",
    };

    /// <summary>Seconds a step, as <c>1.2 ms</c>.</summary>
    public static string StepTime(double seconds) => seconds switch
    {
        < 1e-3 => $"{Number(seconds * 1e6)} µs",
        < 1 => $"{Number(seconds * 1e3)} ms",
        _ => $"{Number(seconds)} s",
    };

    private static string Significant(double value)
    {
        var decimals = Math.Clamp(3 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 8);
        return Math.Round(value, decimals).ToString("0." + new string('#', decimals), CultureInfo.InvariantCulture);
    }
}
