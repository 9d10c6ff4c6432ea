using System.Globalization;
using System.Numerics.Tensors;
using Hone.Trials;

namespace Hone.Stopping;

/// <summary>Stops a trial whose metric has not got better for a number of reports.</summary>
public sealed class PatienceRule : IStoppingRule
{
    private readonly string _metric;
    private readonly Goal _goal;
    private readonly int _reports;
    private readonly double _delta;
    private readonly After _after;

    /// <param name="metric">The metric to watch.</param>
    /// <param name="goal">Which of its values are better.</param>
    /// <param name="reports">How many reports in a row may bring nothing; at least 1.</param>
    /// <param name="delta">How much better a value must be to count, in the metric's unit; noise smaller than this is no progress.</param>
    /// <param name="after">No judgement before.</param>
    public PatienceRule(string metric, Goal goal, int reports, double delta = 0, After after = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(metric);
        ArgumentOutOfRangeException.ThrowIfLessThan(reports, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(delta);
        _metric = metric;
        _goal = goal;
        _reports = reports;
        _delta = delta;
        _after = after;
    }

    /// <inheritdoc/>
    public string Name => $"patience({_metric})";

    /// <inheritdoc/>
    public Verdict Judge(Trial trial, StudyHistory history)
    {
        ArgumentNullException.ThrowIfNull(trial);
        if (trial.Updated(_metric) is not { } series || series.Count <= _reports || !_after.HasPassed(trial))
        {
            return Verdict.Continue;
        }

        // TensorPrimitives treats NaN as contagious; a NaN anywhere leaves the judgement to the rule for diverged trials.
        var before = Best(series.Values[..^_reports]);
        var recent = Best(series.Values[^_reports..]);
        var gain = _goal == Goal.Minimize ? before - recent : recent - before;
        return !(gain <= _delta) ? Verdict.Continue : Verdict.Stop(string.Create(
            CultureInfo.InvariantCulture,
            $"{_metric} has not improved on {Words.Of(before)} by more than {Words.Of(_delta)} in the last {_reports} reports"));
    }

    private double Best(ReadOnlySpan<double> values) =>
        _goal == Goal.Minimize ? TensorPrimitives.Min(values) : TensorPrimitives.Max(values);
}
