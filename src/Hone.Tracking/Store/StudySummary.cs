using Hone.Budgets;
using Hone.Trials;
using Hone.Tuning;

namespace Hone.Tracking.Store;

/// <summary>A stored study at a glance.</summary>
public sealed record StudySummary
{
    /// <summary>Name of the study.</summary>
    public required string Name { get; init; }

    /// <summary>Running while a tuner works on it; Interrupted if the last one was killed.</summary>
    public required StudyState State { get; init; }

    /// <summary>What it looks for; at least one.</summary>
    public required IReadOnlyList<Objective> Objectives { get; init; }

    /// <summary>What its file says beyond that; null if it had none, or the store is older.</summary>
    public StudyOrigin? Origin { get; init; }

    /// <summary>How many trials stand where; a state without trials is absent.</summary>
    public required IReadOnlyDictionary<TrialState, int> Counts { get; init; }

    /// <summary>The best value of the first objective among the trials that count; null if there is none.</summary>
    public double? BestValue { get; init; }

    /// <summary>What has been spent; while a session is open, as far as its trials have ended.</summary>
    public required Spending Spent { get; init; }

    /// <summary>When the first session began, in UTC; null before it.</summary>
    public DateTimeOffset? Began { get; init; }

    /// <summary>When the last event of it was written, in UTC; null before the first.</summary>
    public DateTimeOffset? LastActivity { get; init; }

    /// <summary>How many trials there are, in any state.</summary>
    public int Trials => Counts.Values.Sum();
}
