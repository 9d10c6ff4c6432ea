using System.Globalization;

namespace Hone.Workers.SystemMetrics;

/// <summary>What of the machine this program may use: less than the machine has where a container or an affinity mask says so.</summary>
/// <param name="Cores">Cores, as a number that need not be whole; at least 0.01.</param>
/// <param name="MemoryBytes">Memory.</param>
public sealed record MachineLimits(double Cores, long MemoryBytes)
{
    // Version 1 says "no limit" with the largest multiple of a page.
    private const long NoLimit = long.MaxValue / 2;

    /// <summary>Reads the limits of the control groups (versions 1 and 2), the affinity mask and the machine.</summary>
    public static MachineLimits Read() =>
        Read("/proc/self/cgroup", "/sys/fs/cgroup", Environment.ProcessorCount, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    /// <summary>Reads the limits of control groups.</summary>
    /// <param name="membership">The file that names this process's groups, such as <c>/proc/self/cgroup</c>.</param>
    /// <param name="mount">Where the control groups are mounted.</param>
    /// <param name="cores">What holds without a limit.</param>
    /// <param name="memoryBytes">What holds without a limit.</param>
    internal static MachineLimits Read(string membership, string mount, double cores, long memoryBytes)
    {
        foreach (var line in Lines(membership))
        {
            var parts = line.Split(':', 3);
            if (parts.Length < 3)
            {
                continue;
            }

            var controllers = parts[1].Split(',');
            if (parts[1].Length == 0)
            {
                foreach (var folder in Up(mount, parts[2]))
                {
                    cores = Math.Min(cores, Quota(Text(folder, "cpu.max")?.Split(' ')));
                    memoryBytes = Math.Min(memoryBytes, Limit(Text(folder, "memory.max")));
                }
            }
            else if (controllers.Contains("cpu"))
            {
                foreach (var folder in Up(Path.Combine(mount, "cpu"), parts[2]))
                {
                    cores = Math.Min(cores, Quota([Text(folder, "cpu.cfs_quota_us") ?? "", Text(folder, "cpu.cfs_period_us") ?? ""]));
                }
            }

            if (controllers.Contains("memory"))
            {
                foreach (var folder in Up(Path.Combine(mount, "memory"), parts[2]))
                {
                    memoryBytes = Math.Min(memoryBytes, Limit(Text(folder, "memory.limit_in_bytes")));
                }
            }
        }

        return new MachineLimits(cores, memoryBytes);
    }

    // A group is held by its own limits and by those of all groups above it.
    private static IEnumerable<string> Up(string mount, string group)
    {
        for (var path = group.Trim('/'); path.Length > 0; path = Path.GetDirectoryName(path) ?? "")
        {
            yield return Path.Combine(mount, path);
        }

        yield return mount;
    }

    private static double Quota(string[]? parts) =>
        parts is [var quota, var period] && Number(quota) is > 0 and var allowed && Number(period) is > 0 and var of
            ? Math.Max(0.01, (double)allowed / of)
            : double.PositiveInfinity;

    private static long Limit(string? text) => Number(text) is { } bytes and > 0 and < NoLimit ? bytes : long.MaxValue;

    private static long? Number(string? text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string[] Lines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string? Text(string folder, string file) => Lines(Path.Combine(folder, file)) is [var line, ..] ? line.Trim() : null;
}
