using Hone.Analysis.Statistics;

namespace Hone.Ablation;

/// <summary>What is to be thought of a component, or of two together.</summary>
public enum ContrastVerdict
{
    /// <summary>The pairs so far do not tell.</summary>
    Undecided,

    /// <summary>The objective is worse without the component.</summary>
    Matters,

    /// <summary>The objective is better without the component.</summary>
    Harmful,

    /// <summary>The objective without the component is the same but for less than the margin.</summary>
    Harmless,

    /// <summary>Two components stand in for one another: without both, more is lost than without each.</summary>
    Redundant,

    /// <summary>Two components need one another: without both, less is lost than without each.</summary>
    Synergistic,

    /// <summary>What two components give is the sum of what each gives, but for less than the margin.</summary>
    Additive,
}

/// <summary>The answer to a contrast. Differences are signed so that more than 0 is a loss: without it, the objective is worse.</summary>
public sealed record ContrastResult
{
    /// <summary>The question.</summary>
    public required AblationContrast Contrast { get; init; }

    /// <summary>What is to be thought of it.</summary>
    public required ContrastVerdict Verdict { get; init; }

    /// <summary>One difference a seed on which every arm of the contrast has a finite value, in order of the seeds.</summary>
    public required IReadOnlyList<double> Differences { get; init; }

    /// <summary>Their mean with its interval; NaN without pairs, an interval of NaN for one.</summary>
    public required Interval Mean { get; init; }

    /// <summary>Their median; NaN without pairs.</summary>
    public required double Median { get; init; }

    /// <summary>Two-sided p of the sign-flip test; 1 without pairs.</summary>
    public required double P { get; init; }

    /// <summary>That p raised for the number of contrasts (Holm) and, in a race, of looks: significant at the plan's level or below.</summary>
    public required double AdjustedP { get; init; }

    /// <summary>The p, raised likewise, of a difference beyond the margin on either side: at the level or below, there is none.</summary>
    public required double EquivalenceP { get; init; }

    /// <summary>What counted as no difference.</summary>
    public required double Margin { get; init; }

    /// <summary>Share of the pairs with a loss, ties half: the probability that the component helps. NaN without pairs.</summary>
    public required double Improvement { get; init; }

    /// <summary>For an undecided contrast, about how many more seeds would decide it; null if it is decided or nobody can tell.</summary>
    public int? MoreSeeds { get; init; }
}
