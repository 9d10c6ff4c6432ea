using Hone.Sampling;
using Hone.Space;
using Hone.Trials;

namespace Hone.Tests.Sampling;

/// <summary>What every sampler keeps to.</summary>
public abstract class SamplerContract
{
    public static TheoryData<ulong> Seeds { get; } = [1, 2, 3, 4, 5];

    protected abstract SamplerOptions Options { get; }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Every_proposal_lies_in_the_space(ulong seed)
    {
        foreach (var space in new[] { Spaces.Mixed(), Spaces.Conditional() })
        {
            foreach (var configuration in Run(space, seed, 60))
            {
                // The constructor checks every value and every activity.
                Assert.Equal(configuration, new Configuration(space, configuration.Codes.ToArray()));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_same_seed_gives_the_same_study(ulong seed) =>
        Assert.Equal(Run(Spaces.Conditional(), seed, 60), Run(Spaces.Conditional(), seed, 60));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_new_sampler_told_the_same_proposes_the_same(ulong seed)
    {
        var space = Spaces.Conditional();
        var configurations = Run(space, seed, 50).ToList();
        var told = Options.Create(space, [new Objective("loss")], seed);
        for (var t = 1; t < configurations.Count; t++)
        {
            told.Begin(t, configurations[t - 1]);
            told.Tell(Spaces.Complete(t, configurations[t - 1], Loss(configurations[t - 1])));
        }

        Assert.Equal(configurations[^1], told.Ask(configurations.Count, RandomOf(seed, configurations.Count)));
    }

    [Fact]
    public void Asking_changes_nothing()
    {
        var space = Spaces.Mixed();
        var sampler = Options.Create(space, [new Objective("loss")], 3);
        for (var t = 1; t <= 30; t++)
        {
            var configuration = sampler.Ask(t, RandomOf(3, t))!;
            sampler.Ask(t + 1, RandomOf(4, t));
            Assert.Equal(configuration, sampler.Ask(t, RandomOf(3, t)));
            sampler.Begin(t, configuration);
            sampler.Tell(Spaces.Complete(t, configuration, Loss(configuration)));
        }
    }

    [Fact]
    public void Trials_of_every_fate_may_be_told_in_any_order_while_others_run()
    {
        var space = Spaces.Conditional();
        var sampler = Options.Create(space, [new Objective("loss")], 5);
        var random = new SeededRandom(5);
        var running = new List<(int Number, Configuration Configuration)>();
        for (var t = 1; t <= 80; t++)
        {
            var configuration = sampler.Ask(t, random)!;
            sampler.Begin(t, configuration);
            running.Add((t, configuration));
            if (running.Count > 6)
            {
                var (number, ended) = running[random.Next(running.Count)];
                running.Remove((number, ended));
                sampler.Tell(Fate(number, ended));
            }
        }
    }

    protected IEnumerable<Configuration> Run(SearchSpace space, ulong seed, int trials)
    {
        var sampler = Options.Create(space, [new Objective("loss")], seed);
        for (var t = 1; t <= trials; t++)
        {
            var configuration = sampler.Ask(t, RandomOf(seed, t))!;
            sampler.Begin(t, configuration);
            sampler.Tell(Spaces.Complete(t, configuration, Loss(configuration)));
            yield return configuration;
        }
    }

    private static SeededRandom RandomOf(ulong seed, int trial) => new(SeededRandom.Derive(seed, (ulong)trial));

    private static double Loss(Configuration configuration)
    {
        var sum = 0.0;
        foreach (var code in configuration.Codes)
        {
            sum += double.IsNaN(code) ? 0 : Math.Abs(Math.Sin(code));
        }

        return sum;
    }

    private static TrialResult Fate(int number, Configuration configuration) => new()
    {
        Number = number,
        Configuration = configuration,
        State = (number % 5) switch { 0 => TrialState.Failed, 1 => TrialState.Stopped, 2 => TrialState.Vetoed, _ => TrialState.Complete },
        Values = [number % 5 is 0 or 2 or 1 && number % 2 == 0 ? double.NaN : Loss(configuration)],
        Violation = number % 7 == 0 ? double.PositiveInfinity : number % 3,
        Steps = number,
    };
}

public sealed class RandomSamplerTests : SamplerContract
{
    protected override SamplerOptions Options => new RandomOptions();
}

public sealed class MultivariateTpeTests : SamplerContract
{
    protected override SamplerOptions Options => new TpeOptions();
}

public sealed class UnivariateTpeTests : SamplerContract
{
    protected override SamplerOptions Options => new TpeOptions { Multivariate = false, Candidates = 3, StartupTrials = 5 };
}
