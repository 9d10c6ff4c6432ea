using Hone.Trials;

namespace Hone.Budgets;

/// <summary>Books what trials spend from what they report of the system. Not thread-safe.</summary>
/// <remarks>
/// <c>system/cpu_seconds</c> and <c>system/energy_joules</c> are cumulative within an attempt, so their increase is booked;
/// <c>system/gpu_percent</c> is integrated over the time since the attempt's previous reading of it.
/// </remarks>
public sealed class Ledger
{
    private const string Cpu = "system/cpu_seconds";
    private const string Energy = "system/energy_joules";
    private const string Gpu = "system/gpu_percent";
    private readonly Dictionary<int, Account> _open = [];
    private int _trials;
    private long _steps;
    private double? _cpuSeconds;
    private double? _gpuSeconds;
    private double? _energyJoules;

    /// <summary>What has been spent, the wall time as given.</summary>
    public Spending Spent(TimeSpan wall) => new()
    {
        Trials = _trials,
        Wall = wall,
        Steps = _steps,
        CpuSeconds = _cpuSeconds,
        GpuSeconds = _gpuSeconds,
        EnergyJoules = _energyJoules,
    };

    /// <summary>Books a new trial.</summary>
    public void Propose() => _trials++;

    /// <summary>Opens the account of a new attempt: its counters start from 0.</summary>
    public void Begin(Trial trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        _open[trial.Number] = new Account();
    }

    /// <summary>Books a trial's latest report.</summary>
    public void Book(Trial trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        var account = _open[trial.Number];
        _steps += trial.Step - account.Steps;
        account.Steps = trial.Step;
        Increase(ref account.CpuSeconds, trial.Updated(Cpu), ref _cpuSeconds);
        Increase(ref account.EnergyJoules, trial.Updated(Energy), ref _energyJoules);
        if (trial.Updated(Gpu) is { } gpu && double.IsFinite(gpu.Last))
        {
            _gpuSeconds = (_gpuSeconds ?? 0) + (gpu.Last / 100 * (trial.Elapsed - account.GpuReadAt).TotalSeconds);
            account.GpuReadAt = trial.Elapsed;
        }
    }

    /// <summary>Closes the account of an attempt that has ended and tells what CPU time it used; null if it was not measured.</summary>
    public double? Close(Trial trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        return _open.Remove(trial.Number, out var account) && account.CpuSeconds > 0 ? account.CpuSeconds : null;
    }

    private static void Increase(ref double booked, MetricSeries? series, ref double? total)
    {
        if (series is not null && double.IsFinite(series.Last) && series.Last >= booked)
        {
            total = (total ?? 0) + series.Last - booked;
            booked = series.Last;
        }
    }

    private sealed class Account
    {
        public long Steps;
        public double CpuSeconds;
        public double EnergyJoules;
        public TimeSpan GpuReadAt;
    }
}
