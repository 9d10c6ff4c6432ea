using Hone.Learning.Data;
using Hone.Learning.Descent;
using Hone.Learning.Scores;

namespace Hone.Learning.Training;

/// <summary>
/// The training program behind <c>hone train</c>: trains one model, or one a fold, and prints how well it does as lines of JSON.
/// </summary>
/// <remarks>
/// With folds all models step together, so that each report is about the same step of all of them: the metrics are means over the folds,
/// and <c>fold_1/validation_loss</c> and its like give each fold's. A step then costs as much as k batches.
/// </remarks>
public sealed class TrainingRun
{
    private const int DefaultSteps = 1000;

    private readonly TrainOptions _options;
    private readonly Dataset<float> _data;
    private readonly TrainingLoss _loss;
    private readonly List<TrainedFold> _folds = [];
    private readonly long _steps;
    private readonly ScoreReport _scores;
    private readonly EarlyStoppingWatch _watch;

    private TrainingRun(TrainOptions options, Dataset<float> data)
    {
        _options = options;
        _loss = options.LossFor(data.Task);
        var splits = SplitPlan.Of(options, data, _loss);
        _scores = new ScoreReport(options, data, _loss);
        _data = options.Group is { } group ? data.Without(group) : data;
        foreach (var split in splits)
        {
            _folds.Add(new TrainedFold(_data, split, options, _loss));
        }

        _steps = options.Steps ?? (options.Epochs * StepsPerEpoch) ?? DefaultSteps;
        _folds.ForEach(fold => fold.Begin(_steps));
        _watch = new EarlyStoppingWatch(options);
    }

    private long StepsPerEpoch
    {
        get
        {
            var rows = _folds.Max(fold => fold.TrainingRows);
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
        new TrainingRun(options, DataSource.Load<float>(options.Data, options.Table())).Train(output);
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

    private void Train(TextWriter output)
    {
        for (long step = 1, since = 0; step <= _steps; step++)
        {
            foreach (var fold in _folds)
            {
                fold.Step();
            }

            since++;
            if (step % _options.ReportEvery != 0 && step != _steps)
            {
                continue;
            }

            var ends = WriteReport(output, step, since);
            since = 0;
            if (ends)
            {
                break;
            }
        }

        if (_options.Save is { } path)
        {
            Save(path);
        }
    }

    private void Save(string path)
    {
        try
        {
            SavedModel.Of(_options, _data, _loss, _folds[0].Preprocessor, _folds[0].Model).Save(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainOptionsException($"--save: {path} cannot be written: {e.Message}", e);
        }
    }

    /// <returns>Whether training ends here.</returns>
    private bool WriteReport(TextWriter output, long step, long stepsSince)
    {
        var training = _folds.Average(fold => fold.TakeTrainingLoss(stepsSince));
        var validation = _folds.ConvertAll(fold => fold.Validate());
        var loss = validation.Average(v => v.Loss);
        var report = new Report(step)
            .Add("training_loss", training)
            .Add("validation_loss", loss)
            .Add(ScoreName, validation.Average(Score));
        for (var fold = 0; fold < _folds.Count && _folds.Count > 1; fold++)
        {
            report
                .Add($"fold_{fold + 1}/validation_loss", validation[fold].Loss)
                .Add($"fold_{fold + 1}/{ScoreName}", Score(validation[fold]));
        }

        _scores.AddTo(report, _folds);
        output.WriteLine(report.ToString());
        var reason = _watch.Judge(step, training, loss);
        if (reason is not null)
        {
            output.WriteLine("Stopped early: " + reason);
        }

        output.Flush();
        return reason is not null || !double.IsFinite(training) || !double.IsFinite(loss);
    }

    private string ScoreName => _loss.IsForNumbers() ? "validation_rmse" : "validation_accuracy";

    private static double Score(Evaluation evaluation) => evaluation.Accuracy ?? evaluation.RootMeanSquaredError!.Value;
}
