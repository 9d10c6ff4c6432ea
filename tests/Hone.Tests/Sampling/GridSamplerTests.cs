using Hone.Sampling;
using Hone.Space;
using Hone.Trials;

namespace Hone.Tests.Sampling;

public sealed class GridSamplerTests : SamplerContract
{
    private static readonly SearchSpace Six = new([new IntParameter("a", 1, 3), new CategoricalParameter("b", "x", "y")]);

    protected override SamplerOptions Options => new GridOptions { PointsPerContinuous = 3 };

    [Fact]
    public void Turns_the_last_parameter_fastest_and_ends_after_the_last_combination()
    {
        var sampler = new GridSampler(Six);

        Assert.Equal(["a=1 b=x", "a=1 b=y", "a=2 b=x", "a=2 b=y", "a=3 b=x", "a=3 b=y"], Rest(sampler).Select(c => c.ToString()));
        Assert.Null(sampler.Ask(7, new SeededRandom(1)));
    }

    [Fact]
    public void Lists_each_distinct_configuration_of_a_conditional_space_once()
    {
        var space = new SearchSpace(
        [
            new IntParameter("neighbours", 1, 2) { When = [new("algorithm", ["nearest"])] },
            new CategoricalParameter("algorithm", "nearest", "naive"),
            new CategoricalParameter("flag", false, true),
        ]);

        Assert.Equal(
            [
                "neighbours=1 algorithm=nearest flag=false", "neighbours=2 algorithm=nearest flag=false",
                "neighbours=1 algorithm=nearest flag=true", "neighbours=2 algorithm=nearest flag=true",
                "algorithm=naive flag=false", "algorithm=naive flag=true",
            ],
            Rest(new GridSampler(space)).Select(c => c.ToString()));
    }

    [Fact]
    public void Continues_with_the_combinations_that_were_not_begun()
    {
        var all = Rest(new GridSampler(Six)).ToList();
        var sampler = new GridSampler(Six);
        foreach (var begun in new[] { 3, 0, 1, 4 })
        {
            sampler.Begin(begun + 1, all[begun]);
        }

        Assert.Equal([all[2], all[5]], Rest(sampler));
    }

    [Fact]
    public void Is_not_misled_by_configurations_off_the_grid()
    {
        var space = new SearchSpace([new FloatParameter("x", 0, 1)]);
        var sampler = new GridSampler(space, 3);
        sampler.Begin(1, new Configuration(space, [0.123]));

        Assert.Equal(["x=0", "x=0.5", "x=1"], Rest(sampler).Select(c => c.ToString()));
    }

    [Fact]
    public void Spreads_the_points_of_a_continuous_parameter_evenly_on_its_scale_with_both_ends()
    {
        var space = new SearchSpace([new FloatParameter("rate", 1e-4, 1, log: true)]);

        var rates = Rest(new GridSampler(space, 5)).Select(c => c["rate"].Number).ToArray();

        double[] expected = [1e-4, 1e-3, 1e-2, 1e-1, 1];
        Assert.All(expected.Zip(rates), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
    }

    [Fact]
    public void Streams_a_million_million_combinations()
    {
        var space = new SearchSpace([.. Enumerable.Range(0, 12).Select(i => new IntParameter($"p{i}", 0, 9))]);
        var sampler = new GridSampler(space);

        var first = Rest(sampler).Take(12_345).ToList();

        Assert.Equal("p0=0 p1=0 p2=0 p3=0 p4=0 p5=0 p6=0 p7=1 p8=2 p9=3 p10=4 p11=4", first[^1].ToString());
        Assert.Equal(first.Count, first.Distinct().Count());
    }

    [Fact]
    public void Refuses_a_continuous_parameter_and_says_what_to_do()
    {
        var error = Assert.Throws<SearchSpaceException>(() => new GridSampler(new SearchSpace([new FloatParameter("rate", 0, 1)])));

        Assert.Equal("Parameter 'rate': float [0, 1] has no end of values for a grid. Give it a step, or the grid its points.", error.Message);
    }

    [Fact]
    public void Refuses_fewer_than_two_points() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new GridOptions { PointsPerContinuous = 1 }.Create(Six, [new Objective("loss")], 1));

    private static IEnumerable<Configuration> Rest(GridSampler sampler)
    {
        for (var t = 1; sampler.Ask(t, new SeededRandom(1)) is { } next; t++)
        {
            sampler.Begin(t, next);
            yield return next;
        }
    }
}
