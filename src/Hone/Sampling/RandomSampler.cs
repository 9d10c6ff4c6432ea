using Hone.Space;
using Hone.Trials;

namespace Hone.Sampling;

/// <summary>Draws every active parameter uniformly on its scale (Bergstra and Bengio, JMLR 2012).</summary>
public sealed class RandomSampler(SearchSpace space) : ISampler
{
    /// <inheritdoc/>
    public Configuration? Ask(int trial, Random random) => space.Sample(random);

    /// <inheritdoc/>
    public void Begin(int trial, Configuration configuration) { }

    /// <inheritdoc/>
    public void Tell(TrialResult result) { }
}

/// <summary>Chooses <see cref="RandomSampler"/>.</summary>
public sealed record RandomOptions : SamplerOptions
{
    /// <inheritdoc/>
    public override string Name => "random";

    /// <inheritdoc/>
    public override ISampler Create(SearchSpace space, IReadOnlyList<Objective> objectives, ulong seed) => new RandomSampler(space);
}
