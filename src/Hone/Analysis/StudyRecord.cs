using Hone.Budgets;
using Hone.Space;
using Hone.Trials;
using Hone.Tuning;

namespace Hone.Analysis;

/// <summary>A stored study as it stands, for reading: what the command prints and the report draws.</summary>
public sealed record StudyRecord
{
    /// <summary>Name of the study.</summary>
    public required string Name { get; init; }

    /// <summary>How the study stands.</summary>
    public required StudyState State { get; init; }

    /// <summary>What it looks for; at least one.</summary>
    public required IReadOnlyList<Objective> Objectives { get; init; }

    /// <summary>What a trial must satisfy to count.</summary>
    public IReadOnlyList<Comparison> Constraints { get; init; } = [];

    /// <summary>The space, one line a parameter.</summary>
    public IReadOnlyList<string> Space { get; init; } = [];

    /// <summary>What its file says beyond that; null if it had none, or the store is older.</summary>
    public StudyOrigin? Origin { get; init; }

    /// <summary>Whether it went on under other stopping rules than it began with; <see cref="Origin"/> has the last ones.</summary>
    public bool RulesChanged { get; init; }

    /// <summary>When the first session began, in UTC; null before it.</summary>
    public DateTimeOffset? Began { get; init; }

    /// <summary>What has been spent.</summary>
    public required Spending Spent { get; init; }

    /// <summary>The trials, by number.</summary>
    public required IReadOnlyList<TrialRecord> Trials { get; init; }
}

/// <summary>A stored trial as it stands, for reading.</summary>
public sealed record TrialRecord
{
    /// <summary>From 1.</summary>
    public required int Number { get; init; }

    /// <summary>Where it stands.</summary>
    public required TrialState State { get; init; }

    /// <summary>Why it ended, in words; empty if it completed or runs.</summary>
    public string Reason { get; init; } = "";

    /// <summary>What decided that the trial be stopped: a stopping rule's name, <c>budget</c> or <c>diverged</c>; empty if nothing did.</summary>
    public string Rule { get; init; } = "";

    /// <summary>The active parameters in the space's order.</summary>
    public required IReadOnlyList<KeyValuePair<string, ParameterValue>> Parameters { get; init; }

    /// <summary>The last value of every metric of the last attempt, sorted by name.</summary>
    public required IReadOnlyList<MetricValue> Metrics { get; init; }

    /// <summary>One value an objective, NaN where there is none; empty while the trial runs.</summary>
    public IReadOnlyList<double> Values { get; init; } = [];

    /// <summary>Sum of the violations of the constraints: 0 if feasible.</summary>
    public double Violation { get; init; }

    /// <summary>The last step reported.</summary>
    public long Steps { get; init; }

    /// <summary>When the last attempt began, in UTC; null before it.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>How long the last attempt ran, in seconds.</summary>
    public double WallSeconds { get; init; }

    /// <summary>How many attempts have begun.</summary>
    public int Attempts { get; init; }

    /// <summary>Every measurement of the last attempt in order of arrival; empty unless asked for.</summary>
    public IReadOnlyList<Measurement> History { get; init; } = [];

    /// <summary>
    /// Beside <see cref="History"/>: the place of the report that brought each measurement among all reports of the study, in the order in
    /// which the tuner took them; empty if the store does not keep it. The clocks of workers cannot tell that order to the last
    /// millisecond, and a rule that compares trials decides by it.
    /// </summary>
    public IReadOnlyList<long> Order { get; init; } = [];

    /// <summary>What clients and the tuner noted beside it, by name: <c>hone.data.…</c> say which data it read. Empty if nobody did.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Tags { get; init; } = [];

    /// <summary>Whether the trial may be the study's best: complete, feasible and with finite values.</summary>
    public bool Counts => State == TrialState.Complete && Violation == 0 && Values.Count > 0 && Values.All(double.IsFinite);
}
