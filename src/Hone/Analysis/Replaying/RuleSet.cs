using Hone.Stopping;

namespace Hone.Analysis.Replaying;

/// <summary>Stopping rules to replay a study under, together: the first that says stop decides, as in a study.</summary>
/// <param name="Name">What the results are listed under.</param>
/// <param name="Rules">In their order; empty: nothing is stopped.</param>
public sealed record RuleSet(string Name, IReadOnlyList<IStoppingRule> Rules)
{
    /// <summary>A set named after its rules.</summary>
    public static RuleSet Of(params IReadOnlyList<IStoppingRule> rules) =>
        new(rules.Count == 0 ? "no rule" : string.Join(" + ", rules.Select(rule => rule.Name)), rules);

    /// <summary>The sets themselves, and each two of them together.</summary>
    public static IReadOnlyList<RuleSet> WithPairs(IReadOnlyList<RuleSet> sets)
    {
        ArgumentNullException.ThrowIfNull(sets);
        return [.. sets, .. sets.SelectMany((first, i) => sets.Skip(i + 1).Select(second => first.And(second)))];
    }

    /// <summary>Both together, these rules first.</summary>
    public RuleSet And(RuleSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new($"{Name} + {other.Name}", [.. Rules, .. other.Rules]);
    }
}
