using System.Buffers;
using System.Runtime.InteropServices;

namespace Hone.Pipelines.Files;

/// <summary>The calls of the C library that .NET has no words for, or makes with several. Numbers as on Linux for 64 bits.</summary>
internal static unsafe partial class Posix
{
    public const int NoEntry = 2;
    public const int Interrupted = 4;
    public const int TryAgain = 11;
    public const int NoAccess = 13;
    public const int Exists = 17;
    public const int OtherDevice = 18;
    public const int NotFolder = 20;
    public const int NotEmpty = 39;
    public const int LinkLoop = 40;
    public const int TooManyLinks = 31;

    private const int OpenWrite = 1;
    private const int OpenReadWrite = 2;
    private const int OpenCreate = 0x40;
    private const int OpenExclusive = 0x80;
    private const int OpenFolder = 0x10000;
    private const int OpenCloseOnExec = 0x80000;
    private const int CurrentFolder = -100;
    private const int NoFollow = 0x100;
    private const int EmptyPath = 0x1000;
    private const uint BasicStats = 0x7FF;
    private const nuint CloneRequest = 0x40049409;
    private const int RemoveFolder = 0x200;

    /// <summary>The stamp of a file; null if there is none under that name.</summary>
    /// <param name="path">Any path.</param>
    /// <param name="follow">Whether a symbolic link stands for what it points to.</param>
    /// <exception cref="IOException">The file system refuses to tell.</exception>
    public static FileStamp? Stat(string path, bool follow = false) => StatAt(CurrentFolder, path, follow);

    /// <summary>The stamp of a file by its name in an open folder; null if there is none.</summary>
    public static FileStamp? StatAt(int folder, string path, bool follow)
    {
        using var name = new NativePath(path, stackalloc byte[NativePath.OnStack]);
        fixed (byte* start = name.Bytes)
        {
            var stamp = StatAt(folder, start, follow ? 0 : NoFollow);
            return stamp ?? (Error() is NoEntry or NotFolder or LinkLoop ? null : throw Failure("look at", path));
        }
    }

    /// <summary>Whether a regular file stands under a name.</summary>
    /// <param name="path">The path in bytes, with a zero at its end.</param>
    /// <exception cref="PipelineException">The file system refuses to tell.</exception>
    public static bool IsFile(ReadOnlySpan<byte> path)
    {
        fixed (byte* start = path)
        {
            var stamp = StatAt(CurrentFolder, start, 0);
            return stamp is { IsFile: true }
                || (stamp is null && Error() is not (NoEntry or NotFolder or LinkLoop) ? throw Failure("look at", PathText.Decode(path[..^1])) : false);
        }
    }

    /// <summary>The stamp of an open file.</summary>
    public static FileStamp Stat(int file)
    {
        byte nothing = 0;
        return StatAt(file, &nothing, EmptyPath) ?? throw Failure("look at", "an open file");
    }

    /// <summary>Opens a file to read; -1 with <see cref="Error"/> if that fails.</summary>
    public static int OpenToRead(string path) => Open(path, 0, 0);

    /// <summary>Opens a folder to list; -1 with <see cref="Error"/> if that fails.</summary>
    public static int OpenToList(string path) => Open(path, OpenFolder, 0);

    /// <summary>Opens a file to read and write; -1 if that fails.</summary>
    public static int OpenToChange(string path) => Open(path, OpenReadWrite, 0);

    /// <summary>Opens a file to read and write, and makes it if there is none; -1 if that fails.</summary>
    public static int OpenOrCreate(string path) => Open(path, OpenReadWrite | OpenCreate, 0x1B6);

    /// <summary>Makes a file that must not exist; -1 if that fails.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="mode">Its rights, less the umask.</param>
    public static int Create(string path, uint mode) => Open(path, OpenWrite | OpenCreate | OpenExclusive, mode);

    public static void Close(int file) => _ = close(file);

    /// <summary>Reads until the span is full or the file ends; returns the bytes read.</summary>
    public static int Read(int file, Span<byte> buffer, string path)
    {
        var filled = 0;
        while (filled < buffer.Length)
        {
            fixed (byte* start = buffer[filled..])
            {
                var got = read(file, start, (nuint)(buffer.Length - filled));
                if (got == 0)
                {
                    break;
                }

                if (got < 0 && Error() != Interrupted)
                {
                    throw Failure("read", path);
                }

                filled += got < 0 ? 0 : (int)got;
            }
        }

        return filled;
    }

    /// <summary>Writes all bytes.</summary>
    public static void Write(int file, ReadOnlySpan<byte> bytes, string path)
    {
        while (!bytes.IsEmpty)
        {
            fixed (byte* start = bytes)
            {
                var written = write(file, start, (nuint)bytes.Length);
                if (written < 0 && Error() != Interrupted)
                {
                    throw Failure("write", path);
                }

                bytes = bytes[(written < 0 ? 0 : (int)written)..];
            }
        }
    }

    /// <summary>Gives a file another name, over a file that has it.</summary>
    /// <returns>0, or the error's number.</returns>
    public static int Rename(string from, string to)
    {
        using var first = new NativePath(from, stackalloc byte[NativePath.OnStack]);
        using var second = new NativePath(to, stackalloc byte[NativePath.OnStack]);
        fixed (byte* a = first.Bytes, b = second.Bytes)
        {
            return rename(a, b) == 0 ? 0 : Error();
        }
    }

    /// <summary>Gives a file one more name.</summary>
    public static int HardLink(string from, string to)
    {
        using var first = new NativePath(from, stackalloc byte[NativePath.OnStack]);
        using var second = new NativePath(to, stackalloc byte[NativePath.OnStack]);
        fixed (byte* a = first.Bytes, b = second.Bytes)
        {
            return link(a, b) == 0 ? 0 : Error();
        }
    }

    /// <summary>Makes a symbolic link.</summary>
    public static int SymbolicLink(string target, string path)
    {
        using var first = new NativePath(target, stackalloc byte[NativePath.OnStack]);
        using var second = new NativePath(path, stackalloc byte[NativePath.OnStack]);
        fixed (byte* a = first.Bytes, b = second.Bytes)
        {
            return symlink(a, b) == 0 ? 0 : Error();
        }
    }

    /// <summary>Removes a name.</summary>
    public static int Unlink(string path) => Remove(path, 0);

    /// <summary>Removes an empty folder.</summary>
    public static int RemoveEmptyFolder(string path) => Remove(path, RemoveFolder);

    /// <summary>Makes a folder.</summary>
    public static int MakeFolder(string path)
    {
        using var name = new NativePath(path, stackalloc byte[NativePath.OnStack]);
        fixed (byte* start = name.Bytes)
        {
            return mkdir(start, 0x1FF) == 0 ? 0 : Error();
        }
    }

    /// <summary>Sets the rights of a file.</summary>
    public static int SetMode(string path, uint mode)
    {
        using var name = new NativePath(path, stackalloc byte[NativePath.OnStack]);
        fixed (byte* start = name.Bytes)
        {
            return chmod(start, mode) == 0 ? 0 : Error();
        }
    }

    /// <summary>Sets the rights of an open file.</summary>
    public static void SetMode(int file, uint mode) => _ = fchmod(file, mode);

    /// <summary>Makes an empty open file share the blocks of another; false where the file system cannot.</summary>
    public static bool Clone(int from, int to) => ioctl(to, CloneRequest, from) == 0;

    /// <summary>Takes the lock of an open file if nobody has it. It ends with the file, or with the process.</summary>
    public static bool TryLock(int file) => flock(file, 2 | 4) == 0;

    /// <summary>What a symbolic link points to; null if it is none.</summary>
    public static string? LinkTarget(string path)
    {
        using var name = new NativePath(path, stackalloc byte[NativePath.OnStack]);
        Span<byte> target = stackalloc byte[4096];
        fixed (byte* start = name.Bytes, buffer = target)
        {
            var length = readlink(start, buffer, (nuint)target.Length);
            return length < 0 ? null : PathText.Decode(target[..(int)length]);
        }
    }

    /// <summary>The next entries of an open folder as the kernel packs them; 0 at the end.</summary>
    public static int Entries(int folder, Span<byte> buffer, string path)
    {
        fixed (byte* start = buffer)
        {
            var length = getdents64(folder, start, (nuint)buffer.Length);
            return length < 0 ? throw Failure("list", path) : (int)length;
        }
    }

    /// <summary>The time by which files are stamped, in nanoseconds since 1970.</summary>
    public static long Now() => (TimeProvider.System.GetUtcNow().UtcDateTime - DateTime.UnixEpoch).Ticks * 100;

    /// <summary>Maps an open file into memory, shared with everybody who maps it; null if that fails.</summary>
    public static byte* Map(int file, long length)
    {
        var start = mmap(null, (nuint)length, 1 | 2, 1, file, 0);
        return (nint)start == -1 ? null : start;
    }

    /// <summary>Ends a mapping.</summary>
    public static void Unmap(byte* start, long length) => _ = munmap(start, (nuint)length);

    /// <summary>Sets the length of an open file; false if that fails.</summary>
    public static bool SetLength(int file, long length) => ftruncate(file, (nint)length) == 0;

    /// <summary>The number of the last call's error.</summary>
    public static int Error() => Marshal.GetLastPInvokeError();

    /// <summary>The last call's error as an exception.</summary>
    public static PipelineException Failure(string what, string path, int? error = null)
    {
        var number = error ?? Error();
        var reason = number switch
        {
            NoEntry => "it does not exist",
            NoAccess => "permission denied; check the rights of the file and its folder",
            28 => "no space is left on the disk; free some and run the command again",
            30 => "the file system is read-only",
            122 => "the disk quota is used up",
            _ => Marshal.GetPInvokeErrorMessage(number),
        };
        return new PipelineException($"cannot {what} '{path}': {reason}");
    }

    private static int Open(string path, int flags, uint mode)
    {
        using var name = new NativePath(path, stackalloc byte[NativePath.OnStack]);
        fixed (byte* start = name.Bytes)
        {
            return open(start, flags | OpenCloseOnExec, mode);
        }
    }

    private static int Remove(string path, int flags)
    {
        using var name = new NativePath(path, stackalloc byte[NativePath.OnStack]);
        fixed (byte* start = name.Bytes)
        {
            return unlinkat(CurrentFolder, start, flags) == 0 ? 0 : Error();
        }
    }

    private static FileStamp? StatAt(int folder, byte* path, int flags)
    {
        var result = stackalloc byte[256];
        if (statx(folder, path, flags, BasicStats, result) != 0)
        {
            return null;
        }

        var device = ((ulong)*(uint*)(result + 136) << 32) | *(uint*)(result + 140);
        var modified = (*(long*)(result + 112) * 1_000_000_000) + *(uint*)(result + 120);
        return new FileStamp(device, *(ulong*)(result + 32), modified, *(long*)(result + 40), *(ushort*)(result + 28), *(uint*)(result + 16));
    }

    /// <summary>A path as bytes with a zero at the end, on the stack if it is short.</summary>
    private ref struct NativePath
    {
        public const int OnStack = 512;
        private byte[]? _rented;

        public NativePath(string path, Span<byte> onStack)
        {
            Bytes = PathText.MostBytes(path) <= onStack.Length ? onStack : (_rented = ArrayPool<byte>.Shared.Rent(PathText.MostBytes(path)));
            PathText.Encode(path, Bytes);
        }

        public Span<byte> Bytes { get; }

        public void Dispose()
        {
            if (_rented is { } rented)
            {
                _rented = null;
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int open(byte* path, int flags, uint mode);

    [LibraryImport("libc")]
    private static partial int close(int file);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(int file, byte* buffer, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(int file, byte* buffer, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int statx(int folder, byte* path, int flags, uint mask, byte* result);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int rename(byte* from, byte* to);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int link(byte* from, byte* to);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int symlink(byte* target, byte* path);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int unlinkat(int folder, byte* path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int mkdir(byte* path, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int chmod(byte* path, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fchmod(int file, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(int file, nuint request, nint argument);

    [LibraryImport("libc", SetLastError = true)]
    private static partial byte* mmap(byte* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc")]
    private static partial int munmap(byte* address, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ftruncate(int file, nint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int flock(int file, int operation);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint readlink(byte* path, byte* buffer, nuint size);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint getdents64(int folder, byte* buffer, nuint size);
}
