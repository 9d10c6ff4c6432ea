using Hone.Sampling;
using Hone.Space;
using Hone.Trials;

namespace Hone.Ablation;

/// <summary>Walks from everything left out to the base: at each step it tries every component that is still out, and keeps what helps most.</summary>
/// <remarks>
/// Fawcett and Hoos, "Analysing differences between algorithm configurations through ablation", Journal of Heuristics 22 (2016), without
/// racing: every candidate runs all seeds. A step waits for its last trial.
/// </remarks>
public sealed class PathSampler : ISampler
{
    private readonly AblationPlan _plan;
    private readonly PairTrials _trials;

    /// <param name="plan">The plan; its design is a path.</param>
    /// <param name="objective">What arms are compared by.</param>
    public PathSampler(AblationPlan plan, Objective objective)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(objective);
        _plan = plan;
        _trials = new PairTrials(plan, objective);
    }

    /// <inheritdoc/>
    public bool IsWaiting { get; private set; } = true;

    /// <inheritdoc/>
    public Configuration? Ask(int trial, Random random)
    {
        foreach (var arm in AblationPath.Wanted(_plan, _trials.Table, out _))
        {
            for (var pair = 0; pair < _plan.Options.Seeds; pair++)
            {
                if (!_trials.HasBegun(arm, pair))
                {
                    return _trials.Next(arm, pair);
                }
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public void Begin(int trial, Configuration configuration) => _trials.Begin(trial, configuration);

    /// <inheritdoc/>
    public void Tell(TrialResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        _trials.Tell(result);
        AblationPath.Wanted(_plan, _trials.Table, out var isWhole);
        IsWaiting = !isWhole;
    }
}
