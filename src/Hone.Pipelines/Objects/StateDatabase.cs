using System.Runtime.InteropServices;
using Hone.Pipelines.Files;

namespace Hone.Pipelines.Objects;

/// <summary>Remembers the contents of files by device, inode, time of change and size, so that nothing unchanged is read twice.</summary>
/// <remarks>
/// A file of records in a hash table that is mapped into memory: nothing is loaded at the start and a change writes one record. Each
/// record carries a check of itself, so that one that was half written, or written by two programs at once, counts as absent. A file that may still
/// change within the clock tick of its last change is not remembered. Thread-safe. It is private to Hone, and nothing is lost with it but time.
/// </remarks>
public sealed unsafe class StateDatabase : IDisposable
{
    private const ulong Magic = 0x3130657461745348;
    private const int HeaderSize = 64;
    private const int SmallestCapacity = 1024;
    private readonly Lock _lock = new();
    private readonly string _path;
    private byte* _start;
    private long _length;
    private long _capacity;
    private int _sinceCount;

    private StateDatabase(string path) => _path = path;

    /// <summary>Opens the database at a path; one that is not there or cannot be used counts as empty.</summary>
    public static StateDatabase Open(string path)
    {
        var state = new StateDatabase(path);
        state.Map();
        return state;
    }

    /// <summary>What a file held when it was last read, if its stamp is the same.</summary>
    /// <param name="stamp">The file as it is now.</param>
    /// <param name="id">Its content.</param>
    /// <param name="isLegacy">Whether the id by DVC 2's rule is wanted, with <c>\r\n</c> read as <c>\n</c> in texts.</param>
    public bool TryGet(in FileStamp stamp, out ObjectId id, bool isLegacy = false)
    {
        lock (_lock)
        {
            id = default;
            if (_start == null)
            {
                return false;
            }

            var key = Key(stamp, isLegacy);
            var slot = Find(key, stamp.Inode);
            if (slot == null || slot->Key != key || slot->Inode != stamp.Inode || slot->Modified != stamp.ModifiedNanoseconds
                || slot->Size != stamp.Size || slot->Check != slot->Sum())
            {
                return false;
            }

            id = new ObjectId(new ReadOnlySpan<byte>(slot->Md5, 16));
            return true;
        }
    }

    /// <summary>Remembers what a file held, unless it may have changed unseen since.</summary>
    /// <param name="stamp">The file's stamp from before it was read.</param>
    /// <param name="id">Its content.</param>
    /// <param name="readAtNanoseconds">When reading it began, by <see cref="Posix.Now"/>.</param>
    /// <param name="isLegacy">Whether the id is by DVC 2's rule.</param>
    public void Set(in FileStamp stamp, ObjectId id, long readAtNanoseconds, bool isLegacy = false)
    {
        if (stamp.MayChangeUnseen(readAtNanoseconds))
        {
            return;
        }

        lock (_lock)
        {
            if (_start == null && !Grow(SmallestCapacity))
            {
                return;
            }

            Put(Record.Of(stamp, Key(stamp, isLegacy), id));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            Unmap();
        }
    }

    private static ulong Key(in FileStamp stamp, bool isLegacy) => (stamp.Device << 1) | (isLegacy ? 1UL : 0);

    private void Put(Record record)
    {
        var slot = Find(record.Key, record.Inode);
        var isNew = slot != null && slot->IsEmpty;
        if (slot == null || (isNew && ++_sinceCount > 256 && IsFull()))
        {
            // Without room the entry is dropped: it costs a second reading, nothing else.
            slot = Grow(_capacity * 2) ? Find(record.Key, record.Inode) : null;
        }

        if (slot != null)
        {
            *slot = record;
        }
    }

    // The slot of a key, or the empty one where it belongs; null if there is neither.
    private Record* Find(ulong key, ulong inode)
    {
        var records = (Record*)(_start + HeaderSize);
        var at = (long)(((inode * 0x9E3779B97F4A7C15) ^ (key * 0xC2B2AE3D27D4EB4F)) >> 20) & (_capacity - 1);
        for (var probe = 0; probe < 128; probe++)
        {
            var slot = records + ((at + probe) & (_capacity - 1));
            if (slot->IsEmpty || (slot->Key == key && slot->Inode == inode))
            {
                return slot;
            }
        }

        return null;
    }

    // Counts afresh, as other programs may write too: 1 in 64 slots tells enough.
    private bool IsFull()
    {
        _sinceCount = 0;
        var records = (Record*)(_start + HeaderSize);
        var step = Math.Max(1, _capacity / 1024);
        long used = 0;
        for (long i = 0; i < _capacity; i += step)
        {
            used += records[i].IsEmpty ? 0 : 1;
        }

        return used * step > _capacity * 7 / 10;
    }

    private bool Grow(long capacity)
    {
        var temporary = SafeFile.TemporaryBeside(_path);
        try
        {
            SafeFile.MakeFolders(Path.GetDirectoryName(_path)!);
            Create(temporary, capacity);
            var grown = new StateDatabase(temporary);
            grown.Map();
            CopyTo(grown);
            if (grown._start == null || Posix.Rename(temporary, _path) != 0)
            {
                grown.Unmap();
                Posix.Unlink(temporary);
                return false;
            }

            Unmap();
            (_length, _capacity) = (grown._length, grown._capacity);
            _start = grown._start;
            return true;
        }
        catch (PipelineException)
        {
            // A read-only or full disk: the command goes on without remembering.
            Posix.Unlink(temporary);
            return false;
        }
    }

    private void CopyTo(StateDatabase other)
    {
        var records = (Record*)(_start + HeaderSize);
        for (long i = 0; _start != null && other._start != null && i < _capacity; i++)
        {
            if (!records[i].IsEmpty && records[i].Check == records[i].Sum())
            {
                var slot = other.Find(records[i].Key, records[i].Inode);
                if (slot != null)
                {
                    *slot = records[i];
                }
            }
        }
    }

    private static void Create(string path, long capacity)
    {
        var file = Posix.Create(path, 0x1B6);
        if (file < 0)
        {
            throw Posix.Failure("write", path);
        }

        var header = new byte[16];
        BitConverter.TryWriteBytes(header, Magic);
        BitConverter.TryWriteBytes(header.AsSpan(8), capacity);
        try
        {
            Posix.Write(file, header, path);
            if (!Posix.SetLength(file, HeaderSize + (capacity * sizeof(Record))))
            {
                throw Posix.Failure("write", path);
            }
        }
        finally
        {
            Posix.Close(file);
        }
    }

    private void Map()
    {
        var file = Posix.OpenToChange(_path);
        if (file < 0)
        {
            return;
        }

        var stamp = Posix.Stat(file);
        _start = stamp is { IsFile: true, Size: > HeaderSize } ? Posix.Map(file, stamp.Size) : null;
        _length = stamp.Size;
        Posix.Close(file);
        if (_start == null)
        {
            return;
        }

        _capacity = ((long*)_start)[1];
        var isWhole = ((ulong*)_start)[0] == Magic && _capacity >= SmallestCapacity && long.IsPow2(_capacity)
            && _capacity <= (stamp.Size - HeaderSize) / sizeof(Record);
        if (!isWhole)
        {
            Unmap();
        }
    }

    private void Unmap()
    {
        if (_start != null)
        {
            Posix.Unmap(_start, _length);
        }

        _start = null;
        _capacity = 0;
    }

    /// <summary>64 bytes: one of a cache line.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Record
    {
        public ulong Key;
        public ulong Inode;
        public long Modified;
        public long Size;
        public fixed byte Md5[16];
        public ulong Reserved;
        public ulong Check;

        public readonly bool IsEmpty => Check == 0;

        public static Record Of(in FileStamp stamp, ulong key, ObjectId id)
        {
            var record = new Record { Key = key, Inode = stamp.Inode, Modified = stamp.ModifiedNanoseconds, Size = stamp.Size };
            id.CopyTo(new Span<byte>(record.Md5, 16));
            record.Check = record.Sum();
            return record;
        }

        // Never 0, which marks an empty slot.
        public readonly ulong Sum()
        {
            fixed (byte* md5 = Md5)
            {
                var sum = Mix(Key, Inode);
                sum = Mix(sum, (ulong)Modified);
                sum = Mix(sum, (ulong)Size);
                sum = Mix(sum, ((ulong*)md5)[0]);
                return Mix(sum, ((ulong*)md5)[1]) | 1;
            }
        }

        private static ulong Mix(ulong sum, ulong value)
        {
            sum = (sum ^ value) * 0xFF51AFD7ED558CCD;
            return sum ^ (sum >> 32);
        }
    }
}
