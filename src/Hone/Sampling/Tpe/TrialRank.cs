using Hone.Trials;

namespace Hone.Sampling.Tpe;

/// <summary>Where a finished trial stands among the others: smaller is better.</summary>
/// <param name="Class">Complete, stopped, infeasible, or of no value.</param>
/// <param name="First">Within the class: value, minus the last step, or violation.</param>
/// <param name="Second">What decides between equals: the value of a stopped trial.</param>
internal readonly record struct TrialRank(RankClass Class, double First, double Second = 0) : IComparable<TrialRank>
{
    /// <summary>The rank of a result by its first objective.</summary>
    public static TrialRank Of(TrialResult result, Objective objective)
    {
        var value = result.Values.Count > 0 ? objective.Signed(result.Values[0]) : double.NaN;
        if (result.State is TrialState.Failed or TrialState.Vetoed)
        {
            return new TrialRank(RankClass.Worthless, 0);
        }

        // A stopped trial may have ended before a constraint could be judged; that alone does not make it infeasible.
        var violated = result.Violation > 0 && !(result.State == TrialState.Stopped && double.IsPositiveInfinity(result.Violation));
        if (violated)
        {
            return new TrialRank(RankClass.Infeasible, result.Violation);
        }

        return result.State == TrialState.Stopped
            ? new TrialRank(RankClass.Stopped, -result.Steps, double.IsNaN(value) ? double.PositiveInfinity : value)
            : double.IsNaN(value) ? new TrialRank(RankClass.Worthless, 0) : new TrialRank(RankClass.Complete, value);
    }

    /// <inheritdoc/>
    public int CompareTo(TrialRank other)
    {
        var order = Class.CompareTo(other.Class);
        order = order != 0 ? order : First.CompareTo(other.First);
        return order != 0 ? order : Second.CompareTo(other.Second);
    }
}

/// <summary>The kinds of ended trials, best first.</summary>
internal enum RankClass : byte
{
    /// <summary>Complete and feasible: ranked by value.</summary>
    Complete,

    /// <summary>Stopped early: further ones first, then by value.</summary>
    Stopped,

    /// <summary>Complete or stopped, but infeasible: smaller violations first.</summary>
    Infeasible,

    /// <summary>Failed, vetoed or without a value: never good.</summary>
    Worthless,
}
