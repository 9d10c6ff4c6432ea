using Hone.Analysis.Statistics;

namespace Hone.Tests.Analysis;

/// <summary>The sign-flip test against every flip counted, scipy, and its own bounds.</summary>
public sealed class SignFlipTests
{
    [Fact]
    public void All_flips_are_counted()
    {
        var random = new SeededRandom(2);
        for (var n = 1; n <= 13; n++)
        {
            // Halves have ties, which must count.
            double[] d = [.. Enumerable.Range(0, n).Select(_ => random.Next(-6, 9) / 2.0)];
            var sums = Enumerable.Range(0, 1 << n).Select(flips => d.Select((x, i) => (flips >> i & 1) == 0 ? x : -x).Sum()).ToArray();

            Assert.Equal(sums.Count(sum => sum >= d.Sum() - 1e-9) / (double)sums.Length, SignFlip.Upper(d), 1e-12);
            Assert.Equal(sums.Count(sum => Math.Abs(sum) >= Math.Abs(d.Sum()) - 1e-9) / (double)sums.Length, SignFlip.Of(d).P, 1e-12);
        }
    }

    // scipy.stats.permutation_test((d,), np.mean, permutation_type="samples", n_resamples=np.inf), scipy 1.10.1.
    [Theory]
    [InlineData(new[] { 0.31, -0.12, 0.53, 0.44, -0.05, 0.27, 0.61, 0.08 }, 0.046875)]
    [InlineData(new[] { 1.2, -0.7, 0.4, 0.9, -1.1, 0.3, 0.8, -0.2, 0.5, 1.4, -0.6, 0.1 }, 0.3017578125)]
    public void It_is_scipys_permutation_test_of_samples(double[] differences, double p) => Assert.Equal(p, SignFlip.Of(differences).P, 1e-9);

    [Fact]
    public void Many_differences_are_drawn_and_p_is_never_zero()
    {
        var random = new SeededRandom(5);
        double[] d = [.. Enumerable.Range(0, 33).Select(_ => random.NextNormal() + 0.3)];

        // The normal approximation of the sum of flips is good for so many.
        var expected = 2 * Distributions.NormalTail(Math.Abs(d.Sum()) / Math.Sqrt(d.Sum(x => x * x)));
        Assert.Equal(expected, SignFlip.Of(d).P, 0.01);
        Assert.Equal(1 / 100_001.0, SignFlip.Upper([.. Enumerable.Repeat(1.0, 70)]), 1e-12);
        Assert.Equal(Math.Pow(2, -31), SignFlip.Of([.. Enumerable.Repeat(1.0, 32)]).P, 1e-15);
        Assert.Equal(1, SignFlip.Of([0, 0, 0]).P);
    }
}
