using Hone.Sampling;
using Hone.Space;
using Hone.Trials;

namespace Hone.Ablation;

/// <summary>Proposes the arms of a plan seed by seed, and drops arms whose contrasts are decided.</summary>
/// <remarks>
/// While the last trials before a look still run, it goes on with the next seed of the arms that were undecided before: no slot waits, and at most as
/// many trials as there are slots turn out to be more than was needed.
/// </remarks>
public sealed class AblationSampler : ISampler
{
    private readonly AblationPlan _plan;
    private readonly PairTrials _trials;
    private readonly Race _race;
    private int _first;

    /// <param name="plan">The plan.</param>
    /// <param name="objective">What arms are compared by.</param>
    public AblationSampler(AblationPlan plan, Objective objective)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(objective);
        _plan = plan;
        _trials = new PairTrials(plan, objective);
        _race = new Race(plan, _trials.Table);
    }

    /// <inheritdoc/>
    public Configuration? Ask(int trial, Random random)
    {
        if (_race.IsOver)
        {
            return null;
        }

        for (var pair = _first; pair < _plan.Options.Seeds; pair++)
        {
            for (var arm = 0; arm < _plan.Arms.Count; arm++)
            {
                if (_race.Needed[arm] && !_trials.HasBegun(arm, pair))
                {
                    return _trials.Next(arm, pair);
                }
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public void Begin(int trial, Configuration configuration)
    {
        _trials.Begin(trial, configuration);
        while (Enumerable.Range(0, _plan.Arms.Count).All(arm => _trials.HasBegun(arm, _first)))
        {
            _first++;
        }
    }

    /// <inheritdoc/>
    public void Tell(TrialResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        _trials.Tell(result);
        _race.Advance();
    }
}

/// <summary>Chooses <see cref="AblationSampler"/>, or <see cref="PathSampler"/> for a path.</summary>
/// <param name="Plan">The plan; the study's space is its <see cref="AblationPlan.Space"/>.</param>
public sealed record AblationSamplerOptions(AblationPlan Plan) : SamplerOptions
{
    /// <inheritdoc/>
    public override string Name => "ablation";

    /// <inheritdoc/>
    public override ISampler Create(SearchSpace space, IReadOnlyList<Objective> objectives, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(objectives);
        return Plan.Options.Design == AblationDesign.Path ? new PathSampler(Plan, objectives[0]) : new AblationSampler(Plan, objectives[0]);
    }
}
