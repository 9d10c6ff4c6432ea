using System.Buffers.Binary;

namespace Hone.Workers.SystemMetrics;

/// <summary>Whom a process comes from.</summary>
internal readonly record struct ProcessKin(int Id, int Parent, int Group, int Session);

/// <summary>Lists all processes of the machine: dear, so it is done for all trials at once, and seldom.</summary>
internal static class SessionSearch
{
    private const int NameOffset = 19; // of struct linux_dirent64
    private const int LengthOffset = 16;

    /// <summary>Whether the kernel lists the children of a thread; otherwise every child is found by a search.</summary>
    public static bool KernelListsChildren { get; } = File.Exists("/proc/thread-self/children");

    /// <summary>Fills the list with all processes that live.</summary>
    public static void List(List<ProcessKin> processes)
    {
        processes.Clear();
        var directory = LinuxCalls.OpenAt(LinuxCalls.CurrentDirectory, "/proc\0"u8, LinuxCalls.CloseOnExec);
        if (directory < 0)
        {
            return;
        }

        Span<byte> records = stackalloc byte[8192];
        for (int length; (length = (int)LinuxCalls.ReadDirectory(directory, records, records.Length)) > 0;)
        {
            for (ReadOnlySpan<byte> rest = records[..length]; rest.Length > NameOffset;)
            {
                var name = rest[NameOffset..];
                if (new ProcText(name).TryNumber(out var id) && TryRead(directory, name[..name.IndexOf((byte)0)], (int)id, out var kin))
                {
                    processes.Add(kin);
                }

                rest = rest[BinaryPrimitives.ReadUInt16LittleEndian(rest[LengthOffset..])..];
            }
        }

        _ = LinuxCalls.Close(directory);
    }

    private static bool TryRead(int directory, ReadOnlySpan<byte> name, int id, out ProcessKin kin)
    {
        kin = default;
        Span<byte> path = stackalloc byte[32];
        name.CopyTo(path);
        "/stat\0"u8.CopyTo(path[name.Length..]);
        var file = LinuxCalls.OpenAt(directory, path, LinuxCalls.CloseOnExec);
        if (file < 0)
        {
            return false;
        }

        Span<byte> buffer = stackalloc byte[256];
        var length = (int)LinuxCalls.ReadAt(file, buffer, buffer.Length, 0);
        _ = LinuxCalls.Close(file);
        if (length <= 0)
        {
            return false;
        }

        var stat = new ProcText(buffer[..length]);
        stat.SkipBehindLast((byte)')');
        stat.Skip(1);
        kin = new ProcessKin(id, (int)stat.Number(), (int)stat.Number(), (int)stat.Number());
        return true;
    }
}
