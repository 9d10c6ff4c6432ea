using System.Globalization;
using Hone.Trials;

namespace Hone.Stopping;

/// <summary>
/// Stops a trial whose best value so far is worse than a percentile, the median for instance, of what its peers had on average up to
/// the same step.
/// </summary>
/// <remarks>
/// Golovin et al., "Google Vizier", KDD 2017, the median stopping rule. Departs from it in that peers that still run, or were stopped,
/// count too, as far as they have reported: with finished peers alone the reference would be the few survivors and ever stricter.
/// Judged once a step, in O(log n) of the number of peers.
/// </remarks>
public sealed class PercentileRule : IStoppingRule
{
    private readonly string _metric;
    private readonly Goal _goal;
    private readonly double _keepPercent;
    private readonly After _after;
    private readonly int _minimumPeers;
    private readonly TableKey _table;

    /// <param name="metric">The metric to compare, of learning or of the system.</param>
    /// <param name="goal">Which of its values are better.</param>
    /// <param name="keepPercent">The share of peers that a trial must not be worse than, in (0, 100): 25 keeps the best quarter.</param>
    /// <param name="after">No judgement before.</param>
    /// <param name="minimumPeers">How many other trials must have got to the step; at least 1.</param>
    public PercentileRule(string metric, Goal goal, double keepPercent, After after = default, int minimumPeers = 5)
    {
        ArgumentException.ThrowIfNullOrEmpty(metric);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(keepPercent, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(keepPercent, 100);
        ArgumentOutOfRangeException.ThrowIfLessThan(minimumPeers, 1);
        _metric = metric;
        _goal = goal;
        _keepPercent = keepPercent;
        _after = after;
        _minimumPeers = minimumPeers;
        _table = new TableKey(metric, TableValue.RunningMean);
    }

    /// <inheritdoc/>
    public string Name => _keepPercent == 50
        ? $"median({_metric})"
        : string.Create(CultureInfo.InvariantCulture, $"percentile {_keepPercent}({_metric})");

    /// <inheritdoc/>
    public IReadOnlyList<TableKey> Tables => [_table];

    /// <summary>The median rule: a trial must not be worse than half of its peers.</summary>
    /// <param name="metric">The metric to compare, of learning or of the system.</param>
    /// <param name="goal">Which of its values are better.</param>
    /// <param name="after">No judgement before.</param>
    /// <param name="minimumPeers">How many other trials must have got to the step; at least 1.</param>
    public static PercentileRule Median(string metric, Goal goal, After after = default, int minimumPeers = 5) =>
        new(metric, goal, 50, after, minimumPeers);

    /// <inheritdoc/>
    public Verdict Judge(Trial trial, StudyHistory history)
    {
        ArgumentNullException.ThrowIfNull(trial);
        ArgumentNullException.ThrowIfNull(history);
        if (trial.Updated(_metric) is not { } series || !_after.HasPassed(trial)
            || (series.Count > 1 && series.Steps[^2] == series.LastStep)
            || history[_table].At(series.LastStep) is not { } values)
        {
            return Verdict.Continue;
        }

        var own = history[_table].Of(trial, series.LastStep);
        var hasOwn = own is { } mean && !double.IsNaN(mean);
        var peers = values.Count - (hasOwn ? 1 : 0);
        if (peers < _minimumPeers)
        {
            return Verdict.Continue;
        }

        var limit = Percentile(values, peers, hasOwn ? values.CountBelow(own!.Value) : int.MaxValue);
        var best = series.Best(_goal);
        var isWorse = _goal == Goal.Minimize ? best > limit : best < limit;
        return !isWorse ? Verdict.Continue : Verdict.Stop(string.Create(
            CultureInfo.InvariantCulture,
            $"best {_metric} {Words.Of(best)} is worse than the {Position} {Words.Of(limit)} of {peers} peers at step {series.LastStep}"));
    }

    private string Position => _keepPercent == 50
        ? "median"
        : string.Create(CultureInfo.InvariantCulture, $"best {_keepPercent} %, which begins at");

    // Linear interpolation between order statistics, as NumPy does by default; the trial's own value is skipped.
    private double Percentile(SortedValues values, int peers, int ownIndex)
    {
        var share = (_goal == Goal.Minimize ? _keepPercent : 100 - _keepPercent) / 100;
        var position = share * (peers - 1);
        var below = (int)position;
        var low = values[below < ownIndex ? below : below + 1];
        if (position == below)
        {
            return low;
        }

        var high = values[below + 1 < ownIndex ? below + 1 : below + 2];
        return low + ((position - below) * (high - low));
    }
}
