using Hone.Trials;

namespace Hone.Learning.Scores;

/// <summary>What a score is computed from, which decides for what it can be asked and how folds are pooled.</summary>
public enum ScoreBasis
{
    /// <summary>Predicted numbers.</summary>
    Numbers,

    /// <summary>Predicted classes: counts, which can be added over folds.</summary>
    Classes,

    /// <summary>The order of the outputs.</summary>
    Ranks,

    /// <summary>Probabilities of the classes, which a support vector machine has not.</summary>
    Probabilities,
}

/// <summary>A score by name, as <c>--scores</c> takes it.</summary>
/// <remarks>
/// <c>precision</c>, <c>recall</c>, <c>specificity</c> and <c>f1</c> are those of class 1 for two classes and the macro average for more;
/// with <c>_macro</c>, <c>_micro</c> or <c>_weighted</c> behind the name they are what it says. <c>roc_auc</c> and <c>pr_auc</c> are, for
/// more than two classes, the mean of each class against the rest.
/// </remarks>
public sealed class Score
{
    private readonly Func<Predictions, double> _compute;

    private Score(string name, Goal goal, ScoreBasis basis, Func<Predictions, double> compute)
    {
        Name = name;
        Goal = goal;
        Basis = basis;
        _compute = compute;
    }

    /// <summary>All scores.</summary>
    public static IReadOnlyList<Score> All { get; } =
    [
        new("accuracy", Goal.Maximize, ScoreBasis.Classes, p => ClassificationScores.Accuracy(p.Labels, p.Predicted)),
        new("error_rate", Goal.Minimize, ScoreBasis.Classes, p => ClassificationScores.ErrorRate(p.Labels, p.Predicted)),
        .. OfCounts("precision", (m, a) => m.Precision(a)),
        .. OfCounts("recall", (m, a) => m.Recall(a)),
        .. OfCounts("specificity", (m, a) => m.Specificity(a)),
        .. OfCounts("f1", (m, a) => m.F1(a)),
        new("roc_auc", Goal.Maximize, ScoreBasis.Ranks, p => OfRanks(p, RankScores.RocAuc)),
        new("pr_auc", Goal.Maximize, ScoreBasis.Ranks, p => OfRanks(p, RankScores.PrAuc)),
        new("log_loss", Goal.Minimize, ScoreBasis.Probabilities, p => ClassificationScores.LogLoss(p.Labels, p.Outputs)),
        new("brier", Goal.Minimize, ScoreBasis.Probabilities, p => ClassificationScores.Brier(p.Labels, p.Outputs)),
        new("rmse", Goal.Minimize, ScoreBasis.Numbers, p => RegressionScores.RootMeanSquaredError(p.Targets, p.Numbers)),
        new("mae", Goal.Minimize, ScoreBasis.Numbers, p => RegressionScores.MeanAbsoluteError(p.Targets, p.Numbers)),
        new("mape", Goal.Minimize, ScoreBasis.Numbers, p => RegressionScores.MeanAbsolutePercentageError(p.Targets, p.Numbers)),
        new("r2", Goal.Maximize, ScoreBasis.Numbers, p => RegressionScores.R2(p.Targets, p.Numbers)),
    ];

    /// <summary>Name, such as <c>f1_macro</c>.</summary>
    public string Name { get; }

    /// <summary>Which values are better.</summary>
    public Goal Goal { get; }

    /// <summary>What it is computed from.</summary>
    public ScoreBasis Basis { get; }

    /// <summary>
    /// How Forman and Scholz call the score of all folds taken together: <c>tp_fp</c> where counts are added up, <c>merge</c> where the
    /// outputs are sorted or summed over all folds. The mean of the folds' own scores they call <c>avg</c>.
    /// </summary>
    public string PooledName => Name + (Basis == ScoreBasis.Classes ? "_tp_fp" : "_merge");

    /// <summary>The score of a name, or null.</summary>
    public static Score? Find(string name) => All.FirstOrDefault(score => score.Name == name);

    /// <summary>The score of predictions; NaN where it is not defined for them.</summary>
    /// <exception cref="ArgumentException">The score is for numbers and these are classes, or the other way round, or there are no
    /// probabilities.</exception>
    public double Of(Predictions predictions)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        if ((Basis == ScoreBasis.Numbers) != (predictions.Classes == 0)
            || (Basis == ScoreBasis.Probabilities && !predictions.AreProbabilities))
        {
            throw new ArgumentException($"The score {Name} needs {Basis}, which these predictions are not.", nameof(predictions));
        }

        return _compute(predictions);
    }

    private static IEnumerable<Score> OfCounts(string name, Func<ConfusionMatrix, Averaging, double> score)
    {
        Score Make(string ending, Func<Predictions, Averaging> averaging) => new(
            name + ending, Goal.Maximize, ScoreBasis.Classes,
            p => score(ConfusionMatrix.Of(p.Classes, p.Labels, p.Predicted), averaging(p)));
        yield return Make("", p => p.Classes == 2 ? Averaging.Binary : Averaging.Macro);
        yield return Make("_macro", _ => Averaging.Macro);
        yield return Make("_micro", _ => Averaging.Micro);
        yield return Make("_weighted", _ => Averaging.Weighted);
    }

    private delegate double RankScore(ReadOnlySpan<bool> isPositive, ReadOnlySpan<double> outputs);

    private static double OfRanks(Predictions predictions, RankScore score)
    {
        var (classes, count) = (predictions.Classes, predictions.Count);
        var isPositive = new bool[count];
        var outputs = new double[count];
        var sum = 0.0;
        var first = classes == 2 ? 1 : 0;
        for (var k = first; k < classes; k++)
        {
            for (var i = 0; i < count; i++)
            {
                isPositive[i] = predictions.Labels[i] == k;
                outputs[i] = predictions.Outputs[(i * classes) + k];
            }

            sum += score(isPositive, outputs);
        }

        return sum / (classes - first);
    }
}
