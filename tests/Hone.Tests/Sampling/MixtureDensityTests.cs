using System.Numerics;
using Hone.Sampling.Tpe;
using Hone.Space;

namespace Hone.Tests.Sampling;

public sealed class MixtureDensityTests
{
    // Oracle of these: weights, centres and widths by _ParzenEstimator of Optuna 3.1.0 with its default settings, one parameter. Masses of cells and
    // choices are its own log_pdf; densities are put together with scipy.stats.truncnorm 1.10, since log_pdf of 3.1 leaves the kernels' width
    // out, and count in shares of the range.
    private static readonly FloatParameter Linear = new("x", -5, 5);

    [Fact]
    public void Agrees_with_the_oracle_on_a_float() => AssertLogDensities(
        Linear, [-4, -1, 0.5, 3, 3.2], [-5, -2.5, 0.1, 1.7, 4.9],
        [-0.484203767897569, -0.14345517835104138, 0.043015492651568454, 0.214853135907219, -0.27071703324117147]);

    [Fact]
    public void Agrees_with_the_oracle_on_30_observations_that_weigh_less_the_older_they_are() => AssertLogDensities(
        Linear, [.. Enumerable.Range(1, 30).Select(k => (k * 37 % 101 / 101.0 * 9) - 4)], [-5, -2.5, 0.1, 1.7, 4.9],
        [-3.4319790824895864, 0.12492169593642899, 0.09983613271931358, 0.1582937407204903, 0.2504638773620598]);

    [Fact]
    public void Agrees_with_the_oracle_on_a_log_scale() => AssertLogDensities(
        new FloatParameter("x", 1e-4, 1, log: true), [1e-4, 3e-4, 2e-3, 0.05, 0.4], [1e-4, 0.003, 0.2, 1],
        [0.4486416162317588, -0.09408263669948003, -0.15678000730067554, -0.4056011746614945]);

    [Fact]
    public void Agrees_with_the_oracle_on_an_int() => AssertLogDensities(
        new IntParameter("x", 1, 10), [1, 4, 9, 4, 2, 2, 10, 7], [1, 3, 4, 8, 10],
        [-1.9804016617654192, -2.1014360282349345, -2.3218914313855423, -2.64795456795873, -2.2539502247960392]);

    [Fact]
    public void Agrees_with_the_oracle_on_a_stepped_float() => AssertLogDensities(
        new FloatParameter("x", 0, 2, step: 0.25), [0, 0.5, 1.25, 2, 0.75], [0, 0.25, 1, 2],
        [-2.2393465279098947, -2.0486660626216593, -2.052005963632679, -2.6171326650938953]);

    [Fact]
    public void Agrees_with_the_oracle_on_choices() => AssertLogDensities(
        new CategoricalParameter("x", "a", "b", "c", "d"), [0, 1, 1, 3, 0, 2, 1], [0, 1, 2, 3],
        [-1.3062516534463542, -1.037987666851675, -1.6739764335716716, -1.6739764335716716]);

    [Fact]
    public void Agrees_with_the_oracle_on_choices_that_weigh_less_the_older_they_are() => AssertLogDensities(
        new CategoricalParameter("x", "a", "b", "c", "d"), [.. Enumerable.Range(0, 30).Select(k => (double)(k % 3))], [0, 1, 2, 3],
        [-1.1752351945585797, -1.1278656814918837, -1.1049966403331177, -3.315436265306319]);

    [Theory]
    [InlineData(1, 3, false)]
    [InlineData(2, 40, false)]
    [InlineData(3, 150, false)]
    [InlineData(4, 400, false)]
    [InlineData(5, 150, true)]
    public void Fast_densities_equal_the_plain_ones_in_a_mixed_space(ulong seed, int trials, bool good)
    {
        var space = Spaces.Mixed();
        var dimensions = Enumerable.Range(0, space.Parameters.Count).Select(i => new Dimension(i, space.Parameters[i])).ToArray();
        var table = new KernelTable(dimensions);
        var random = new SeededRandom(seed);
        var codes = new List<double[]>();
        for (var i = 0; i < trials; i++)
        {
            codes.Add(space.Sample(random).Codes.ToArray());
            table.Add(codes[^1]);
            table.Move(random.Next(i + 1), random.Next(2) == 0);
        }

        var candidates = new Candidates(table.Dimensions, 7);
        var points = Enumerable.Range(0, 7).Select(_ => space.Sample(random).Codes.ToArray()).ToArray();
        Fill(candidates, table, points);
        table.Settle();
        var fast = new double[7];
        new MixtureDensity(table, candidates, new KernelBatch()).Evaluate(good, fast);

        var set = codes.Where((_, i) => table.IsGood(i) == good).ToList();
        for (var c = 0; c < 7; c++)
        {
            var plain = PlainMixture.LogDensity(table.Dimensions, set, d => candidates.Code(d, c), recent: !good);
            Assert.Equal(plain, fast[c], 1e-9 * Math.Max(1, Math.Abs(plain)));
        }
    }

    [Fact]
    public void Cell_masses_keep_their_digits_in_the_tail()
    {
        // scipy.special.log_ndtr(-10) = -53.23128515051247, log_ndtr(-30) = -454.32124395634915
        Assert.Equal(-53.23128515051247, Math.Log(NormalIntegral.Mass(10, 40)), 1e-10);
        Assert.Equal(-454.32124395634915, Math.Log(NormalIntegral.Mass(-40, -30)), 1e-9);
        Assert.Equal(0.6826894921370859, NormalIntegral.Mass(-1, 1), 1e-13);
    }

    [Fact]
    public void Exponentials_in_vectors_equal_those_of_the_library()
    {
        for (var x = -700.0; x < 700; x += 0.37)
        {
            var expected = Math.Exp(x);
            Assert.Equal(expected, Exponential.Of(new Vector<double>(x))[0], 4e-15 * expected);
        }
    }

    [Theory]
    [InlineData(0.001, 0.01)]
    [InlineData(0.02, 0.045)]
    [InlineData(0.1, 0.01)]
    public void Cell_masses_from_the_series_equal_those_from_the_error_function(double cell, double width)
    {
        for (var centre = 0.0; centre < 0.15; centre += 0.0037)
        {
            var log = Vector<double>.Zero;
            var scale = Kernel.Scale(width);
            var factor = CellMass.Of(0.1, 0.1 + cell, new Vector<double>(centre), new Vector<double>(scale), ref log)[0];
            var expected = NormalIntegral.Mass((0.1 - centre) / width, (0.1 + cell - centre) / width) * width * Math.Sqrt(2 * Math.PI);
            Assert.Equal(expected, factor * Math.Exp(log[0]), 1e-9 * expected);
        }
    }

    private static void AssertLogDensities(Parameter parameter, double[] observations, double[] points, double[] expected)
    {
        var table = new KernelTable([new Dimension(0, parameter)]);
        foreach (var observation in observations)
        {
            table.Add([observation]);
        }

        var candidates = new Candidates(table.Dimensions, points.Length);
        Fill(candidates, table, [.. points.Select(p => new[] { p })]);
        table.Settle();
        var actual = new double[points.Length];
        new MixtureDensity(table, candidates, new KernelBatch()).Evaluate(good: false, actual);

        for (var i = 0; i < points.Length; i++)
        {
            Assert.Equal(expected[Array.IndexOf(points, candidates.Code(0, i))], actual[i], 1e-9);
        }
    }

    private static void Fill(Candidates candidates, KernelTable table, double[][] points)
    {
        for (var c = 0; c < points.Length; c++)
        {
            for (var d = 0; d < table.Dimensions.Length; d++)
            {
                candidates.Set(d, c, points[c][table.Dimensions[d].Index]);
            }
        }

        candidates.Complete();
    }
}
