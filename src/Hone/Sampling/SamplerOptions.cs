using Hone.Space;
using Hone.Trials;

namespace Hone.Sampling;

/// <summary>Which sampler a study uses, and how it is set.</summary>
public abstract record SamplerOptions
{
    /// <summary>Seed of the proposals; null: the study's.</summary>
    public int? Seed { get; init; }

    /// <summary>The name in a study file.</summary>
    public abstract string Name { get; }

    /// <summary>Makes the sampler, with nothing learned yet.</summary>
    /// <param name="space">What to search.</param>
    /// <param name="objectives">What to look for; at least one.</param>
    /// <param name="seed">Fixes what the sampler draws once for the whole study, such as a scrambling.</param>
    public abstract ISampler Create(SearchSpace space, IReadOnlyList<Objective> objectives, ulong seed);
}
