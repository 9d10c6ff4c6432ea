using Hone.Space;
using Hone.Trials;

namespace Hone.Sampling;

/// <summary>Proposes configurations and learns from the trials that tried them: ask and tell.</summary>
/// <remarks>
/// Called from one thread. All randomness comes from the generator handed to <see cref="Ask"/>, which the tuner derives from the
/// study's seed and the trial's number: a sampler that has been told the same things in the same order proposes the same. So a study
/// is continued by telling a new sampler what the journal holds.
/// </remarks>
public interface ISampler
{
    /// <summary>
    /// Whether a null from <see cref="Ask"/> means not yet: what is proposed next depends on how running trials end. False unless a sampler
    /// says otherwise.
    /// </summary>
    bool IsWaiting => false;

    /// <summary>Proposes the configuration of a new trial, or null if nothing is left to try. Changes nothing that later calls see.</summary>
    /// <param name="trial">The number of the trial, from 1.</param>
    /// <param name="random">Where the randomness comes from.</param>
    Configuration? Ask(int trial, Random random);

    /// <summary>Says that a trial has been decided on and has no result yet, whether this sampler proposed it or not.</summary>
    void Begin(int trial, Configuration configuration);

    /// <summary>Tells how a trial ended that <see cref="Begin"/> announced. Once a trial.</summary>
    void Tell(TrialResult result);
}
