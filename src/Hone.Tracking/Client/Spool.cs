using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Win32.SafeHandles;

namespace Hone.Tracking.Client;

/// <summary>The file in which all that is logged to one run stands until the server has it.</summary>
/// <remarks>
/// Lines are appended and never changed; a line that says how far the server has them is one of them. The file is locked as long as it is
/// open, and the lock dies with the process, so that another one can tell a spool that is left over. What is appended survives the death of
/// the process; a loss of power may take what the system had not written yet. Thread-safe, with one reader.
/// </remarks>
internal sealed class Spool : IDisposable
{
    public const string Extension = ".spool";
    public const string RefusedExtension = ".refused";

    private const int ChunkBytes = 64 * 1024;
    private const long CompactBytes = 1 << 20;
    private const int Attempts = 5;

    private readonly Lock _gate = new();
    private readonly LineWriter _own = new();
    private readonly SafeFileHandle _file;
    private long _length;
    private long _sent;

    private Spool(string path, SafeFileHandle file)
    {
        Path = path;
        _file = file;
    }

    /// <summary>Where it lies.</summary>
    public string Path { get; private set; }

    /// <summary>The folder of the copies of files; it is there if there are any.</summary>
    public string Files => System.IO.Path.ChangeExtension(Path, ".files");

    /// <summary>The run.</summary>
    public SpooledRun Run { get; private set; } = null!;

    /// <summary>The run as the server calls it; null until that is known.</summary>
    public KnownRun? Known { get; private set; }

    /// <summary>Whether the end of the run stands in it.</summary>
    public bool HasEnd { get; private set; }

    /// <summary>Whether an earlier process wrote it.</summary>
    public bool IsLeftOver { get; private init; }

    /// <summary>When an earlier process wrote to it last, in UTC.</summary>
    public DateTimeOffset WrittenAt { get; private init; }

    /// <summary>How many lines could not be read when it was opened.</summary>
    public int Damaged { get; private set; }

    /// <summary>Where what the server does not have yet begins.</summary>
    public long Sent
    {
        get
        {
            lock (_gate)
            {
                return _sent;
            }
        }
    }

    /// <summary>How many bytes the server does not have yet.</summary>
    public long Unsent
    {
        get
        {
            lock (_gate)
            {
                return _length - _sent;
            }
        }
    }

    /// <summary>Begins a spool.</summary>
    /// <param name="folder">Made if it is not there.</param>
    /// <param name="run">The run.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static Spool Create(string folder, SpooledRun run)
    {
        Directory.CreateDirectory(folder);

        var (path, file) = OpenNew(folder, run);
        var spool = new Spool(path, file) { Run = run };
        spool.Append(LineKind.Run, run, SpoolJson.Default.SpooledRun);
        spool._sent = spool._length;
        return spool;
    }

    /// <summary>Opens a spool that another process left; null if it is in use, gone, or names no run.</summary>
    public static Spool? TryOpen(string path)
    {
        try
        {
            var spool = new Spool(path, File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
            {
                IsLeftOver = true,
                WrittenAt = File.GetLastWriteTimeUtc(path),
            };
            spool.Scan();
            if (spool.Run is not null)
            {
                return spool;
            }

            // Of a process that died before it had written a line.
            if (spool._length == 0)
            {
                File.Delete(path);
            }

            spool.Dispose();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Appends lines.</summary>
    /// <exception cref="IOException">They cannot be written; none of them counts.</exception>
    public void Append(ReadOnlySpan<byte> lines)
    {
        lock (_gate)
        {
            RandomAccess.Write(_file, lines, _length);
            _length += lines.Length;
        }
    }

    /// <summary>Writes down what the server calls the run.</summary>
    public void Tell(KnownRun known)
    {
        Append(LineKind.Known, known, SpoolJson.Default.KnownRun);
        Known = known;
    }

    /// <summary>Writes down that the run has ended.</summary>
    public void MarkEnd() => HasEnd = true;

    /// <summary>Reads what the server does not have yet, as far as there is room.</summary>
    public int ReadUnsent(Span<byte> buffer) => RandomAccess.Read(_file, buffer[..(int)Math.Min(buffer.Length, Unsent)], Sent);

    /// <summary>Writes down that the server has some more bytes, and makes the file small again when it has all.</summary>
    /// <param name="bytes">How many, from <see cref="Sent"/>.</param>
    /// <param name="isWorthALine">False: they say nothing that would have to be sent again.</param>
    public void Acknowledge(int bytes, bool isWorthALine)
    {
        lock (_gate)
        {
            var isAll = _sent + bytes == _length;
            if (!isWorthALine)
            {
                _sent += bytes;
            }
            else if (isAll && _length > CompactBytes)
            {
                Compact();
            }
            else
            {
                // A mark that nothing stands before has nothing to be sent itself.
                var upto = _sent + bytes;
                _own.Clear();
                Mark(upto);
                upto = isAll ? upto + _own.Written.Length : upto;
                _own.Clear();
                Mark(upto);
                Append(_own.Written);
                _sent = upto;
            }
        }
    }

    /// <summary>Lets what was written reach the disk.</summary>
    public void Flush() => RandomAccess.FlushToDisk(_file);

    /// <summary>Removes the spool: the server has it all.</summary>
    public void Delete()
    {
        lock (_gate)
        {
            // Whoever opens it at this very moment finds nothing in it.
            RandomAccess.SetLength(_file, 0);
            _length = _sent = 0;
            File.Delete(Path);
            if (Directory.Exists(Files))
            {
                Directory.Delete(Files, recursive: true);
            }

            Dispose();
        }
    }

    /// <summary>Puts the spool where no process looks for spools: the server will never take it. Returns where that is.</summary>
    public string SetAside()
    {
        var aside = System.IO.Path.ChangeExtension(Path, RefusedExtension);
        File.Move(Path, aside, overwrite: true);
        Dispose();
        return aside;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        _own.Dispose();
    }

    // Another process may look into the file in the instant before it is locked: then another name is as good.
    private static (string Path, SafeFileHandle File) OpenNew(string folder, SpooledRun run)
    {
        for (var attempt = 1; ; attempt++)
        {
            // Names rise with time, so that what is left over is sent in the order in which it was begun.
            var name = string.Create(CultureInfo.InvariantCulture, $"{run.StartTime:00000000000000}-{Guid.NewGuid():n}{Extension}");
            var path = System.IO.Path.Combine(folder, name);
            try
            {
                return (path, File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException) when (attempt < Attempts && File.Exists(path))
            {
            }
        }
    }

    private void Mark(long upto) => _own.Add(
        LineKind.Sent, new SentMark(upto.ToString("0000000000000000000", CultureInfo.InvariantCulture)), SpoolJson.Default.SentMark);

    private void Append<T>(LineKind kind, T value, JsonTypeInfo<T> type)
    {
        lock (_gate)
        {
            _own.Clear();
            _own.Add(kind, value, type);
            Append(_own.Written);
        }
    }

    private void Compact()
    {
        RandomAccess.SetLength(_file, 0);
        _length = 0;
        Append(LineKind.Run, Run, SpoolJson.Default.SpooledRun);
        if (Known is { } known)
        {
            Append(LineKind.Known, known, SpoolJson.Default.KnownRun);
        }

        _sent = _length;
    }

    // A torn line at the end is that of a process which died while it wrote. One in the middle was damaged; those around it are good.
    private void Scan()
    {
        var buffer = new byte[2 * ChunkBytes];
        var held = 0;
        int read;
        while ((read = RandomAccess.Read(_file, buffer.AsSpan(held), _length + held)) > 0)
        {
            held += read;
            var used = Take(buffer.AsSpan(0, held));
            if (used == 0 && held == buffer.Length)
            {
                Array.Resize(ref buffer, 2 * buffer.Length);
            }

            _length += used;
            buffer.AsSpan(used, held - used).CopyTo(buffer);
            held -= used;
        }

        RandomAccess.SetLength(_file, _length);
    }

    private int Take(ReadOnlySpan<byte> bytes)
    {
        var used = 0;
        int end;
        while ((end = bytes[used..].IndexOf((byte)'\n')) >= 0)
        {
            if (SpoolLine.TryRead(bytes.Slice(used, end), out var kind, out var json))
            {
                Take(kind, json);
            }
            else
            {
                Damaged++;
            }

            used += end + 1;
        }

        return used;
    }

    private void Take(LineKind kind, ReadOnlySpan<byte> json)
    {
        switch (kind)
        {
            case LineKind.Run:
                Run = JsonSerializer.Deserialize(json, SpoolJson.Default.SpooledRun)!;
                break;
            case LineKind.Known:
                Known = JsonSerializer.Deserialize(json, SpoolJson.Default.KnownRun)!;
                break;
            case LineKind.Sent:
                _sent = long.Parse(JsonSerializer.Deserialize(json, SpoolJson.Default.SentMark)!.Upto, CultureInfo.InvariantCulture);
                break;
            case LineKind.End:
                HasEnd = true;
                break;
        }
    }
}
