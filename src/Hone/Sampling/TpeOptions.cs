using Hone.Space;
using Hone.Trials;

namespace Hone.Sampling;

/// <summary>Chooses <see cref="TpeSampler"/>.</summary>
public sealed record TpeOptions : SamplerOptions
{
    /// <inheritdoc/>
    public override string Name => "tpe";

    /// <summary>
    /// Whether parameters that are active together are drawn together, so that what they do to one another is seen (the default), or each
    /// on its own.
    /// </summary>
    public bool Multivariate { get; init; } = true;

    /// <summary>So many trials must have ended with a value before proposals are more than random; at least 1, by default 10.</summary>
    public int StartupTrials { get; init; } = 10;

    /// <summary>How many candidates are compared for each proposal; at least 1, by default 24.</summary>
    public int Candidates { get; init; } = 24;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A count is below 1.</exception>
    public override ISampler Create(SearchSpace space, IReadOnlyList<Objective> objectives, ulong seed) =>
        new TpeSampler(space, objectives, this);
}
