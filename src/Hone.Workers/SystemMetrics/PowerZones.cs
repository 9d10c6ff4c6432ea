using System.Globalization;

namespace Hone.Workers.SystemMetrics;

/// <summary>The energy counters of the processor packages (RAPL).</summary>
/// <remarks>Most machines let only root read them, and virtual machines have none. Used from one thread.</remarks>
internal sealed class PowerZones
{
    private readonly List<Zone> _zones = [];

    private PowerZones()
    {
    }

    /// <summary>Opens the counters; null if none can be read.</summary>
    /// <param name="folder">Where the kernel shows them.</param>
    public static PowerZones? TryOpen(string folder = "/sys/class/powercap")
    {
        var zones = new PowerZones();
        if (!Directory.Exists(folder))
        {
            return null;
        }

        // A package has one colon in its name; its parts (cores, memory) have two and are in the package's count already.
        foreach (var zone in Directory.EnumerateFileSystemEntries(folder, "intel-rapl:*"))
        {
            if (Path.GetFileName(zone).Count(letter => letter == ':') == 1
                && Text(zone, "name")?.StartsWith("package", StringComparison.Ordinal) == true
                && Number(zone, "energy_uj") is { } now)
            {
                zones._zones.Add(new Zone(zone, Number(zone, "max_energy_range_uj") ?? 0, now));
            }
        }

        return zones._zones.Count > 0 ? zones : null;
    }

    /// <summary>Joules of all packages since the last call, or since the counters were opened.</summary>
    public double TakeJoules()
    {
        long microjoules = 0;
        foreach (var zone in _zones)
        {
            if (Number(zone.Folder, "energy_uj") is { } now)
            {
                // The counter starts again at zero behind its range: every minute or so on a large machine.
                microjoules += now >= zone.Last ? now - zone.Last : now - zone.Last + zone.Range;
                zone.Last = now;
            }
        }

        return Math.Max(0, microjoules) / 1e6;
    }

    private static long? Number(string folder, string file) =>
        long.TryParse(Text(folder, file), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string? Text(string folder, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, file)).Trim();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private sealed class Zone(string folder, long range, long last)
    {
        public string Folder => folder;

        public long Range => range;

        public long Last { get; set; } = last;
    }
}
