using System.Globalization;

namespace Hone.Tracking.Runs;

/// <summary>Names for runs whose clients give none.</summary>
internal static class RunNames
{
    private static readonly string[] Manners =
    [
        "amber", "brisk", "calm", "clear", "deft", "eager", "even", "fair", "fleet", "fresh", "gentle", "glad", "grand", "keen", "kind", "lively",
        "lucid", "mellow", "merry", "neat", "noble", "plain", "proud", "quick", "quiet", "ready", "sharp", "silver", "smooth", "spry", "steady", "swift",
    ];

    private static readonly string[] Things =
    [
        "adze", "anvil", "awl", "blade", "burin", "chisel", "clamp", "drill", "edge", "file", "flint", "forge", "gauge", "gouge", "hammer", "jig",
        "lathe", "level", "mallet", "mill", "mortise", "plane", "rasp", "router", "ruler", "saw", "scribe", "spoke", "steel", "strop", "tenon", "whetstone",
    ];

    /// <summary>The name of a run, which depends on nothing but its key.</summary>
    public static string Of(long run)
    {
        // Fibonacci hashing: neighbours get names that are easy to tell apart.
        var hash = unchecked((ulong)run * 0x9E3779B97F4A7C15UL);
        return string.Create(CultureInfo.InvariantCulture, $"{Manners[hash >> 59]}-{Things[(hash >> 54) & 31]}-{run & 0x7fff_ffff}");
    }
}
