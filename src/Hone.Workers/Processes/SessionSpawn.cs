using System.Runtime.InteropServices;
using System.Text;

namespace Hone.Workers.Processes;

/// <summary>Starts a program as the leader of a session of its own, with nothing of ours open but the three standard files.</summary>
/// <remarks>
/// By posix_spawn, which copies no page tables: its cost does not grow with the tuner's memory. The program starts with every signal at its
/// default and none blocked. Fork-safe beside threads, and without a parent-death signal, which would follow the thread that starts it.
/// </remarks>
internal static unsafe partial class SessionSpawn
{
    // The C libraries' opaque types are smaller: 80 and 336 bytes with glibc, 80 and 336 with musl.
    private const int OpaqueBytes = 512;
    private const int SignalSetBytes = 128;
    private const short SetSignalDefaults = 0x04;
    private const short SetSignalMask = 0x08;
    private const short SetSession = 0x80;

    /// <param name="path">The program's file.</param>
    /// <param name="arguments">All of them, from the zeroth.</param>
    /// <param name="environment">As <c>NAME=value</c>.</param>
    /// <param name="input">The file that it reads.</param>
    /// <param name="output">The file that it writes.</param>
    /// <param name="error">The file for its errors.</param>
    /// <param name="processId">The new process, which is also the number of its session and group.</param>
    /// <returns>0, or the error number of what failed.</returns>
    public static int Start(
        string path, ReadOnlySpan<string> arguments, ReadOnlySpan<string> environment, int input, int output, int error, out int processId)
    {
        var actions = stackalloc byte[OpaqueBytes];
        var attributes = stackalloc byte[OpaqueBytes];
        var signals = stackalloc byte[SignalSetBytes];
        var none = stackalloc byte[SignalSetBytes];
        new Span<byte>(signals, SignalSetBytes).Fill(0xFF);
        new Span<byte>(none, SignalSetBytes).Clear();

        // Each gives 0, or an error number when there is no memory.
        var failure = posix_spawn_file_actions_init(actions)
            | posix_spawn_file_actions_adddup2(actions, input, 0)
            | posix_spawn_file_actions_adddup2(actions, output, 1)
            | posix_spawn_file_actions_adddup2(actions, error, 2)
            | posix_spawnattr_init(attributes)
            | posix_spawnattr_setflags(attributes, SetSession | SetSignalMask | SetSignalDefaults)
            | posix_spawnattr_setsigmask(attributes, none)
            | posix_spawnattr_setsigdefault(attributes, signals);
        var argv = Texts(arguments);
        var envp = Texts(environment);
        try
        {
            var child = 0;
            failure = failure != 0 ? Posix.OutOfMemory : posix_spawn(&child, path, actions, attributes, argv, envp);
            processId = failure == 0 ? child : 0;
            return failure;
        }
        finally
        {
            NativeMemory.Free(argv);
            NativeMemory.Free(envp);
            _ = posix_spawnattr_destroy(attributes);
            _ = posix_spawn_file_actions_destroy(actions);
        }
    }

    // One block: the pointers, a null pointer, and the texts behind them.
    private static byte** Texts(ReadOnlySpan<string> texts)
    {
        var bytes = (texts.Length + 1) * sizeof(byte*);
        foreach (var text in texts)
        {
            bytes += Encoding.UTF8.GetByteCount(text) + 1;
        }

        var block = (byte**)NativeMemory.Alloc((nuint)bytes);
        var next = (byte*)(block + texts.Length + 1);
        var end = (byte*)block + bytes;
        for (var i = 0; i < texts.Length; i++)
        {
            block[i] = next;
            next += Encoding.UTF8.GetBytes(texts[i], new Span<byte>(next, (int)(end - next)));
            *next++ = 0;
        }

        block[texts.Length] = null;
        return block;
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawn(
        int* processId, string path, byte* actions, byte* attributes, byte** arguments, byte** environment);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_init(byte* actions);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_adddup2(byte* actions, int from, int to);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_destroy(byte* actions);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_init(byte* attributes);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setflags(byte* attributes, short flags);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setsigmask(byte* attributes, byte* signals);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setsigdefault(byte* attributes, byte* signals);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_destroy(byte* attributes);
}
