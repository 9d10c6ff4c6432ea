using Hone.Sampling;
using Hone.Sampling.Sobol;
using Hone.Space;
using Hone.Trials;

namespace Hone.Tests.Sampling;

public sealed class SobolSamplerTests : SamplerContract
{
    protected override SamplerOptions Options => new SobolOptions();

    [Fact]
    public void Unscrambled_points_are_those_of_scipy()
    {
        // scipy.stats.qmc.Sobol(6, scramble=False).random(9), scipy 1.10.1.
        double[][] expected =
        [
            [0, 0, 0, 0, 0, 0],
            [0.5, 0.5, 0.5, 0.5, 0.5, 0.5],
            [0.75, 0.25, 0.25, 0.25, 0.75, 0.75],
            [0.25, 0.75, 0.75, 0.75, 0.25, 0.25],
            [0.375, 0.375, 0.625, 0.875, 0.375, 0.125],
            [0.875, 0.875, 0.125, 0.375, 0.875, 0.625],
            [0.625, 0.125, 0.875, 0.625, 0.625, 0.875],
            [0.125, 0.625, 0.375, 0.125, 0.125, 0.375],
            [0.1875, 0.3125, 0.9375, 0.4375, 0.5625, 0.3125],
        ];
        var points = new SobolSequence(6, null);

        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], Enumerable.Range(0, 6).Select(d => points[(uint)i, d]));
        }
    }

    [Fact]
    public void Unscrambled_points_are_those_of_scipy_in_the_last_dimensions_too()
    {
        // Points 37 and 38 of scipy.stats.qmc.Sobol(256, scramble=False), dimensions 10, 50, 100, 200 and 255.
        int[] dimensions = [10, 50, 100, 200, 255];
        var points = new SobolSequence(256, null);

        Assert.Equal([0.015625, 0.421875, 0.359375, 0.828125, 0.453125], dimensions.Select(d => points[37, d]));
        Assert.Equal([0.265625, 0.671875, 0.609375, 0.578125, 0.203125], dimensions.Select(d => points[38, d]));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1UL)]
    [InlineData(77UL)]
    public void Every_coordinate_of_256_points_falls_once_into_each_of_256_intervals(ulong? seed)
    {
        var points = new SobolSequence(256, seed);
        for (var d = 0; d < 256; d++)
        {
            var cells = Enumerable.Range(0, 256).Select(i => (int)(points[(uint)i, d] * 256)).Order();
            Assert.Equal(Enumerable.Range(0, 256), cells);
        }
    }

    [Theory]
    [InlineData(null, 0)]
    [InlineData(1UL, 0)]
    [InlineData(2UL, 3)]
    [InlineData(3UL, 17)]
    public void The_first_two_coordinates_of_256_points_fall_once_into_each_elementary_interval(ulong? seed, int block)
    {
        var points = new SobolSequence(2, seed);
        for (var columns = 1; columns <= 256; columns *= 2)
        {
            var rows = 256 / columns;
            var cells = Enumerable.Range(block * 256, 256)
                .Select(i => ((int)(points[(uint)i, 0] * columns), (int)(points[(uint)i, 1] * rows)));
            Assert.Equal(256, cells.Distinct().Count());
        }
    }

    [Fact]
    public void Scrambled_points_average_a_smooth_function_better_than_random_ones()
    {
        static double Error(Func<int, int, double> coordinate) => Math.Abs((Enumerable.Range(0, 512)
            .Sum(i => Enumerable.Range(0, 6).Select(d => 1 + (0.5 * (coordinate(i, d) - 0.5))).Aggregate((a, b) => a * b)) / 512) - 1);
        double sobol = 0, random = 0;
        for (ulong seed = 1; seed <= 10; seed++)
        {
            var points = new SobolSequence(6, seed);
            var generator = new SeededRandom(seed);
            sobol += Error((i, d) => points[(uint)i, d]);
            random += Error((_, _) => generator.NextDouble());
        }

        Assert.True(sobol < random / 10, $"{sobol} is not below a tenth of {random}");
    }

    [Fact]
    public void Seeds_scramble_differently() =>
        Assert.NotEqual(new SobolSequence(1, 1)[5, 0], new SobolSequence(1, 2)[5, 0]);

    [Fact]
    public void Trial_n_gets_point_n_minus_1()
    {
        var space = new SearchSpace([new FloatParameter("x", 0, 8), new FloatParameter("y", 0, 8)]);
        var sampler = new SobolOptions { Scramble = false }.Create(space, [new Objective("loss")], 1);

        Assert.Equal("x=0 y=0", sampler.Ask(1, new SeededRandom(1))!.ToString());
        Assert.Equal("x=6 y=2", sampler.Ask(3, new SeededRandom(1))!.ToString());
    }

    [Fact]
    public void Refuses_more_parameters_than_it_has_dimensions()
    {
        var space = new SearchSpace([.. Enumerable.Range(0, 257).Select(i => new FloatParameter($"p{i}", 0, 1))]);

        var error = Assert.Throws<SearchSpaceException>(() => new SobolSampler(space, 1));

        Assert.Equal("The Sobol sampler knows 256 dimensions and the space has 257 parameters. Use the random sampler.", error.Message);
    }
}
