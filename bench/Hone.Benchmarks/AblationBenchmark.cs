using System.Globalization;
using Hone.Ablation;
using Hone.Sampling;
using Hone.Simulation;
using Hone.Trials;
using Hone.Tuning;

namespace Hone.Benchmarks;

/// <summary>
/// How often ablations are right, how often they find what is not there, how often their intervals hold the truth, and what racing saves: on
/// simulated programs whose components contribute what is known, run by the tuner in virtual time. <c>coverage</c>: the intervals alone.
/// </summary>
internal static class AblationBenchmark
{
    private const int NullPlans = 4000;
    private const int Designs = 20;
    private const int Repeats = 10;
    private const int Intervals = 2000;
    private const int Seeds = 30;

    public static async Task RunAsync(string[] arguments)
    {
        if (arguments.Contains("coverage"))
        {
            Coverage();
            return;
        }

        var began = Environment.CpuUsage.TotalTime;
        await FalseFindingsAsync();
        await DesignsAsync();
        Coverage();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(Environment.CpuUsage.TotalTime - began).TotalSeconds:0} CPU s"));
    }

    // A share of 0.05 of so many plans varies by 0.003. Nothing contributes anything; noise is normal, heavy-tailed or skewed, by turns. A margin of 0: no verdict but a finding can end a race.
    private static async Task FalseFindingsAsync()
    {
        foreach (var isRacing in (bool[])[true, false])
        {
            var found = 0;
            for (var i = 0; i < NullPlans; i++)
            {
                var options = new AblationOptions { Seeds = 20, Margin = 0, Racing = isRacing };
                var (race, _) = await RunAsync(new double[5], options, (ulong)i, (Noise)(i % 3));
                found += race.Verdicts.Any(verdict => verdict != ContrastVerdict.Undecided) ? 1 : 0;
            }

            Tell($"true null, {(isRacing ? "racing" : "fixed")}: {found} of {NullPlans} plans of 5 components find something ({100.0 * found / NullPlans:0.00} %)");
        }
    }

    // 3 to 8 components; half of them are worth nothing, the others 1.5 to 4 standard deviations of a difference, some of them negative.
    private static async Task DesignsAsync()
    {
        var (right, wrong, undecided, same, contrasts, raced, all) = (0, 0, 0, 0, 0, 0, 0);
        var (fixedRight, covered) = (0, 0);
        for (var design = 0; design < Designs; design++)
        {
            var random = new SeededRandom((ulong)design + 100);
            double[] worth = [.. Enumerable.Range(0, 3 + (design % 6)).Select(i => i % 2 == 0 ? 0 : (1.5 + (2.5 * random.NextDouble())) * (random.Next(4) == 0 ? -1 : 1))];
            for (var repeat = 0; repeat < Repeats; repeat++)
            {
                var seed = SeededRandom.Derive((ulong)design, (ulong)repeat, 7);
                var options = new AblationOptions { Seeds = Seeds, Margin = 1 };
                var (race, trials) = await RunAsync(worth, options, seed, Noise.Normal);
                var (whole, most) = await RunAsync(worth, options with { Racing = false }, seed, Noise.Normal);
                raced += trials;
                all += most;
                var results = race.Results();
                for (var i = 0; i < worth.Length; i++)
                {
                    var truth = worth[i] switch { 0 => ContrastVerdict.Harmless, > 0 => ContrastVerdict.Matters, _ => ContrastVerdict.Harmful };
                    contrasts++;
                    right += race.Verdicts[i] == truth ? 1 : 0;
                    undecided += race.Verdicts[i] == ContrastVerdict.Undecided ? 1 : 0;
                    wrong += race.Verdicts[i] != truth && race.Verdicts[i] != ContrastVerdict.Undecided ? 1 : 0;
                    same += race.Verdicts[i] == whole.Verdicts[i] ? 1 : 0;
                    fixedRight += whole.Verdicts[i] == truth ? 1 : 0;
                    covered += results[i].Mean.Low <= worth[i] && worth[i] <= results[i].Mean.High ? 1 : 0;
                }
            }
        }

        Tell($"{Designs} designs x {Repeats}: {100.0 * right / contrasts:0.0} % of {contrasts} verdicts right, {wrong} wrong, {undecided} undecided; fixed {100.0 * fixedRight / contrasts:0.0} % right");
        Tell($"racing: same verdict in {100.0 * same / contrasts:0.0} %, {raced} trials for {all}: {100.0 * (all - raced) / all:0.0} % fewer; intervals at the decision cover {100.0 * covered / contrasts:0.0} %");
    }

    // 95 % intervals of the mean difference with a fixed number of pairs. The difference of two arms that are skewed alike is symmetric: the harder case is that
    // one arm alone varies, so that the differences themselves are skewed, or have heavy tails.
    private static void Coverage()
    {
        foreach (var (noise, isOneArm, pairs) in
            from noise in Enum.GetValues<Noise>() from isOneArm in (bool[])[false, true] from pairs in (int[])[6, 10, 20, 40] select (noise, isOneArm, pairs))
        {
            var random = new SeededRandom(9);
            var table = new PairedTable(2);
            var (covered, plan) = (0, Plan(1, new AblationOptions { Seeds = pairs, Racing = false, Margin = 1 }));
            for (var i = 0; i < Intervals; i++)
            {
                for (var pair = 0; pair < pairs; pair++)
                {
                    table.Set(0, pair, isOneArm ? 0 : Draw(noise, random));
                    table.Set(1, pair, 1 + Draw(noise, random));
                }

                var race = new Race(plan, table);
                race.Advance();
                var mean = race.Results()[0].Mean;
                covered += mean.Low <= 1 && 1 <= mean.High ? 1 : 0;
            }

            Tell($"coverage, {noise} {(isOneArm ? "differences" : "noise of both arms")}, {pairs} pairs: {100.0 * covered / Intervals:0.0} % of {Intervals} intervals of 95 %");
        }
    }

    private static AblationPlan Plan(int components, AblationOptions options) =>
        new([.. Enumerable.Range(0, components).Select(i => new AblationComponent { Name = $"c{i}" })], options, []);

    private static async Task<(Race Race, int Trials)> RunAsync(double[] worth, AblationOptions options, ulong seed, Noise noise)
    {
        var plan = Plan(worth.Length, options);
        var told = new PairedTable(plan.Arms.Count);
        var sampler = new Told(plan, told);
        var study = new Study { Name = "ablation", Space = plan.Space, Objectives = [new Objective("loss")], Sampler = sampler };
        var time = new VirtualTime();
        await using var pool = new SimulatedWorkerPool(4, time, order =>
        {
            var (arm, pair) = plan.Find(order.Configuration);
            var own = new SeededRandom(SeededRandom.Derive(seed, (ulong)arm + 1, (ulong)pair));
            var shared = new SeededRandom(SeededRandom.Derive(seed, 0, (ulong)pair));
            var loss = shared.NextNormal() + (Draw(noise, own) / Math.Sqrt(2)) + plan.Arms[arm].LeftOut.Sum(i => worth[i]);
            var duration = TimeSpan.FromSeconds(10 + (20 * own.NextDouble()));
            return new SimulatedAttempt([new SimulatedReport(duration, 1, [new MetricValue("loss", loss)])], duration);
        });
        using var tuner = new Tuner(study, pool, new InMemoryJournal(), time);
        var result = await tuner.RunAsync(CancellationToken.None);
        var race = new Race(plan, told);
        race.Advance();
        return (race, result.Complete);
    }

    // Standard deviation 1, mean 0.
    private static double Draw(Noise noise, SeededRandom random) => noise switch
    {
        Noise.Normal => random.NextNormal(),
        Noise.HeavyTailed => random.NextNormal() / Math.Sqrt((Enumerable.Range(0, 5).Sum(_ => Math.Pow(random.NextNormal(), 2)) / 5) * (5 / 3.0)),
        _ => -Math.Log(1 - random.NextDouble()) - 1,
    };

    private static void Tell(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private enum Noise
    {
        Normal,
        HeavyTailed,
        Skewed,
    }

    // The plan's own sampler, with what it is told kept.
    private sealed record Told(AblationPlan Plan, PairedTable Table) : SamplerOptions
    {
        public override string Name => "told";

        public override ISampler Create(Space.SearchSpace space, IReadOnlyList<Objective> objectives, ulong seed) => new Keeper(this, new AblationSampler(Plan, objectives[0]));
    }

    private sealed class Keeper(Told options, AblationSampler inner) : ISampler
    {
        public Space.Configuration? Ask(int trial, Random random) => inner.Ask(trial, random);

        public void Begin(int trial, Space.Configuration configuration) => inner.Begin(trial, configuration);

        public void Tell(TrialResult result)
        {
            var (arm, pair) = options.Plan.Find(result.Configuration);
            options.Table.Set(arm, pair, result.Values[0]);
            inner.Tell(result);
        }
    }
}
