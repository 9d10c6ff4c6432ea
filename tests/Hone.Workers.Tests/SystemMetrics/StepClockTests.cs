using Hone.Workers.SystemMetrics;

namespace Hone.Workers.Tests.SystemMetrics;

public sealed class StepClockTests
{
    [Fact]
    public void The_first_report_only_starts_the_clock()
    {
        Assert.Equal(default, new StepClock().Report(100, TimeSpan.FromSeconds(5), 3));
    }

    [Fact]
    public void A_report_of_many_steps_spreads_its_time_over_them()
    {
        var clock = new StepClock();
        clock.Report(100, TimeSpan.FromSeconds(5), 1);

        Assert.Equal(new StepTimes(0.02, 0.02, 0.01), clock.Report(200, TimeSpan.FromSeconds(7), 2));
    }

    [Theory]
    [InlineData(200)]
    [InlineData(150)]
    [InlineData(-1)]
    public void A_step_that_does_not_rise_gives_no_time_and_changes_nothing(long step)
    {
        var clock = new StepClock();
        clock.Report(100, TimeSpan.FromSeconds(1), 1);
        clock.Report(200, TimeSpan.FromSeconds(2), 2);

        Assert.Equal(new StepTimes(null, 0.01, null), clock.Report(step, TimeSpan.FromSeconds(3), 3));
        Assert.Equal(new StepTimes(0.03, 0.02, 0.03), clock.Report(300, TimeSpan.FromSeconds(5), 5));
    }

    [Fact]
    public void Cpu_time_that_was_not_known_for_a_while_is_spread_over_all_steps_since()
    {
        var clock = new StepClock();
        clock.Report(0, TimeSpan.FromSeconds(0), 1);
        Assert.Null(clock.Report(1, TimeSpan.FromSeconds(1), null).StepCpuSeconds);

        Assert.Equal(2, clock.Report(4, TimeSpan.FromSeconds(4), 9).StepCpuSeconds);
    }

    [Fact]
    public void The_mean_leaves_out_the_warm_up()
    {
        // Ten steps that halve from 10 s, then steps of 10 ms: the first two windows of five with like medians begin where the fall ends.
        var clock = new StepClock();
        var elapsed = 0.0;
        clock.Report(0, TimeSpan.Zero, null);
        StepTimes last = default;
        for (var step = 1; step <= 100; step++)
        {
            elapsed += step <= 10 ? 10 / Math.Pow(2, step) : 0.01;
            last = clock.Report(step, TimeSpan.FromSeconds(elapsed), null);
        }

        Assert.InRange(last.MeanStepSeconds!.Value, 0.0099, 0.0115);
    }

    [Fact]
    public void A_trial_that_never_settles_gives_the_mean_of_its_last_ten_reports()
    {
        var clock = new StepClock();
        var elapsed = 0.0;
        for (var step = 0; step <= 60; step++)
        {
            clock.Report(step, TimeSpan.FromSeconds(elapsed += Math.Pow(1.5, step)), null);
        }

        var lastTen = Enumerable.Range(51, 10).Average(step => Math.Pow(1.5, step));
        Assert.Equal(lastTen, clock.MeanStepSeconds!.Value, lastTen * 1e-6);
    }

    [Fact]
    public void After_the_warm_up_every_step_counts_alike()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            var clock = new StepClock();
            var elapsed = TimeSpan.Zero;
            long step = 0;
            clock.Report(0, elapsed, null);
            for (var report = 0; report < 200; report++)
            {
                var steps = random.Next(1, 50);
                elapsed += TimeSpan.FromMilliseconds(steps * (1 + (0.02 * random.NextDouble())));
                clock.Report(step += steps, elapsed, null);
            }

            Assert.True(Math.Abs((elapsed.TotalSeconds / step) - clock.MeanStepSeconds!.Value) < 1e-9, $"seed {seed}");
        }
    }

    [Fact]
    public void A_clock_that_stands_still_or_falls_back_gives_steps_of_no_time()
    {
        var clock = new StepClock();
        clock.Report(0, TimeSpan.FromSeconds(1), 2);

        Assert.Equal(new StepTimes(0, 0, 0), clock.Report(1, TimeSpan.FromSeconds(0.5), 1));
    }
}
