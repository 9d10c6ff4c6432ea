using Hone.Trials;

namespace Hone.Workers.SystemMetrics;

/// <summary>Reads what one trial's processes use. Made by <see cref="SystemSampler.Watch"/>; disposed when the trial has ended. Thread-safe.</summary>
public sealed class TrialMeter : IDisposable
{
    // A reading stays good for 200 times its cost, so that readings take at most 0.5 % of a core however often a trial reports: 2 ms for one
    // process, 20 ms for a tree of nine.
    private const int CostShare = 200;
    private const long LongestReuseNanoseconds = 250_000_000;
    private const long CpuWindowNanoseconds = 50_000_000;

    private readonly SystemSampler _sampler;
    private readonly Action<IReadOnlyList<MetricValue>> _onSample;
    private readonly TimeProvider _time;
    private readonly long _start;

    // The lock guards the fields below it.
    private readonly Lock _gate = new();
    private readonly ProcessTree? _tree;
    private readonly PortableProcess? _process; // where there is no tree
    private readonly StepClock _steps = new();
    private readonly SampleInterval _interval = new();
    private TreeReading _reading;
    private long _readAt;
    private long? _reportReadAt;
    private long _costNanoseconds;
    private long _windowAt;
    private long _windowCpu;
    private double? _cpuPercent;
    private long _dividedCpu;
    private double? _gpuPercent;
    private double? _gpuMemoryBytes;
    private double? _energyJoules;
    private bool _disposed;

    internal TrialMeter(SystemSampler sampler, TimeProvider time, int processId, Action<IReadOnlyList<MetricValue>> onSample)
    {
        _sampler = sampler;
        _time = time;
        _onSample = onSample;
        _start = time.GetTimestamp();
        if (OperatingSystem.IsLinux())
        {
            _tree = new ProcessTree(processId);
        }
        else
        {
            _process = new PortableProcess(processId);
        }

        _reading = ReadProcesses(0, Depth.Everything);
        _windowCpu = _reading.CpuNanoseconds;
        DueAt = _start;
    }

    /// <summary>When the sampler reads this trial next, by its clock's time stamps. Owned by the sampler.</summary>
    internal long DueAt { get; set; }

    /// <summary>Books a report of a step and reads the trial anew.</summary>
    /// <param name="step">The step that was reported.</param>
    /// <returns>
    /// All that can be measured, the step's times included. Where reports come so fast that reading would cost more than 0.5 % of a core, the
    /// reading of a report a few milliseconds before serves again.
    /// </returns>
    public IReadOnlyList<MetricValue> Report(long step)
    {
        lock (_gate)
        {
            var elapsed = _time.GetElapsedTime(_start);
            var now = Nanoseconds(elapsed);

            // Only a flood of reports is spared the reading: after a pause the sampler's reading of a moment ago would not do.
            var fresh = _reportReadAt is not { } at || now - at >= Reuse;
            if (fresh)
            {
                Read(now, Depth.Changed);
                _reportReadAt = now;
            }

            return Values(elapsed, _steps.Report(step, elapsed, fresh ? _reading.CpuNanoseconds / 1e9 : null));
        }
    }

    /// <summary>The last reading: taken now if processes still live, and otherwise the last one that was taken while they did.</summary>
    /// <remarks>
    /// A process that has ended but was not yet waited for still tells its CPU time to the nanosecond: called before the wait, this loses nothing.
    /// </remarks>
    public IReadOnlyList<MetricValue> Final()
    {
        lock (_gate)
        {
            var elapsed = _time.GetElapsedTime(_start);
            Read(Nanoseconds(elapsed), Depth.Everything);
            return Values(elapsed, new StepTimes(null, _steps.MeanStepSeconds, null));
        }
    }

    /// <summary>Ends the watch. A call of the sample's receiver may still be under way on the sampler's thread; no other follows it.</summary>
    public void Dispose()
    {
        _sampler.Forget(this);
        lock (_gate)
        {
            _disposed = true;
            _tree?.Dispose();
            _process?.Dispose();
        }
    }

    /// <summary>Reads the trial, hands the values on, and says when to come again.</summary>
    /// <returns>How long to wait.</returns>
    internal TimeSpan Sample()
    {
        IReadOnlyList<MetricValue>? values = null;
        TimeSpan length;
        lock (_gate)
        {
            var elapsed = _time.GetElapsedTime(_start);
            var now = Nanoseconds(elapsed);
            if (now - _readAt >= Reuse)
            {
                Read(now, Depth.Changed);
            }

            _interval.Adapt(_reading.MemoryBytes, _cpuPercent ?? 0);
            length = _interval.Length;
            if (_reading.Processes > 0 && !_disposed)
            {
                values = Values(elapsed, default);
            }
        }

        if (values is not null)
        {
            _onSample(values);
        }

        return length;
    }

    /// <summary>Whether a search of the machine may find processes that the tree has lost.</summary>
    internal bool WantsSearch()
    {
        lock (_gate)
        {
            return !_disposed && _tree is { WantsSearch: true };
        }
    }

    /// <summary>Takes in what a search has found.</summary>
    internal void AdoptAll(IReadOnlyList<ProcessKin> processes)
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                _tree?.AdoptAll(processes);
            }
        }
    }

    /// <summary>Whether the process is one of the trial's.</summary>
    internal bool Contains(int process)
    {
        lock (_gate)
        {
            return !_disposed && _tree?.Contains(process) == true;
        }
    }

    /// <summary>Whether a process of the trial has opened the file.</summary>
    internal bool Holds(string path)
    {
        lock (_gate)
        {
            return !_disposed && _tree?.Holds(path) == true;
        }
    }

    /// <summary>CPU time since the last call.</summary>
    internal long TakeCpuNanoseconds()
    {
        lock (_gate)
        {
            var taken = _reading.CpuNanoseconds - _dividedCpu;
            _dividedCpu = _reading.CpuNanoseconds;
            return taken;
        }
    }

    /// <summary>Books what the trial used of the machine's devices. What is not known this time stays what it was last: a trial has ended, say.</summary>
    internal void Use(DeviceUse use)
    {
        lock (_gate)
        {
            _gpuPercent = use.GpuPercent ?? _gpuPercent;
            _gpuMemoryBytes = use.GpuMemoryBytes ?? _gpuMemoryBytes;
            _energyJoules = use.EnergyJoules is { } joules ? (_energyJoules ?? 0) + joules : _energyJoules;
        }
    }

    private static long Nanoseconds(TimeSpan elapsed) => elapsed.Ticks * 100;

    // How long a reading stays good, in nanoseconds.
    private long Reuse => Math.Min(_costNanoseconds * CostShare, LongestReuseNanoseconds);

    private void Read(long now, Depth depth)
    {
        if (_disposed)
        {
            return;
        }

        var before = LinuxCalls.ThreadCpuNanoseconds();
        var reading = ReadProcesses(now, depth);
        var cost = LinuxCalls.ThreadCpuNanoseconds() - before;
        _costNanoseconds += (cost - _costNanoseconds) / 4;
        _readAt = now;

        // Processes that have ended hold no memory; what they held last is kept, and so is the last CPU use.
        _reading = reading.MemoryBytes > 0 ? reading : reading with { MemoryBytes = _reading.MemoryBytes };
        if (now - _windowAt >= CpuWindowNanoseconds && reading.Processes > 0)
        {
            _cpuPercent = 100.0 * (_reading.CpuNanoseconds - _windowCpu) / (now - _windowAt);
            _windowAt = now;
            _windowCpu = _reading.CpuNanoseconds;
        }
    }

    private TreeReading ReadProcesses(long now, Depth depth) => _tree?.Read(now, depth) ?? _process!.Read();

    private List<MetricValue> Values(TimeSpan elapsed, StepTimes steps)
    {
        var values = new List<MetricValue>(16) { new(SystemMetric.ElapsedSeconds, elapsed.TotalSeconds) };
        if (_reading.PeakBytes > 0) // There was a process to read.
        {
            values.Add(new MetricValue(SystemMetric.MemoryMegabytes, _reading.MemoryBytes / 1e6));
            values.Add(new MetricValue(SystemMetric.MemoryPeakMegabytes, _reading.PeakBytes / 1e6));
            values.Add(new MetricValue(SystemMetric.CpuSeconds, _reading.CpuNanoseconds / 1e9));
        }

        AddIfKnown(values, SystemMetric.CpuPercent, _cpuPercent);
        AddIfKnown(values, SystemMetric.WaitSeconds, _reading.WaitNanoseconds / 1e9);
        AddIfKnown(values, SystemMetric.ReadMegabytes, _reading.Traffic?.ReadBytes / 1e6);
        AddIfKnown(values, SystemMetric.WriteMegabytes, _reading.Traffic?.WrittenBytes / 1e6);
        AddIfKnown(values, SystemMetric.GpuPercent, _gpuPercent);
        AddIfKnown(values, SystemMetric.GpuMemoryMegabytes, _gpuMemoryBytes / 1e6);
        AddIfKnown(values, SystemMetric.EnergyJoules, _energyJoules);
        steps.AddTo(values);
        return values;
    }

    private static void AddIfKnown(List<MetricValue> values, string metric, double? value)
    {
        if (value is { } known)
        {
            values.Add(new MetricValue(metric, known));
        }
    }
}
