using Hone.Space;

namespace Hone.Trials;

/// <summary>An ended trial, as samplers and callers see it.</summary>
public sealed record TrialResult
{
    /// <summary>From 1, unique within the study.</summary>
    public required int Number { get; init; }

    /// <summary>What was tried.</summary>
    public required Configuration Configuration { get; init; }

    /// <summary>How it ended: never Waiting or Running.</summary>
    public required TrialState State { get; init; }

    /// <summary>Why it ended, in words; empty for a trial that completed.</summary>
    public string Reason { get; init; } = "";

    /// <summary>One value an objective, in the study's order, as far as reported: NaN where there is none.</summary>
    public required IReadOnlyList<double> Values { get; init; }

    /// <summary>Sum of the violations of the study's constraints: 0 if feasible, infinity if one could not be judged.</summary>
    public double Violation { get; init; }

    /// <summary>The last step reported.</summary>
    public long Steps { get; init; }

    /// <summary>Whether the trial may be the study's best: complete, feasible and with finite values.</summary>
    public bool Counts => State == TrialState.Complete && Violation == 0 && Values.All(double.IsFinite);
}
