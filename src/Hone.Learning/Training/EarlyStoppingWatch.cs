using Hone.Space;
using Hone.Stopping;
using Hone.Trials;

namespace Hone.Learning.Training;

/// <summary>
/// Asks one of Prechelt's rules, the same that judge trials, whether a training should end, and keeps the weights of its best report.
/// </summary>
internal sealed class EarlyStoppingWatch
{
    private const string Training = "training_loss";
    private const string Validation = "validation_loss";

    private readonly List<TrainedFold> _folds;
    private readonly List<KeptWeights> _kept = [];
    private readonly IStoppingRule? _rule;
    private readonly StudyHistory _history;
    // The rules look at the reports only; a space must have a parameter.
    private readonly Trial _trial = new(1, new Configuration(new SearchSpace([new FloatParameter("none", 0, 1)]), [0]), DateTimeOffset.UnixEpoch);

    private double _best = double.PositiveInfinity;

    /// <param name="options">Which rule, if any.</param>
    /// <param name="folds">The models that step together.</param>
    public EarlyStoppingWatch(TrainOptions options, List<TrainedFold> folds)
    {
        _folds = folds;
        var (at, strip) = (options.EarlyStoppingAt, options.EarlyStoppingStrip);
        _rule = options.EarlyStopping switch
        {
            EarlyStopping.Gl => new GeneralizationLossRule(Validation, at ?? 5),
            EarlyStopping.Pq => new ProgressQuotientRule(Validation, Training, at ?? 0.75, strip),
            EarlyStopping.Up => new SuccessiveRiseRule(Validation, (int)Math.Clamp(at ?? 3, 1, int.MaxValue), strip),
            _ => null,
        };
        _history = new StudyHistory(_rule is null ? [] : [_rule]);
    }

    /// <summary>Whether there is a rule.</summary>
    public bool IsOn => _rule is not null;

    /// <summary>The step of the smallest mean validation loss so far; 0 while none was finite.</summary>
    public long BestStep { get; private set; }

    /// <summary>Why training should end at a report, or null.</summary>
    public string? Judge(long step, double trainingLoss, double validationLoss)
    {
        if (_rule is null)
        {
            return null;
        }

        if (validationLoss < _best)
        {
            (_best, BestStep) = (validationLoss, step);
            Keep();
        }

        _trial.Report(step, [new MetricValue(Training, trainingLoss), new MetricValue(Validation, validationLoss)], TimeSpan.Zero);
        var verdict = _rule.Judge(_trial, _history);
        return verdict.Reason.Length > 0 ? verdict.Reason : null;
    }

    /// <summary>Gives the models the weights of their best report back.</summary>
    /// <returns>False if they have them, since the last report is the best, none was finite, or there is no rule.</returns>
    public bool Restore()
    {
        if (BestStep == 0 || BestStep == _trial.Step)
        {
            return false;
        }

        _kept.ForEach(kept => kept.Restore());
        return true;
    }

    private void Keep()
    {
        if (_kept.Count == 0)
        {
            _kept.AddRange(_folds.Select(fold => new KeptWeights(fold.Model)));
        }

        _kept.ForEach(kept => kept.Take());
    }
}
