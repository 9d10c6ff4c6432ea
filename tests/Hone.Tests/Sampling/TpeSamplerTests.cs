using Hone.Sampling;
using Hone.Space;
using Hone.Trials;

namespace Hone.Tests.Sampling;

public sealed class TpeSamplerTests
{
    private static readonly Objective[] Loss = [new("loss")];
    private static readonly SearchSpace Line = new([new FloatParameter("x", 0, 1)]);

    public static TheoryData<string> Problems { get; } = ["bowl", "valley", "mixed", "maximum"];

    [Theory]
    [MemberData(nameof(Problems))]
    public void Beats_random_search_in_the_median_of_11_seeds(string problem)
    {
        foreach (var multivariate in new[] { true, false })
        {
            var tpe = Median(seed => Best(problem, new TpeOptions { Multivariate = multivariate }, seed));
            var random = Median(seed => Best(problem, new RandomOptions(), seed));
            Assert.True(tpe < 0.6 * random, $"{problem}, multivariate {multivariate}: {tpe} is not well below {random}");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Goes_on_where_the_cells_of_an_int_are_narrower_than_rounding(bool multivariate)
    {
        var space = new SearchSpace([new IntParameter("x", 0, 1L << 53), new IntParameter("y", 1, 1L << 53, log: true), new FloatParameter("z", 0, 1)]);
        var sampler = new TpeOptions { Multivariate = multivariate }.Create(space, Loss, 1);
        for (var t = 1; t <= 150; t++)
        {
            var proposal = sampler.Ask(t, new SeededRandom((ulong)t))!;
            sampler.Begin(t, proposal);
            sampler.Tell(new TrialResult { Number = t, Configuration = proposal, State = TrialState.Complete, Values = [proposal.Codes[2]], Steps = 1 });
            Assert.InRange(proposal.Codes[0], 0, 1L << 53);
        }
    }

    [Fact]
    public void Proposes_at_random_until_enough_trials_have_ended_with_a_value()
    {
        var sampler = new TpeOptions { StartupTrials = 3 }.Create(Line, Loss, 1);
        for (var t = 1; t <= 20; t++)
        {
            Tell(sampler, t, 0.5, t <= 2 ? TrialState.Complete : TrialState.Failed, 1);
        }

        Assert.Equal(Line.Sample(new SeededRandom(9)), sampler.Ask(21, new SeededRandom(9)));
        Tell(sampler, 21, 0.5, TrialState.Complete, 1);
        Assert.NotEqual(Line.Sample(new SeededRandom(9)), sampler.Ask(22, new SeededRandom(9)));
    }

    [Fact]
    public void Running_trials_push_proposals_away()
    {
        var sampler = Bowl(0.3);
        var alone = Proposals(sampler).Count(x => Math.Abs(x - 0.3) < 0.03);
        for (var t = 0; t < 30; t++)
        {
            sampler.Begin(1000 + t, new Configuration(Line, [0.3 + (0.0001 * t)]));
        }

        var crowded = Proposals(sampler).Count(x => Math.Abs(x - 0.3) < 0.03);

        Assert.True(crowded < alone / 2, $"{crowded} proposals near the running trials, {alone} without them");
    }

    [Fact]
    public void Failed_trials_push_proposals_away()
    {
        var sampler = Bowl(0.3);
        for (var t = 0; t < 40; t++)
        {
            Tell(sampler, 1000 + t, 0.25 + (0.001 * t), TrialState.Failed, double.NaN);
        }

        Assert.All(Proposals(sampler), x => Assert.False(x is > 0.255 and < 0.285, $"{x} lies among the failed trials"));
    }

    [Fact]
    public void Complete_trials_rank_before_stopped_ones_and_those_before_infeasible_ones()
    {
        // Ten in each of three places: the complete ones have the worst values.
        var sampler = new TpeOptions().Create(Line, Loss, 1);
        var spots = new (double At, TrialState State, double Value, double Violation)[]
        {
            (0.1, TrialState.Complete, 100, 0), (0.5, TrialState.Stopped, 1, 0), (0.9, TrialState.Complete, 0, 3),
        };
        for (var t = 0; t < 30; t++)
        {
            var (at, state, value, violation) = spots[t % 3];
            Tell(sampler, t + 1, at + (0.001 * t), state, value, violation);
        }

        Assert.True(Proposals(sampler).Count(x => x < 0.4) > 60);
    }

    [Fact]
    public void Among_stopped_trials_those_that_came_further_rank_first()
    {
        var sampler = new TpeOptions().Create(Line, Loss, 1);
        for (var t = 0; t < 40; t++)
        {
            var far = t % 2 == 0;
            Tell(sampler, t + 1, (far ? 0.2 : 0.8) + (0.001 * t), TrialState.Stopped, far ? 5 : 1, steps: far ? 20 : 10);
        }

        Assert.True(Proposals(sampler).Count(x => x < 0.5) > 60);
    }

    [Fact]
    public void Among_infeasible_trials_those_of_less_violation_rank_first()
    {
        var sampler = new TpeOptions().Create(Line, Loss, 1);
        for (var t = 0; t < 40; t++)
        {
            Tell(sampler, t + 1, t / 40.0, TrialState.Complete, 0, violation: 0.1 + Math.Abs((t / 40.0) - 0.7));
        }

        Assert.True(Proposals(sampler).Count(x => Math.Abs(x - 0.7) < 0.15) > 60);
    }

    [Fact]
    public void Several_objectives_are_searched_along_their_front()
    {
        // The front of x^2 and (x - 1)^2 over [-4, 4] is [0, 1].
        var space = new SearchSpace([new FloatParameter("x", -4, 4)]);
        var sampler = new TpeOptions().Create(space, [new Objective("a"), new Objective("b", Goal.Maximize)], 1);
        var late = new List<double>();
        for (var t = 1; t <= 120; t++)
        {
            var configuration = sampler.Ask(t, new SeededRandom((ulong)t))!;
            var x = configuration.Codes[0];
            sampler.Begin(t, configuration);
            sampler.Tell(Spaces.Complete(t, configuration, x * x, -(x - 1) * (x - 1)));
            if (t > 60)
            {
                late.Add(x);
            }
        }

        Assert.True(late.Count(x => x is > -0.3 and < 1.3) > 40, "most late proposals lie near the front");
        Assert.True(late.Count(x => x is > -0.3 and < 0.4) > 8 && late.Count(x => x is > 0.6 and < 1.3) > 8, "both ends are searched");
    }

    [Fact]
    public void A_space_of_constants_is_proposed_as_it_is()
    {
        var space = new SearchSpace([new ConstantParameter("a", 1), new FloatParameter("b", 2, 2), new IntParameter("c", 3, 3)]);
        var sampler = new TpeOptions { StartupTrials = 1 }.Create(space, Loss, 1);
        sampler.Tell(Spaces.Complete(1, space.Sample(new SeededRandom(1)), 1));

        Assert.Equal("a=1 b=2 c=3", sampler.Ask(2, new SeededRandom(1))!.ToString());
    }

    [Fact]
    public void Refuses_counts_below_1()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new TpeOptions { Candidates = 0 }.Create(Line, Loss, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TpeOptions { StartupTrials = 0 }.Create(Line, Loss, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TpeOptions().Create(Line, [], 1));
    }

    [Fact]
    public void Thousands_of_equal_trials_and_infinite_values_do_no_harm()
    {
        var space = Spaces.Mixed();
        var sampler = new TpeOptions().Create(space, Loss, 1);
        var same = space.Sample(new SeededRandom(1));
        for (var t = 1; t <= 3000; t++)
        {
            sampler.Begin(t, same);
            sampler.Tell(Spaces.Complete(t, same, t % 2 == 0 ? double.PositiveInfinity : double.NegativeInfinity));
        }

        Assert.NotNull(sampler.Ask(3001, new SeededRandom(1)));
    }

    private static ISampler Bowl(double optimum)
    {
        var sampler = new TpeOptions().Create(Line, Loss, 1);
        for (var t = 0; t < 60; t++)
        {
            var x = t * 0.6180339887 % 1;
            Tell(sampler, t + 1, x, TrialState.Complete, Math.Abs(x - optimum));
        }

        return sampler;
    }

    private static double[] Proposals(ISampler sampler) =>
        [.. Enumerable.Range(1, 100).Select(i => sampler.Ask(5000, new SeededRandom((ulong)i))!.Codes[0])];

    private static void Tell(ISampler sampler, int number, double x, TrialState state, double value, double violation = 0, long steps = 10)
    {
        var configuration = new Configuration(Line, [x]);
        sampler.Begin(number, configuration);
        sampler.Tell(new TrialResult
        {
            Number = number,
            Configuration = configuration,
            State = state,
            Values = [value],
            Violation = violation,
            Steps = steps,
        });
    }

    private static double Best(string problem, SamplerOptions options, ulong seed)
    {
        var (space, goal, f) = Problem(problem);
        var sampler = options.Create(space, [new Objective("loss", goal)], seed);
        var best = double.PositiveInfinity;
        for (var t = 1; t <= 80; t++)
        {
            var configuration = sampler.Ask(t, new SeededRandom(SeededRandom.Derive(seed, (ulong)t)))!;
            var regret = f(configuration.Codes.ToArray());
            sampler.Begin(t, configuration);
            sampler.Tell(Spaces.Complete(t, configuration, goal == Goal.Minimize ? regret : -regret));
            best = Math.Min(best, regret);
        }

        return best;
    }

    private static (SearchSpace Space, Goal Goal, Func<double[], double> Regret) Problem(string name)
    {
        var box = new SearchSpace([.. Enumerable.Range(0, 4).Select(i => new FloatParameter($"x{i}", -3, 3))]);
        double Bowl(double[] x) => x.Select((v, i) => Math.Pow(v - 0.4 - (0.5 * i), 2)).Sum();
        return name switch
        {
            "bowl" => (box, Goal.Minimize, Bowl),
            "maximum" => (box, Goal.Maximize, Bowl),
            "valley" => (box, Goal.Minimize, x => (10 * Math.Pow(x[1] - (x[0] * x[0]), 2)) + Math.Pow(1 - x[0], 2) + Math.Pow(x[2] + 1, 2) + Math.Pow(x[3] - 1, 2)),
            _ => (Spaces.Mixed(), Goal.Minimize, x => Math.Pow(Math.Log10(x[0]) + 3, 2) + Math.Pow(x[1] - 4, 2) + (x[2] == 1 ? 0 : 1)
                + Math.Pow((x[3] - 0.2) * 4, 2) + Math.Pow(Math.Log2(x[4]) - 5, 2) + Math.Pow(x[5] - 0.7, 2) + Math.Abs(x[6] - 2)),
        };
    }

    private static double Median(Func<ulong, double> run) => Enumerable.Range(1, 11).Select(s => run((ulong)s)).Order().ElementAt(5);
}
