using Hone.Stopping;

namespace Hone.Tests.Stopping;

public sealed class SignedRanksTests
{
    // scipy 1.10.1: wilcoxon(d, alternative='greater', zero_method='zsplit').pvalue, which is exact here.
    [Theory]
    [InlineData(0.5, new double[] { 1.5 })]
    [InlineData(0.25, new double[] { 0.1, 0.3 })]
    [InlineData(0.375, new double[] { 0.1, 0.3, -0.2 })]
    [InlineData(0.09375, new double[] { 0.05, 0.01, 0.03, -0.02, 0.04 })]
    [InlineData(0.0654296875, new double[] { 3, -1, 4, -1.5, 5, 9, 2, -6, 5.5, 3.5 })]
    [InlineData(0.021240234375, new double[] { 0.31, 0.11, -0.42, 0.53, 0.64, -0.05, 0.17, 0.28, 0.99, -0.2, 0.4, 0.6 })]
    public void Is_scipys_without_ties_and_zeros(double p, double[] differences) =>
        Assert.Equal(p, SignedRanks.UpperTail(differences), 1e-15);

    // With ties or zeros scipy's wilcoxon approximates; scipy.stats.permutation_test of the zsplit statistic counts all signs.
    [Theory]
    [InlineData(0.25, new double[] { 1, 1, -1, 2 })]
    [InlineData(0.125, new double[] { 0, 1, 2, 3 })]
    [InlineData(0.09375, new double[] { 0, 0, 1, -1, 2, 2, 3 })]
    [InlineData(0.03125, new double[] { 0.5, 0.5, 0.5, 0.5, 0.5 })]
    [InlineData(0.140625, new double[] { 2, -2, 2, -2, 1, 0, 3, 3 })]
    public void Counts_all_signs_where_there_are_ties_and_zeros(double p, double[] differences) =>
        Assert.Equal(p, SignedRanks.UpperTail(differences), 1e-15);

    // scipy 1.10.1: the same with mode='approx'.
    [Fact]
    public void Is_scipys_approximation_for_many_differences() =>
        Assert.Equal(
            0.017950061607939057, SignedRanks.UpperTail([.. Enumerable.Range(1, 60).Select(i => i % 3 == 0 ? -i : (double)i)]), 1e-12);

    [Fact]
    public void Is_1_where_nothing_differs() => Assert.Equal(1, SignedRanks.UpperTail([0, 0, 0]));

    [Fact]
    public void The_upper_tails_are_those_of_all_choices_of_signs()
    {
        var tails = SignedRanks.Tails(6);
        for (var sum = 0; sum <= 21; sum++)
        {
            var atLeast = Enumerable.Range(0, 64).Count(signs => Enumerable.Range(0, 6).Sum(r => (signs >> r) % 2 * (r + 1)) >= sum);
            Assert.Equal(atLeast / 64.0, tails[sum]);
        }
    }
}
