using Hone.Sampling;
using Hone.Sampling.Tpe;
using Hone.Space;
using Hone.Trials;

namespace Hone.Tests.Sampling;

public sealed class ArmsTests
{
    [Fact]
    public void A_space_without_conditions_has_one_arm() => Assert.Single(new Arms(Spaces.Mixed()).All);

    [Fact]
    public void Values_that_no_condition_tells_apart_share_an_arm()
    {
        // forest; machine with kernel linear or radial; nearest; naive, which no condition names.
        Assert.Equal(5, new Arms(Spaces.Conditional()).All.Count);
        Assert.Equal(2, new Arms(new SearchSpace(
        [
            new IntParameter("layers", 1, 1_000_000), new FloatParameter("skip", 0, 1) { When = [new("layers", [3, 4])] },
        ])).All.Count);
    }

    [Fact]
    public void Every_configuration_belongs_to_one_arm()
    {
        var space = Spaces.Conditional();
        var arms = new Arms(space);
        var random = new SeededRandom(1);
        for (var i = 0; i < 500; i++)
        {
            var configuration = space.Sample(random);
            Assert.Single(arms.All, arm => arm.Holds(configuration.Codes));
        }
    }

    [Fact]
    public void Beyond_32_arms_the_later_deciding_parameters_are_searched_like_any_other()
    {
        var parameters = new List<Parameter>();
        for (var i = 0; i < 8; i++)
        {
            parameters.Add(new CategoricalParameter($"flag{i}", false, true));
            parameters.Add(new FloatParameter($"x{i}", 0, 1) { When = [new($"flag{i}", [true])] });
        }

        var space = new SearchSpace(parameters);
        var sampler = new TpeOptions().Create(space, [new Objective("loss")], 1);
        for (var t = 1; t <= 100; t++)
        {
            var configuration = sampler.Ask(t, new SeededRandom((ulong)t))!;
            sampler.Begin(t, configuration);
            sampler.Tell(Spaces.Complete(t, configuration, t));
        }

        Assert.Equal(32, new Arms(space).All.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_arm_goes_on_being_tried_however_good_another_one_is(ulong seed)
    {
        var counts = new Dictionary<string, int>();
        Run(seed, 400, (algorithm, _) => algorithm == "forest" ? 0 : 1, counts);

        // At least about 2 sqrt(t) an arm, t / 10 while that is less.
        Assert.All(["forest", "machine", "nearest", "naive"], a => Assert.True(counts.GetValueOrDefault(a) >= 38, $"{a}: {counts.GetValueOrDefault(a)}"));
        Assert.True(counts["forest"] > 150, $"the best arm gets most: {counts["forest"]}");
    }

    [Fact]
    public void A_narrow_arm_wins_over_a_broad_mediocre_one_more_often_than_with_random_search()
    {
        // The forest is good everywhere, the machine very good in one spot of its plane.
        static double Loss(string algorithm, Configuration c) => algorithm switch
        {
            "forest" => 0.1,
            "machine" when c.TryGet("gamma", out var gamma) =>
                0.3 - (0.3 * Math.Exp(-(Math.Pow(Math.Log10(gamma.Number) + 2, 2) + Math.Pow(Math.Log10(c["c"].Number) - 1, 2)) / 0.5)),
            _ => 0.3,
        };
        var tpe = Enumerable.Range(1, 21).Select(s => Run((ulong)s, 150, Loss, [])).ToList();
        var random = Enumerable.Range(1, 21).Select(s => Run((ulong)s, 150, Loss, [], new RandomOptions())).ToList();

        Assert.True(tpe.Count(v => v < 0.05) >= 10, $"TPE found the spot in {tpe.Count(v => v < 0.05)} of 21 studies");
        Assert.True(tpe.Count(v => v < 0.05) > 2 * random.Count(v => v < 0.05), $"random search in {random.Count(v => v < 0.05)}");
    }

    private static double Run(
        ulong seed, int trials, Func<string, Configuration, double> loss, Dictionary<string, int> counts, SamplerOptions? options = null)
    {
        var space = Spaces.Conditional();
        var sampler = (options ?? new TpeOptions()).Create(space, [new Objective("loss")], seed);
        var best = double.PositiveInfinity;
        for (var t = 1; t <= trials; t++)
        {
            var configuration = sampler.Ask(t, new SeededRandom(SeededRandom.Derive(seed, (ulong)t)))!;
            var algorithm = configuration["algorithm"].ToString();
            counts[algorithm] = counts.GetValueOrDefault(algorithm) + 1;
            var value = loss(algorithm, configuration);
            best = Math.Min(best, value);
            sampler.Begin(t, configuration);
            sampler.Tell(Spaces.Complete(t, configuration, value));
        }

        return best;
    }
}
