using Hone.Ablation;

namespace Hone.Tests.Ablation;

/// <summary>Which arms designs have, and what can be asked of them.</summary>
public sealed class DesignTests
{
    [Theory]
    [InlineData(AblationDesign.OneOut, 4, 5, 4)]
    [InlineData(AblationDesign.OneIn, 4, 5, 4)]
    [InlineData(AblationDesign.Pairs, 4, 11, 10)]
    [InlineData(AblationDesign.Factorial, 4, 16, 10)]
    [InlineData(AblationDesign.Fractional, 8, 16, 8)]
    [InlineData(AblationDesign.Fractional, 5, 16, 5)]
    [InlineData(AblationDesign.Path, 3, 8, 0)]
    public void A_design_has_its_arms_and_contrasts(AblationDesign design, int components, int arms, int contrasts)
    {
        var plan = Plan(design, components);

        Assert.Equal(arms, plan.Arms.Count);
        Assert.Equal(contrasts, plan.Contrasts.Count);
        Assert.Equal(arms, plan.Arms.Select(arm => arm.Name).Distinct().Count());
    }

    // On losses that are sums of what components and pairs are worth, every contrast gives back what was put in.
    [Theory]
    [InlineData(AblationDesign.OneOut, false)]
    [InlineData(AblationDesign.OneIn, false)]
    [InlineData(AblationDesign.Fractional, false)]
    [InlineData(AblationDesign.Pairs, true)]
    [InlineData(AblationDesign.Factorial, true)]
    public void Contrasts_give_back_what_components_are_worth(AblationDesign design, bool hasPairs)
    {
        var plan = Plan(design, 4);
        double Loss(IReadOnlyList<int> left) => left.Sum(i => i + 1) + (hasPairs && left.Contains(0) && left.Contains(2) ? 10 : 0);
        var table = new PairedTable(plan.Arms.Count);
        for (var arm = 0; arm < plan.Arms.Count; arm++)
        {
            table.Set(arm, 0, Loss(plan.Arms[arm].LeftOut));
        }

        foreach (var contrast in plan.Contrasts)
        {
            // In a full factorial an effect is the mean over all that the others may be: half of the pairs' share.
            var share = design == AblationDesign.Factorial && (contrast.Components[0] is 0 or 2) ? 5 : 0;
            var expected = contrast.IsInteraction ? (contrast.Components is [0, 2] ? 10 : 0) : contrast.Components[0] + 1 + share;
            Assert.Equal(expected, Assert.Single(table.Differences(contrast)), 1e-9);
        }
    }

    // Of resolution IV: no effect's weights are those of an interaction of two.
    [Theory]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(11)]
    public void A_fraction_does_not_mix_effects_with_interactions_of_two(int components)
    {
        var plan = Plan(AblationDesign.Fractional, components);
        int Sign(int arm, int component) => plan.Arms[arm].LeftOut.Contains(component) ? 1 : -1;
        for (var i = 0; i < components; i++)
        {
            Assert.Equal(0, plan.Arms.Select((_, arm) => Sign(arm, i)).Sum());
            for (var j = 0; j < components; j++)
            {
                Assert.Equal(i == j ? plan.Arms.Count : 0, plan.Arms.Select((_, arm) => Sign(arm, i) * Sign(arm, j)).Sum());
                for (var k = 0; k < j; k++)
                {
                    Assert.Equal(0, plan.Arms.Select((_, arm) => Sign(arm, i) * Sign(arm, j) * Sign(arm, k)).Sum() * (i == j || i == k ? 0 : 1));
                }
            }
        }
    }

    [Fact]
    public void An_arm_sets_parameters_back_and_adds_to_lists_of_what_is_left_out()
    {
        var plan = new AblationPlan(
        [
            new AblationComponent { Name = "a", Sets = [new("rate", 0.1)] },
            new AblationComponent { Name = "b", Adds = [new("without", "conv1"), new("without", "conv2")] },
            new AblationComponent { Name = "c", Adds = [new("without", "dense")] },
        ], new AblationOptions { Design = AblationDesign.Pairs, FirstSeed = 5, AlsoSeeded = ["split_seed"] }, [new("rate", 0.5), new("without", ""), new("steps", 10)]);

        Assert.Equal("ablated= seed=5 split_seed=5 rate=0.5 without= steps=10", plan.Configuration(0, 0).ToString());
        Assert.Equal("ablated=a,b seed=7 split_seed=7 rate=0.1 without=conv1,conv2 steps=10", plan.Configuration(4, 2).ToString());
        Assert.Equal("ablated=b,c seed=5 split_seed=5 rate=0.5 without=conv1,conv2,dense steps=10", plan.Configuration(6, 0).ToString());
        Assert.All(Enumerable.Range(0, 7), arm => Assert.Equal((arm, 3), plan.Find(plan.Configuration(arm, 3))));
    }

    [Fact]
    public async Task Two_components_that_stand_in_for_one_another_are_redundant_and_two_that_need_one_another_synergistic()
    {
        var redundant = new SyntheticPlan([0, 0, 1], 3) { Together = new() { [(0, 1)] = 4 }, Options = new() { Design = AblationDesign.Pairs, Seeds = 60, Margin = 1.5 } };
        var synergistic = new SyntheticPlan([4, 4], 3) { Together = new() { [(0, 1)] = -4 }, Options = new() { Design = AblationDesign.Factorial, Seeds = 40, Margin = 1 } };

        var first = await redundant.RunAsync();
        var second = await synergistic.RunAsync();

        Assert.Equal(
            [("c0 and c1", ContrastVerdict.Redundant), ("c0 and c2", ContrastVerdict.Additive), ("c1 and c2", ContrastVerdict.Additive)],
            first.Contrasts.Where(c => c.Contrast.IsInteraction).Select(c => (c.Contrast.Name, c.Verdict)));
        Assert.Equal(ContrastVerdict.Harmless, first.Contrasts[0].Verdict);
        Assert.Equal(ContrastVerdict.Synergistic, second.Contrasts[2].Verdict);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task A_path_adds_what_helps_most_at_each_step(int slots)
    {
        var result = await new SyntheticPlan([1, 5, 3], 3) { Spread = 0.1, Slots = slots, Options = new() { Design = AblationDesign.Path, Seeds = 6 } }.RunAsync();

        Assert.Equal([null, "c1", "c2", "c0"], result.Path.Select(step => step.Added));
        Assert.Equal(["c0,c1,c2", "c0,c2", "c0", ""], result.Path.Select(step => step.Arm.Name));
        Assert.Equal([5, 3, 1], result.Path.Skip(1).Select(step => Math.Round(step.Gain.Value)));
        Assert.Equal((7 * 6, true), (result.Trials, result.IsWhole));
    }

    [Fact]
    public void What_cannot_be_planned_is_refused_with_the_reason()
    {
        Assert.Equal("The plan leaves nothing out. Name at least one component.", Refusal([]));
        Assert.Equal("'a' is left out twice. Drop or rename one.", Refusal([new() { Name = "a" }, new() { Name = "a" }]));
        Assert.Equal("'a,b' is no name of a component: it is empty or has a comma. Rename it.", Refusal([new() { Name = "a,b" }]));
        Assert.Equal("'a' changes 'rate', which the base does not have. Give the base a value of it.", Refusal([new() { Name = "a", Sets = [new("rate", 1)] }]));
        Assert.StartsWith(
            "9 components make 512 arms of this design, and 256 are the most.",
            Assert.Throws<AblationPlanException>(() => Plan(AblationDesign.Factorial, 9)).Message, StringComparison.Ordinal);
    }

    private static string Refusal(AblationComponent[] components) =>
        Assert.Throws<AblationPlanException>(() => new AblationPlan(components, new AblationOptions(), [])).Message;

    private static AblationPlan Plan(AblationDesign design, int components) =>
        new([.. Enumerable.Range(0, components).Select(i => new AblationComponent { Name = $"c{i}" })], new AblationOptions { Design = design }, []);
}
