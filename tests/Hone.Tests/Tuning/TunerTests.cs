using Hone.Budgets;
using Hone.Sampling;
using Hone.Simulation;
using Hone.Space;
using Hone.Stopping;
using Hone.Trials;
using Hone.Tuning;

namespace Hone.Tests.Tuning;

public sealed class TunerTests
{
    private readonly VirtualTime _time = new();
    private readonly InMemoryJournal _journal = new();
    private Func<TrialOrder, SimulatedAttempt> _program = order => Some.Attempt(3, 2, order.Configuration["x"].Number);
    private int _slots = 4;

    private async Task<StudyResult> RunAsync(Study study, CancellationToken kill = default)
    {
        await using var pool = new SimulatedWorkerPool(_slots, _time, _program);
        using var tuner = new Tuner(study, pool, _journal, _time);
        return await tuner.RunAsync(kill);
    }

    [Fact]
    public async Task Runs_as_many_trials_as_the_budget_allows_and_finds_the_best()
    {
        var result = await RunAsync(Some.Study());

        Assert.Equal((StudyState.Finished, 20, 0, 0), (result.State, result.Complete, result.Stopped, result.Failed));
        Assert.Equal("budget: trials 20 of 20 spent", result.Reason);
        Assert.Equal(60, result.Spent.Steps);
        var proposed = _journal.Events.OfType<TrialProposed>().Select(p => p.Configuration["x"].Number);
        Assert.Equal(proposed.Min(), result.Best!.Values[0]);
        Assert.Equal(proposed.Min(), result.Best.Configuration["x"].Number);
    }

    [Fact]
    public async Task Hands_a_free_slot_the_next_trial_at_once()
    {
        // Trial 1 takes 100 s, the others 4 s: one slot is busy with it, the other one does all the rest meanwhile.
        _slots = 2;
        _program = order => order.Trial == 1 ? new([], TimeSpan.FromSeconds(100), AttemptOutcome.Crashed) : Some.Attempt(1, 1, 1);

        var result = await RunAsync(Some.Study());

        Assert.Equal(19, result.Complete);
        Assert.Equal(100, result.Spent.Wall.TotalSeconds);
        Assert.Equal(1, result.Utilization);
    }

    [Fact]
    public async Task Wastes_the_time_of_early_finishers_in_rounds()
    {
        _program = order => new(
            [new SimulatedReport(default, 1, [new MetricValue("loss", 1)])], TimeSpan.FromSeconds(order.Trial % 4 == 0 ? 10 : 1));

        var asynchronous = await RunAsync(Some.Study());
        var rounds = await new TunerTests { _program = _program }.RunAsync(Some.Study() with { Rounds = true });

        Assert.Equal(50, rounds.Spent.Wall.TotalSeconds);
        Assert.True(asynchronous.Spent.Wall.TotalSeconds < 30, $"{asynchronous.Spent.Wall}");
        Assert.InRange(rounds.Utilization, 0.3, 0.35);
        Assert.Equal(1, asynchronous.Utilization);
    }

    [Fact]
    public async Task Gives_the_same_study_twice_for_the_same_seed()
    {
        var other = new TunerTests();

        await RunAsync(Some.Study(PercentileRule.Median("loss", Goal.Minimize)) with { Seed = 7 });
        await other.RunAsync(Some.Study(PercentileRule.Median("loss", Goal.Minimize)) with { Seed = 7 });

        Assert.Equal(Lines(_journal), Lines(other._journal));
    }

    [Fact]
    public async Task Stops_a_trial_by_a_rule_and_keeps_the_reason()
    {
        _program = order => order.Trial == 5 ? Some.Attempt(9, 9, 9, 9) : Some.Attempt(1, 1, 1, 1);

        var result = await RunAsync(Some.Study(new ThresholdRule(new Comparison("loss", Comparator.Above, 5), new After(2, default))));

        Assert.Equal((19, 1), (result.Complete, result.Stopped));
        var decided = Assert.Single(_journal.Events.OfType<StopDecided>());
        Assert.Equal((5, "when loss > 5", "loss is 9 at step 2: loss > 5"), (decided.Trial, decided.Rule, decided.Reason));
        var ended = _journal.Events.OfType<TrialEnded>().Single(e => e.Trial == 5);
        Assert.Equal((TrialState.Stopped, decided.Reason), (ended.State, ended.Reason));
        Assert.Equal(2, result.SavedSteps);
    }

    [Fact]
    public async Task Writes_a_decision_down_before_it_is_acted_on()
    {
        await using var pool = new WitnessPool(_journal, new SimulatedWorkerPool(4, _time, _program));
        using var tuner = new Tuner(
            Some.Study(new ThresholdRule(new Comparison("loss", Comparator.Above, 2.5))), pool, _journal, _time);

        var result = await tuner.RunAsync(default);

        Assert.Equal(20, result.Stopped);
        Assert.Equal((20, 20), (pool.Starts, pool.Stops));
    }

    [Fact]
    public async Task Tries_a_crashed_trial_again_after_a_growing_wait()
    {
        _program = order => order.Attempt <= 2
            ? new([], TimeSpan.FromSeconds(1), AttemptOutcome.Crashed, "exit status 1")
            : Some.Attempt(1);

        var result = await RunAsync(Some.Study() with
        {
            Budget = new() { Trials = 1 },
            Retries = new() { Retries = 2, BackOff = TimeSpan.FromSeconds(10) },
        });

        Assert.Equal(1, result.Complete);
        var starts = _journal.Events.OfType<TrialStarted>().Select(s => (s.At - _journal.Events[0].At).TotalSeconds);
        Assert.Equal([0, 11, 32], starts);
    }

    [Fact]
    public async Task Counts_a_trial_as_failed_when_its_retries_are_used_up()
    {
        _program = _ => new([], TimeSpan.FromSeconds(1), AttemptOutcome.Crashed, "exit status 3");

        var result = await RunAsync(Some.Study() with { Retries = new() { Retries = 1 } });

        Assert.Equal((20, 0), (result.Failed, result.Complete));
        Assert.Null(result.Best);
        Assert.Equal(40, _journal.Events.OfType<TrialStarted>().Count());
        Assert.All(_journal.Events.OfType<TrialEnded>(), e => Assert.Equal("exit status 3", e.Reason));
    }

    [Fact]
    public async Task Does_not_retry_what_cannot_start()
    {
        _program = _ => new([], TimeSpan.Zero, AttemptOutcome.Unstartable, "no such program");

        Assert.Equal(20, (await RunAsync(Some.Study() with { Retries = new() { Retries = 5 } })).Failed);
        Assert.Equal(20, _journal.Events.OfType<TrialStarted>().Count());
    }

    [Fact]
    public async Task Goes_on_after_a_failing_first_trial()
    {
        var good = _program;
        _program = order => order.Trial == 1 ? new([], TimeSpan.Zero, AttemptOutcome.Crashed, "boom") : good(order);

        var result = await RunAsync(Some.Study());

        Assert.Equal((19, 1), (result.Complete, result.Failed));
    }

    [Fact]
    public async Task Ends_a_trial_that_hangs_past_its_deadline()
    {
        _program = order => order.Trial == 3 ? new([], TimeSpan.FromDays(9)) : Some.Attempt(1);

        var result = await RunAsync(Some.Study(new DeadlineRule(TimeSpan.FromMinutes(10))));

        Assert.Equal((19, 1), (result.Complete, result.Stopped));
        Assert.Equal(600, result.Spent.Wall.TotalSeconds);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public async Task Ends_a_trial_that_diverges_and_counts_it_as_failed(double loss)
    {
        _program = order => order.Trial == 2 ? Some.Attempt(1, loss, 1, 1, 1, 1) : Some.Attempt(1);

        var result = await RunAsync(Some.Study());

        Assert.Equal((19, 1), (result.Complete, result.Failed));
        var ended = _journal.Events.OfType<TrialEnded>().Single(e => e.Trial == 2);
        Assert.StartsWith("diverged: loss is ", ended.Reason, StringComparison.Ordinal);
        Assert.Contains(_journal.Events.OfType<TrialReported>(), r => r.Trial == 2 && r.Values[0].Value.Equals(loss));
    }

    [Fact]
    public async Task Fails_a_trial_that_ends_without_its_objective()
    {
        _program = _ => new([new SimulatedReport(default, 1, [new MetricValue("accuracy", 1)])], TimeSpan.FromSeconds(1));

        await RunAsync(Some.Study());

        Assert.All(_journal.Events.OfType<TrialEnded>(), e => Assert.Equal("ended without reporting loss", e.Reason));
    }

    [Fact]
    public async Task Takes_a_step_that_goes_back_for_the_last_one()
    {
        _program = _ => new(
            [
                new SimulatedReport(default, 10, [new MetricValue("loss", 1)]),
                new SimulatedReport(TimeSpan.FromSeconds(1), 5, [new MetricValue("loss", 2)]),
            ],
            TimeSpan.FromSeconds(2));

        var result = await RunAsync(Some.Study());

        Assert.Equal(20, result.Complete);
        Assert.All(_journal.Events.OfType<TrialReported>(), r => Assert.Equal(10, r.Step));
    }

    [Theory]
    [InlineData("time")]
    [InlineData("steps")]
    [InlineData("cpu")]
    [InlineData("energy")]
    public async Task Ends_running_trials_when_a_budget_other_than_trials_is_spent(string kind)
    {
        _program = _ => new(
            Enumerable.Range(1, 100).Select(i => new SimulatedReport(TimeSpan.FromSeconds(i), i,
            [
                new MetricValue("loss", 1), new MetricValue("system/cpu_seconds", i), new MetricValue("system/energy_joules", 2 * i),
            ])),
            TimeSpan.FromSeconds(101));
        var budget = kind switch
        {
            "time" => new Budget { Time = TimeSpan.FromSeconds(150) },
            "steps" => new Budget { Steps = 600 },
            "cpu" => new Budget { Cpu = TimeSpan.FromSeconds(600) },
            _ => new Budget { EnergyJoules = 1200 },
        };

        var result = await RunAsync(Some.Study() with { Budget = budget });

        Assert.Equal((4, 4), (result.Complete, result.Stopped));
        Assert.StartsWith($"budget: {kind} ", result.Reason, StringComparison.Ordinal);
        Assert.InRange(result.Spent.Steps, 580, 600);
        Assert.InRange(result.Spent.CpuSeconds!.Value, 580, 600);
        Assert.Equal(2 * result.Spent.CpuSeconds, result.Spent.EnergyJoules);
    }

    [Fact]
    public async Task Ends_when_the_sampler_has_no_more()
    {
        var result = await RunAsync(Some.Study() with { Sampler = new TwoConfigurations(), Budget = new() });

        Assert.Equal((2, "the sampler has no more configurations"), (result.Complete, result.Reason));
    }

    [Fact]
    public async Task A_trial_that_violates_a_constraint_is_complete_but_never_the_best()
    {
        var result = await RunAsync(Some.Study() with { Constraints = [new Comparison("loss", Comparator.AtLeast, 0.5)] });

        Assert.Equal(20, result.Complete);
        Assert.True(result.Best!.Values[0] >= 0.5);
    }

    [Fact]
    public async Task Keeps_a_front_for_several_objectives()
    {
        _program = order =>
        {
            var x = order.Configuration["x"].Number;
            return new([new SimulatedReport(default, 1, [new MetricValue("loss", x), new MetricValue("cost", 1 - x)])], TimeSpan.FromSeconds(1));
        };

        var result = await RunAsync(Some.Study() with { Objectives = [new Objective("loss"), new Objective("cost", Goal.Minimize)] });

        Assert.Equal(20, result.Front.Count);
        Assert.Equal(result.Front.MinBy(t => t.Values[0])!.Number, result.Best!.Number);
    }

    [Fact]
    public async Task Waits_for_running_trials_when_drained_and_goes_on_later()
    {
        await using var pool = new SimulatedWorkerPool(4, _time, _program);
        using var tuner = new Tuner(Some.Study(), pool, _journal, _time);
        tuner.Drain();

        var drained = await tuner.RunAsync(default);
        var result = await RunAsync(Some.Study());

        Assert.Equal((StudyState.Interrupted, 0), (drained.State, drained.Complete));
        Assert.Equal((StudyState.Finished, 20), (result.State, result.Complete));
    }

    [Fact]
    public async Task Leaves_a_study_that_can_be_continued_when_killed()
    {
        using var kill = new CancellationTokenSource();
        _program = order =>
        {
            if (order.Trial == 7)
            {
                kill.Cancel();
            }

            return Some.Attempt(1, 1);
        };

        var killed = await RunAsync(Some.Study(), kill.Token);
        var running = _journal.Events.OfType<TrialRequeued>().Select(r => r.Trial).ToArray();
        var result = await RunAsync(Some.Study());

        Assert.Equal((StudyState.Interrupted, "interrupted"), (killed.State, killed.Reason));
        Assert.Equal(4, running.Length);
        Assert.Equal(20, result.Complete);
        Assert.All(running, trial => Assert.Equal(2, _journal.Events.OfType<TrialStarted>().Count(s => s.Trial == trial)));
    }

    [Fact]
    public async Task Continues_from_any_prefix_of_the_journal_to_a_study_of_the_same_size()
    {
        var study = Some.Study(PercentileRule.Median("loss", Goal.Minimize, minimumPeers: 3)) with { Seed = 3 };
        _program = order => Some.Attempt(3, 2 + order.Configuration["x"].Number, order.Configuration["x"].Number);
        await RunAsync(study);
        var whole = _journal.Events;

        for (var length = 0; length < whole.Count; length += 3)
        {
            var again = new TunerTests { _program = _program };
            foreach (var entry in whole.Take(length))
            {
                again._journal.Append(entry);
            }

            await again._journal.CommitAsync(default);
            var result = await again.RunAsync(study);

            Assert.Equal(20, result.Complete + result.Stopped);
            var ended = again._journal.Events.OfType<TrialEnded>().Select(e => e.Trial).ToArray();
            Assert.Equal(Enumerable.Range(1, 20), ended.Order());
            Assert.Equal(
                whole.OfType<TrialProposed>().Select(p => p.Configuration), again._journal.Events.OfType<TrialProposed>().Select(p => p.Configuration));
        }
    }

    [Fact]
    public async Task Ignores_what_an_earlier_attempt_still_sends()
    {
        await using var pool = new SimulatedWorkerPool(4, _time, _program);
        await using var echo = new EchoPool(pool);
        using var tuner = new Tuner(Some.Study(), echo, _journal, _time);

        var result = await tuner.RunAsync(default);

        Assert.Equal(20, result.Complete);
        Assert.DoesNotContain(_journal.Events.OfType<TrialReported>(), r => r.Values.Any(v => v.Value == 666));
    }

    [Fact]
    public async Task Says_that_a_report_is_durable_only_after_the_commit()
    {
        var told = 0;
        await using var pool = new SimulatedWorkerPool(4, _time, _program);
        await using var echo = new EchoPool(pool)
        {
            Committed = report =>
            {
                told++;
                Assert.Contains(_journal.Events.OfType<TrialReported>(), e => ReferenceEquals(e.Values, report.Values));
            },
        };
        using var tuner = new Tuner(Some.Study(), echo, _journal, _time);

        await tuner.RunAsync(default);

        Assert.Equal(60, told);
    }

    private static IEnumerable<string> Lines(InMemoryJournal journal) => journal.Events.Select(e => e switch
    {
        TrialReported r => $"{r.At:O} {r.Trial} {r.Step} {string.Join(' ', r.Values)}",
        TrialEnded r => $"{r.At:O} {r.Trial} {r.State} {r.Reason} {string.Join(' ', r.Values)}",
        _ => e.ToString(),
    });

    private sealed record TwoConfigurations : SamplerOptions
    {
        public override string Name => "two";

        public override ISampler Create(SearchSpace space, IReadOnlyList<Objective> objectives, ulong seed) => new Sampler();

        private sealed class Sampler : ISampler
        {
            public Configuration? Ask(int trial, Random random) => trial <= 2 ? Some.Configuration(trial / 3.0) : null;

            public void Begin(int trial, Configuration configuration) { }

            public void Tell(TrialResult result) { }
        }
    }
}
