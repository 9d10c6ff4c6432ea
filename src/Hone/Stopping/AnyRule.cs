using Hone.Trials;

namespace Hone.Stopping;

/// <summary>Stops a trial when one of several rules does; the first to say so gives the reason.</summary>
public sealed class AnyRule : IStoppingRule
{
    private readonly IReadOnlyList<IStoppingRule> _rules;

    /// <param name="rules">At least one.</param>
    public AnyRule(IReadOnlyList<IStoppingRule> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentOutOfRangeException.ThrowIfZero(rules.Count);
        _rules = rules;
    }

    /// <inheritdoc/>
    public string Name => $"any({string.Join(", ", _rules.Select(r => r.Name))})";

    /// <inheritdoc/>
    public IReadOnlyList<TableKey> Tables => [.. _rules.SelectMany(r => r.Tables)];

    /// <inheritdoc/>
    public IReadOnlyList<FoldKey> Folds => [.. _rules.SelectMany(r => r.Folds)];

    /// <inheritdoc/>
    public TimeSpan? WakeAfter => _rules.Min(r => r.WakeAfter);

    /// <inheritdoc/>
    public Verdict Judge(Trial trial, StudyHistory history)
    {
        foreach (var rule in _rules)
        {
            if (rule.Judge(trial, history) is { Stops: true } verdict)
            {
                return verdict;
            }
        }

        return Verdict.Continue;
    }
}
