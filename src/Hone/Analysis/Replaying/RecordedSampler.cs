using Hone.Sampling;
using Hone.Space;
using Hone.Trials;

namespace Hone.Analysis.Replaying;

/// <summary>Proposes the recorded configurations in the order in which they were begun, whatever comes of them.</summary>
internal sealed class RecordedSampler(RecordedTrial[] trials) : ISampler
{
    public Configuration? Ask(int trial, Random random) => trial <= trials.Length ? Configuration(trials[trial - 1].Record) : null;

    public void Begin(int trial, Configuration configuration) { }

    public void Tell(TrialResult result) { }

    // Every value a constant: a rule may look a value up, and needs no more of the space.
    private static Configuration Configuration(TrialRecord trial)
    {
        var parameters = trial.Parameters.Count > 0
            ? trial.Parameters.Select(p => new ConstantParameter(p.Key, p.Value))
            : [new ConstantParameter("trial", trial.Number)];
        var space = new SearchSpace([.. parameters]);
        return new Configuration(space, new double[space.Parameters.Count]);
    }
}

/// <summary>Chooses <see cref="RecordedSampler"/>.</summary>
internal sealed record RecordedOptions(RecordedTrial[] Trials) : SamplerOptions
{
    public override string Name => "recorded";

    public override ISampler Create(SearchSpace space, IReadOnlyList<Objective> objectives, ulong seed) => new RecordedSampler(Trials);
}
