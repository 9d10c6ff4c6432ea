using System.Globalization;
using Hone.Trials;

namespace Hone.Stopping;

/// <summary>
/// Prechelt's GL: stops a trial when its error is more than alpha percent above the smallest error it had,
/// GL(t) = 100 (E(t) / min E - 1).
/// </summary>
/// <remarks>
/// Prechelt, "Automatic early stopping using cross validation", Neural Networks 11 (1998). For positive values where smaller is better;
/// works on any such metric, so on memory or step time it measures growth over the best seen. Not judged while the minimum is not positive.
/// </remarks>
public sealed class GeneralizationLossRule : IStoppingRule
{
    private readonly string _metric;
    private readonly double _alpha;
    private readonly After _after;

    /// <param name="metric">The validation error.</param>
    /// <param name="alpha">In percent, above 0.</param>
    /// <param name="after">No judgement before.</param>
    public GeneralizationLossRule(string metric, double alpha, After after = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(metric);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(alpha);
        _metric = metric;
        _alpha = alpha;
        _after = after;
    }

    /// <inheritdoc/>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"prechelt gl {_alpha}({_metric})");

    /// <inheritdoc/>
    public Verdict Judge(Trial trial, StudyHistory history)
    {
        ArgumentNullException.ThrowIfNull(trial);
        if (trial.Updated(_metric) is not { } series || !_after.HasPassed(trial))
        {
            return Verdict.Continue;
        }

        var loss = Loss(series);
        return loss > _alpha
            ? Verdict.Stop(string.Create(
                CultureInfo.InvariantCulture,
                $"{_metric} {Words.Of(series.Last)} at step {trial.Step} is {Words.Of(loss)} % above its best {Words.Of(series.Min)}, more than {Words.Of(_alpha)} %"))
            : Verdict.Continue;
    }

    /// <summary>GL in percent, NaN where the smallest value is not positive.</summary>
    internal static double Loss(MetricSeries series) => series.Min > 0 ? 100 * ((series.Last / series.Min) - 1) : double.NaN;
}
