namespace Hone.Ablation;

/// <summary>How a plan is carried out, and how sure its answers must be.</summary>
public sealed record AblationOptions
{
    /// <summary>Which arms there are.</summary>
    public AblationDesign Design { get; init; }

    /// <summary>The most seeds an arm gets; at least 2.</summary>
    public int Seeds { get; init; } = 20;

    /// <summary>The first seed; the others follow it.</summary>
    public int FirstSeed { get; init; }

    /// <summary>Parameters that take the seed's value beside <see cref="AblationPlan.Seed"/>, such as that of the split.</summary>
    public IReadOnlyList<string> AlsoSeeded { get; init; } = [];

    /// <summary>
    /// Whether seeds are added only to arms that are undecided: the differences are looked at several times, and the level is spent over
    /// the looks. Otherwise every arm gets all seeds, and there is one look.
    /// </summary>
    public bool Racing { get; init; } = true;

    /// <summary>Chance of calling even one component that does nothing one that matters or harms, in (0, 1).</summary>
    public double Alpha { get; init; } = 0.05;

    /// <summary>
    /// What is as good as no difference, in the objective's unit, at least 0; null: one standard deviation of the first arm over its seeds, which is what
    /// another seed does anyway.
    /// </summary>
    public double? Margin { get; init; }

    /// <summary>How every arm is tuned anew with each seed; null: all arms run with the base's values.</summary>
    public ArmTuning? Retune { get; init; }
}
