using Hone.Analysis;
using Hone.Analysis.Replaying;
using Hone.Simulation;
using Hone.Stopping;
using Hone.Trials;
using Hone.Tuning;

namespace Hone.Tests.Analysis;

public sealed class ReplayTests
{
    private static readonly IStoppingRule[] Rules =
    [
        PercentileRule.Median("loss", Goal.Minimize, new After(2, default), minimumPeers: 3),
        new AshaRule("loss", Goal.Minimize, 2, 2),
        new ThresholdRule(Comparison.Parse("system/memory_megabytes > 900"), default, 2, 3),
        new DeadlineRule(TimeSpan.FromSeconds(9)),
        new PatienceRule("loss", Goal.Minimize, 4),
        new GeneralizationLossRule("loss", 40, new After(3, default)),
    ];

    // A curve that falls to its own level, with noise; memory, CPU time and energy grow with steps.
    private static MetricValue[][] Curve(int seed, int trial)
    {
        var random = new SeededRandom(SeededRandom.Derive((ulong)seed, (ulong)trial));
        var (level, steps, memory) = (random.NextDouble(), random.Next(1, 16), random.Next(100, 1000));
        return
        [
            .. Enumerable.Range(1, steps).Select(step => new MetricValue[]
            {
                new("loss", level + (1.0 / step) + (0.2 * random.NextDouble())),
                new("system/memory_megabytes", memory + (20 * random.NextDouble())),
                new("system/cpu_seconds", 2.0 * step),
                new("system/energy_joules", 30.0 * step),
            }),
        ];
    }

    private static async Task<(StudyRecord Record, InMemoryJournal Journal)> RecordAsync(
        IReadOnlyList<IStoppingRule> rules, int seed, int slots = 3, bool isReal = false)
    {
        var study = Some.Study(rules) with { Seed = seed, Budget = new() { Trials = 40 } };
        var (time, journal) = (new VirtualTime(), new InMemoryJournal());
        await using IWorkerPool pool = isReal
            ? new JitteryPool(slots, time, new SeededRandom((ulong)seed), trial => Curve(seed, trial))
            : new SimulatedWorkerPool(slots, time, order => Attempt(seed, order.Trial));
        using var tuner = new Tuner(study, pool, journal, time);
        await tuner.RunAsync(default);
        return (Recording.Of(study, journal.Events), journal);
    }

    private static SimulatedAttempt Attempt(int seed, int trial)
    {
        var curve = Curve(seed, trial);
        return new SimulatedAttempt(
            curve.Select((values, i) => new SimulatedReport(TimeSpan.FromSeconds(i + 1), i + 1, values)), TimeSpan.FromSeconds(curve.Length));
    }

    private static IEnumerable<(int Trial, long Step, string Rule, string Reason)> Decisions(InMemoryJournal journal)
    {
        var steps = new Dictionary<int, long>();
        foreach (var entry in journal.Events)
        {
            if (entry is TrialReported reported)
            {
                steps[reported.Trial] = reported.Step;
            }
            else if (entry is StopDecided decided)
            {
                yield return (decided.Trial, steps.GetValueOrDefault(decided.Trial), decided.Rule, decided.Reason);
            }
        }
    }

    private static IEnumerable<(int Trial, long Step, string Rule, string Reason)> Decisions(ReplayResult result) =>
        result.Decisions.Select(d => (d.Trial, d.Step, d.Rule, d.Reason));

    private static async Task<ReplayResult> ReplayAsync(StudyRecord record, params IReadOnlyList<IStoppingRule> rules) =>
        Assert.Single(await Replay.RunAsync(record, [RuleSet.Of(rules)]));

    [Fact]
    public async Task A_study_under_its_own_rules_reproduces_its_own_decisions()
    {
        var stops = 0;
        for (var seed = 1; seed <= 60; seed++)
        {
            var random = new SeededRandom((ulong)seed);
            var rules = Rules.Where(_ => random.Next(2) == 0).ToArray();
            var (record, journal) = await RecordAsync(rules, seed, random.Next(1, 7));

            var result = await ReplayAsync(record, rules);

            Assert.Equal(Decisions(journal), Decisions(result));
            Assert.Empty(result.Differs);
            Assert.Equal(result.Recorded, result.Spent);
            stops += result.Decisions.Count;
        }

        Assert.True(stops > 500, $"only {stops} stops");
    }

    [Fact]
    public async Task It_does_so_without_the_order_of_reports_where_times_tell_it()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var (record, journal) = await RecordAsync(Rules, seed);

            var result = await ReplayAsync(record with { Trials = [.. record.Trials.Select(t => t with { Order = [], Rule = "" })] }, Rules);

            Assert.Equal(Decisions(journal), Decisions(result));
            Assert.Empty(result.Differs);
        }
    }

    [Fact]
    public async Task It_does_so_for_a_pool_that_starts_late_reports_late_and_goes_on_after_a_stop()
    {
        // Without the deadline, which acts late there and on time here.
        IStoppingRule[] rules = [.. Rules.Where(rule => rule is not DeadlineRule)];
        var stops = 0;
        for (var seed = 1; seed <= 60; seed++)
        {
            var (record, journal) = await RecordAsync(rules, seed, 1 + (seed % 6), isReal: true);

            var result = await ReplayAsync(record, rules);

            Assert.Equal(Decisions(journal), Decisions(result));
            Assert.Empty(result.Differs);
            stops += result.Decisions.Count;
        }

        Assert.True(stops > 500, $"only {stops} stops");
    }

    // Curves do not depend on what is stopped, nor do random proposals: so the study with rules can be had for comparison.
    [Fact]
    public async Task A_study_without_rules_replayed_under_rules_decides_as_the_study_with_them_did()
    {
        var stops = 0;
        for (var seed = 1; seed <= 60; seed++)
        {
            var random = new SeededRandom((ulong)seed);
            var rules = Rules.Where(_ => random.Next(2) == 0).ToArray();
            var slots = random.Next(1, 7);
            var (record, _) = await RecordAsync([], seed, slots);
            var (_, journal) = await RecordAsync(rules, seed, slots);

            // All reports come at whole seconds; their order in the study without rules would decide between them.
            var untied = record with { Trials = [.. record.Trials.Select(t => t with { Order = [] })] };
            var asRecorded = await ReplayAsync(untied, rules);
            var withSlots = Assert.Single(await Replay.RunAsync(untied, [RuleSet.Of(rules)], new() { Slots = slots }));

            Assert.Equal(Decisions(journal), Decisions(withSlots));
            Assert.Equal(Decisions(journal), Decisions(asRecorded));
            stops += withSlots.Decisions.Count;
        }

        Assert.True(stops > 500, $"only {stops} stops");
    }

    [Fact]
    public async Task A_deadline_that_acted_late_in_the_study_is_the_same_decision()
    {
        var deadline = new DeadlineRule(TimeSpan.FromSeconds(8.5));
        var (record, journal) = await RecordAsync([deadline], seed: 2);
        var late = record with
        {
            Trials = [.. record.Trials.Select(t => t.Rule.Length == 0 ? t : t with
            {
                Reason = t.Reason.Replace("ran for 8.5 s", "ran for 8.6 s", StringComparison.Ordinal),
                WallSeconds = t.WallSeconds + 0.1,
            })],
        };

        var result = await ReplayAsync(late, deadline);

        Assert.NotEmpty(result.Decisions);
        Assert.Equal(journal.Events.OfType<StopDecided>().Select(d => d.Trial).Order(), result.Decisions.Select(d => d.Trial).Order());
        Assert.Empty(result.Differs);
        Assert.Equal(0, result.Saved.WallSeconds);
    }

    [Fact]
    public async Task A_study_recorded_without_stopping_is_the_ground_truth()
    {
        var (record, _) = await RecordAsync([], seed: 5);
        var rule = PercentileRule.Median("loss", Goal.Minimize, new After(2, default), 3);

        var results = await Replay.RunAsync(record, [RuleSet.Of(), RuleSet.Of(rule), new RuleSet("both", [rule, Rules[2]])]);

        Assert.Equal(["no rule", "median(loss)", "both"], results.Select(r => r.Rules));
        Assert.Equal((40, 0, 0.0, 0.0), (results[0].Trials, results[0].Decisions.Count, results[0].Regret, results[0].Saved.Steps));
        Assert.All(results.Skip(1), result => Assert.NotEmpty(result.Decisions));
        foreach (var result in results)
        {
            var stopped = result.Decisions.Select(d => d.Trial).ToHashSet();
            var found = record.Trials.Where(t => !stopped.Contains(t.Number)).MinBy(t => t.Values[0])!;
            Assert.Equal(new BestTrial(found.Number, found.Values[0]), result.BestFound);
            Assert.Equal(record.Trials.Min(t => t.Values[0]), result.Best!.Value.Value);
            Assert.Equal(found.Values[0] - result.Best.Value.Value, result.Regret);
            Assert.Equal(record.Trials.Where(t => t.Values[0] < found.Values[0]).Select(t => t.Number), result.WouldHaveWon);
            Assert.Equal(result.Decisions.Sum(d => record.Trials[d.Trial - 1].Steps - d.Step), result.Saved.Steps);
            Assert.Equal(2 * result.Saved.Steps, result.Saved.CpuSeconds!.Value, 1e-6);
            Assert.Equal(30 * result.Saved.Steps, result.Saved.Joules!.Value, 1e-6);
            Assert.Empty(result.Unknown);
            Assert.Equal(result.Decisions.Select(d => d.Trial).Order(), result.Differs);
        }
    }

    // Memory 100, 300, 100 MB at 1, 2, 3 s, then stopped at 2 s: 100 from the start, then a trapezoid.
    [Fact]
    public async Task Memory_is_integrated_over_time()
    {
        var study = Some.Study() with { Budget = new() { Trials = 1 } };
        var (time, journal) = (new VirtualTime(), new InMemoryJournal());
        await using var pool = new SimulatedWorkerPool(1, time, _ => new SimulatedAttempt(
            new[] { 100.0, 300, 100 }.Select((megabytes, i) => new SimulatedReport(
                TimeSpan.FromSeconds(i + 1), i + 1, [new("loss", i), new("system/memory_megabytes", megabytes)])),
            TimeSpan.FromSeconds(5)));
        using var tuner = new Tuner(study, pool, journal, time);
        await tuner.RunAsync(default);

        var result = await ReplayAsync(
            Recording.Of(study, journal.Events), new ThresholdRule(Comparison.Parse("system/memory_megabytes > 200")));

        Assert.Equal(100 + 200 + 200 + (2 * 100), result.Recorded.MegabyteSeconds);
        Assert.Equal(100 + 200, result.Spent.MegabyteSeconds);
        Assert.Equal((5, 2), (result.Recorded.WallSeconds, result.Spent.WallSeconds));
        Assert.Null(result.Spent.CpuSeconds);
        Assert.Null(result.SavedShare.Cpu);
        Assert.Equal(0.6, result.SavedShare.Wall);
        Assert.Null(result.BestFound);
        Assert.Null(result.Regret);
        Assert.Equal([1], result.WouldHaveWon);
    }

    [Fact]
    public async Task Trials_that_the_record_had_stopped_are_said_to_have_an_unknown_end()
    {
        var (record, journal) = await RecordAsync([Rules[0]], seed: 3);
        var stopped = journal.Events.OfType<StopDecided>().Select(d => d.Trial).Order().ToArray();

        var result = await ReplayAsync(record);

        Assert.NotEmpty(stopped);
        Assert.Equal(stopped, result.Unknown);
        Assert.Equal(stopped, result.RanPastRecord);
        Assert.Equal(stopped, result.Differs);
        Assert.Equal(0, result.Saved.Steps);
        Assert.DoesNotContain(result.BestFound!.Value.Trial, stopped);
    }

    [Fact]
    public async Task A_stop_that_takes_its_time_saves_less()
    {
        var (record, _) = await RecordAsync([], seed: 5);

        var atOnce = Assert.Single(await Replay.RunAsync(record, [RuleSet.Of(Rules[0])]));
        var late = Assert.Single(await Replay.RunAsync(record, [RuleSet.Of(Rules[0])], new() { StopDelay = TimeSpan.FromSeconds(2) }));

        Assert.True(late.Saved.CpuSeconds < atOnce.Saved.CpuSeconds);
        Assert.True(late.Saved.CpuSeconds > 0);
    }

    [Fact]
    public async Task More_slots_show_rules_fewer_finished_peers()
    {
        var (record, _) = await RecordAsync([], seed: 5, slots: 1);

        var one = Assert.Single(await Replay.RunAsync(record, [RuleSet.Of(Rules[1])], new() { Slots = 1 }));
        var all = Assert.Single(await Replay.RunAsync(record, [RuleSet.Of(Rules[1])], new() { Slots = 40 }));

        Assert.NotEqual(Decisions(one), Decisions(all));
        Assert.Equal(Decisions(await ReplayAsync(record, Rules[1])), Decisions(one));
    }

    [Fact]
    public async Task Rule_sets_are_combined_and_the_frontier_of_saving_and_regret_is_found()
    {
        var (record, _) = await RecordAsync([], seed: 6);
        var sets = RuleSet.WithPairs([RuleSet.Of(Rules[0]), RuleSet.Of(Rules[1]), RuleSet.Of(Rules[4]), RuleSet.Of()]);

        var results = await Replay.RunAsync(record, sets);
        var frontier = Replay.Frontier(results, result => result.SavedShare.Cpu);

        Assert.Equal(10, results.Count);
        Assert.Equal("median(loss) + asha(loss)", results[4].Rules);
        Assert.All(results, result => Assert.DoesNotContain(frontier, other =>
            result.SavedShare.Cpu > other.SavedShare.Cpu && result.Regret <= other.Regret));
        Assert.Equal(0, frontier[^1].Regret);
        Assert.Empty(Replay.Frontier(results, _ => null));
    }

    [Fact]
    public async Task A_trial_that_ran_twice_is_replayed_by_its_last_attempt_and_said_to_be_repeated()
    {
        var study = Some.Study() with { Budget = new() { Trials = 3 }, Retries = new() { Retries = 1 } };
        var (time, journal) = (new VirtualTime(), new InMemoryJournal());
        await using var pool = new SimulatedWorkerPool(2, time, order => order is { Trial: 2, Attempt: 1 }
            ? Some.Attempt(9, 9) with { Outcome = AttemptOutcome.Crashed, Reason = "exit status 1" }
            : Some.Attempt(3, 2, order.Trial));
        using var tuner = new Tuner(study, pool, journal, time);
        await tuner.RunAsync(default);
        var record = Recording.Of(study, journal.Events);

        var result = await ReplayAsync(record);

        Assert.Equal([3.0, 2, 2], record.Trials[1].History.Select(m => m.Value));
        Assert.Equal((2, TrialState.Complete), (record.Trials[1].Attempts, record.Trials[1].State));
        Assert.Equal([2], result.Repeated);
        Assert.Equal(new BestTrial(1, 1), result.BestFound);
    }

    [Fact]
    public async Task A_study_read_without_histories_is_refused()
    {
        var (record, _) = await RecordAsync([], seed: 5);

        var error = await Assert.ThrowsAsync<ArgumentException>(() =>
            ReplayAsync(record with { Trials = [.. record.Trials.Select(t => t with { History = [], Order = [] })] }));

        Assert.StartsWith("Trial 1 has been read without its history. Read the study with histories.", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => ReplayAsync(record with { Trials = [] }));
    }
}
