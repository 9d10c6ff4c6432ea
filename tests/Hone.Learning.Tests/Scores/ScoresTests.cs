using Hone.Learning.Scores;

namespace Hone.Learning.Tests.Scores;

/// <summary>Expected values by scikit-learn 1.2.1: accuracy_score, log_loss, mean_squared_error(squared=False).</summary>
public sealed class ScoresTests
{
    private static readonly int[] Labels = [0, 2, 1, 1, 0, 2, 2, 0];

    [Fact]
    public void Accuracy_is_that_of_scikit_learn() =>
        Assert.Equal(0.75, ClassificationScores.Accuracy(Labels, [0, 2, 1, 0, 0, 1, 2, 0]));

    [Fact]
    public void Log_loss_is_that_of_scikit_learn_also_where_a_probability_is_zero() =>
        Assert.Equal(4.970673333512771, ClassificationScores.LogLoss(Labels, [
            0.7, 0.2, 0.1,
            0.1, 0.1, 0.8,
            0.2, 0.5, 0.3,
            0.6, 0.3, 0.1,
            0.9, 0.05, 0.05,
            0, 1, 0,
            0.05, 0.15, 0.8,
            0.4, 0.3, 0.3,
        ]), 1e-12);

    [Fact]
    public void Root_mean_squared_error_is_that_of_scikit_learn() =>
        Assert.Equal(0.7158910531638176, RegressionScores.RootMeanSquaredError([1.5, -2, 0, 7.25, 3], [1, -1, 0.5, 7, 4]), 1e-15);

    [Fact]
    public void A_prediction_that_is_not_a_number_gives_an_error_that_is_not_one() =>
        Assert.True(double.IsNaN(RegressionScores.RootMeanSquaredError([1, 2], [1, double.NaN])));

    [Fact]
    public void Scores_of_nothing_or_of_unequal_counts_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ClassificationScores.Accuracy([], []));
        Assert.Throws<ArgumentOutOfRangeException>(() => ClassificationScores.Accuracy([1], [1, 2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => RegressionScores.RootMeanSquaredError([1], []));
        Assert.Throws<ArgumentOutOfRangeException>(() => ClassificationScores.LogLoss([1, 0], [0.5, 0.5, 1]));
    }

    [Fact]
    public void Ranks_of_one_class_only_or_of_nan_have_no_score()
    {
        Assert.True(double.IsNaN(RankScores.RocAuc([true, true], [1, 2])));
        Assert.True(double.IsNaN(RankScores.PrAuc([false, false], [1, 2])));
        Assert.True(double.IsNaN(RankScores.RocAuc([true, false], [1, double.NaN])));
    }

    [Fact]
    public void R2_of_equal_targets_is_one_where_they_are_met_and_zero_where_not()
    {
        Assert.Equal(1, RegressionScores.R2([2, 2], [2, 2]));
        Assert.Equal(0, RegressionScores.R2([2, 2], [2, 3]));
        Assert.True(double.IsNaN(RegressionScores.R2([2, 2], [2, double.NaN])));
    }

    [Fact]
    public void A_class_that_does_not_occur_is_left_out_of_the_macro_average()
    {
        var matrix = ConfusionMatrix.Of(3, [0, 1, 1], [0, 1, 0]);

        Assert.Equal(((2.0 / 3) + (2.0 / 3)) / 2, matrix.F1(Averaging.Macro), 1e-15);
        Assert.Throws<ArgumentException>(() => matrix.F1(Averaging.Binary));
    }
}
