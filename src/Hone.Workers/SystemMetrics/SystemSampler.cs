using Hone.Trials;

namespace Hone.Workers.SystemMetrics;

/// <summary>Watches the processes of all trials of this machine, from one thread.</summary>
/// <remarks>
/// A trial is read every 50 ms at its start; the interval doubles up to 2 s while nothing moves and is halved when memory or CPU use moves by
/// more than 5 %. Trials that are due within 10 ms of each other are read together. Reading takes less than 0.5 % of a core a trial.
/// GPUs and energy are read twice a second. Elsewhere than on Linux a trial is its first process alone, read through .NET.
/// </remarks>
public sealed class SystemSampler : IDisposable
{
    private const int GridMilliseconds = 10;
    private const int SearchShare = 400; // a search of all processes costs at most 1/400 of a core

    private static readonly TimeSpan Soonest = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan DevicesEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan SearchAnyway = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _time;
    private readonly DeviceWatch _devices;
    private readonly Thread _thread;
    private readonly List<ProcessKin> _found = [];
    private readonly Lock _change = new();
    private readonly AutoResetEvent _changed = new(false);

    // Replaced, never changed, under _change: the thread reads it without a lock.
    private volatile TrialMeter[] _meters = [];
    private volatile bool _disposed;
    private long _devicesReadAt; // 0: no trial was there
    private long _searchedAt;
    private long _searchNanoseconds;

    /// <param name="time">The clock for intervals and elapsed times.</param>
    public SystemSampler(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        _devices = new DeviceWatch(Nvml.TryLoad(), PowerZones.TryOpen());
        _thread = new Thread(Run) { IsBackground = true, Name = "Hone system sampler" };
        _thread.Start();
    }

    /// <summary>Begins to watch the processes that grow from one.</summary>
    /// <param name="processId">The root. It leads its own session or process group, by which children that lost their parent are found.</param>
    /// <param name="onSample">
    /// Gets the values of each reading that no report asked for, on the sampler's thread. It returns soon and throws nothing.
    /// </param>
    /// <exception cref="ObjectDisposedException">The sampler is disposed.</exception>
    public TrialMeter Watch(int processId, Action<IReadOnlyList<MetricValue>> onSample)
    {
        ArgumentNullException.ThrowIfNull(onSample);
        ObjectDisposedException.ThrowIf(_disposed, this);
        var meter = new TrialMeter(this, _time, processId, onSample);
        lock (_change)
        {
            _meters = [.. _meters, meter];
        }

        _changed.Set();
        return meter;
    }

    /// <summary>Ends the thread. Meters that are not disposed still answer reports.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _changed.Set();
            if (Environment.CurrentManagedThreadId != _thread.ManagedThreadId)
            {
                _thread.Join();
            }

            _changed.Dispose();
            _devices.Dispose();
        }
    }

    internal void Forget(TrialMeter meter)
    {
        lock (_change)
        {
            _meters = Array.FindAll(_meters, other => other != meter);
        }
    }

    private void Run()
    {
        while (!_disposed)
        {
            var wait = SampleDue();
            _ = wait == TimeSpan.MaxValue ? _changed.WaitOne() : _changed.WaitOne(wait);
        }
    }

    /// <summary>Reads the trials that are due.</summary>
    /// <returns>How long nothing is due; <see cref="TimeSpan.MaxValue"/> if there is no trial.</returns>
    private TimeSpan SampleDue()
    {
        var next = long.MaxValue;
        var search = false;
        foreach (var meter in _meters)
        {
            var now = _time.GetTimestamp();
            if (meter.DueAt <= now)
            {
                meter.DueAt = OnGrid(now, meter.Sample());
                search |= meter.WantsSearch();
            }

            next = Math.Min(next, meter.DueAt);
        }

        if (next == long.MaxValue)
        {
            _devicesReadAt = 0;
            return TimeSpan.MaxValue;
        }

        if (OperatingSystem.IsLinux())
        {
            ReadDevices();
            Search(search || !SessionSearch.KernelListsChildren);
        }

        var left = _time.GetElapsedTime(_time.GetTimestamp(), next);
        return left > TimeSpan.FromMilliseconds(1) ? left : TimeSpan.FromMilliseconds(1);
    }

    private long OnGrid(long now, TimeSpan wait)
    {
        var grid = _time.TimestampFrequency * GridMilliseconds / 1000;
        var due = now + (long)(wait.TotalSeconds * _time.TimestampFrequency);
        return (due + grid - 1) / grid * grid;
    }

    private void ReadDevices()
    {
        if (!_devices.HasDevices || (_devicesReadAt != 0 && _time.GetElapsedTime(_devicesReadAt) < DevicesEvery))
        {
            return;
        }

        if (_devicesReadAt == 0)
        {
            _devices.Restart(_meters);
        }

        _devicesReadAt = _time.GetTimestamp();
        _devices.Read(_meters);
    }

    private void Search(bool wanted)
    {
        var since = _searchedAt == 0 ? TimeSpan.MaxValue : _time.GetElapsedTime(_searchedAt);
        var soonest = TimeSpan.FromMicroseconds(_searchNanoseconds / 1000 * SearchShare);
        if (since < (wanted ? Soonest : SearchAnyway) || since < soonest)
        {
            return;
        }

        _searchedAt = _time.GetTimestamp();
        var before = LinuxCalls.ThreadCpuNanoseconds();
        SessionSearch.List(_found);
        foreach (var meter in _meters)
        {
            meter.AdoptAll(_found);
        }

        _searchNanoseconds = LinuxCalls.ThreadCpuNanoseconds() - before;
    }
}
