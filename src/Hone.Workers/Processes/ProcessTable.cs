using System.Globalization;
using System.Text;

namespace Hone.Workers.Processes;

/// <summary>What the kernel's process table tells of processes that are not our children.</summary>
internal static class ProcessTable
{
    private const int PidLine = 4096;

    /// <summary>
    /// When a process started, in clock ticks since the machine did; null if there is none. With the number it names a process for good:
    /// numbers are used again.
    /// </summary>
    public static long? StartOf(int processId) => Stat(processId) is { } fields && fields.Length > 19
        ? long.Parse(fields[19], CultureInfo.InvariantCulture)
        : null;

    /// <summary>Whether any member of a group lives; a zombie does not.</summary>
    public static bool HasLiving(int group)
    {
        var wanted = group.ToString(CultureInfo.InvariantCulture);
        foreach (var processId in All())
        {
            if (Stat(processId) is { } fields && fields.Length > 2 && fields[2] == wanted && fields[0] is not ("Z" or "X"))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Kills every process whose environment, as it was when its program started, holds a text. A process finds no way out by a session of
    /// its own or by orphaning itself, only by wiping its environment.
    /// </summary>
    /// <param name="text">A text that no stranger's environment holds.</param>
    /// <param name="after">Only processes with a later number than this one; null: all.</param>
    /// <returns>Those that were there; empty: none lives.</returns>
    public static List<int> KillMarked(ReadOnlySpan<byte> text, int? after)
    {
        var killed = new List<int>();
        foreach (var processId in All())
        {
            if ((after is null || processId > after) && processId != Environment.ProcessId && IsMarked(processId, text)
                && Posix.Signal(processId, Posix.SignalKill))
            {
                killed.Add(processId);
            }
        }

        return killed;
    }

    /// <summary>The number given out last on this machine. They rise, and begin again from below when the highest is reached.</summary>
    public static int? LastProcessId()
    {
        try
        {
            var words = File.ReadAllText("/proc/loadavg").Split(' ');
            return int.Parse(words[^1], NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return null;
        }
    }

    private static IEnumerable<int> All()
    {
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(directory.AsSpan("/proc/".Length), NumberStyles.None, CultureInfo.InvariantCulture, out var processId))
            {
                yield return processId;
            }
        }
    }

    private static bool IsMarked(int processId, ReadOnlySpan<byte> text)
    {
        try
        {
            return File.ReadAllBytes(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/environ")).AsSpan().IndexOf(text) >= 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // It has ended, or it is another user's.
        }
    }

    // The fields from the third on, the state: the second, the program's name, may hold blanks and brackets.
    private static string[]? Stat(int processId)
    {
        try
        {
            using var file = File.OpenHandle(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat"));
            Span<byte> line = stackalloc byte[PidLine];
            var text = Encoding.ASCII.GetString(line[..RandomAccess.Read(file, line, 0)]);
            var name = text.LastIndexOf(')');
            return name < 0 ? null : text[(name + 2)..].Split(' ');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
