namespace Hone.Workers.SystemMetrics;

/// <summary>A process and all that come from it, read as one.</summary>
/// <remarks>
/// <para>Children are found by the kernel's list of each thread's children, so the rest of the machine costs nothing. A child that loses
/// its parent stays known as long as it lives; one that was never met before is found by its session or process group, if the root leads
/// one (<see cref="AdoptAll"/>). Only a process that leaves the tree, the session and the group between two readings escapes.</para>
/// <para>The peak is the largest of, over the readings, the sum of the memory at that reading plus by how much processes were higher since
/// the reading before (the resident peak minus the shared pages of now). It can overstate where processes peak in turn between two
/// readings, or where one unmapped shared pages; it never misses a peak of a process that lives half a second longer.</para>
/// <para>Not thread-safe. A reading allocates nothing unless there are new processes or threads.</para>
/// </remarks>
internal sealed class ProcessTree : IDisposable
{
    private readonly int _root;
    private readonly Dictionary<int, TrackedProcess> _known = [];
    private readonly List<TrackedProcess> _processes = []; // parents before their children
    private readonly List<TrackedProcess> _ended = [];
    private readonly bool _leadsSession;
    private readonly bool _leadsGroup;
    private long _peakBytes;
    private long _cpuNanoseconds;
    private long _endedCpuNanoseconds;
    private long _endedWaitNanoseconds;
    private Traffic _endedTraffic;
    private bool _hasWait;
    private bool _hasTraffic;

    /// <param name="root">Number of the process that the tree grows from. If it does not live, the tree is empty for ever.</param>
    public ProcessTree(int root)
    {
        _root = root;
        if (TrackedProcess.Open(root) is { } process)
        {
            Add(process);
            _leadsSession = process.Session == root;
            _leadsGroup = process.Group == root;
        }
    }

    /// <summary>Whether processes may have been lost from sight: the tree has lost a member since this was last asked for by a search.</summary>
    public bool WantsSearch { get; private set; }

    public IReadOnlyList<TrackedProcess> Processes => _processes;

    /// <summary>Whether the process belongs to the tree and was alive at the last reading.</summary>
    public bool Contains(int process) => _known.ContainsKey(process);

    /// <summary>Reads all processes.</summary>
    /// <param name="now">In nanoseconds, on a clock that only rises.</param>
    /// <param name="depth">How much of each process.</param>
    public TreeReading Read(long now, Depth depth = Depth.Changed)
    {
        // The list grows while it is gone through: a child is read in the same reading as the parent that named it.
        for (var i = 0; i < _processes.Count; i++)
        {
            if (!_processes[i].Read(now, this, depth))
            {
                _ended.Add(_processes[i]);
            }
        }

        if (_ended.Count > 0)
        {
            Settle();
        }

        return Sum();
    }

    /// <summary>A process of the tree has this child.</summary>
    public void Meet(int process)
    {
        if (!_known.ContainsKey(process) && TrackedProcess.Open(process) is { } child)
        {
            // Between the list and the opening the child may have ended and its number gone to a stranger.
            if (_known.ContainsKey(child.Parent) || IsOurs(child.Session, child.Group))
            {
                Add(child);
            }
            else
            {
                child.Dispose();
            }
        }
    }

    /// <summary>Takes in the processes that belong to the root's session or group, or are children of the tree.</summary>
    public void AdoptAll(IReadOnlyList<ProcessKin> processes)
    {
        WantsSearch = false;
        for (var i = 0; i < processes.Count; i++)
        {
            if (_known.ContainsKey(processes[i].Parent) || IsOurs(processes[i].Session, processes[i].Group))
            {
                Meet(processes[i].Id);
            }
        }
    }

    /// <summary>Whether a process of the tree has opened this file. Dear: it reads the links of all open files.</summary>
    public bool Holds(string path)
    {
        try
        {
            return _processes.Exists(process => Directory.EnumerateFiles($"/proc/{process.Id}/fd")
                .Any(file => File.ResolveLinkTarget(file, returnFinalTarget: false)?.FullName == path));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        foreach (var process in _processes)
        {
            process.Dispose();
        }

        _processes.Clear();
        _known.Clear();
    }

    private bool IsOurs(int session, int group) => (_leadsSession && session == _root) || (_leadsGroup && group == _root);

    private void Add(TrackedProcess process)
    {
        _known.Add(process.Id, process);
        _processes.Add(process);
    }

    // Books the ended processes to their parents, children first, so that what a parent was given by the kernel is not counted twice.
    private void Settle()
    {
        for (var i = _ended.Count - 1; i >= 0; i--)
        {
            var ended = _ended[i];
            _known.Remove(ended.Id);
            _processes.Remove(ended);
            _endedWaitNanoseconds += ended.WaitNanoseconds ?? 0;
            var traffic = (ended.Traffic ?? default) + ended.EndedTraffic;
            if (!_known.TryGetValue(ended.Parent, out var parent))
            {
                _endedCpuNanoseconds += ended.TotalCpuNanoseconds;
                _endedTraffic += traffic;
            }
            else
            {
                parent.EndedCpuNanoseconds += ended.TotalCpuNanoseconds;
                parent.EndChild(traffic);
            }

            ended.Dispose();
        }

        _ended.Clear();
        WantsSearch = true;
    }

    private TreeReading Sum()
    {
        long memory = 0, spikes = 0, cpu = _endedCpuNanoseconds, wait = _endedWaitNanoseconds;
        var traffic = _endedTraffic;
        for (var i = 0; i < _processes.Count; i++)
        {
            var process = _processes[i];
            memory += process.MemoryBytes;
            spikes += process.SpikeBytes;
            cpu += process.TotalCpuNanoseconds;
            wait += process.WaitNanoseconds ?? 0;
            traffic += (process.Traffic ?? default) + process.EndedTraffic;
            _hasWait |= process.WaitNanoseconds is not null;
            _hasTraffic |= process.Traffic is not null;
        }

        _peakBytes = Math.Max(_peakBytes, memory + spikes);
        _cpuNanoseconds = Math.Max(_cpuNanoseconds, cpu);
        return new TreeReading(
            _processes.Count, memory, _peakBytes, _cpuNanoseconds, _hasWait ? wait : null, _hasTraffic ? traffic : null);
    }
}
