using Hone.Budgets;
using Hone.Sampling;
using Hone.Space;
using Hone.Stopping;
using Hone.Trials;

namespace Hone.Tuning;

/// <summary>What to search, what for, and what it may cost.</summary>
public sealed record Study
{
    /// <summary>Name; also the name of the experiment in the store.</summary>
    public required string Name { get; init; }

    /// <summary>The parameters to vary.</summary>
    public required SearchSpace Space { get; init; }

    /// <summary>What to make as small or as large as possible; at least one. The first one ranks trials where one number is needed.</summary>
    public required IReadOnlyList<Objective> Objectives { get; init; }

    /// <summary>What a trial must satisfy at its end to count. A metric that was not reported violates its constraint.</summary>
    public IReadOnlyList<Comparison> Constraints { get; init; } = [];

    /// <summary>How configurations are proposed.</summary>
    public SamplerOptions Sampler { get; init; } = new RandomOptions();

    /// <summary>What ends a running trial; the first rule that says stop decides. Empty: trials run to their end.</summary>
    public IReadOnlyList<IStoppingRule> Rules { get; init; } = [];

    /// <summary>What the study may spend. Without any limit it runs until the sampler ends or the user does.</summary>
    public Budget Budget { get; init; } = new();

    /// <summary>What happens to trials that crash.</summary>
    public RetryPolicy Retries { get; init; } = new();

    /// <summary>
    /// Starts new trials only when all slots are idle, as synchronous tuners do. For comparison: it wastes the time of early finishers.
    /// </summary>
    public bool Rounds { get; init; }

    /// <summary>Fixes the sampler's proposals and the seeds handed to trials.</summary>
    public int Seed { get; init; }

    /// <summary>What its file says beyond that; null if it has none.</summary>
    public StudyOrigin? Origin { get; init; }

    /// <summary>One value an objective, as far as the trial has reported; NaN where it has not.</summary>
    internal double[] ValuesOf(Trial trial) =>
        [.. Objectives.Select(objective => trial.Series(objective.Metric)?.Take(objective.Take) ?? double.NaN)];

    /// <summary>Sum of the violations of the constraints; a metric that was not reported counts as infinitely violated.</summary>
    internal double ViolationOf(Trial trial) =>
        Constraints.Sum(constraint => constraint.Violation(trial.Series(constraint.Metric)?.Take(constraint.Take) ?? double.NaN));
}

