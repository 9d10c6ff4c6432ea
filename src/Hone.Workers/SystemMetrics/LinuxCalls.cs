using System.Runtime.InteropServices;

namespace Hone.Workers.SystemMetrics;

/// <summary>The system calls that the readers of <c>/proc</c> need. Signatures hold for 64-bit Linux.</summary>
internal static partial class LinuxCalls
{
    public const int CloseOnExec = 0x80000;
    public const int CurrentDirectory = -100;
    public const int ThreadCpuClock = 3;

    /// <summary>Opens a file for reading below a directory.</summary>
    /// <param name="directory">A descriptor, or <see cref="CurrentDirectory"/>.</param>
    /// <param name="path">Ends with a zero byte.</param>
    /// <param name="flags"><see cref="CloseOnExec"/>.</param>
    [LibraryImport("libc", EntryPoint = "openat")]
    public static partial int OpenAt(int directory, ReadOnlySpan<byte> path, int flags);

    [LibraryImport("libc", EntryPoint = "pread")]
    public static partial nint ReadAt(int file, Span<byte> buffer, nint count, long offset);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int file);

    [LibraryImport("libc", EntryPoint = "lseek")]
    public static partial long Seek(int file, long offset, int origin);

    [LibraryImport("libc", EntryPoint = "getdents64")]
    public static partial nint ReadDirectory(int directory, Span<byte> buffer, nint count);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    public static partial int ReadClock(int clock, out TimeSpec time);

    /// <summary>Number of the clock that counts the CPU time of all threads of a process, ended ones included.</summary>
    public static int CpuClockOf(int processId) => (~processId << 3) | 2;

    /// <summary>CPU time of the calling thread; 0 on other systems.</summary>
    public static long ThreadCpuNanoseconds() => OperatingSystem.IsLinux() && ReadClock(ThreadCpuClock, out var time) == 0 ? time.Nanoseconds : 0;

    [StructLayout(LayoutKind.Sequential)]
    public struct TimeSpec
    {
        private long _seconds;
        private long _rest;

        public readonly long Nanoseconds => (_seconds * 1_000_000_000) + _rest;
    }
}
