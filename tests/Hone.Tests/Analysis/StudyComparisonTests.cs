using Hone.Analysis;
using Hone.Analysis.Comparing;
using Hone.Trials;

namespace Hone.Tests.Analysis;

public sealed class StudyComparisonTests
{
    private static readonly ComparisonOptions Smaller = new() { Metric = "loss", Goal = Goal.Minimize };

    [Fact]
    public void The_order_of_the_studies_and_the_sign_of_the_score_change_nothing()
    {
        for (var seed = 0UL; seed < 8; seed++)
        {
            var random = new SeededRandom(seed);
            var (models, sets) = (2 + random.Next(4), 1 + random.Next(9));
            Contender[] some = [.. Enumerable.Range(0, models).SelectMany(m => Enumerable.Range(0, sets).Select(d => Contender($"m{m}", $"d{d}", [.. Enumerable.Range(0, 5).Select(_ => m + (3 * random.NextNormal()))])))];
            Contender[] turned = [.. some.Select(c => Contender(c.Model, c.Data, [.. Folds(c).Select(score => -score)])).OrderBy(_ => random.NextDouble())];

            var one = StudyComparison.Of(some, Smaller);
            var other = StudyComparison.Of(turned, Smaller with { Goal = Goal.Maximize });

            Assert.True(Math.Abs(one.Decisive?.P - other.Decisive?.P ?? 0) < 1e-9, $"seed {seed}");
            Assert.Equal(one.Pairs.Select(Show).Order(), other.Pairs.Select(Show).Order());
        }
    }

    [Fact]
    public void Who_is_called_better_has_the_smaller_loss_and_passes_both_tests()
    {
        var found = 0;
        for (var seed = 0UL; seed < 12; seed++)
        {
            var random = new SeededRandom(seed);
            var comparison = StudyComparison.Of(
                [.. Enumerable.Range(0, 12).SelectMany(d => Enumerable.Range(0, 3).Select(m => Contender($"m{m}", $"d{d}", [d + m + random.NextNormal()])))], Smaller);
            foreach (var pair in comparison.Pairs.Where(pair => pair.Better is not null))
            {
                found++;
                Assert.True(comparison.IsDifferent && pair.AdjustedP < 0.05, $"seed {seed}");
                Assert.True(comparison.ScoresOf(pair.Better!).Average() < comparison.ScoresOf(pair.Better == pair.Ranks.First ? pair.Ranks.Second : pair.Ranks.First).Average(), $"seed {seed}");
            }
        }

        Assert.True(found > 12, $"{found} of 36 pairs");
    }

    // Sizes of differences that are tied make the normal approximation of Wilcoxon's p 0.025 for five of one sign; by signs it is 2^-4.
    [Fact]
    public void Five_data_sets_never_tell_two_models_apart()
    {
        Contender[] studies = [.. Enumerable.Range(0, 5).SelectMany(d => (Contender[])[Contender("a", $"d{d}", [0.25]), Contender("b", $"d{d}", [0.75])])];

        var comparison = StudyComparison.Of(studies, Smaller);

        Assert.Equal((0.0625, false, null), (comparison.Decisive!.P, comparison.IsDifferent, comparison.Pairs[0].Better));
        Assert.True(comparison.Pairs[0].Ranks.Wilcoxon.P < 0.05);
        Assert.Contains("With 5 data sets no two models can be told apart at 0.05: Wilcoxon's p cannot fall below 0.0625. At least 6 are needed.", comparison.Notes);
    }

    [Fact]
    public void Models_with_the_same_scores_are_not_told_apart()
    {
        var same = StudyComparison.Of([Contender("a", "x", [1, 2, 3]), Contender("b", "x", [1, 2, 3]), Contender("c", "x", [1, 2, 3])], Smaller);
        var constant = StudyComparison.Of([Contender("a", "x", [1, 1]), Contender("b", "x", [1, 1])], Smaller);

        Assert.False(same.IsDifferent || constant.IsDifferent);
        Assert.All(same.Pairs.Concat(constant.Pairs), pair => Assert.Equal((1, 1, null), (pair.P, pair.AdjustedP, pair.Better)));
    }

    [Fact]
    public void A_constant_difference_is_told_to_be_odd()
    {
        var comparison = StudyComparison.Of([Contender("a", "x", [1, 2, 4]), Contender("b", "x", [2, 3, 5])], Smaller);

        Assert.Equal((0.0, "a"), (comparison.Decisive!.P, comparison.Pairs[0].Better));
        Assert.Contains("The scores differ by the same amount on every fold, so that the test takes it for certain: look at how they were made.", comparison.Notes);
    }

    // Nadeau and Bengio: the ratio of five folds is 1/4, of a hold-out of 30 % 3/7.
    [Theory]
    [InlineData(null, null, 0.25)]
    [InlineData(0.5, null, 0.5)]
    [InlineData(0.5, 0.3, 3.0 / 7)]
    public void The_ratio_is_the_askers_then_the_studies_then_that_of_folds(double? known, double? asked, double expected)
    {
        var comparison = StudyComparison.Of(
            [Contender("a", "x", [1, 2, 3, 4, 5]) with { TestRatio = known }, Contender("b", "x", [2, 2, 3, 5, 5])], Smaller with { TestShare = asked });

        Assert.Equal(expected, comparison.TestRatio!.Value, 1e-12);
        Assert.Equal(known is null && asked is null, comparison.Notes.Any(note => note.Contains("as in k-fold cross-validation", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_level_or_share_out_of_range_is_refused()
    {
        Contender[] studies = [Contender("a", "x", [1, 2]), Contender("b", "x", [2, 2])];

        Assert.Throws<ArgumentOutOfRangeException>(() => StudyComparison.Of(studies, Smaller with { Alpha = 1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => StudyComparison.Of(studies, Smaller with { TestShare = 0 }));
        Assert.Equal("there is no study to compare", Assert.Throws<StudyComparisonException>(() => StudyComparison.Of([], Smaller)).Message);
    }

    private static string Show(PairVerdict pair)
    {
        string[] names = [pair.Ranks.First, pair.Ranks.Second];
        return FormattableString.Invariant($"{string.Join(' ', names.Order())} {pair.AdjustedP:E6} {pair.Better}");
    }

    private static IEnumerable<double> Folds(Contender contender) =>
        contender.Best!.Metrics.Where(m => m.Metric.StartsWith("fold_", StringComparison.Ordinal)).Select(m => m.Value);

    private static Contender Contender(string model, string data, double[] folds) => new()
    {
        Study = $"{data}-{model}",
        Model = model,
        Data = data,
        Objective = new Objective("loss"),
        Best = new TrialRecord
        {
            Number = 1,
            State = TrialState.Complete,
            Parameters = [],
            Metrics = [new("loss", folds.Average()), .. folds.Select((score, i) => new MetricValue($"fold_{i + 1}/loss", score))],
            Values = [folds.Average()],
        },
    };
}
