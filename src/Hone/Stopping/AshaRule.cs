using System.Globalization;
using Hone.Trials;

namespace Hone.Stopping;

/// <summary>
/// Asynchronous successive halving, stopping type: at rungs r, r*eta, r*eta^2, … a trial goes on only if it is among the best 1/eta of all
/// trials that have got to that rung.
/// </summary>
/// <remarks>
/// Li et al., "A System for Massively Parallel Hyperparameter Tuning", MLSys 2020 (arXiv 1810.05934). While fewer than eta values are at
/// a rung, every trial goes on. A trial is measured by its first report at or past the rung, and never waits.
/// </remarks>
public sealed class AshaRule : IStoppingRule
{
    private readonly string _metric;
    private readonly Goal _goal;
    private readonly Rungs _rungs;
    private readonly TableKey _table;

    /// <param name="metric">The metric to rank by.</param>
    /// <param name="goal">Which of its values are better.</param>
    /// <param name="firstRung">The step of the first rung, at least 1.</param>
    /// <param name="factor">eta: the ratio of neighbouring rungs and the share that is cut, at least 2.</param>
    public AshaRule(string metric, Goal goal, long firstRung = 1, int factor = 3)
    {
        ArgumentException.ThrowIfNullOrEmpty(metric);
        ArgumentOutOfRangeException.ThrowIfLessThan(firstRung, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(factor, 2);
        _metric = metric;
        _goal = goal;
        _rungs = new Rungs(firstRung, factor);
        _table = new TableKey(metric, TableValue.Latest, _rungs);
    }

    /// <inheritdoc/>
    public string Name => $"asha({_metric})";

    /// <inheritdoc/>
    public IReadOnlyList<TableKey> Tables => [_table];

    /// <inheritdoc/>
    public Verdict Judge(Trial trial, StudyHistory history)
    {
        ArgumentNullException.ThrowIfNull(trial);
        ArgumentNullException.ThrowIfNull(history);
        if (trial.Updated(_metric) is not { } series)
        {
            return Verdict.Continue;
        }

        var previous = series.Count > 1 ? series.Steps[^2] : -1;
        for (var rung = _rungs.After(previous); rung <= series.LastStep; rung = _rungs.After(rung))
        {
            if (JudgeAt(rung, trial, history[_table]) is { Stops: true } verdict)
            {
                return verdict;
            }
        }

        return Verdict.Continue;
    }

    private Verdict JudgeAt(long rung, Trial trial, StepTable table)
    {
        if (table.At(rung) is not { } values || table.Of(trial, rung) is not { } own || double.IsNaN(own) || values.Count < _rungs.Factor)
        {
            return Verdict.Continue;
        }

        var better = _goal == Goal.Minimize ? values.CountBelow(own) : values.Count - values.CountBelow(Math.BitIncrement(own));
        var kept = values.Count / _rungs.Factor;
        return better < kept ? Verdict.Continue : Verdict.Stop(string.Create(
            CultureInfo.InvariantCulture,
            $"{_metric} {Words.Of(own)} ranks {better + 1} of {values.Count} at rung {rung}, where the best {kept} go on"));
    }
}
