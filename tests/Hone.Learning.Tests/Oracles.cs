using System.Text.Json;

namespace Hone.Learning.Tests;

/// <summary>Reads expected values that the scripts in <c>oracles</c> made.</summary>
internal static class Oracles
{
    public static JsonElement Read(string name) =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "oracles", name))).RootElement;

    public static double[] Numbers(this JsonElement element, string name) =>
        [.. element.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];

    public static int[] Whole(this JsonElement element, string name) =>
        [.. element.GetProperty(name).EnumerateArray().Select(value => value.GetInt32())];
}
