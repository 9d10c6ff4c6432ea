namespace Hone.Analysis.Replaying;

/// <summary>A trial that the replayed rules stopped.</summary>
/// <param name="Trial">Its number in the record.</param>
/// <param name="Step">The last step it had reported.</param>
/// <param name="SinceStart">When, counted from its start.</param>
/// <param name="Rule">Name of the rule.</param>
/// <param name="Reason">The numbers that decided, in words.</param>
public sealed record ReplayDecision(int Trial, long Step, TimeSpan SinceStart, string Rule, string Reason);

/// <summary>A trial and its value of the study's first objective.</summary>
/// <param name="Trial">Its number in the record.</param>
/// <param name="Value">In the objective's unit.</param>
public readonly record struct BestTrial(int Trial, double Value);

/// <summary>What a recorded study would have come to under a set of stopping rules.</summary>
public sealed record ReplayResult
{
    /// <summary>Name of the rule set.</summary>
    public required string Rules { get; init; }

    /// <summary>How many recorded trials were replayed: all that have begun.</summary>
    public required int Trials { get; init; }

    /// <summary>The trials that the rules stopped, in the order of the decisions.</summary>
    public required IReadOnlyList<ReplayDecision> Decisions { get; init; }

    /// <summary>What the record cost.</summary>
    public required Cost Recorded { get; init; }

    /// <summary>What it would have cost under the rules.</summary>
    public required Cost Spent { get; init; }

    /// <summary>
    /// The difference. A lower bound where <see cref="Unknown"/> is not empty: what those trials would still have cost is not known.
    /// </summary>
    public Cost Saved => Recorded - Spent;

    /// <summary>What was saved as a share of what the record cost.</summary>
    public CostShare SavedShare => Saved.Of(Recorded);

    /// <summary>The best of the record, all trials run to the end; null if no trial counts.</summary>
    public required BestTrial? Best { get; init; }

    /// <summary>The best that the rules left; null if they left none.</summary>
    public required BestTrial? BestFound { get; init; }

    /// <summary>
    /// How much worse the best found is than the best, in the objective's unit, at least 0; null if there is none to compare.
    /// </summary>
    public double? Regret => Best is { } best && BestFound is { } found ? Math.Abs(best.Value - found.Value) : null;

    /// <summary>The regret as a share of the best value's size; null if that is 0 and the regret is not.</summary>
    public double? RelativeRegret => Regret switch
    {
        null => null,
        0 => 0,
        { } regret => Best!.Value.Value == 0 ? null : regret / Math.Abs(Best.Value.Value),
    };

    /// <summary>
    /// The stopped trials that would have won: better at their end than the best found; with several objectives, those that nothing found
    /// dominates.
    /// </summary>
    public required IReadOnlyList<int> WouldHaveWon { get; init; }

    /// <summary>
    /// The trials whose end the record does not hold, because a rule or the budget had stopped them, or they still run. Nobody knows
    /// what they would have come to or cost: with any of them, the replay is no ground truth.
    /// </summary>
    public required IReadOnlyList<int> Unknown { get; init; }

    /// <summary>Those of <see cref="Unknown"/> that these rules would have let go on past where the record ends.</summary>
    public required IReadOnlyList<int> RanPastRecord { get; init; }

    /// <summary>
    /// The trials of which these rules decided otherwise than the record's did; empty when a study is replayed under its own rules.
    /// </summary>
    public required IReadOnlyList<int> Differs { get; init; }

    /// <summary>
    /// The trials with attempts before the last one. The record holds the last one alone, so their peers may be judged a little otherwise
    /// than when the study ran.
    /// </summary>
    public required IReadOnlyList<int> Repeated { get; init; }
}
