using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Hone.Workers.SystemMetrics;

/// <summary>The threads of one process: how long they waited for a core, and which processes they have started.</summary>
internal sealed class TrackedThreads(int process, int directory) : IDisposable
{
    private const int NameOffset = 19; // of struct linux_dirent64, after inode, offset, record length and type
    private const int LengthOffset = 16;

    private readonly Dictionary<int, TrackedThread> _threads = [];
    private readonly List<int> _ended = [];
    private TrackedThread? _main;
    private long _endedWaitNanoseconds;
    private long _waitNanoseconds;
    private bool _hasWait;
    private int _round;
    private int _list = -1;

    /// <summary>Run-queue wait of all threads, as last read before its end for one that has ended; null if the kernel does not keep it.</summary>
    public long? WaitNanoseconds { get; private set; }

    /// <summary>Reads all threads and names to the tree the processes that they have started, as far as those live.</summary>
    /// <param name="count">How many threads there are, by <c>stat</c>.</param>
    /// <param name="tree">Is told of the children.</param>
    public void Read(int count, ProcessTree tree)
    {
        _round++;
        _waitNanoseconds = _endedWaitNanoseconds;
        if (count <= 1 && _threads.Count <= 1)
        {
            Read(_main ??= Find(process), tree);
        }
        else
        {
            ReadAll(tree);
        }

        WaitNanoseconds = _hasWait ? _waitNanoseconds : null;
    }

    public void Dispose()
    {
        foreach (var thread in _threads.Values)
        {
            thread.Dispose();
        }

        _threads.Clear();
        if (_list >= 0)
        {
            _ = LinuxCalls.Close(_list);
            _list = -1;
        }
    }

    private void Read(TrackedThread thread, ProcessTree tree)
    {
        thread.Read(_round, tree);
        _waitNanoseconds += thread.WaitNanoseconds;
        _hasWait |= thread.HasWait;
    }

    private void ReadAll(ProcessTree tree)
    {
        _main = null;
        if (_list < 0 && (_list = LinuxCalls.OpenAt(directory, "task\0"u8, LinuxCalls.CloseOnExec)) < 0)
        {
            return;
        }

        _ = LinuxCalls.Seek(_list, 0, 0);
        Span<byte> records = stackalloc byte[8192];
        for (int length; (length = (int)LinuxCalls.ReadDirectory(_list, records, records.Length)) > 0;)
        {
            for (ReadOnlySpan<byte> rest = records[..length]; rest.Length > NameOffset;)
            {
                if (new ProcText(rest[NameOffset..]).TryNumber(out var id))
                {
                    Read(Find((int)id), tree);
                }

                rest = rest[BinaryPrimitives.ReadUInt16LittleEndian(rest[LengthOffset..])..];
            }
        }

        ForgetEnded();
    }

    private TrackedThread Find(int id)
    {
        if (!_threads.TryGetValue(id, out var thread))
        {
            _threads.Add(id, thread = new TrackedThread(directory, id));
        }

        return thread;
    }

    private void ForgetEnded()
    {
        foreach (var (id, thread) in _threads)
        {
            if (thread.Round != _round)
            {
                _ended.Add(id);
            }
        }

        foreach (var id in _ended)
        {
            _threads.Remove(id, out var thread);
            _waitNanoseconds += thread!.WaitNanoseconds;
            _endedWaitNanoseconds += thread.WaitNanoseconds;
            thread.Dispose();
        }

        _ended.Clear();
    }

    private sealed class TrackedThread(int directory, int id) : IDisposable
    {
        private readonly KeptFile _schedule = new(directory, Path(id, "schedstat"));
        private readonly KeptFile _children = new(directory, Path(id, "children"));

        /// <summary>The last reading that met the thread.</summary>
        public int Round { get; private set; }

        /// <summary>As last read; 0 where the kernel does not keep it.</summary>
        public long WaitNanoseconds { get; private set; }

        /// <summary>Whether the kernel keeps the wait.</summary>
        public bool HasWait { get; private set; }

        public void Read(int round, ProcessTree tree)
        {
            Round = round;
            Span<byte> buffer = stackalloc byte[2048];
            var schedule = new ProcText(_schedule.Read(buffer));
            schedule.Skip(1);
            if (schedule.TryNumber(out var wait))
            {
                WaitNanoseconds = wait;
                HasWait = true;
            }

            MeetChildren(buffer, tree);
        }

        public void Dispose()
        {
            _schedule.Dispose();
            _children.Dispose();
        }

        private void MeetChildren(Span<byte> buffer, ProcessTree tree)
        {
            var length = buffer.Length;
            for (long offset = 0; length == buffer.Length;)
            {
                var text = _children.Read(buffer, offset);
                length = text.Length;
                if (length == buffer.Length)
                {
                    text = text[..(text.LastIndexOf((byte)' ') + 1)]; // The number at the end of a full buffer may be cut.
                }

                offset += text.Length;
                var children = new ProcText(text);
                while (children.TryNumber(out var child))
                {
                    tree.Meet((int)child);
                }
            }
        }

        private static byte[] Path(int id, string file) =>
            Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"task/{id}/{file}"));
    }
}
