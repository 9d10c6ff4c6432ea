using System.Diagnostics;
using System.Globalization;

namespace Hone.Benchmarks;

/// <summary>Wall and CPU time of this process since a moment.</summary>
internal readonly struct Clock
{
    private readonly long _wall;
    private readonly TimeSpan _cpu;

    private Clock(long wall, TimeSpan cpu)
    {
        _wall = wall;
        _cpu = cpu;
    }

    public static Clock Start() => new(Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);

    public (double Seconds, double Cpu) Stop() =>
        (Stopwatch.GetElapsedTime(_wall).TotalSeconds, (Environment.CpuUsage.TotalTime - _cpu).TotalSeconds);

    public string Rate(int count, string unit)
    {
        var (seconds, cpu) = Stop();
        return string.Create(CultureInfo.InvariantCulture, $"{count / seconds:0} {unit}/s wall, {count / cpu:0} a CPU second");
    }
}
