using Hone.Space;
using Hone.Stopping;
using Hone.Trials;

namespace Hone.Learning.Training;

/// <summary>Asks one of Prechelt's rules, the same that judge trials, whether a training should end.</summary>
internal sealed class EarlyStoppingWatch
{
    private const string Training = "training_loss";
    private const string Validation = "validation_loss";

    private readonly IStoppingRule? _rule;
    private readonly StudyHistory _history;
    // The rules look at the reports only; a space must have a parameter.
    private readonly Trial _trial = new(1, new Configuration(new SearchSpace([new FloatParameter("none", 0, 1)]), [0]), DateTimeOffset.UnixEpoch);

    public EarlyStoppingWatch(TrainOptions options)
    {
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

    /// <summary>Why training should end at a report, or null.</summary>
    public string? Judge(long step, double trainingLoss, double validationLoss)
    {
        if (_rule is null)
        {
            return null;
        }

        _trial.Report(step, [new MetricValue(Training, trainingLoss), new MetricValue(Validation, validationLoss)], TimeSpan.Zero);
        var verdict = _rule.Judge(_trial, _history);
        return verdict.Reason.Length > 0 ? verdict.Reason : null;
    }
}
