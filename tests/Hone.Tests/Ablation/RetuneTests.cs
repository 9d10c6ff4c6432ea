using Hone.Ablation;
using Hone.Sampling;
using Hone.Space;
using Hone.Trials;
using Hone.Tuning;

namespace Hone.Tests.Ablation;

/// <summary>Plans whose arms are tuned anew with every seed.</summary>
public sealed class RetuneTests
{
    private static readonly SearchSpace Tuned = new([new FloatParameter("x", 0, 1)]);

    // Without c0 the best x is another: at the base's 0.2 c0 seems to be worth 3.2, tuned anew it is worth nothing.
    private static double Loss(int arm, Configuration configuration)
    {
        var x = configuration.TryGet("x", out var tuned) ? tuned.Number : 0.2;
        return 20 * Math.Pow(x - (arm == 1 ? 0.6 : 0.2), 2);
    }

    [Fact]
    public async Task A_component_that_others_were_tuned_for_matters_until_they_are_tuned_anew()
    {
        var plain = await new SyntheticPlan([0, 3], 4) { Spread = 0.3, Tuned = Loss, Options = new() { Seeds = 12, Margin = 1 } }.RunAsync();
        var tuned = await Plan(new ArmTuning(Tuned, 8, new TpeOptions())).RunAsync();

        Assert.Equal([ContrastVerdict.Matters, ContrastVerdict.Matters], plain.Contrasts.Select(c => c.Verdict));
        Assert.Equal([ContrastVerdict.Harmless, ContrastVerdict.Matters], tuned.Contrasts.Select(c => c.Verdict));
        Assert.Contains(AblationNotes.Of(tuned), note => note.StartsWith("Every arm was tuned anew with every seed: 8 trials of x by tpe,", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_arm_gets_the_same_budget_and_chance_and_counts_its_best_trial()
    {
        var journal = new InMemoryJournal();
        var plan = Plan(new ArmTuning(Tuned, 5, new RandomOptions()), racing: false, seeds: 6);

        var result = await plan.RunAsync(journal);

        var ended = await EndedAsync(journal);
        var whole = plan.Plan;
        Assert.Equal((3 * 6 * 5, 3 * 6 * 5), (result.Trials, result.FixedTrials));
        Assert.All(result.Arms, arm => Assert.Equal(6, arm.Pairs));
        var proposed = ended.GroupBy(t => whole.Find(t.Configuration)).ToDictionary(g => g.Key, g => g.Select(t => t.Configuration["x"].Number).Order().ToArray());
        for (var pair = 0; pair < 6; pair++)
        {
            Assert.Equal(5, proposed[(0, pair)].Distinct().Count());
            Assert.Equal(proposed[(0, pair)], proposed[(1, pair)]);
            Assert.Equal(proposed[(0, pair)], proposed[(2, pair)]);
        }

        var best = Enumerable.Range(0, 6).Average(pair => ended.Where(t => whole.Find(t.Configuration) == (1, pair)).Min(t => t.Value));
        Assert.Equal(best, result.Arms[1].Mean, 1e-12);
    }

    [Theory]
    [InlineData(AblationDesign.OneOut)]
    [InlineData(AblationDesign.Path)]
    public async Task An_interrupted_plan_goes_on_and_ends_as_if_it_had_not_been(AblationDesign design)
    {
        SyntheticPlan Make() => Plan(new ArmTuning(Tuned, 5, new TpeOptions { StartupTrials = 2 }), slots: 1, seeds: 4, racing: false, design: design);
        var whole = await Make().RunAsync();
        var journal = new InMemoryJournal();
        var part = await Make().RunAsync(journal, trials: 23);
        var rest = await Make().RunAsync(journal);

        Assert.False(part.IsWhole);
        Assert.True(rest.IsWhole);
        Assert.Equal(whole.Trials, rest.Trials);
        Assert.Equal(whole.Arms.Select(arm => arm.Mean), rest.Arms.Select(arm => arm.Mean));
    }

    [Fact]
    public async Task A_seed_whose_trials_all_fail_is_left_out_and_told()
    {
        var result = await Plan(new ArmTuning(Tuned, 3, new RandomOptions()), seeds: 8, racing: false, fails: (arm, pair) => arm == 2 && pair < 2).RunAsync();

        Assert.Equal((6, 2), (result.Arms[2].Pairs, result.Arms[2].Failures));
        Assert.Contains("Without c1, it failed with 2 of 8 seeds; those pairs are left out.", AblationNotes.Of(result));
    }

    [Fact]
    public void What_cannot_be_tuned_is_refused_with_the_reason()
    {
        AblationComponent[] components = [new() { Name = "a", Sets = [new("x", 0.5)] }];
        string Refusal(SearchSpace space) => Assert.Throws<AblationPlanException>(() => new AblationPlan(
            components, new AblationOptions { Retune = new ArmTuning(space, 2, new RandomOptions()) }, [new("x", 0.1)])).Message;

        Assert.Equal("'a' changes 'x', which every arm tunes anew. Tune something else, or leave something else out.", Refusal(Tuned));
        Assert.Equal("'seed' is given by the plan and cannot be tuned. Drop it.", Refusal(new([new IntParameter("seed", 0, 9)])));
        Assert.Equal(
            "A grid ends when it is done, whatever the budget. Tune with another sampler.",
            Assert.Throws<AblationPlanException>(() => new ArmTuning(Tuned, 4, new GridOptions())).Message);
    }

    [Fact]
    public void What_is_tuned_takes_the_place_of_the_bases_value_and_keeps_its_conditions()
    {
        var space = new SearchSpace(
            [new CategoricalParameter("kind", ["p", "q"]), new FloatParameter("x", 0, 1) { When = [new Condition("kind", ["q"])] }]);
        var plan = new AblationPlan(
            [new AblationComponent { Name = "a" }], new AblationOptions { Retune = new ArmTuning(space, 2, new RandomOptions()) }, [new("x", 7), new("steps", 10)]);

        var tuned = Configuration.Of(space, [new("kind", "p")]);

        Assert.Equal("ablated=a seed=3 steps=10 kind=p", plan.Configuration(1, 3, tuned).ToString());
        Assert.Equal(tuned, plan.Tuned(plan.Configuration(1, 3, tuned)));
        Assert.Equal((1, 3), plan.Find(plan.Configuration(1, 3)));
    }

    private static SyntheticPlan Plan(
        ArmTuning tuning, bool racing = true, int seeds = 12, int slots = 4, AblationDesign design = AblationDesign.OneOut, Func<int, int, bool>? fails = null) => new([0, 3], 4)
        {
            Spread = 0.3,
            Tuned = Loss,
            Slots = slots,
            Fails = fails ?? ((_, _) => false),
            Options = new() { Design = design, Seeds = seeds, Margin = 1, Racing = racing, Retune = tuning },
        };

    private static async Task<List<(Configuration Configuration, double Value)>> EndedAsync(InMemoryJournal journal)
    {
        var proposed = new Dictionary<int, Configuration>();
        var ended = new List<(Configuration, double)>();
        await foreach (var entry in journal.ReadAsync(CancellationToken.None))
        {
            switch (entry)
            {
                case TrialProposed begun:
                    proposed[begun.Trial] = begun.Configuration;
                    break;
                case TrialEnded end when end.State == TrialState.Complete:
                    ended.Add((proposed[end.Trial], end.Values[0]));
                    break;
            }
        }

        return ended;
    }
}
