using System.Globalization;
using System.Runtime.InteropServices;

namespace Hone.Workers.Processes;

/// <summary>The few calls of the C library that .NET has no words for. Numbers as on Linux.</summary>
internal static unsafe partial class Posix
{
    public const int SignalKill = 9;
    public const int SignalTerminate = 15;
    public const int NoSuchProcess = 3;
    public const int TryAgain = 11;
    public const int OutOfMemory = 12;

    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;
    private const int SetFlags = 4;
    private const int OneProcess = 1;
    private const int NoHang = 1;
    private const int Exited = 4;
    private const int NoWait = 0x01000000;
    private const int NoChild = 10;
    private const int Interrupted = 4;
    private const int ExitedByItself = 1;

    private static readonly string[] SignalNames =
    [
        "signal 0", "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGKILL", "SIGUSR1", "SIGSEGV",
        "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM", "SIGSTKFLT", "SIGCHLD", "SIGCONT", "SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU",
        "SIGURG", "SIGXCPU", "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO", "SIGPWR", "SIGSYS",
    ];

    public static string SignalName(int signal) => signal < SignalNames.Length
        ? SignalNames[signal]
        : string.Create(CultureInfo.InvariantCulture, $"signal {signal}");

    /// <summary>A pipe whose ends no started program inherits.</summary>
    /// <exception cref="IOException">The process has too many files open.</exception>
    public static (int Read, int Write) Pipe()
    {
        var ends = stackalloc int[2];
        return pipe2(ends, CloseOnExec) == 0 ? (ends[0], ends[1]) : throw Error("pipe");
    }

    public static void Close(int file) => _ = close(file);

    /// <summary>Makes writing to a full pipe fail instead of wait.</summary>
    public static void DoNotBlock(int file) => _ = fcntl(file, SetFlags, NonBlocking);

    /// <summary>Whether all bytes were written: a short text to a pipe is written as a whole or not at all.</summary>
    public static bool Write(int file, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            nint written;
            do
            {
                written = write(file, start, (nuint)bytes.Length);
            }
            while (written < 0 && Marshal.GetLastPInvokeError() == Interrupted);

            return written == bytes.Length;
        }
    }

    /// <summary>Reads what is there; 0 at the end of the file, -1 if there is nothing now.</summary>
    public static int Read(int file, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            return (int)read(file, start, (nuint)buffer.Length);
        }
    }

    /// <summary>Sends a signal to a process, or to a group as -id. False: there is none, or it is not ours.</summary>
    public static bool Signal(int id, int signal) => kill(id, signal) == 0;

    /// <summary>Whether a group has any member, be it a zombie.</summary>
    public static bool GroupExists(int group) => kill(-group, 0) == 0 || Marshal.GetLastPInvokeError() != NoSuchProcess;

    /// <summary>
    /// How a child ended, or null while it runs. It stays a zombie, so that its number cannot be taken by a stranger before
    /// <see cref="Reap"/>.
    /// </summary>
    public static ExitStatus? PeekExit(int processId)
    {
        var signal = stackalloc int[32];
        if (waitid(OneProcess, (uint)processId, signal, Exited | NoHang | NoWait) != 0)
        {
            return Marshal.GetLastPInvokeError() == NoChild ? ExitStatus.Unknown : null;
        }

        // On 64 bits: [2] is the code, [4] the process (0: nothing to tell yet) and [6] the status or the signal.
        var byItself = signal[2] == ExitedByItself;
        return signal[4] == 0 ? null : new ExitStatus(byItself ? signal[6] : null, byItself ? null : signal[6]);
    }

    /// <summary>Lets go of ended children: of one process, or of a group as -id. Waits for none.</summary>
    public static void Reap(int id)
    {
        int status;
        while (waitpid(id, &status, NoHang) > 0)
        {
        }
    }

    /// <summary>The cores that this process may use, ascending.</summary>
    /// <exception cref="IOException">The kernel did not say.</exception>
    public static int[] AllowedCores()
    {
        var mask = stackalloc byte[MaskBytes];
        if (sched_getaffinity(0, MaskBytes, mask) < 0)
        {
            throw Error("sched_getaffinity");
        }

        var cores = new List<int>();
        for (var core = 0; core < MaskBytes * 8; core++)
        {
            if ((mask[core / 8] & (1 << (core % 8))) != 0)
            {
                cores.Add(core);
            }
        }

        return [.. cores];
    }

    /// <summary>Binds a process, and what it starts from now on, to cores.</summary>
    /// <exception cref="IOException">A core went away.</exception>
    public static void Pin(int processId, ReadOnlySpan<int> cores)
    {
        var mask = stackalloc byte[MaskBytes];
        new Span<byte>(mask, MaskBytes).Clear();
        foreach (var core in cores)
        {
            mask[core / 8] |= (byte)(1 << (core % 8));
        }

        if (sched_setaffinity(processId, MaskBytes, mask) != 0)
        {
            throw Error("sched_setaffinity");
        }
    }

    public static IOException Error(string call, int? error = null) =>
        new($"{call}: {Marshal.GetPInvokeErrorMessage(error ?? Marshal.GetLastPInvokeError())}");

    private const int MaskBytes = 1024;

    [LibraryImport("libc", SetLastError = true)]
    private static partial int pipe2(int* ends, int flags);

    [LibraryImport("libc")]
    private static partial int close(int file);

    [LibraryImport("libc")]
    private static partial int fcntl(int file, int command, int argument);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(int file, byte* bytes, nuint count);

    [LibraryImport("libc")]
    private static partial nint read(int file, byte* bytes, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int id, int signal);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int waitid(int kind, uint id, int* signal, int options);

    [LibraryImport("libc")]
    private static partial int waitpid(int id, int* status, int options);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int sched_getaffinity(int processId, nuint size, byte* mask);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int sched_setaffinity(int processId, nuint size, byte* mask);
}
