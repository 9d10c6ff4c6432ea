using Hone.Analysis.Statistics;
using Hone.Trials;

namespace Hone.Tests.Analysis;

public sealed class StatisticsTests
{
    [Fact]
    public void Distributions_are_scipys()
    {
        foreach (var row in Oracle.Cases("distributions"))
        {
            var (x, a, b, expected) = (row.Number(1), row.Number(2), row.Number(3), row.Number(4));
            var (actual, tolerance) = row[0].GetString() switch
            {
                "normal" => (Distributions.Normal(x), 1e-12),
                "normal quantile" => (Distributions.NormalQuantile(x), 1e-12),
                "t tail" => (Distributions.StudentTTail(x, a), 1e-11),
                "t quantile" => (Distributions.StudentTQuantile(x, a), 1e-10),
                "F tail" => (Distributions.FTail(x, a, b), 1e-10),
                "chi squared tail" => (Distributions.ChiSquaredTail(x, a), 1e-11),
                _ => (Distributions.RangeTail(x, (int)a), 1e-7),
            };

            Oracle.Close(expected, actual, tolerance);
        }
    }

    // Demsar, "Statistical comparisons of classifiers over multiple data sets", JMLR 7 (2006), table 5 (a): q over sqrt(2), for 2 to 10
    // models.
    [Theory]
    [InlineData(0.05, new[] { 1.960, 2.343, 2.569, 2.728, 2.850, 2.949, 3.031, 3.102, 3.164 })]
    [InlineData(0.10, new[] { 1.645, 2.052, 2.291, 2.459, 2.589, 2.693, 2.780, 2.855, 2.920 })]
    public void Critical_values_of_Nemenyis_test_are_those_of_the_published_table(double alpha, double[] table)
    {
        for (var models = 2; models <= 10; models++)
        {
            Assert.Equal(table[models - 2], Distributions.RangeQuantile(alpha, models) / Math.Sqrt(2), 0.0011);
        }
    }

    // Demsar 2006, section 3.2.2: 4 models, 14 data sets, mean ranks 3.143, 2.000, 2.893, 1.964: CD = 1.12 at 0.10.
    [Fact]
    public void Demsars_example_comes_out_as_printed()
    {
        double[][] auc =
        [
            [0.763, 0.768, 0.771, 0.798], [0.599, 0.591, 0.590, 0.569], [0.954, 0.971, 0.968, 0.967], [0.628, 0.661, 0.654, 0.657],
            [0.882, 0.888, 0.886, 0.898], [0.936, 0.931, 0.916, 0.931], [0.661, 0.668, 0.609, 0.685], [0.583, 0.583, 0.563, 0.625],
            [0.775, 0.838, 0.866, 0.875], [1.000, 1.000, 1.000, 1.000], [0.940, 0.962, 0.965, 0.962], [0.619, 0.666, 0.614, 0.669],
            [0.972, 0.981, 0.9751, 0.975], [0.957, 0.978, 0.946, 0.970],
        ];

        var comparison = ModelComparison.Of(["C4.5", "C4.5+m", "C4.5+cf", "C4.5+m+cf"], auc, Goal.Maximize, 0.10);

        Assert.Equal(["C4.5+m+cf", "C4.5+m", "C4.5+cf", "C4.5"], comparison.Models);
        Assert.Equal([1.964, 2.000, 2.893, 3.143], comparison.MeanRanks.Select(rank => Math.Round(rank, 3)));
        Assert.Equal(1.12, comparison.CriticalDifference, 0.005);
        Assert.True(comparison.Friedman.F.P < 0.05);
        Assert.Equal([["C4.5+m+cf", "C4.5+m", "C4.5+cf"], ["C4.5+cf", "C4.5"]], comparison.Indistinct);
    }

    // scipy 1.10.1 works in single precision here: over 2,000 numbers that adds up to 1e-6 in W, and p magnifies it. For three numbers p is
    // known exactly: 6/pi (asin sqrt W - asin sqrt 3/4).
    [Fact]
    public void Shapiro_Wilk_is_scipys()
    {
        foreach (var row in Oracle.Cases("shapiro"))
        {
            var values = row[0].Numbers();
            var test = ShapiroWilk.Of(values);

            Assert.Equal(row.Number(1), test.Statistic, values.Length > 1000 ? 2e-6 : 1e-6);
            Assert.Equal(row.Number(2), test.P, values.Length > 1000 ? 1e-3 : 2e-6);
        }

        Assert.Equal(6 / Math.PI * (Math.Asin(Math.Sqrt(27.0 / 28)) - Math.Asin(Math.Sqrt(0.75))), ShapiroWilk.Of([1, 2, 4]).P, 1e-12);
    }

    [Fact]
    public void Bartlett_and_analysis_of_variance_are_scipys()
    {
        foreach (var row in Oracle.Cases("groups"))
        {
            var groups = row[0].Rows();

            Oracle.Close(row.Number(1), VarianceTests.Bartlett(groups).Statistic);
            Oracle.Close(row.Number(2), VarianceTests.Bartlett(groups).P);
            Oracle.Close(row.Number(3), VarianceTests.Anova(groups).Statistic);
            Oracle.Close(row.Number(4), VarianceTests.Anova(groups).P);
        }
    }

    [Fact]
    public void Friedman_and_Iman_Davenport_and_repeated_measures_are_scipys()
    {
        foreach (var row in Oracle.Cases("blocks"))
        {
            var friedman = Friedman.Of(row[0].Rows());
            var anova = VarianceTests.RepeatedAnova(row[0].Rows());

            Oracle.Close(row.Number(1), friedman.ChiSquared.Statistic);
            Oracle.Close(row.Number(2), friedman.ChiSquared.P);
            Oracle.Close(row.Number(3), friedman.F.Statistic);
            Oracle.Close(row.Number(4), friedman.F.P);
            Oracle.Close(row.Number(5), anova.Statistic);
            Oracle.Close(row.Number(6), anova.P);
        }
    }

    [Fact]
    public void Wilcoxon_is_scipys_with_ties_zeros_and_without()
    {
        foreach (var row in Oracle.Cases("wilcoxon"))
        {
            var test = Wilcoxon.Of(row[0].Numbers());

            Oracle.Close(row.Number(1), test.Statistic);
            Oracle.Close(row.Number(2), test.P);
        }

        Assert.Equal(1, Wilcoxon.Of([0, 0, 0]).P);
    }

    // Holm: 4 x 0.01, 3 x 0.02, then never falling. Finner: 1 - 0.99^4, 1 - 0.98^2, …
    [Fact]
    public void Adjusted_p_never_fall_below_a_smaller_ones()
    {
        double[] p = [0.04, 0.01, 0.03, 0.02];

        Assert.Equal([0.06, 0.04, 0.06, 0.06], Adjustment.Holm(p).Select(value => Math.Round(value, 12)));
        double[] raised = [0.04, 1 - Math.Pow(0.97, 4 / 3.0), 1 - Math.Pow(0.98, 2), 1 - Math.Pow(0.99, 4)];
        Assert.Equal(
            new[] { raised[0], raised[3], raised[1], raised[2] }.Select(value => Math.Round(value, 12)),
            Adjustment.Finner(p).Select(value => Math.Round(value, 12)));
        Assert.Equal([1, 1], Adjustment.Holm([0.8, 0.9]));
        Assert.Empty(Adjustment.Finner([]));
    }

    // By hand: mean 0.02, s^2 = 0.00025, error = sqrt((1/5 + 1/4) s^2) = 0.0106066.
    [Fact]
    public void The_corrected_resampled_t_is_more_careful_than_the_plain_one()
    {
        double[] differences = [0.00, 0.04, 0.02, 0.01, 0.03];

        var corrected = CorrectedResampledT.Of(differences, 0.25);

        Assert.Equal(0.02, corrected.Difference, 1e-12);
        Assert.Equal(0.02 / Math.Sqrt(0.45 * 0.00025), corrected.Test.Statistic, 1e-9);
        Assert.Equal(2 * Distributions.StudentTTail(corrected.Test.Statistic, 4), corrected.Test.P, 1e-12);
        Assert.True(corrected.Low < 0 && corrected.High > 0.04);
        Assert.Equal(1, CorrectedResampledT.Of([0, 0, 0], 0.1).Test.P);
    }

    // scipy's from 200,000 resamples; both ends vary by chance.
    [Fact]
    public void The_bca_interval_is_scipys_but_for_chance()
    {
        var oracle = Oracle.Statistics.GetProperty("bca");

        var interval = Bootstrap.Bca(oracle.GetProperty("data").Numbers(), data => data.Average(), new SeededRandom(1), resamples: 50_000);

        Assert.Equal(oracle.GetProperty("low").GetDouble(), interval.Low, 0.01);
        Assert.Equal(oracle.GetProperty("high").GetDouble(), interval.High, 0.01);
        Assert.Equal(new Interval(3, 3, 3), Bootstrap.Bca([3, 3, 3], data => data.Average(), new SeededRandom(1)));
    }

    [Fact]
    public void Normal_scores_are_compared_by_analysis_of_variance_and_others_by_ranks()
    {
        var random = new SeededRandom(4);
        double[][] normal = [.. Enumerable.Range(0, 30)
            .Select(_ => new[] { random.NextNormal(), random.NextNormal() + 2, random.NextNormal() })];
        double[][] skewed = [.. normal.Select(row => row.Select(value => Math.Exp(3 * value)).ToArray())];

        var byMeans = ModelComparison.Of(["a", "b", "c"], normal, Goal.Minimize);
        var byRanks = ModelComparison.Of(["a", "b", "c"], skewed, Goal.Minimize);

        Assert.Equal(("repeated anova", "iman-davenport"), (byMeans.Decisive.Test, byRanks.Decisive.Test));
        Assert.True(byMeans.IsDifferent && byRanks.IsDifferent);
        Assert.Equal("b", byRanks.Models[2]);
        Assert.All(byRanks.Pairs.Where(pair => pair.Second == "b"), pair => Assert.True(pair.HolmP < 0.01 && pair.NemenyiP < 0.01));
        Assert.True(byRanks.Pairs.Single(pair => pair.Second != "b").HolmP > 0.05);
    }

    [Fact]
    public void Models_that_do_not_differ_are_not_told_apart()
    {
        var same = ModelComparison.Of(["a", "b", "c"], [[1, 1, 1], [2, 2, 2], [3, 3, 3]], Goal.Minimize);

        Assert.False(same.IsDifferent);
        Assert.Equal(["a", "b", "c"], Assert.Single(same.Indistinct));
        Assert.All(same.Pairs, pair => Assert.Equal(1, pair.HolmP));
    }

    [Fact]
    public void What_cannot_be_tested_is_refused_with_the_reason()
    {
        Assert.Equal("Shapiro-Wilk needs 3 to 5000 numbers, not 2. (Parameter 'values')", Refusal(() => ShapiroWilk.Of([1, 2])));
        Assert.StartsWith("All numbers are equal", Refusal(() => ShapiroWilk.Of([1, 1, 1])), StringComparison.Ordinal);
        Assert.StartsWith("At least two models on at least two blocks", Refusal(() => Friedman.Of([[1, 2]])), StringComparison.Ordinal);
        Assert.StartsWith("Every model needs a finite score", Refusal(() => Friedman.Of([[1, 2], [1, double.NaN]])), StringComparison.Ordinal);
        Assert.StartsWith(
            "1 names for 2 models", Refusal(() => ModelComparison.Of(["a"], [[1, 2], [2, 1]], Goal.Minimize)), StringComparison.Ordinal);
    }

    private static string Refusal(Action action) => Assert.ThrowsAny<ArgumentException>(action).Message;
}
