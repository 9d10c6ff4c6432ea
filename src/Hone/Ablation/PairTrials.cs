using Hone.Sampling;
using Hone.Space;
using Hone.Trials;

namespace Hone.Ablation;

/// <summary>
/// Hands out the trials of each arm with each seed, one or, where arms are tuned anew, those of an inner study, and puts what they reach into the
/// table when the last of them has ended. Not thread-safe.
/// </summary>
internal sealed class PairTrials(AblationPlan plan, Objective objective)
{
    private readonly Dictionary<(int Arm, int Pair), Inner> _inner = [];
    private readonly Dictionary<int, int> _numbers = [];

    /// <summary>What arms have reached.</summary>
    public PairedTable Table { get; } = new(plan.Arms.Count);

    /// <summary>Whether all trials of an arm with a seed have been decided on.</summary>
    public bool HasBegun(int arm, int pair) => _inner.TryGetValue((arm, pair), out var inner) && inner.Begun >= plan.TrialsEach;

    /// <summary>The next trial of an arm with a seed.</summary>
    public Configuration Next(int arm, int pair)
    {
        if (plan.Options.Retune is not { } retune)
        {
            return plan.Configuration(arm, pair);
        }

        var inner = Of((arm, pair));
        var number = inner.Begun + 1;
        var random = new SeededRandom(SeededRandom.Derive(SeedOf(retune, pair), (ulong)number));
        return plan.Configuration(arm, pair, inner.Sampler!.Ask(number, random) ?? throw new InvalidOperationException($"The sampler {retune.Sampler.Name} has nothing left to propose."));
    }

    public void Begin(int trial, Configuration configuration)
    {
        var inner = Of(plan.Find(configuration));
        inner.Begun++;
        _numbers[trial] = inner.Begun;
        inner.Sampler?.Begin(inner.Begun, plan.Tuned(configuration));
    }

    public void Tell(TrialResult result)
    {
        var (arm, pair) = plan.Find(result.Configuration);
        var inner = Of((arm, pair));
        inner.Ended++;
        _numbers.Remove(result.Number, out var number);
        inner.Sampler?.Tell(result with { Number = number, Configuration = plan.Tuned(result.Configuration) });
        if (result.Counts)
        {
            // A NaN is no bound: the first value takes its place.
            var value = objective.Signed(result.Values[0]);
            inner.Best = value < inner.Best || double.IsNaN(inner.Best) ? value : inner.Best;
        }

        if (inner.Ended == plan.TrialsEach)
        {
            Table.Set(arm, pair, inner.Best);
        }
    }

    private Inner Of((int Arm, int Pair) key)
    {
        if (!_inner.TryGetValue(key, out var inner))
        {
            var retune = plan.Options.Retune;
            inner = new Inner(retune?.Sampler.Create(retune.Space, [objective], SeedOf(retune, key.Pair)));
            _inner.Add(key, inner);
        }

        return inner;
    }

    // The arm is not in it: arms are tuned with the same chance.
    private ulong SeedOf(ArmTuning retune, int pair) => SeededRandom.Derive((ulong)(retune.Sampler.Seed ?? 0), (ulong)(plan.Options.FirstSeed + pair), 1);

    private sealed class Inner(ISampler? sampler)
    {
        public ISampler? Sampler => sampler;
        public int Begun { get; set; }
        public int Ended { get; set; }
        public double Best { get; set; } = double.NaN;
    }
}
