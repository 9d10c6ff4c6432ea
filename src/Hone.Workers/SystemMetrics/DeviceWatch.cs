namespace Hone.Workers.SystemMetrics;

/// <summary>Reads GPUs and energy counters twice a second and divides them among the trials.</summary>
/// <remarks>
/// The processors' energy, idle power included, is divided by CPU time: a trial gets its part of the time that the machine's cores were busy.
/// Used from the sampler's thread.
/// </remarks>
internal sealed class DeviceWatch : IDisposable
{
    private readonly Nvml? _gpus;
    private readonly PowerZones? _processors;
    private readonly GpuAccount[] _accounts;
    private long _busyNanoseconds;

    /// <param name="gpus">Null: none.</param>
    /// <param name="processors">Null: their energy cannot be read.</param>
    public DeviceWatch(Nvml? gpus, PowerZones? processors)
    {
        _gpus = gpus;
        _processors = processors;
        _accounts = [.. Enumerable.Range(0, gpus?.Devices ?? 0).Select(_ => new GpuAccount())];
    }

    /// <summary>Whether there is anything to read.</summary>
    public bool HasDevices => _gpus is not null || _processors is not null;

    /// <summary>Forgets what the devices have used so far: no trial was there to use it.</summary>
    public void Restart(TrialMeter[] meters)
    {
        _busyNanoseconds = ReadBusyNanoseconds();
        _processors?.TakeJoules();
        Array.ForEach(meters, meter => meter.TakeCpuNanoseconds());
        Array.ForEach(_accounts, account => account.Restart());
    }

    /// <summary>Reads all devices and tells each trial its part.</summary>
    public void Read(TrialMeter[] meters)
    {
        var uses = new DeviceUse[meters.Length];
        for (var i = 0; i < _accounts.Length; i++)
        {
            _accounts[i].Divide(
                _gpus!.Read(i),
                process => Array.FindIndex(meters, meter => meter.Contains(process)),
                minor => [.. Enumerable.Range(0, meters.Length).Where(trial => meters[trial].Holds($"/dev/nvidia{minor}"))],
                uses);
        }

        DivideProcessors(meters, uses);
        for (var i = 0; i < meters.Length; i++)
        {
            meters[i].Use(uses[i]);
        }
    }

    public void Dispose() => _gpus?.Dispose();

    private void DivideProcessors(TrialMeter[] meters, DeviceUse[] uses)
    {
        if (_processors is null)
        {
            return;
        }

        var cpu = Array.ConvertAll(meters, meter => (double)meter.TakeCpuNanoseconds());
        var busy = ReadBusyNanoseconds();
        var all = Math.Max(busy - _busyNanoseconds, cpu.Sum());
        _busyNanoseconds = busy;
        var joules = _processors.TakeJoules();
        for (var i = 0; i < meters.Length; i++)
        {
            uses[i] += new DeviceUse(null, null, all > 0 ? joules * cpu[i] / all : 0);
        }
    }

    // user, nice, system, then after idle and waiting for disks: interrupts. Guests are in user already.
    private static long ReadBusyNanoseconds()
    {
        using var file = new KeptFile(LinuxCalls.CurrentDirectory, "/proc/stat"u8);
        Span<byte> buffer = stackalloc byte[256];
        var stat = new ProcText(file.Read(buffer));
        stat.Skip(1);
        var ticks = stat.Number() + stat.Number() + stat.Number();
        stat.Skip(2);
        return (ticks + stat.Number() + stat.Number()) * TrackedProcess.TickNanoseconds;
    }
}
