using Hone.Sampling;
using Hone.Space;

namespace Hone.Ablation;

/// <summary>
/// Tunes every arm anew for every seed, all under the same budget: what an arm reaches with a seed is then the best of so many trials, and a
/// component is not called useful only because what is left was tuned for having it.
/// </summary>
/// <remarks>
/// All arms draw from the same generators with a seed, so that a sampler which does not learn proposes the same configurations to each. The best of N is too good,
/// and by as much for all arms alike where their spreads are.
/// </remarks>
public sealed record ArmTuning
{
    /// <param name="space">What to tune; no component may change it. A value in the base of the same name is not used.</param>
    /// <param name="trials">How many trials each arm gets with each seed; at least 2.</param>
    /// <param name="sampler">How they are proposed; not a grid, which may end too soon.</param>
    /// <exception cref="AblationPlanException">The sampler is a grid.</exception>
    public ArmTuning(SearchSpace space, int trials, SamplerOptions sampler)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 2);
        ArgumentNullException.ThrowIfNull(sampler);
        if (sampler is GridOptions)
        {
            throw new AblationPlanException("A grid ends when it is done, whatever the budget. Tune with another sampler.");
        }

        Space = space;
        Trials = trials;
        Sampler = sampler;
    }

    /// <summary>What to tune.</summary>
    public SearchSpace Space { get; }

    /// <summary>How many trials each arm gets with each seed.</summary>
    public int Trials { get; }

    /// <summary>How they are proposed.</summary>
    public SamplerOptions Sampler { get; }
}
