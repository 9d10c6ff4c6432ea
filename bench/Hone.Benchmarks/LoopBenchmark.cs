using System.Diagnostics;
using System.Globalization;
using Hone.Budgets;
using Hone.Simulation;
using Hone.Space;
using Hone.Stopping;
using Hone.Trials;
using Hone.Tuning;

namespace Hone.Benchmarks;

/// <summary>
/// What the loop costs: 10,000 trials of 100 reports on 1,000 simulated workers, with a median rule that judges every report.
/// </summary>
internal static class LoopBenchmark
{
    private const int Trials = 10_000;
    private const int Reports = 100;
    private const int Workers = 1_000;

    public static async Task RunAsync(string[] arguments)
    {
        await MeasureAsync(200); // warms up the compiler
        var first = await MeasureAsync(Trials);
        var second = await MeasureAsync(Trials);
        var half = await MeasureAsync(Trials / 2);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            {Trials} trials x {Reports} reports on {Workers} simulated workers, median rule on every report
            reports handled       {first.Reports} in {first.CpuSeconds:0.00} CPU s, {first.WallSeconds:0.00} s wall
            reports/s, one core   {first.Reports / first.CpuSeconds:0}
            utilization           {first.Utilization:P2} while there was something to start
            makespan utilization  {first.Makespan:P2} with the tail, when fewer trials are left than workers
            memory a finished trial  {(first.Bytes - half.Bytes) / (Trials / 2.0):0} bytes (from {Trials / 2} to {Trials} trials)
            same seed, same study {(first.Digest == second.Digest ? "yes" : "NO")} (digest {first.Digest:x16})
            """));
    }

    private static async Task<Measured> MeasureAsync(int trials)
    {
        var space = new SearchSpace([.. Enumerable.Range(0, 10).Select(i => new FloatParameter($"x{i}", 0, 1))]);
        var study = new Study
        {
            Name = "loop",
            Space = space,
            Objectives = [new Objective("loss")],
            Rules = [PercentileRule.Median("loss", Goal.Minimize, new After(Reports, default))],
            Budget = new Budget { Trials = trials },
            Seed = 1,
        };
        var time = new VirtualTime();
        var digest = new DigestJournal();
        await using var pool = new SimulatedWorkerPool(Workers, time, Curve);
        using var tuner = new Tuner(study, pool, digest, time);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var wall = Stopwatch.GetTimestamp();
        var result = await tuner.RunAsync(CancellationToken.None);
        var wallSeconds = Stopwatch.GetElapsedTime(wall).TotalSeconds;
        var cpuSeconds = (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds;
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(tuner);
        var makespan = digest.BusySeconds / (Workers * result.Spent.Wall.TotalSeconds);
        return new Measured(digest.Reports, cpuSeconds, wallSeconds, result.Utilization, makespan, bytes, digest.Digest);
    }

    // Every trial has its own length and level; reports are evenly spread over it.
    private static SimulatedAttempt Curve(TrialOrder order)
    {
        var random = new SeededRandom((ulong)order.Seed);
        var seconds = 60 + (60 * random.NextDouble());
        return new SimulatedAttempt(Loss(order, seconds), TimeSpan.FromSeconds(seconds));
    }

    private static IEnumerable<SimulatedReport> Loss(TrialOrder order, double seconds)
    {
        var level = order.Configuration.Codes[0];
        for (var step = 1; step <= Reports; step++)
        {
            yield return new SimulatedReport(
                TimeSpan.FromSeconds(seconds * step / Reports), step, new[] { new MetricValue("loss", level + (1.0 / step)) });
        }
    }

    private readonly record struct Measured(
        long Reports, double CpuSeconds, double WallSeconds, double Utilization, double Makespan, long Bytes, ulong Digest);

    // Folds every event into one number, so that two studies can be compared without keeping either.
    private sealed class DigestJournal : IStudyJournal
    {
        public ulong Digest { get; private set; }
        public long Reports { get; private set; }
        public double BusySeconds { get; private set; }

        public IAsyncEnumerable<StudyEvent> ReadAsync(CancellationToken cancellationToken) => AsyncEnumerable.Empty<StudyEvent>();

        public void Append(StudyEvent entry)
        {
            Mix((ulong)entry.At.UtcTicks);
            switch (entry)
            {
                case TrialReported reported:
                    Reports++;
                    Mix((ulong)reported.Trial);
                    Mix((ulong)reported.Step);
                    Mix(BitConverter.DoubleToUInt64Bits(reported.Values[0].Value));
                    break;
                case TrialProposed proposed:
                    Mix(BitConverter.DoubleToUInt64Bits(proposed.Configuration.Codes[0]));
                    break;
                case TrialEnded ended:
                    Mix((ulong)ended.State);
                    BusySeconds += ended.Wall.TotalSeconds;
                    break;
            }
        }

        public ValueTask CommitAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

        private void Mix(ulong value) => Digest = SeededRandom.Derive(Digest, value);
    }
}
