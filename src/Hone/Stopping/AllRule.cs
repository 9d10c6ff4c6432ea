using Hone.Trials;

namespace Hone.Stopping;

/// <summary>Stops a trial when several rules say so after the same report.</summary>
public sealed class AllRule : IStoppingRule
{
    private readonly IReadOnlyList<IStoppingRule> _rules;

    /// <param name="rules">At least one.</param>
    public AllRule(IReadOnlyList<IStoppingRule> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentOutOfRangeException.ThrowIfZero(rules.Count);
        _rules = rules;
    }

    /// <inheritdoc/>
    public string Name => $"all({string.Join(", ", _rules.Select(r => r.Name))})";

    /// <inheritdoc/>
    public IReadOnlyList<TableKey> Tables => [.. _rules.SelectMany(r => r.Tables)];

    /// <inheritdoc/>
    public IReadOnlyList<FoldKey> Folds => [.. _rules.SelectMany(r => r.Folds)];

    /// <inheritdoc/>
    public TimeSpan? WakeAfter => _rules.Max(r => r.WakeAfter);

    /// <inheritdoc/>
    public Verdict Judge(Trial trial, StudyHistory history)
    {
        var reasons = new string[_rules.Count];
        for (var i = 0; i < _rules.Count; i++)
        {
            var verdict = _rules[i].Judge(trial, history);
            if (!verdict.Stops)
            {
                return Verdict.Continue;
            }

            reasons[i] = verdict.Reason;
        }

        return Verdict.Stop(string.Join(" and ", reasons));
    }
}
