using Hone.Workers.SystemMetrics;

namespace Hone.Workers.Tests.SystemMetrics;

public sealed class SampleIntervalTests
{
    [Fact]
    public void Grows_from_50_ms_to_2_s_while_nothing_moves()
    {
        var interval = new SampleInterval();
        List<double> lengths = [interval.Length.TotalMilliseconds];
        for (var i = 0; i < 7; i++)
        {
            interval.Adapt(100e6 + i, 50);
            lengths.Add(interval.Length.TotalMilliseconds);
        }

        Assert.Equal([50, 100, 200, 400, 800, 1600, 2000, 2000], lengths);
    }

    [Theory]
    [InlineData(106e6, 50, 400)]
    [InlineData(94e6, 50, 400)]
    [InlineData(104e6, 50, 1600)]
    [InlineData(100e6, 56, 400)]
    [InlineData(100e6, 54, 1600)]
    [InlineData(0, 50, 400)]
    public void Is_halved_when_memory_or_cpu_moves_by_more_than_5_percent(double memory, double cpuPercent, double milliseconds)
    {
        var interval = new SampleInterval();
        for (var i = 0; i < 4; i++)
        {
            interval.Adapt(100e6, 50);
        }

        interval.Adapt(memory, cpuPercent);

        Assert.Equal(milliseconds, interval.Length.TotalMilliseconds);
    }

    [Fact]
    public void Is_never_below_50_ms()
    {
        var interval = new SampleInterval();
        for (var i = 1; i < 10; i++)
        {
            interval.Adapt(i * i * 1e6, 0);
        }

        Assert.Equal(50, interval.Length.TotalMilliseconds);
    }
}
