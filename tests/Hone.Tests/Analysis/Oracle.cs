using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Hone.Tests.Analysis;

/// <summary>Reference values from scipy 1.10.1, made by tests/oracles/statistics.py.</summary>
internal static class Oracle
{
    public static JsonElement Statistics { get; } = JsonDocument.Parse(File.ReadAllText(Path("statistics.json"))).RootElement;

    public static IEnumerable<JsonElement> Cases(string name) => Statistics.GetProperty(name).EnumerateArray();

    public static double[] Numbers(this JsonElement element) => [.. element.EnumerateArray().Select(e => e.GetDouble())];

    public static double Number(this JsonElement element, int index) => element[index].GetDouble();

    public static double[][] Rows(this JsonElement element) => [.. element.EnumerateArray().Select(Numbers)];

    /// <summary>Equal to a relative error.</summary>
    public static void Close(double expected, double actual, double tolerance = 1e-9) => Assert.True(
        Math.Abs(expected - actual) <= tolerance * Math.Max(Math.Abs(expected), 1e-300), $"expected {expected:R}, was {actual:R}");

    public static string Path(string file, [CallerFilePath] string here = "") =>
        System.IO.Path.Combine(System.IO.Path.GetDirectoryName(here)!, file);
}
