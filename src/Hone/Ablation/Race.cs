using Hone.Analysis.Statistics;

namespace Hone.Ablation;

/// <summary>Decides contrasts look by look, and says which arms need more seeds. Not thread-safe.</summary>
/// <remarks>
/// A look takes in the first n seeds and nothing else, once all of them have ended in all arms that are still needed: so what it decides
/// does not depend on how many trials run at once, or which ends first. Effects and interactions are families of their own; in each, Holm's
/// way goes over the contrasts that are not yet found to differ, those called harmless included, which keeps the level over all looks.
/// Equivalence is tested twice one-sided (Schuirmann 1987) by sign flips, likewise.
/// </remarks>
public sealed class Race
{
    private readonly AblationPlan _plan;
    private readonly PairedTable _table;
    private readonly Looks _looks;
    private readonly ContrastResult?[] _decided;
    private int _look;

    /// <param name="plan">What is asked.</param>
    /// <param name="table">What arms have reached; grows.</param>
    public Race(AblationPlan plan, PairedTable table)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(table);
        _plan = plan;
        _table = table;
        _looks = new Looks(plan.Options, plan.Contrasts.Count);
        _decided = new ContrastResult?[plan.Contrasts.Count];
        Needed = [.. plan.Arms.Select(_ => true)];
    }

    /// <summary>Which arms some undecided contrast still needs.</summary>
    public IReadOnlyList<bool> Needed { get; private set; }

    /// <summary>Whether every look has been taken, or everything is decided.</summary>
    public bool IsOver => _look == _looks.After.Count || _decided.All(result => result is not null);

    /// <summary>What is decided so far, in the plan's order.</summary>
    public IReadOnlyList<ContrastVerdict> Verdicts => [.. _decided.Select(result => result?.Verdict ?? ContrastVerdict.Undecided)];

    /// <summary>Takes every look whose seeds have all ended.</summary>
    public void Advance()
    {
        while (!IsOver && IsDue(_looks.After[_look]))
        {
            var results = Judge(_looks.After[_look], _looks.LevelAt(_look));
            for (var i = 0; i < results.Length; i++)
            {
                _decided[i] ??= results[i] is { Verdict: not ContrastVerdict.Undecided } ? results[i] : null;
            }

            _look++;
            Needed = [.. _plan.Arms.Select((_, arm) => _plan.Contrasts.Where((_, i) => _decided[i] is null).Any(c => c.Weights.Any(w => w.Arm == arm)))];
        }
    }

    /// <summary>The answers as they stand: decided ones as of their look, others by all pairs there are.</summary>
    public IReadOnlyList<ContrastResult> Results()
    {
        // Before its time a look may find nothing: what is shown then has the level of the look to come, and no verdict.
        var last = Judge(int.MaxValue, _looks.LevelAt(Math.Min(_look, _looks.After.Count - 1)));
        return [.. last.Select((result, i) => ContrastStatistics.WithInterval(_decided[i] ?? result with { Verdict = ContrastVerdict.Undecided }, _plan.Options.Alpha))];
    }

    private bool IsDue(int seeds) => Enumerable.Range(0, _plan.Arms.Count).All(arm => !Needed[arm] || _table.IsComplete(arm, seeds));

    private ContrastResult[] Judge(int seeds, double level)
    {
        var results = new ContrastResult[_plan.Contrasts.Count];
        var margin = _plan.Options.Margin ?? ContrastStatistics.Deviation(_table.Values(0, seeds));
        foreach (var isInteraction in (bool[])[false, true])
        {
            int[] open = [.. Enumerable.Range(0, results.Length).Where(i => _plan.Contrasts[i].IsInteraction == isInteraction && _decided[i] is null)];
            var dropped = _decided.Count(result => result is { Verdict: ContrastVerdict.Harmless or ContrastVerdict.Additive } && result.Contrast.IsInteraction == isInteraction);
            var found = _decided.Count(result => result is not null && result.Contrast.IsInteraction == isInteraction) - dropped;
            var statistics = open.Select(i => ContrastStatistics.Of(_plan.Contrasts[i], _table.Differences(_plan.Contrasts[i], seeds), margin)).ToArray();
            var scale = _plan.Options.Alpha / level;
            var p = Adjust([.. statistics.Select(s => s.P)], dropped, scale);
            var equivalence = Adjust([.. statistics.Select(s => s.EquivalenceP)], found, scale);
            for (var k = 0; k < open.Length; k++)
            {
                results[open[k]] = ContrastStatistics.Judged(statistics[k] with { AdjustedP = p[k], EquivalenceP = equivalence[k] }, _plan.Options.Alpha, open.Length + dropped, scale);
            }
        }

        for (var i = 0; i < results.Length; i++)
        {
            results[i] ??= _decided[i]!;
        }

        return results;
    }

    // Hypotheses that were dropped undisproved still count: they stand in as p of 1.
    private static double[] Adjust(double[] p, int others, double scale) =>
        [.. Adjustment.Holm([.. p, .. Enumerable.Repeat(1.0, others)]).Take(p.Length).Select(value => Math.Min(1, value * scale))];
}
