using Hone.Learning.Scores;

namespace Hone.Learning.Tests.Scores;

public sealed class FoldScoresTests
{
    private static readonly Score F1 = Score.Find("f1")!;
    private static readonly Score Auc = Score.Find("roc_auc")!;

    // Fold 1: TP 1, FP 0, FN 1. Fold 2: TP 2, FP 2, FN 0.
    private static readonly Predictions[] Folds =
    [
        Binary([1, 1, 0, 0], [0.9, 0.25, 0.3, 0.2]),
        Binary([1, 1, 0, 0], [0.9, 0.6, 0.8, 0.7]),
    ];

    [Fact]
    public void The_mean_of_the_folds_scores_is_f_avg() =>
        Assert.Equal(((2.0 / 3) + (4.0 / 6)) / 2, FoldScores.Average(F1, Folds), 1e-15);

    [Fact]
    public void The_score_of_the_counts_added_up_is_f_tp_fp() =>
        Assert.Equal(6.0 / (6 + 2 + 1), FoldScores.Pooled(F1, Folds), 1e-15);

    [Fact]
    public void The_score_of_mean_precision_and_mean_recall_is_f_pr_re()
    {
        var matrices = Folds.Select(fold => ConfusionMatrix.Of(2, fold.Labels, fold.Predicted)).ToArray();

        // Precisions 1 and 1/2, recalls 1/2 and 1.
        Assert.Equal(0.75, FoldScores.F1OfMeans(matrices), 1e-15);
        Assert.Equal(FoldScores.Pooled(F1, Folds), ConfusionMatrix.Pool(matrices).F1(Averaging.Binary), 1e-15);
    }

    [Fact]
    public void The_auc_of_all_outputs_together_is_auc_merge()
    {
        // Within the folds 3 of 4 and 2 of 4 pairs are in order; over all rows 11 of 16.
        Assert.Equal(0.625, FoldScores.Average(Auc, Folds), 1e-15);
        Assert.Equal(11.0 / 16, FoldScores.Pooled(Auc, Folds), 1e-15);
    }

    [Fact]
    public void Pooled_scores_have_the_names_of_forman_and_scholz()
    {
        Assert.Equal("f1_tp_fp", F1.PooledName);
        Assert.Equal("roc_auc_merge", Auc.PooledName);
    }

    internal static Predictions Binary(int[] labels, double[] probabilities) => Predictions.OfClasses(
        2, labels, [.. probabilities.Select(p => p > 0.5 ? 1 : 0)], [.. probabilities.SelectMany(p => new[] { 1 - p, p })], areProbabilities: true);
}
