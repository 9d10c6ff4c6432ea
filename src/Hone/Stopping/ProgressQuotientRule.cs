using System.Globalization;
using System.Numerics.Tensors;
using Hone.Trials;

namespace Hone.Stopping;

/// <summary>
/// Prechelt's PQ: at the end of each strip of k reports, stops a trial when GL / P_k exceeds alpha, where
/// P_k = 1000 (mean of the training error over the strip / its minimum there - 1); also when P_k falls below 0.1, when training is at its end.
/// </summary>
/// <remarks>Prechelt, "Automatic early stopping using cross validation", Neural Networks 11 (1998). Both errors must be positive.</remarks>
public sealed class ProgressQuotientRule : IStoppingRule
{
    private const double NoProgress = 0.1;
    private readonly string _validation;
    private readonly string _training;
    private readonly double _alpha;
    private readonly int _strip;
    private readonly After _after;

    /// <param name="validation">The validation error.</param>
    /// <param name="training">The training error.</param>
    /// <param name="alpha">Above 0; Prechelt used 0.5 to 3.</param>
    /// <param name="strip">k, in reports of the training error; at least 2.</param>
    /// <param name="after">No judgement before.</param>
    public ProgressQuotientRule(string validation, string training, double alpha, int strip = 5, After after = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(validation);
        ArgumentException.ThrowIfNullOrEmpty(training);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(alpha);
        ArgumentOutOfRangeException.ThrowIfLessThan(strip, 2);
        _validation = validation;
        _training = training;
        _alpha = alpha;
        _strip = strip;
        _after = after;
    }

    /// <inheritdoc/>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"prechelt pq {_alpha}({_validation})");

    /// <inheritdoc/>
    public Verdict Judge(Trial trial, StudyHistory history)
    {
        ArgumentNullException.ThrowIfNull(trial);
        if (trial.Updated(_training) is not { } training || training.Count % _strip != 0
            || trial.Series(_validation) is not { } validation || !_after.HasPassed(trial))
        {
            return Verdict.Continue;
        }

        var strip = training.Values[^_strip..];
        var smallest = TensorPrimitives.Min(strip);
        var progress = smallest > 0 ? 1000 * ((TensorPrimitives.Sum(strip) / _strip / smallest) - 1) : double.NaN;
        if (progress < NoProgress)
        {
            return Verdict.Stop(string.Create(
                CultureInfo.InvariantCulture,
                $"training has ended: {_training} moved by {Words.Of(progress)} thousandths in the last {_strip} reports, less than {NoProgress}"));
        }

        var quotient = GeneralizationLossRule.Loss(validation) / progress;
        return quotient > _alpha
            ? Verdict.Stop(string.Create(
                CultureInfo.InvariantCulture,
                $"{_validation} rises faster than {_training} falls: quotient {Words.Of(quotient)} at step {trial.Step}, more than {Words.Of(_alpha)}"))
            : Verdict.Continue;
    }
}
