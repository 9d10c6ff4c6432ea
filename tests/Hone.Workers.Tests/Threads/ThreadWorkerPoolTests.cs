using Hone.Space;
using Hone.Trials;
using Hone.Tuning;
using Hone.Workers.Threads;

namespace Hone.Workers.Tests.Threads;

public sealed class ThreadWorkerPoolTests
{
    private static readonly SearchSpace Space = new([new ConstantParameter("x", 2)]);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task A_delegate_learns_its_trial_and_reports()
    {
        await using var pool = Pool((trial, _) => trial.Report(
            3, new MetricValue("product", trial.Configuration["x"].Number * trial.Trial), new MetricValue("attempt", trial.Attempt)));

        var (reports, ended) = await RunAsync(pool, trial: 5, attempt: 2);

        Assert.Equal((AttemptOutcome.Succeeded, ""), (ended.Outcome, ended.Reason));
        Assert.Equal((5, 2, 3L), (reports[0].Trial, reports[0].Attempt, reports[0].Step));
        Assert.Equal([("product", 10.0), ("attempt", 2.0)], reports[0].Values.Take(2).Select(v => (v.Metric, v.Value)));
    }

    [Fact]
    public async Task Its_random_numbers_are_fixed_by_the_seed()
    {
        var numbers = new List<int>();
        await using var pool = Pool((trial, _) => numbers.Add(trial.CreateRandom().Next()));

        await RunAsync(pool);
        await RunAsync(pool, trial: 2);

        Assert.Equal(new SeededRandom(42).Next(), numbers[0]);
        Assert.Equal(numbers[0], numbers[1]);
    }

    [Fact]
    public async Task The_times_of_steps_and_the_CPU_time_of_its_thread_come_with_reports()
    {
        await using var pool = Pool((trial, _) =>
        {
            for (var step = 0; step < 5; step++)
            {
                Spin(TimeSpan.FromMilliseconds(20));
                trial.Report(step, "loss", 1);
            }
        });

        var (reports, ended) = await RunAsync(pool);

        var last = reports[^1];
        Assert.Null(last.Step);
        Assert.InRange(Value(last, "system/cpu_seconds"), 0.001, ended.SinceStart.TotalSeconds);
        Assert.InRange(Value(reports[4], "system/step_seconds"), 0.02, ended.SinceStart.TotalSeconds);
        Assert.InRange(Value(reports[4], "system/mean_step_seconds"), 0.02, ended.SinceStart.TotalSeconds);
        Assert.InRange(Value(reports[4], "system/step_cpu_seconds"), 0.0001, ended.SinceStart.TotalSeconds);
        Assert.InRange(Value(reports[4], "system/elapsed_seconds"), 0.1, ended.SinceStart.TotalSeconds);
    }

    [Fact]
    public async Task What_cannot_be_measured_of_an_asynchronous_delegate_is_absent()
    {
        await using var pool = new ThreadWorkerPool(1, async (trial, _) =>
        {
            await Task.Yield();
            trial.Report(1, "loss", 1);
        }, TimeProvider.System);

        var (reports, _) = await RunAsync(pool);

        Assert.Equal(["loss", "system/elapsed_seconds"], reports[0].Values.Select(v => v.Metric));
    }

    [Fact]
    public async Task An_exception_crashes_its_trial_and_is_told_in_full()
    {
        await using var pool = Pool((_, _) => throw new InvalidOperationException("no data", new IOException("disk")));

        var (_, ended) = await RunAsync(pool);

        Assert.Equal(AttemptOutcome.Crashed, ended.Outcome);
        Assert.Equal("System.InvalidOperationException: no data ← System.IO.IOException: disk", ended.Reason);
    }

    [Fact]
    public async Task Running_out_of_memory_crashes_the_trial_and_not_the_pool()
    {
        await using var pool = Pool((trial, _) => trial.Report(trial.Trial == 1 ? new long[int.MaxValue / 2, 1000].Length : 0));

        Assert.StartsWith("System.OutOfMemoryException: ", (await RunAsync(pool, 1)).Ended.Reason, StringComparison.Ordinal);
        Assert.Equal(AttemptOutcome.Succeeded, (await RunAsync(pool, 2)).Ended.Outcome);
    }

    [Fact]
    public async Task An_asynchronous_delegate_that_throws_at_once_crashes()
    {
        await using var pool = new ThreadWorkerPool(1, Task (_, _) => throw new TimeoutException("now"), TimeProvider.System);

        Assert.Equal("System.TimeoutException: now", (await RunAsync(pool)).Ended.Reason);
    }

    [Fact]
    public async Task A_cancellation_that_nobody_asked_for_is_a_crash()
    {
        await using var pool = Pool((_, _) => throw new OperationCanceledException("mine"));

        Assert.Equal(AttemptOutcome.Crashed, (await RunAsync(pool)).Ended.Outcome);
    }

    [Fact]
    public async Task Stopping_cancels_the_token()
    {
        await using var pool = Pool((trial, stop) =>
        {
            trial.Report(0);
            stop.WaitHandle.WaitOne();
            stop.ThrowIfCancellationRequested();
        });
        Start(pool);
        await ReadAsync(pool);

        pool.Stop(1, 1);

        Assert.Equal(AttemptOutcome.Stopped, (await EndAsync(pool)).Ended.Outcome);
    }

    [Fact]
    public async Task A_delegate_that_never_looks_at_its_token_ends_at_its_next_report_which_still_counts()
    {
        using var asked = new ManualResetEventSlim();
        await using var pool = Pool((trial, _) =>
        {
            for (var step = 0; ; step++)
            {
                trial.Report(step);
                asked.Wait(CancellationToken.None);
            }
        });
        Start(pool);
        await ReadAsync(pool);

        pool.Stop(1, 1);
        asked.Set();
        var (reports, ended) = await EndAsync(pool);

        Assert.Equal(AttemptOutcome.Stopped, ended.Outcome);
        Assert.Equal(1, reports[0].Step);
    }

    [Fact]
    public async Task A_delegate_that_heeds_nothing_is_given_up_and_keeps_its_slot_until_it_returns()
    {
        using var release = new ManualResetEventSlim();
        var begun = new TaskCompletionSource();
        await using var pool = Pool((trial, _) =>
        {
            if (trial.Trial == 1)
            {
                begun.SetResult();
                release.Wait(CancellationToken.None);
            }
        });
        Start(pool, 1);
        await begun.Task;

        pool.Stop(1, 1);
        var (_, ended) = await EndAsync(pool);

        Assert.Equal(AttemptOutcome.Stopped, ended.Outcome);
        Assert.Equal(
            "did not return within 0.1 s of being cancelled; a thread cannot be killed, so its slot stays taken until it returns", ended.Reason);

        Start(pool, 2);
        pool.Stop(2, 1);
        Assert.Equal((2, "stopped before it began"), (await EndAsync(pool)).Ended is var second ? (second.Trial, second.Reason) : default);

        Start(pool, 3);
        release.Set();
        Assert.Equal((3, AttemptOutcome.Succeeded), (await EndAsync(pool)).Ended is var third ? (third.Trial, third.Outcome) : default);
    }

    [Fact]
    public async Task Force_gives_up_at_once()
    {
        using var release = new ManualResetEventSlim();
        var begun = new TaskCompletionSource();
        await using var pool = new ThreadWorkerPool(1, (_, _) =>
        {
            begun.SetResult();
            release.Wait(CancellationToken.None);
        }, TimeProvider.System)
        {
            Grace = TimeSpan.FromHours(1),
        };
        Start(pool);
        await begun.Task;

        pool.Stop(1, 1);
        pool.Stop(1, 1, force: true);

        Assert.Equal(AttemptOutcome.Stopped, (await EndAsync(pool)).Ended.Outcome);
        release.Set();
    }

    [Fact]
    public async Task Trials_run_side_by_side_on_as_many_slots_as_there_are()
    {
        using var both = new Barrier(2);
        await using var pool = new ThreadWorkerPool(2, (_, _) => both.SignalAndWait(TimeSpan.FromSeconds(20), CancellationToken.None), TimeProvider.System);
        Start(pool, 1);
        Start(pool, 2);

        Assert.Throws<InvalidOperationException>(() => Start(pool, 3));
        Assert.Equal(AttemptOutcome.Succeeded, (await EndAsync(pool)).Ended.Outcome);
        Assert.Equal(AttemptOutcome.Succeeded, (await EndAsync(pool)).Ended.Outcome);
    }

    [Fact]
    public async Task A_flood_of_reports_waits_for_the_tuner_and_a_disposed_pool_lets_it_go()
    {
        var reported = 0;
        var pool = Pool((trial, _) =>
        {
            for (var step = 0; ; step++)
            {
                trial.Report(step);
                reported++;
            }
        });
        Start(pool);
        await ReadAsync(pool);

        await pool.DisposeAsync();

        Assert.True(reported < 10_000);
    }

    [Fact]
    public async Task Waiting_ends_at_the_time_named_or_when_cancelled_or_with_an_event()
    {
        using var release = new ManualResetEventSlim();
        await using var pool = Pool((_, _) => release.Wait(CancellationToken.None));
        Start(pool);

        await pool.WaitAsync(TimeProvider.System.GetUtcNow() - Short, CancellationToken.None);
        await pool.WaitAsync(TimeProvider.System.GetUtcNow() + Short, CancellationToken.None);
        Assert.False(pool.TryRead(out _));

        using var cancelled = new CancellationTokenSource(Short);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await pool.WaitAsync(null, cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await pool.WaitAsync(TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(1000), cancelled.Token));

        release.Set();
        await pool.WaitAsync(TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(1000), CancellationToken.None);
        Assert.True(pool.TryRead(out _));
    }

    private static ThreadWorkerPool Pool(Action<TrialContext, CancellationToken> objective) =>
        new(1, objective, TimeProvider.System) { Grace = Short };

    private static void Start(ThreadWorkerPool pool, int trial = 1, int attempt = 1) =>
        pool.Start(new TrialOrder("a study", trial, attempt, Space.Sample(new SeededRandom(1)), 42));

    private static Task<(List<AttemptReported> Reports, AttemptEnded Ended)> RunAsync(ThreadWorkerPool pool, int trial = 1, int attempt = 1)
    {
        Start(pool, trial, attempt);
        return EndAsync(pool);
    }

    private static async Task<(List<AttemptReported> Reports, AttemptEnded Ended)> EndAsync(ThreadWorkerPool pool)
    {
        var reports = new List<AttemptReported>();
        while (true)
        {
            switch (await ReadAsync(pool))
            {
                case AttemptReported reported:
                    reports.Add(reported);
                    break;
                case AttemptEnded ended:
                    return (reports, ended);
            }
        }
    }

    private static async Task<WorkerEvent> ReadAsync(ThreadWorkerPool pool)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            if (pool.TryRead(out var next))
            {
                return next!;
            }

            await pool.WaitAsync(null, limit.Token);
        }
    }

    private static double Value(AttemptReported report, string metric) => report.Values.Single(v => v.Metric == metric).Value;

    private static void Spin(TimeSpan length)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < length)
        {
            Thread.SpinWait(100);
        }
    }
}
