using System.Diagnostics;
using System.Globalization;
using Hone.Space;
using Hone.Tuning;
using Hone.Workers.Processes;
using Hone.Workers.SystemMetrics;

namespace Hone.Benchmarks;

/// <summary>
/// What a process trial costs the tuner: trials of <c>true</c> one after the other, and the start of a pool. The trials' own CPU time is
/// not counted.
/// </summary>
internal static class SpawnBenchmark
{
    private const int Trials = 300;

    public static async Task RunAsync(string[] arguments)
    {
        var root = Directory.CreateTempSubdirectory("hone-spawn-").FullName;
        using var sampler = new SystemSampler(TimeProvider.System);
        var space = new SearchSpace([new FloatParameter("x", 0, 1)]);
        var options = new ProcessPoolOptions { Slots = 1, CommandTemplate = "true {x}", StudyDirectory = Path.Combine(root, "study") };
        var started = Stopwatch.GetTimestamp();
        var pool = new ProcessWorkerPool(options, space, sampler, TimeProvider.System);
        var start = Stopwatch.GetElapsedTime(started);
        await RunTrialsAsync(pool, space, 1, Trials); // warms up the compiler
        var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        var wall = Stopwatch.GetTimestamp();
        await RunTrialsAsync(pool, space, Trials + 1, Trials);
        var wallEach = Stopwatch.GetElapsedTime(wall) / Trials;
        process.Refresh();
        var cpuEach = (process.TotalProcessorTime - cpu) / Trials;
        await pool.DisposeAsync();
        Directory.Delete(root, recursive: true);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            start of a pool            {start.TotalMilliseconds:0.0} ms, cold
            a trial of `true`, wall    {wallEach.TotalMilliseconds:0.00} ms, two shells and the program included
            the tuner's CPU for it     {cpuEach.TotalMilliseconds:0.00} ms
            """));
    }

    private static async Task RunTrialsAsync(ProcessWorkerPool pool, SearchSpace space, int first, int count)
    {
        var configuration = space.Sample(new SeededRandom(1));
        for (var trial = first; trial < first + count; trial++)
        {
            pool.Start(new TrialOrder("spawn", trial, 1, configuration, 1));
            for (WorkerEvent? next = null; next is not AttemptEnded; pool.TryRead(out next))
            {
                await pool.WaitAsync(null, CancellationToken.None);
            }
        }
    }
}
