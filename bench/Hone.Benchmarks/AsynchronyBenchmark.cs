using System.Globalization;
using Hone.Budgets;
using Hone.Simulation;
using Hone.Space;
using Hone.Trials;
using Hone.Tuning;
using Hone.Workers.Processes;
using Hone.Workers.SystemMetrics;

namespace Hone.Benchmarks;

/// <summary>
/// The same trials, their lengths spread 1:20, once with every free slot refilled at once and once in rounds with a barrier
/// (<c>rounds: true</c>); in virtual time and with real processes that sleep.
/// </summary>
internal static class AsynchronyBenchmark
{
    private const double Shortest = 0.1;
    private const double Longest = 2;

    public static async Task RunAsync(string[] arguments)
    {
        Console.WriteLine("lengths log-uniform from 1 to 20    asynchronous              in rounds                 less time");
        foreach (var (slots, trials) in new[] { (2, 40), (8, 160), (100, 2_000) })
        {
            await CompareAsync(
                string.Create(CultureInfo.InvariantCulture, $"simulated, {trials} trials, {slots} slots"), trials, study => SimulateAsync(study, slots));
        }

        foreach (var (slots, trials) in new[] { (2, 40), (8, 160) })
        {
            await CompareAsync(
                string.Create(CultureInfo.InvariantCulture, $"processes, {trials} trials, {slots} slots"), trials, study => RunProcessesAsync(study, slots));
        }
    }

    private static async Task CompareAsync(string name, int trials, Func<Study, Task<StudyResult>> run)
    {
        var study = new Study
        {
            Name = "asynchrony",
            Space = new SearchSpace([new FloatParameter("seconds", Shortest, Longest, log: true)]),
            Objectives = [new Objective("loss")],
            Budget = new Budget { Trials = trials },
            Seed = 1,
        };
        var free = await run(study);
        var rounds = await run(study with { Rounds = true });
        var less = 1 - (free.Spent.Wall / rounds.Spent.Wall);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-35} {Show(free)} {Show(rounds)} {less:P0}"));
    }

    private static string Show(StudyResult result) => string.Create(
        CultureInfo.InvariantCulture, $"{result.Spent.Wall.TotalSeconds,6:0.0} s, {result.Utilization,4:P0} busy     ");

    private static async Task<StudyResult> SimulateAsync(Study study, int slots)
    {
        var time = new VirtualTime();
        await using var pool = new SimulatedWorkerPool(slots, time, order =>
        {
            var length = TimeSpan.FromSeconds(order.Configuration.Codes[0]);
            return new SimulatedAttempt([new SimulatedReport(length, 1, [new MetricValue("loss", 1)])], length);
        });
        using var tuner = new Tuner(study, pool, new NoJournal(), time);
        return await tuner.RunAsync(CancellationToken.None);
    }

    private static async Task<StudyResult> RunProcessesAsync(Study study, int slots)
    {
        var directory = Directory.CreateTempSubdirectory("hone-asynchrony-");
        try
        {
            var options = new ProcessPoolOptions
            {
                Slots = slots,
                CommandTemplate = """sleep {seconds} && echo '{{"step": 1, "loss": 1}}'""",
                StudyDirectory = directory.FullName,
            };
            using var sampler = new SystemSampler(TimeProvider.System);
            await using var pool = new ProcessWorkerPool(options, study.Space, sampler, TimeProvider.System);
            using var tuner = new Tuner(study, pool, new NoJournal(), TimeProvider.System);
            return await tuner.RunAsync(CancellationToken.None);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
