using Hone.Learning.Data;
using Hone.Learning.Descent;
using Hone.Learning.Scores;
using Hone.Stopping;

namespace Hone.Learning.Training;

/// <summary>
/// The training program behind <c>hone train</c>: trains one model, or one a fold, and prints how well it does as lines of JSON.
/// </summary>
/// <remarks>
/// With folds together all models step at once, so that each report is about the same step of all of them: the metrics are means over the
/// folds, and <c>fold_1/validation_loss</c> and its like give each fold's. A step then costs as much as k batches. With folds in turn a
/// report gives the running fold's own metrics, steps are counted on from fold to fold, and the metrics without a fold are means over
/// what the finished folds came to and what the running one has. <c>finished_folds</c> says how many are finished. Where the learner stops
/// itself, the report at which a fold ends tells of the weights that are kept, those of the smallest validation loss, and
/// <c>best_step</c> is the step of that.
/// </remarks>
public sealed class TrainingRun
{
    private const int DefaultSteps = 1000;

    private readonly TrainOptions _options;
    private readonly Dataset<float> _data;
    private readonly TrainingLoss _loss;
    private readonly IReadOnlyList<Split> _splits;
    private readonly long _steps;
    private readonly ScoreReport _scores;
    private readonly TextWriter _output;
    private readonly List<FoldResult> _finished = [];
    private long _step;

    private TrainingRun(TrainOptions options, Dataset<float> data, TextWriter output)
    {
        _options = options;
        _output = output;
        data = SplitPlan.Draw(options, data);
        _loss = options.LossFor(data.Task);
        _splits = SplitPlan.Of(options, data, _loss);
        _scores = new ScoreReport(options, data, _loss);
        _data = options.Group is { } group ? data.Without(group) : data;
        CheckFeatures(_data);
        _steps = options.Steps ?? (options.Epochs * StepsPerEpoch) ?? DefaultSteps;
    }

    private long StepsPerEpoch
    {
        get
        {
            var rows = _splits.Max(split => split.Training.Length);
            return (rows + (long)_options.BatchSize - 1) / _options.BatchSize;
        }
    }

    /// <summary>The names of the metrics that a training reports, apart from what the system's sampler adds.</summary>
    /// <param name="learner">The kind of model.</param>
    /// <param name="folds">As <see cref="TrainOptions.Folds"/>.</param>
    public static IReadOnlyList<string> MetricsOf(Learner learner, int folds = 0)
    {
        var score = learner == Learner.Linear ? "validation_rmse" : "validation_accuracy";
        List<string> names = ["training_loss", "validation_loss", score];
        for (var fold = 1; fold <= folds; fold++)
        {
            names.Add($"fold_{fold}/validation_loss");
            names.Add($"fold_{fold}/{score}");
        }

        if (folds > 0)
        {
            names.Add(FoldKey.Finished);
        }

        return names;
    }

    /// <summary>The names of the metrics that a training may report, apart from each slice's.</summary>
    /// <remarks>Whether a perceptron without a loss learns classes or numbers is for the data to say: both scores are among the names.</remarks>
    public static IReadOnlyList<string> MetricsOf(TrainOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        string[] scores = (options.Loss?.IsForNumbers() ?? options.Learner switch
        {
            Learner.Linear => true,
            Learner.Perceptron or Learner.Network => null,
            _ => (bool?)false,
        }) switch
        {
            true => ["validation_rmse"],
            false => ["validation_accuracy"],
            _ => ["validation_accuracy", "validation_rmse"],
        };
        List<string> names = ["training_loss", "validation_loss", .. scores];
        for (var fold = 1; fold <= options.Folds * options.Repeats; fold++)
        {
            names.Add($"fold_{fold}/validation_loss");
            names.AddRange(scores.Select(score => $"fold_{fold}/{score}"));
        }

        names.AddRange(options.Folds > 0 ? [FoldKey.Finished] : []);
        names.AddRange(options.EarlyStopping != EarlyStopping.None ? ["best_step"] : []);
        foreach (var score in TrainOptions.Names(options.Scores).Select(name => Scores.Score.Find(name)!))
        {
            names.Add("validation_" + score.Name);
            if (options.Folds > 0)
            {
                names.Add("validation_" + score.PooledName);
            }

            if (options.Slices.Length > 0)
            {
                names.Add("worst_slice/" + score.Name);
            }
        }

        return [.. names.Distinct()];
    }

    /// <summary>Trains and reports.</summary>
    /// <param name="options">What, on what, and how.</param>
    /// <param name="output">Gets a line each <see cref="TrainOptions.ReportEvery"/> steps and at the last step, flushed at once:
    /// <c>{"step":100,"training_loss":…,"validation_loss":…,"validation_accuracy":…}</c>, or <c>validation_rmse</c> for numbers. The
    /// training loss is the mean over the batches since the last line.</param>
    /// <returns>0. Training that diverged reports the value that is not finite, and ends there with 0 too: it is for the reader to judge.</returns>
    /// <exception cref="TrainOptionsException">Options do not go together, or not with the data.</exception>
    /// <exception cref="DataException">The data cannot be read or used.</exception>
    public static int Run(TrainOptions options, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(output);
        TrainSettings.Check(options);
        new TrainingRun(options, DataSource.Load<float>(options.Data, options.Table()), output).Train();
        return 0;
    }

    /// <summary>Trains and reports; says what is wrong with options or data, if anything is.</summary>
    /// <param name="options">What, on what, and how.</param>
    /// <param name="output">Gets the lines of JSON.</param>
    /// <param name="errors">Gets the message, if there is one.</param>
    /// <returns>0, or 2 if options or data are wrong.</returns>
    public static int Run(TrainOptions options, TextWriter output, TextWriter errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        try
        {
            return Run(options, output);
        }
        catch (Exception e) when (e is TrainOptionsException or DataException)
        {
            errors.WriteLine(e.Message);
            return 2;
        }
    }

    private static void CheckFeatures(Dataset<float> data)
    {
        var first = data.Features.Row(0);
        for (var row = 1; row < data.Features.Rows; row++)
        {
            // Where a value is missing it may be filled in with another, so that NaN is not equal to itself is right here.
            if (!data.Features.Row(row).SequenceEqual(first))
            {
                return;
            }
        }

        throw new DataException($"{data.Name}: every column to learn from has one value only in all {data.Features.Rows} rows. There is nothing to learn from.");
    }

    private void Train()
    {
        if (_options.FoldOrder == FoldOrder.Together)
        {
            Train([.. _splits]);
            return;
        }

        foreach (var split in _splits)
        {
            if (!Train([split]))
            {
                return;
            }
        }
    }

    /// <summary>Trains the models of some splits, a step each at a time; nothing of them is kept but results.</summary>
    /// <returns>Whether the validation loss that they end with is finite, so that others may follow.</returns>
    private bool Train(List<Split> splits)
    {
        var folds = splits.ConvertAll(split => new TrainedFold(_data, split, _options, _loss));
        folds.ForEach(fold => fold.Begin(_steps));
        var watch = new EarlyStoppingWatch(_options, folds);
        for (long step = 1, since = 1; ; step++, since++)
        {
            foreach (var fold in folds)
            {
                fold.Step();
            }

            _step++;
            if (step % _options.ReportEvery != 0 && step != _steps)
            {
                continue;
            }

            var (ends, isFinite) = WriteReport(folds, watch, since, isLast: step == _steps);
            since = 0;
            if (ends)
            {
                Save(folds[0]);
                return isFinite;
            }
        }
    }

    private void Save(TrainedFold fold)
    {
        if (_options.Save is not { } path)
        {
            return;
        }

        try
        {
            SavedModel.Of(_options, _data, _loss, fold.Preprocessor, fold.Model).Save(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainOptionsException($"--save: {path} cannot be written: {e.Message}", e);
        }
    }

    /// <returns>Whether the training of these folds ends here, and whether the validation loss is finite.</returns>
    private (bool Ends, bool IsFinite) WriteReport(List<TrainedFold> folds, EarlyStoppingWatch watch, long stepsSince, bool isLast)
    {
        var training = folds.Average(fold => fold.TakeTrainingLoss(stepsSince));
        var running = folds.ConvertAll(fold => fold.Validate());
        var loss = running.Average(v => v.Loss);
        var reason = watch.Judge(_step, training, loss);
        var ends = isLast || reason is not null || !double.IsFinite(training) || !double.IsFinite(loss);
        if (ends && watch.Restore())
        {
            running = folds.ConvertAll(fold => fold.Validate());
            loss = running.Average(v => v.Loss);
        }

        FoldResult[] results = [.. folds.Select((fold, i) => new FoldResult(running[i], _scores.HasScores ? fold.Predict() : null, fold.ValidationRows))];
        var report = Metrics(training, results);
        if (_splits.Count > 1)
        {
            _finished.AddRange(ends ? results : []);
            report.Add(FoldKey.Finished, _finished.Count);
        }

        if (watch.IsOn)
        {
            report.Add("best_step", watch.BestStep);
        }

        _output.WriteLine(report.ToString());
        if (reason is not null)
        {
            _output.WriteLine("Stopped early: " + reason);
        }

        _output.Flush();
        return (ends, double.IsFinite(loss));
    }

    private Report Metrics(double training, FoldResult[] running)
    {
        FoldResult[] all = [.. _finished, .. running];
        var report = new Report(_step)
            .Add("training_loss", training)
            .Add("validation_loss", all.Average(fold => fold.Evaluation.Loss))
            .Add(ScoreName, all.Average(fold => Score(fold.Evaluation)));
        for (var i = _finished.Count; i < all.Length && _splits.Count > 1; i++)
        {
            report
                .Add($"fold_{i + 1}/validation_loss", all[i].Evaluation.Loss)
                .Add($"fold_{i + 1}/{ScoreName}", Score(all[i].Evaluation));
        }

        _scores.AddTo(report, _scores.HasScores ? [.. all.Select(fold => (fold.Predictions!, fold.Rows))] : []);
        return report;
    }

    private string ScoreName => _loss.IsForNumbers() ? "validation_rmse" : "validation_accuracy";

    private static double Score(Evaluation evaluation) => evaluation.Accuracy ?? evaluation.RootMeanSquaredError!.Value;

    /// <summary>How well a fold does, with its predictions where scores need them.</summary>
    private readonly record struct FoldResult(Evaluation Evaluation, Predictions? Predictions, int[] Rows);
}
