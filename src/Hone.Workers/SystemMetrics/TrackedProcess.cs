using System.Globalization;
using System.Text;

namespace Hone.Workers.SystemMetrics;

/// <summary>One process of a trial's tree, read through files that are kept open.</summary>
/// <remarks>
/// <para>A reading costs five calls: the CPU clock, <c>statm</c>, <c>io</c>, and of each thread its run queue's record and its children. The two
/// dear files are read twice a second: <c>stat</c> (threads, parent, CPU time of ended children) and <c>status</c> for the peak
/// (<c>VmHWM</c>), which never falls, so that a peak between two readings is met by the next one.</para>
/// <para>A process that has used no CPU time since the last reading has not run. Nothing that it alone can change has changed, and it is not
/// read again for a second.</para>
/// </remarks>
internal sealed class TrackedProcess : IDisposable
{
    /// <summary>USER_HZ is 100 on every Linux that .NET runs on.</summary>
    public const long TickNanoseconds = 10_000_000;

    private const long SlowNanoseconds = 500_000_000;
    private const long RestNanoseconds = 1_000_000_000;

    private readonly int _directory;
    private readonly KeptFile _stat;
    private readonly KeptFile _memory;
    private readonly KeptFile _status;
    private readonly KeptFile _traffic;
    private readonly TrackedThreads _threads;
    private long _slowReadAt = long.MinValue / 2;
    private long _readAt = long.MinValue / 2;
    private long _highWater;
    private long _sharedBytes;
    private long _ownTicks;
    private Traffic _unclaimed; // since the last reading of the tree: what may be an ended child's

    private TrackedProcess(int id, int directory)
    {
        Id = id;
        _directory = directory;
        _stat = new KeptFile(directory, "stat"u8);
        _memory = new KeptFile(directory, "statm"u8);
        _status = new KeptFile(directory, "status"u8);
        _traffic = new KeptFile(directory, "io"u8);
        _threads = new TrackedThreads(id, directory);
    }

    public int Id { get; }

    public int Parent { get; private set; }

    public int Group { get; private set; }

    public int Session { get; private set; }

    public int Threads { get; private set; }

    /// <summary>False once a reading has found the process gone.</summary>
    public bool Lives { get; private set; } = true;

    /// <summary>Resident minus shared pages, now.</summary>
    public long MemoryBytes { get; private set; }

    /// <summary>By how much the peak found by the last reading lies above <see cref="MemoryBytes"/>; 0 if that reading found no new peak.</summary>
    public long SpikeBytes { get; private set; }

    /// <summary>CPU time of the process itself.</summary>
    public long CpuNanoseconds { get; private set; }

    /// <summary>CPU time of the children that it has waited for, and of theirs; in steps of 10 ms.</summary>
    public long WaitedCpuNanoseconds { get; private set; }

    /// <summary>CPU time of ended children as it was last read in themselves.</summary>
    public long EndedCpuNanoseconds { get; set; }

    /// <summary>
    /// CPU time of the process and its ended children. The two ledgers of the ended overlap: one lacks children that were not waited for,
    /// the other those that lived between two readings. So the larger one counts.
    /// </summary>
    public long TotalCpuNanoseconds => CpuNanoseconds + Math.Max(WaitedCpuNanoseconds, EndedCpuNanoseconds);

    /// <summary>Null where the kernel does not keep it.</summary>
    public long? WaitNanoseconds => _threads.WaitNanoseconds;

    /// <summary>Null if it may not be read.</summary>
    public Traffic? Traffic { get; private set; }

    /// <summary>What of its children's traffic the kernel did not add to its own.</summary>
    public Traffic EndedTraffic { get; set; }

    /// <summary>The process with this number; null if there is none.</summary>
    public static TrackedProcess? Open(int id)
    {
        var path = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}\0"));
        var directory = LinuxCalls.OpenAt(LinuxCalls.CurrentDirectory, path, LinuxCalls.CloseOnExec);
        if (directory < 0)
        {
            return null;
        }

        var process = new TrackedProcess(id, directory);
        if (process.ReadStat())
        {
            return process;
        }

        process.Dispose();
        return null;
    }

    /// <summary>Reads all that has changed.</summary>
    /// <param name="now">In nanoseconds, on a clock that only rises.</param>
    /// <param name="tree">Is told of the children.</param>
    /// <param name="depth">How much.</param>
    /// <returns>False if the process is gone; the last readings stay.</returns>
    public bool Read(long now, ProcessTree tree, Depth depth)
    {
        SpikeBytes = 0;
        _unclaimed = default;
        var cpu = LinuxCalls.ReadClock(LinuxCalls.CpuClockOf(Id), out var time) == 0 ? time.Nanoseconds : -1;
        if (cpu == CpuNanoseconds && depth == Depth.Changed && now - _readAt < RestNanoseconds)
        {
            return true;
        }

        // The clock is found by number, the rest by open files. That these can be read afterwards proves that the clock was this process's.
        var slow = depth == Depth.Everything || now - _slowReadAt >= SlowNanoseconds || cpu < 0;
        if (!ReadMemory() || (slow && !ReadStat()))
        {
            return Lives = false;
        }

        _readAt = now;
        CpuNanoseconds = Math.Max(CpuNanoseconds, cpu < 0 ? _ownTicks * TickNanoseconds : cpu);
        ReadTraffic();
        _threads.Read(Threads, tree);
        if (slow)
        {
            _slowReadAt = now;
            ReadPeak();
        }

        return true;
    }

    /// <summary>Books the traffic of a child that has ended, unless the kernel has added it to this process's own, as it does on a wait.</summary>
    public void EndChild(Traffic traffic)
    {
        if (Lives)
        {
            // The child may have ended after this process was read: read again, so that its wait shows if there was one.
            Lives = ReadStat();
            ReadTraffic();
            if (_unclaimed.Holds(traffic))
            {
                _unclaimed -= traffic;
                return;
            }
        }

        EndedTraffic += traffic;
    }

    public void Dispose()
    {
        _stat.Dispose();
        _memory.Dispose();
        _status.Dispose();
        _traffic.Dispose();
        _threads.Dispose();
        _ = LinuxCalls.Close(_directory);
    }

    private bool ReadStat()
    {
        Span<byte> buffer = stackalloc byte[1024];
        var text = _stat.Read(buffer);
        if (text.IsEmpty)
        {
            return false;
        }

        var stat = new ProcText(text);
        stat.SkipBehindLast((byte)')');
        stat.Skip(1);
        Parent = (int)stat.Number();
        Group = (int)stat.Number();
        Session = (int)stat.Number();
        stat.Skip(7);
        _ownTicks = stat.Number() + stat.Number();
        WaitedCpuNanoseconds = (stat.Number() + stat.Number()) * TickNanoseconds;
        stat.Skip(2);
        Threads = (int)stat.Number();
        return true;
    }

    private bool ReadMemory()
    {
        Span<byte> buffer = stackalloc byte[256];
        var text = _memory.Read(buffer);
        var memory = new ProcText(text);
        memory.Skip(1);
        var resident = memory.Number() * Environment.SystemPageSize;
        _sharedBytes = memory.Number() * Environment.SystemPageSize;
        MemoryBytes = Math.Max(0, resident - _sharedBytes);
        return !text.IsEmpty;
    }

    private void ReadPeak()
    {
        Span<byte> buffer = stackalloc byte[2048];
        var status = new ProcText(_status.Read(buffer));
        if (status.SkipBehind("VmHWM:"u8)) // not there for a process that has ended but was not waited for
        {
            var highWater = status.Number() * 1024;
            SpikeBytes = highWater > _highWater ? Math.Max(0, highWater - _sharedBytes - MemoryBytes) : 0;
            _highWater = highWater;
        }
    }

    private void ReadTraffic()
    {
        Span<byte> buffer = stackalloc byte[256];
        var text = new ProcText(_traffic.Read(buffer));
        if (text.SkipBehind("rchar:"u8) && text.TryNumber(out var read) && text.SkipBehind("wchar:"u8) && text.TryNumber(out var written))
        {
            var traffic = new Traffic(read, written);
            _unclaimed += traffic - (Traffic ?? traffic);
            Traffic = traffic;
        }
    }
}
