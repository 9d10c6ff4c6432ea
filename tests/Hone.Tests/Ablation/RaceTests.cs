using Hone.Ablation;
using Hone.Tuning;

namespace Hone.Tests.Ablation;

/// <summary>What a race decides, how often it is wrong, and what it saves.</summary>
public sealed class RaceTests
{
    [Fact]
    public async Task Components_of_known_worth_get_the_verdicts_they_deserve()
    {
        var result = await new SyntheticPlan([3, 0, -3, 0.0], 1) { Options = new() { Seeds = 40, Margin = 1.2 } }.RunAsync();

        Assert.Equal(
            [ContrastVerdict.Matters, ContrastVerdict.Harmless, ContrastVerdict.Harmful, ContrastVerdict.Harmless],
            result.Contrasts.Select(c => c.Verdict));
        Assert.True(result.IsWhole);
        Assert.All(result.Contrasts, c => Assert.InRange(c.Mean.Value, c.Mean.Low, c.Mean.High));
        Assert.True(result.Trials < 0.6 * result.FixedTrials, $"{result.Trials} of {result.FixedTrials}");
    }

    // 400 plans; 2,000 are in the benchmark "ablation". The true share is at most 0.05; one of 400 varies by 0.011.
    [Fact]
    public async Task Where_nothing_is_there_few_plans_find_something_although_they_look_often()
    {
        var found = 0;
        for (var seed = 0UL; seed < 400; seed++)
        {
            var verdicts = await new SyntheticPlan([0, 0, 0, 0], seed) { Options = new() { Seeds = 20, Margin = 0 } }.VerdictsAsync();
            found += verdicts.Any(verdict => verdict is ContrastVerdict.Matters or ContrastVerdict.Harmful) ? 1 : 0;
        }

        Assert.InRange(found, 0, 20);
    }

    [Fact]
    public async Task Where_a_difference_is_as_large_as_the_margin_few_plans_call_it_harmless()
    {
        var wrong = 0;
        for (var seed = 0UL; seed < 200; seed++)
        {
            var verdicts = await new SyntheticPlan([1, -1, 1], seed) { Options = new() { Seeds = 20, Margin = 1 } }.VerdictsAsync();
            wrong += verdicts.Contains(ContrastVerdict.Harmless) ? 1 : 0;
        }

        Assert.InRange(wrong, 0, 16);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(20)]
    public void Intervals_cover_the_mean_nearly_as_often_as_they_say(int pairs)
    {
        var random = new SeededRandom(3);
        var contrast = new AblationContrast("c", [0], []);
        var covered = 0;
        const int Intervals = 300;
        for (var i = 0; i < Intervals; i++)
        {
            double[] differences = [.. Enumerable.Range(0, pairs).Select(_ => 0.5 + random.NextNormal())];
            var mean = ContrastStatistics.WithInterval(ContrastStatistics.Of(contrast, differences, 1), 0.05).Mean;
            covered += mean.Low <= 0.5 && 0.5 <= mean.High ? 1 : 0;
        }

        Assert.InRange(covered / (double)Intervals, 0.92, 0.98);
    }

    [Fact]
    public async Task What_is_decided_does_not_depend_on_how_many_trials_run_at_once()
    {
        var results = new List<AblationResult>();
        foreach (var slots in (int[])[1, 3, 50])
        {
            results.Add(await new SyntheticPlan([2, 0, 0.7], 5) { Slots = slots, Options = new() { Seeds = 25 } }.RunAsync());
        }

        foreach (var result in results)
        {
            Assert.Equal(results[0].Contrasts.Select(c => (c.Verdict, c.Mean, c.AdjustedP)), result.Contrasts.Select(c => (c.Verdict, c.Mean, c.AdjustedP)));
        }
    }

    [Fact]
    public async Task An_interrupted_plan_goes_on_and_ends_as_if_it_had_not_been()
    {
        var whole = await new SyntheticPlan([2, 0, 0.7], 6) { Slots = 1 }.RunAsync();
        var journal = new InMemoryJournal();
        var part = await new SyntheticPlan([2, 0, 0.7], 6) { Slots = 1 }.RunAsync(journal, trials: 21);
        var rest = await new SyntheticPlan([2, 0, 0.7], 6) { Slots = 1 }.RunAsync(journal);

        Assert.False(part.IsWhole);
        Assert.All(part.Contrasts, c => Assert.Equal(ContrastVerdict.Undecided, c.Verdict));
        Assert.StartsWith("The plan is not finished", AblationNotes.Of(part)[0], StringComparison.Ordinal);
        Assert.Equal(whole.Trials, rest.Trials);
        Assert.Equal(whole.Contrasts.Select(c => (c.Verdict, c.Mean)), rest.Contrasts.Select(c => (c.Verdict, c.Mean)));
    }

    [Fact]
    public async Task Without_racing_every_arm_gets_all_seeds_and_there_is_one_look()
    {
        var result = await new SyntheticPlan([3, 0], 2) { Options = new() { Seeds = 8, Racing = false } }.RunAsync();

        Assert.Equal(24, result.Trials);
        Assert.All(result.Contrasts, c => Assert.Equal(8, c.Differences.Count));
        Assert.Equal(2 * result.Contrasts[0].P, result.Contrasts[0].AdjustedP, 1e-12);
        Assert.Equal(ContrastVerdict.Matters, result.Contrasts[0].Verdict);
    }

    [Fact]
    public async Task Five_pairs_are_said_to_be_too_few_and_nothing_is_called_significant()
    {
        var result = await new SyntheticPlan([100], 2) { Options = new() { Seeds = 5, Margin = 1 } }.RunAsync();

        Assert.Equal(ContrastVerdict.Undecided, result.Contrasts[0].Verdict);
        Assert.Equal(0.0625, result.Contrasts[0].P);
        Assert.Equal(1, result.Contrasts[0].MoreSeeds);
        Assert.Contains("5 pairs are too few for significance: no p can be below 0.0625. Give at least 6 seeds for 1 component.", AblationNotes.Of(result));
    }

    [Fact]
    public async Task An_undecided_component_says_about_how_many_more_seeds_would_decide()
    {
        var result = await new SyntheticPlan([0.5], 9) { Options = new() { Seeds = 8, Margin = 0, Racing = false } }.RunAsync();
        var contrast = result.Contrasts[0];

        // (z of 0.975 + z of 0.8) squared times variance over the squared mean.
        var deviation = Math.Sqrt(contrast.Differences.Sum(d => Math.Pow(d - contrast.Mean.Value, 2)) / 7);
        var needed = Math.Ceiling(Math.Pow((1.959964 + 0.841621) * deviation / contrast.Mean.Value, 2));
        Assert.Equal(ContrastVerdict.Undecided, contrast.Verdict);
        Assert.Equal(Math.Max(1, (int)needed - 8), contrast.MoreSeeds);
        Assert.Contains(AblationNotes.Of(result), note => note.StartsWith("No component was shown to matter or to harm.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pairs_with_a_failed_trial_are_left_out_and_told()
    {
        var result = await new SyntheticPlan([3, 0], 4) { Fails = (arm, pair) => arm == 2 || (arm == 1 && pair == 0), Options = new() { Seeds = 12 } }.RunAsync();

        Assert.Equal(ContrastVerdict.Matters, result.Contrasts[0].Verdict);
        Assert.Empty(result.Contrasts[1].Differences);
        Assert.Equal((ContrastVerdict.Undecided, 1.0), (result.Contrasts[1].Verdict, result.Contrasts[1].AdjustedP));
        Assert.Contains("Without c1, it failed with 12 of 12 seeds; those pairs are left out.", AblationNotes.Of(result));
    }

    [Fact]
    public async Task Costs_are_contrasted_like_the_objective_and_unknown_ones_left_out()
    {
        var result = await new SyntheticPlan([3, 0], 4) { Options = new() { Seeds = 12 } }.RunAsync();

        var cost = Assert.Single(result.Costs);
        Assert.Equal((-1, 2), (cost.Contrasts[0].Mean.Value, cost.Base));
        Assert.Equal((0, 1), (cost.Contrasts[1].Mean.Value, cost.Contrasts[1].AdjustedP));
        Assert.True(cost.Contrasts[0].AdjustedP <= 0.05);
    }
}
