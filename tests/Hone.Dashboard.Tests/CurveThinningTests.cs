namespace Hone.Dashboard.Tests;

public sealed class CurveThinningTests
{
    [Fact]
    public void A_curve_within_its_limit_stays_as_it_is()
    {
        CurvePoint[] curve = [new(0, 1), new(5, 2), new(9, 0)];

        Assert.Equal(curve, CurveThinning.Thin(curve, 3));
    }

    [Fact]
    public void The_first_the_last_and_a_lone_peak_are_kept()
    {
        var curve = Enumerable.Range(0, 1000).Select(i => new CurvePoint(i, i == 617 ? 50 : 0)).ToList();

        var thin = CurveThinning.Thin(curve, 20);

        Assert.Equal(20, thin.Count);
        Assert.Equal(curve[0], thin[0]);
        Assert.Equal(curve[^1], thin[^1]);
        Assert.Contains(curve[617], thin);
    }

    [Fact]
    public void Every_thinned_curve_has_just_its_limit_of_the_curves_own_points_in_order()
    {
        for (var seed = 0UL; seed < 200; seed++)
        {
            var random = new SeededRandom(seed);
            var step = 0L;
            var curve = Enumerable.Range(0, random.Next(1, 400)).Select(_ => new CurvePoint(step += random.Next(0, 3), random.NextDouble())).ToList();
            var limit = random.Next(3, 60);

            var thin = CurveThinning.Thin(curve, limit);

            Assert.True(thin.Count == Math.Min(limit, curve.Count), $"seed {seed}");
            Assert.True(thin.All(curve.Contains) && thin.Zip(thin.Skip(1)).All(p => p.First.Step <= p.Second.Step), $"seed {seed}");
        }
    }

    [Theory]
    [InlineData(0, 200)]
    [InlineData(100, 200)]
    [InlineData(1000, 60)]
    [InlineData(1_000_000, 4)]
    public void Curves_share_their_points(int curves, int each) => Assert.Equal(each, CurveThinning.Share(curves));
}
