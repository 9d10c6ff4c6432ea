using System.Globalization;

namespace Hone.Stopping;

/// <summary>How reasons show numbers.</summary>
internal static class Words
{
    /// <summary>Four significant digits; whole numbers below 10^15 in full.</summary>
    public static string Of(double value) => value == Math.Floor(value) && Math.Abs(value) < 1e15
        ? value.ToString("0", CultureInfo.InvariantCulture)
        : value.ToString("G4", CultureInfo.InvariantCulture);
}
