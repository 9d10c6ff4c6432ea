using System.Runtime.InteropServices;
using Hone.Workers.SystemMetrics;

namespace Hone.Workers.Threads;

/// <summary>The CPU time of one thread of this process, read from any other.</summary>
internal sealed partial class ThreadClock
{
    private readonly int _clock;

    private ThreadClock(int clock) => _clock = clock;

    /// <summary>CPU seconds so far; null when the thread has ended.</summary>
    public double? Seconds => LinuxCalls.ReadClock(_clock, out var time) == 0 ? time.Nanoseconds / 1e9 : null;

    /// <summary>The calling thread's clock, or null where the system has none.</summary>
    public static ThreadClock? OfThisThread() =>
        // The kernel's number for "the scheduler's clock (2) of one thread (4)".
        OperatingSystem.IsLinux() ? new ThreadClock((~gettid() << 3) | 6) : null;

    [LibraryImport("libc")]
    private static partial int gettid();
}
