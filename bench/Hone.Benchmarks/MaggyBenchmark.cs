using System.Globalization;
using Hone.Analysis;
using Hone.Analysis.Statistics;
using Hone.Budgets;
using Hone.Sampling;
using Hone.Simulation;
using Hone.Space;
using Hone.Stopping;
using Hone.Trials;
using Hone.Tuning;
using Hone.Workers.Threads;

namespace Hone.Benchmarks;

/// <summary>
/// Maggy's published comparison, smaller: the same random search over a CNN on Fashion-MNIST once in rounds with a barrier and without stopping,
/// as Spark runs it, once asynchronously with median early stopping, as Maggy does, and once asynchronously with successive halving. Every
/// repeat trains for real, with other configurations; all three ways train the same ones. Then the recorded trials on 100 workers in virtual
/// time. <c>--small</c> is to try it.
/// </summary>
/// <remarks>
/// Meister, Sheikholeslami, Payberah, Vlassov and Dowling, "Maggy: Scalable Asynchronous Parallel Hyperparameter Search", DistributedML 2020: 33
/// to 58 % less time for a fixed number of trials. Its example stops by the median from five trials on, as the rule here does.
/// </remarks>
internal static class MaggyBenchmark
{
    private const int Slots = 2;
    private const int SimulatedSlots = 100;
    private const double Spread = 20;

    private static readonly Objective Best = new(FashionTrials.Accuracy, Goal.Maximize);

    private static readonly Way[] Ways =
    [
        new("rounds", [], IsRounds: true),
        new("median", [PercentileRule.Median(FashionTrials.Accuracy, Goal.Maximize)], IsRounds: false),
        new("halving", [new AshaRule(FashionTrials.Accuracy, Goal.Maximize)], IsRounds: false),
    ];

    public static async Task RunAsync(string[] arguments)
    {
        var isSmall = arguments.Contains("--small");
        var (rows, epochs, trials, repeats) = isSmall ? (300, 1.0, 8, 2) : (2000, 8.0, 24, 5);
        var fashion = new FashionTrials(rows, epochs);
        await TuneAsync(fashion, Ways[0], trials: 2, seed: 1_000);
        var recordings = await TrainAsync(fashion, trials, repeats);
        await SimulateAsync(recordings, isSmall ? 200 : 1000, isSmall ? 3 : 20);
    }

    private static async Task<List<TrialRecord>> TrainAsync(FashionTrials fashion, int trials, int repeats)
    {
        Tell($"{trials} trials on {Slots} workers, real training; accuracy is that of the best trial, on the rows that chose it and on others");
        Tell($"repeat  way      wall s   less  stopped   busy  chosen by    test");
        var recordings = new List<TrialRecord>();
        var outcomes = Ways.Select(_ => new List<Outcome>()).ToArray();
        for (var repeat = 0; repeat < repeats; repeat++)
        {
            // What the machine does meanwhile must not favour one way: they take turns in going first.
            foreach (var way in Enumerable.Range(0, Ways.Length).Select(i => (i + repeat) % Ways.Length))
            {
                var (outcome, record) = await TuneAsync(fashion, Ways[way], trials, seed: repeat + 1);
                outcomes[way].Add(outcome);
                recordings.AddRange(Ways[way].IsRounds ? record.Trials : []);
            }

            for (var way = 0; way < Ways.Length; way++)
            {
                Tell($"{repeat + 1,6}  {Ways[way].Name,-8} {Row(outcomes[way][repeat], outcomes[0][repeat])}");
            }
        }

        var seconds = recordings.Select(trial => trial.WallSeconds).Order().ToArray();
        Tell($"a trial in rounds takes {seconds[0]:0.00} to {seconds[^1]:0.00} s, a spread of 1:{seconds[^1] / seconds[0]:0.0}, median {seconds[seconds.Length / 2]:0.00} s");
        Sum(outcomes);
        return recordings;
    }

    // Whole curves on many workers, drawn with replacement, once as long as they were and once with their lengths spread 1:20 in the same order.
    private static async Task SimulateAsync(List<TrialRecord> recordings, int trials, int repeats)
    {
        TrialRecord[] whole = [.. recordings.Where(trial => trial.State == TrialState.Complete)];
        foreach (var (name, curves) in new[] { ("as recorded", whole), ($"spread 1:{Spread:0}", Stretch(whole)) })
        {
            Tell($"\n{trials} trials on {SimulatedSlots} workers in virtual time, drawn from {whole.Length} recorded trials, lengths {name}, {repeats} seeds");
            var outcomes = Ways.Select(_ => new List<Outcome>()).ToArray();
            for (var seed = 1; seed <= repeats; seed++)
            {
                for (var way = 0; way < Ways.Length; way++)
                {
                    outcomes[way].Add(await ReplayAsync(curves, Ways[way], trials, seed));
                }
            }

            Sum(outcomes);
        }
    }

    private static async Task<(Outcome Outcome, StudyRecord Record)> TuneAsync(FashionTrials fashion, Way way, int trials, int seed)
    {
        var study = way.Study(FashionTrials.Space, trials, seed);
        var journal = new InMemoryJournal();
        await using var pool = new ThreadWorkerPool(Slots, fashion.Train, TimeProvider.System);
        using var tuner = new Tuner(study, pool, journal, TimeProvider.System);
        var result = await tuner.RunAsync(CancellationToken.None);
        var record = Recording.Of(study, journal.Events);
        return (Outcome.Of(result, record.Trials.First(trial => trial.Number == result.Best!.Number)), record);
    }

    private static async Task<Outcome> ReplayAsync(TrialRecord[] recordings, Way way, int trials, int seed)
    {
        TrialRecord Of(Configuration configuration) => recordings[(int)configuration["recording"].Number];
        var time = new VirtualTime();
        await using var pool = new SimulatedWorkerPool(SimulatedSlots, time, order => SimulatedAttempt.Repeat(Of(order.Configuration)));
        var study = way.Study(new SearchSpace([new IntParameter("recording", 0, recordings.Length - 1)]), trials, seed);
        using var tuner = new Tuner(study, pool, new NoJournal(), time);
        var result = await tuner.RunAsync(CancellationToken.None);
        return Outcome.Of(result, Of(result.Best!.Configuration));
    }

    private static TrialRecord[] Stretch(TrialRecord[] trials)
    {
        var shortest = trials.Min(trial => trial.WallSeconds);
        var power = Math.Log(Spread) / Math.Log(trials.Max(trial => trial.WallSeconds) / shortest);
        return Array.ConvertAll(trials, trial =>
        {
            var factor = Math.Pow(trial.WallSeconds / shortest, power - 1);
            return trial with
            {
                WallSeconds = trial.WallSeconds * factor,
                History = [.. trial.History.Select(m => m with { SinceStart = m.SinceStart * factor })],
            };
        });
    }

    private static void Sum(List<Outcome>[] outcomes)
    {
        for (var way = 0; way < Ways.Length; way++)
        {
            var less = outcomes[way].Zip(outcomes[0], (mine, rounds) => 100 * (1 - (mine.Seconds / rounds.Seconds))).ToArray();
            var worse = outcomes[way].Zip(outcomes[0], (mine, rounds) => 100 * (mine.Test - rounds.Test)).ToArray();
            var test = outcomes[way].Average(outcome => outcome.Test);
            var more = way == 0 ? "" : $", {Interval(worse)} points more than in rounds; {Interval(less)} % less time";
            Tell($"{Ways[way].Name,-8} test accuracy {test:0.0000}{more}");
        }
    }

    // Student's.
    private static string Interval(double[] values)
    {
        var (n, mean) = (values.Length, values.Average());
        var deviation = Math.Sqrt(values.Sum(value => Math.Pow(value - mean, 2)) / (n - 1));
        var half = Distributions.StudentTQuantile(0.975, n - 1) * deviation / Math.Sqrt(n);
        return string.Create(CultureInfo.InvariantCulture, $"{mean:0.0} [{mean - half:0.0}, {mean + half:0.0}]");
    }

    private static string Row(Outcome outcome, Outcome rounds) => string.Create(
        CultureInfo.InvariantCulture,
        $"{outcome.Seconds,7:0.0} {1 - (outcome.Seconds / rounds.Seconds),6:P0} {outcome.Stopped,8} {outcome.Busy,6:P0} {outcome.Chosen,10:0.000} {outcome.Test,7:0.000}");

    private static void Tell(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private sealed record Way(string Name, IReadOnlyList<IStoppingRule> Rules, bool IsRounds)
    {
        public Study Study(SearchSpace space, int trials, int seed) => new()
        {
            Name = Name,
            Space = space,
            Objectives = [Best],
            Sampler = new RandomOptions(),
            Rules = Rules,
            Rounds = IsRounds,
            Budget = new Budget { Trials = trials },
            Seed = seed,
        };
    }

    private readonly record struct Outcome(double Seconds, int Stopped, double Busy, double Chosen, double Test)
    {
        public static Outcome Of(StudyResult result, TrialRecord best) => new(
            result.Spent.Wall.TotalSeconds, result.Stopped, result.Utilization, result.Best!.Values[0],
            best.Metrics.First(metric => metric.Metric == FashionTrials.TestAccuracy).Value);
    }
}
