namespace Hone.Learning.Scores;

/// <summary>
/// The ways to make one score of the scores of k folds, after Forman and Scholz, "Apples-to-apples in cross-validation studies", SIGKDD
/// Explorations 12 (2010). They differ where folds hold few examples of a class; <c>F_tp,fp</c> is the least biased.
/// </summary>
public static class FoldScores
{
    /// <summary>The mean of the folds' scores (<c>F_avg</c>, <c>AUC_avg</c>).</summary>
    public static double Average(Score score, IReadOnlyList<Predictions> folds)
    {
        ArgumentNullException.ThrowIfNull(score);
        ArgumentNullException.ThrowIfNull(folds);
        return folds.Average(score.Of);
    }

    /// <summary>The score of all folds' predictions together (<c>F_tp,fp</c> where it is one of counts, <c>AUC_merge</c> for ranks).</summary>
    public static double Pooled(Score score, IReadOnlyList<Predictions> folds)
    {
        ArgumentNullException.ThrowIfNull(score);
        return score.Of(Predictions.Merge(folds));
    }

    /// <summary>F1 of the folds' mean precision and mean recall (<c>F_pr,re</c>), for class 1 of two.</summary>
    public static double F1OfMeans(IReadOnlyList<ConfusionMatrix> folds)
    {
        ArgumentNullException.ThrowIfNull(folds);
        var precision = folds.Average(fold => fold.Precision(Averaging.Binary));
        var recall = folds.Average(fold => fold.Recall(Averaging.Binary));
        return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
    }
}
