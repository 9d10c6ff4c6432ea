using Hone.Budgets;
using Hone.Simulation;
using Hone.Stopping;
using Hone.Trials;
using Hone.Tuning;

namespace Hone.Tests.Tuning;

/// <summary>A study that is taken up again, after its budget was raised or its tuner killed.</summary>
public sealed class ContinuedStudyTests
{
    private readonly VirtualTime _time = new();
    private readonly InMemoryJournal _journal = new();

    private async Task<StudyResult> RunAsync(Study study, Func<TrialOrder, SimulatedAttempt> program, int slots = 2)
    {
        await using var pool = new SimulatedWorkerPool(slots, _time, program);
        using var tuner = new Tuner(study, pool, _journal, _time);
        return await tuner.RunAsync(default);
    }

    private static SimulatedAttempt Good(TrialOrder order) => Some.Attempt(2, order.Configuration["x"].Number);

    [Fact]
    public async Task Runs_only_what_a_raised_budget_adds()
    {
        await RunAsync(Some.Study() with { Budget = new() { Trials = 5 } }, Good);
        var started = _journal.Events.OfType<TrialStarted>().Count();

        var result = await RunAsync(Some.Study() with { Budget = new() { Trials = 8 } }, Good);

        Assert.Equal(8, result.Complete);
        Assert.Equal(started + 3, _journal.Events.OfType<TrialStarted>().Count());
    }

    [Fact]
    public async Task Runs_nothing_when_there_is_nothing_left()
    {
        var first = await RunAsync(Some.Study(), Good);
        var second = await RunAsync(Some.Study(), Good);

        Assert.Equal((first.Complete, first.Best!.Number, first.Spent.Steps), (second.Complete, second.Best!.Number, second.Spent.Steps));
        Assert.Equal(20, _journal.Events.OfType<TrialStarted>().Count());
    }

    [Fact]
    public async Task Counts_the_wall_time_of_all_sessions_but_not_the_time_between_them()
    {
        await RunAsync(Some.Study() with { Budget = new() { Trials = 4 } }, Good);
        _time.MoveTo(_time.GetUtcNow().AddDays(1));

        var result = await RunAsync(Some.Study() with { Budget = new() { Trials = 8 } }, Good);

        // Two rounds of 3 s on 2 slots, twice.
        Assert.Equal(12, result.Spent.Wall.TotalSeconds);
    }

    [Fact]
    public async Task Proposes_the_same_as_an_undisturbed_study_when_trials_do_not_overlap()
    {
        var whole = new ContinuedStudyTests();
        await whole.RunAsync(Some.Study() with { Seed = 5 }, Good, slots: 1);

        for (var trials = 3; trials <= 20; trials += 17)
        {
            await RunAsync(Some.Study() with { Seed = 5, Budget = new() { Trials = trials } }, Good, slots: 1);
        }

        Assert.Equal(
            whole._journal.Events.OfType<TrialProposed>().Select(p => p.Configuration),
            _journal.Events.OfType<TrialProposed>().Select(p => p.Configuration));
    }

    [Fact]
    public async Task A_repeated_attempt_leaves_nothing_of_the_first_one_among_the_peers()
    {
        // Trial 1 crashes with a bad curve first; were its values kept, trial 4 would be compared with 4 peers.
        var rule = PercentileRule.Median("loss", Goal.Minimize, minimumPeers: 4);
        await RunAsync(
            Some.Study(rule) with { Budget = new() { Trials = 4 }, Retries = new() { Retries = 1 } },
            order => order is { Trial: 1, Attempt: 1 }
                ? Some.Attempt(0, 0) with { Outcome = AttemptOutcome.Crashed, Reason = "boom" }
                : Some.Attempt(order.Trial, order.Trial),
            slots: 1);

        Assert.Empty(_journal.Events.OfType<StopDecided>());
        Assert.Equal(4, _journal.Events.OfType<TrialEnded>().Count(e => e.State == TrialState.Complete));
    }

    [Fact]
    public async Task Books_the_steps_and_cpu_time_of_attempts_that_crashed()
    {
        static SimulatedAttempt Program(TrialOrder order) => new(
            [new SimulatedReport(TimeSpan.FromSeconds(1), 10, [new MetricValue("loss", 1), new MetricValue("system/cpu_seconds", 3)])],
            TimeSpan.FromSeconds(2),
            order.Attempt == 1 ? AttemptOutcome.Crashed : AttemptOutcome.Succeeded);

        var result = await RunAsync(Some.Study() with { Budget = new() { Trials = 1 }, Retries = new() { Retries = 1 } }, Program);

        Assert.Equal((20, 6.0), (result.Spent.Steps, result.Spent.CpuSeconds));
    }

    [Fact]
    public async Task A_stop_that_was_decided_before_the_kill_stands()
    {
        _journal.Append(new SessionBegan(Some.Morning));
        _journal.Append(new TrialProposed(Some.Morning, 1, Some.Configuration()));
        _journal.Append(new TrialStarted(Some.Morning, 1, 1));
        _journal.Append(new TrialReported(Some.Morning, 1, 1, 1, [new MetricValue("loss", 9)], default));
        _journal.Append(new StopDecided(Some.Morning, 1, TrialState.Stopped, "a rule", "its reason"));
        await _journal.CommitAsync(default);
        _time.MoveTo(Some.Morning.AddHours(1));

        var result = await RunAsync(Some.Study() with { Budget = new() { Trials = 1 } }, Good);

        Assert.Equal((1, 0), (result.Stopped, result.Complete));
        Assert.Single(_journal.Events.OfType<TrialStarted>());
        Assert.Equal("its reason", _journal.Events.OfType<TrialEnded>().Single().Reason);
    }

    [Fact]
    public async Task Ten_thousand_workers_take_a_moment()
    {
        var result = await RunAsync(
            Some.Study(new AshaRule("loss", Goal.Minimize)) with { Budget = new Budget { Trials = 20_000 } },
            order => Some.Attempt(3, 2, order.Configuration["x"].Number),
            slots: 10_000);

        Assert.Equal(20_000, result.Complete + result.Stopped);
        Assert.True(result.Spent.Wall < TimeSpan.FromSeconds(9));
    }
}
