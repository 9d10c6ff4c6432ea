using System.Globalization;
using Hone.Trials;

namespace Hone.Stopping;

/// <summary>
/// Prechelt's UP: stops a trial when its error was higher at the end of each of the last s strips of k reports than k reports before.
/// </summary>
/// <remarks>Prechelt, "Automatic early stopping using cross validation", Neural Networks 11 (1998).</remarks>
public sealed class SuccessiveRiseRule : IStoppingRule
{
    private readonly string _metric;
    private readonly int _strips;
    private readonly int _strip;
    private readonly After _after;

    /// <param name="metric">The validation error.</param>
    /// <param name="strips">s: in how many successive strips it must have risen; at least 1.</param>
    /// <param name="strip">k: reports in a strip; at least 1.</param>
    /// <param name="after">No judgement before.</param>
    public SuccessiveRiseRule(string metric, int strips, int strip = 5, After after = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(metric);
        ArgumentOutOfRangeException.ThrowIfLessThan(strips, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(strip, 1);
        _metric = metric;
        _strips = strips;
        _strip = strip;
        _after = after;
    }

    /// <inheritdoc/>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"prechelt up {_strips}({_metric})");

    /// <inheritdoc/>
    public Verdict Judge(Trial trial, StudyHistory history)
    {
        ArgumentNullException.ThrowIfNull(trial);
        if (trial.Updated(_metric) is not { } series || series.Count % _strip != 0
            || series.Count / _strip <= _strips || !_after.HasPassed(trial))
        {
            return Verdict.Continue;
        }

        var values = series.Values;
        for (var strip = 0; strip < _strips; strip++)
        {
            var end = values.Length - 1 - (strip * _strip);
            if (!(values[end] > values[end - _strip]))
            {
                return Verdict.Continue;
            }
        }

        return Verdict.Stop(string.Create(
            CultureInfo.InvariantCulture,
            $"{_metric} rose in {_strips} successive strips of {_strip} reports, to {Words.Of(series.Last)} at step {trial.Step}"));
    }
}
