using Hone.Learning.Data;
using Hone.Learning.Descent;
using Hone.Learning.Scores;

namespace Hone.Learning.Training;

/// <summary>
/// Adds the scores that were asked for to each report: <c>validation_f1</c> over all rows that validate, or the mean over the folds, and
/// beside it, with folds, <c>validation_f1_tp_fp</c> or <c>validation_roc_auc_merge</c> of all folds together. For slices
/// <c>slice/sex=0/f1</c>, and the worst of them as <c>worst_slice/f1</c>.
/// </summary>
internal sealed class ScoreReport
{
    private readonly Score[] _scores;
    private readonly bool _hasFolds;
    private readonly (string Column, double[] Values, Func<double, string>? Show)[] _slices;

    /// <exception cref="TrainOptionsException">A score does not go with the learner, or a slice's column is not there.</exception>
    public ScoreReport(TrainOptions options, Dataset<float> data, TrainingLoss loss)
    {
        _hasFolds = options.Folds > 0;
        _scores = Array.ConvertAll(TrainOptions.Names(options.Scores), name => Score.Find(name)!);
        foreach (var score in _scores)
        {
            if ((score.Basis == ScoreBasis.Numbers) != loss.IsForNumbers())
            {
                var kind = loss.IsForNumbers() ? "classes" : "numbers";
                throw new TrainOptionsException($"--scores: '{score.Name}' is a score of {kind}, which this learner does not learn.");
            }

            if (score.Basis == ScoreBasis.Probabilities && !loss.HasProbabilities())
            {
                throw new TrainOptionsException($"--scores: '{score.Name}' needs probabilities, which the loss {loss} does not give.");
            }
        }

        _slices = Array.ConvertAll(TrainOptions.Names(options.Slices), name => Slice(data, name));
        if (_slices.Length > 0 && _scores.Length == 0)
        {
            throw new TrainOptionsException("--slices: say with --scores which scores each slice gets.");
        }
    }

    /// <summary>Whether any scores were asked for, so that folds must predict.</summary>
    public bool HasScores => _scores.Length > 0;

    /// <param name="report">Gets the scores.</param>
    /// <param name="folds">What each fold's model predicts for which rows; at least one, if there are scores.</param>
    public void AddTo(Report report, IReadOnlyList<(Predictions Predictions, int[] Rows)> folds)
    {
        if (!HasScores)
        {
            return;
        }

        Predictions[] predictions = [.. folds.Select(fold => fold.Predictions)];
        foreach (var score in _scores)
        {
            var name = "validation_" + score.Name;
            if (name is not ("validation_accuracy" or "validation_rmse"))
            {
                report.Add(name, FoldScores.Average(score, predictions));
            }

            if (_hasFolds)
            {
                report.Add("validation_" + score.PooledName, FoldScores.Pooled(score, predictions));
            }
        }

        if (_slices.Length > 0)
        {
            AddSlices(report, Predictions.Merge(predictions), [.. folds.SelectMany(fold => fold.Rows)]);
        }
    }

    private void AddSlices(Report report, Predictions predictions, int[] rows)
    {
        var slices = _slices
            .SelectMany(slice => Slices.Of(slice.Column, Array.ConvertAll(rows, row => slice.Values[row]), slice.Show)).ToArray();
        foreach (var score in _scores)
        {
            var scored = Slices.Score(score, predictions, slices);
            foreach (var slice in scored)
            {
                report.Add($"slice/{slice.Slice.Column}={slice.Slice.Value}/{score.Name}", slice.Value);
            }

            if (Slices.Worst(scored, score.Goal) is { } worst)
            {
                report.Add("worst_slice/" + score.Name, worst.Value);
            }
        }
    }

    private static (string Column, double[] Values, Func<double, string>? Show) Slice(Dataset<float> data, string name)
    {
        var values = data.Column(name) ?? throw new TrainOptionsException(
            $"--slices: there is no column '{name}' beside the target. There are {string.Join(", ", data.Columns.Take(10))}.");
        var column = data.Columns.TakeWhile(column => column != name).Count();
        var names = data.Categories.Count > 0 ? data.Categories[column] : [];
        return (name, values, names.Count == 0 ? null : code => double.IsNaN(code) ? "missing" : names[(int)code]);
    }
}
