using System.Globalization;
using Hone.Trials;

namespace Hone.Stopping;

/// <summary>Stops a trial when an inequality on one of its metrics holds, if asked in several of its latest values.</summary>
/// <remarks>Persistence (<c>times</c> of the last <c>of</c> values) keeps one noisy reading from ending a trial.</remarks>
public sealed class ThresholdRule : IStoppingRule
{
    private readonly Comparison _when;
    private readonly After _after;
    private readonly int _times;
    private readonly int _of;

    /// <param name="when">The inequality that ends the trial.</param>
    /// <param name="after">No judgement before.</param>
    /// <param name="times">In how many of the latest values it must hold; at least 1.</param>
    /// <param name="of">How many latest values are looked at; at least <paramref name="times"/>.</param>
    /// <exception cref="ArgumentException">Persistence was asked of a comparison that looks at the whole series.</exception>
    public ThresholdRule(Comparison when, After after = default, int times = 1, int of = 1)
    {
        ArgumentNullException.ThrowIfNull(when);
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(of, times);
        if (of > 1 && when.Take != Aggregate.Last)
        {
            throw new ArgumentException($"'{when}' looks at all values already. Name the metric alone to count its last {of} values.", nameof(of));
        }

        _when = when;
        _after = after;
        _times = times;
        _of = of;
    }

    /// <inheritdoc/>
    public string Name => $"when {_when}";

    /// <inheritdoc/>
    public Verdict Judge(Trial trial, StudyHistory history)
    {
        ArgumentNullException.ThrowIfNull(trial);
        if (trial.Updated(_when.Metric) is not { } series || !_after.HasPassed(trial))
        {
            return Verdict.Continue;
        }

        if (_when.Take != Aggregate.Last)
        {
            var value = series.Take(_when.Take);
            return _when.Holds(value) ? Stop(trial, value, "") : Verdict.Continue;
        }

        if (!_when.Holds(series.Last))
        {
            return Verdict.Continue;
        }

        var held = 0;
        foreach (var value in series.Values[^Math.Min(_of, series.Count)..])
        {
            held += _when.Holds(value) ? 1 : 0;
        }

        return held >= _times
            ? Stop(trial, series.Last, _of == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $", {held} of the last {_of} values"))
            : Verdict.Continue;
    }

    private Verdict Stop(Trial trial, double value, string persistence) => Verdict.Stop(string.Create(
        CultureInfo.InvariantCulture, $"{_when.Metric} is {Words.Of(value)} at step {trial.Step}: {_when}{persistence}"));
}
