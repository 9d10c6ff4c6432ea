using System.Globalization;
using Hone.Tracking.Runs;
using Hone.Tracking.Store;

namespace Hone.Tracking.Mlflow;

/// <summary>The values of MLflow's stores as texts and numbers.</summary>
internal static class MlflowValue
{
    // MLflow's tables have no infinities: the largest number stands for them.
    private const double Largest = double.MaxValue;

    private static readonly string[] Statuses = ["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"];

    /// <summary>A run's status from its name or number; null if there is none such.</summary>
    public static string? Status(string? text) =>
        text is ['1' or '2' or '3' or '4' or '5'] ? Statuses[text[0] - '1']
        : Array.IndexOf(Statuses, text) >= 0 ? text
        : null;

    /// <summary>The number of a run's status.</summary>
    public static int NumberOf(string status) => Array.IndexOf(Statuses, status) + 1;

    /// <summary>A value of a file; false if it is none.</summary>
    public static bool TryRead(string text, out double value)
    {
        switch (text.ToLowerInvariant())
        {
            case "nan":
                value = double.NaN;
                return true;
            case "inf" or "+inf" or "infinity":
                value = double.PositiveInfinity;
                return true;
            case "-inf" or "-infinity":
                value = double.NegativeInfinity;
                return true;
            default:
                return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
        }
    }

    /// <summary>A value as it stands in a file.</summary>
    public static string Write(double value) =>
        double.IsNaN(value) ? "nan"
        : double.IsPositiveInfinity(value) ? "inf"
        : double.IsNegativeInfinity(value) ? "-inf"
        : value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A value of a table.</summary>
    public static double OfRow(Statement row, int value, int isNan) =>
        row.Int64(isNan) != 0 ? double.NaN
        : row.Double(value) switch
        {
            Largest => double.PositiveInfinity,
            -Largest => double.NegativeInfinity,
            var number => number,
        };

    /// <summary>The store's time of another store's; 0 for one that is not known or cannot be.</summary>
    public static long Ticks(long? milliseconds) =>
        milliseconds is > 0 and <= long.MaxValue / TimeSpan.TicksPerMillisecond ? milliseconds.Value * TimeSpan.TicksPerMillisecond : 0;

    /// <summary>A line of a file of metrics: time, value, step. MLflow's oldest files have no step.</summary>
    /// <param name="key">The metric's name.</param>
    /// <param name="line">The line.</param>
    /// <param name="metric">The value.</param>
    public static bool TryReadLine(string key, string line, out LoggedMetric metric)
    {
        metric = default;
        var parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        long step = 0;
        if (parts.Length < 2 || !long.TryParse(parts[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var at) || !TryRead(parts[1], out var value)
            || parts.Length > 2 && !long.TryParse(parts[2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out step))
        {
            return false;
        }

        metric = new LoggedMetric(key, value, Ticks(at), step);
        return true;
    }
}
