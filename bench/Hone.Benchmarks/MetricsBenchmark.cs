using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Hone.Trials;
using Hone.Workers.SystemMetrics;

namespace Hone.Benchmarks;

/// <summary>What it costs to watch trials, beside psutil on the same processes. CPU time throughout: other programs do not count.</summary>
internal static class MetricsBenchmark
{
    private const int Readings = 3000;
    private const int TreeSize = 9;

    public static async Task RunAsync(string[] args)
    {
        var psutil = args is [var script, ..] ? script : "bench/python/psutil_cost.py";
        await MeasureAsync("one process", 1, psutil);
        await MeasureAsync("tree of 9 processes", TreeSize, psutil);
        MeasureSampler();
    }

    /// <summary><c>metrics-watch PID[,PID…] SECONDS</c>: each half second, a JSON object for each process and its tree.</summary>
    public static async Task WatchAsync(string[] args)
    {
        var processes = Array.ConvertAll(args[0].Split(','), text => int.Parse(text, CultureInfo.InvariantCulture));
        var seconds = double.Parse(args[1], CultureInfo.InvariantCulture);
        using var sampler = new SystemSampler(TimeProvider.System);
        var meters = Array.ConvertAll(processes, process => sampler.Watch(process, _ => { }));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        for (var passed = 0.0; passed < seconds && await timer.WaitForNextTickAsync(); passed += 0.5)
        {
            foreach (var (process, meter) in processes.Zip(meters))
            {
                Write(process, meter.Final());
            }
        }

        Array.ForEach(meters, meter => meter.Dispose());
    }

    /// <summary><c>metrics-gpus</c>: what NVML tells, twice within a second, since utilisation is that since the last reading.</summary>
    public static async Task GpusAsync(string[] args)
    {
        using var nvml = Nvml.TryLoad();
        Console.WriteLine(nvml is null ? "no GPU that NVML knows" : $"{nvml.Devices} GPUs");
        for (var round = 0; nvml is not null && round < 2; round++)
        {
            for (var device = 0; device < nvml.Devices; device++)
            {
                var before = LinuxCalls.ThreadCpuNanoseconds();
                var reading = nvml.Read(device);
                var cost = (LinuxCalls.ThreadCpuNanoseconds() - before) / 1e3;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{reading} in {cost:0} µs of CPU time"));
                Console.WriteLine($"    processes: {string.Join(", ", reading.Processes ?? [])}; shares: {string.Join(", ", reading.Shares ?? [])}");
            }

            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        }
    }

    private static void Write(int process, IReadOnlyList<MetricValue> values)
    {
        using var output = Console.OpenStandardOutput();
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteNumber("pid", process);
            foreach (var value in values)
            {
                json.WriteNumber(value.Metric, value.Value);
            }

            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    private static async Task MeasureAsync(string name, int size, string psutil)
    {
        using var trial = Tree(size);
        using var tree = new ProcessTree(trial.Id);
        while (tree.Read(Now(), Depth.Everything).Processes < size)
        {
        }

        Console.WriteLine($"{name}, CPU time of a reading (memory, CPU, wait, I/O; peaks twice a second), median and spread of 10 rounds:");
        Console.WriteLine($"    every process has run since the last reading, 10 Hz: {CostOf(tree, Depth.Running)}");
        Console.WriteLine($"    every process read in full, peak too:                {CostOf(tree, Depth.Everything)}");
        Console.WriteLine($"    no process has run:                                  {CostOf(tree, Depth.Changed)}");
        using var python = Process.Start(
            "/usr/bin/python3", [psutil, trial.Id.ToString(CultureInfo.InvariantCulture), size == 1 ? "2000" : "100"]);
        await python.WaitForExitAsync();
        trial.Kill(entireProcessTree: true);
    }

    // Time runs on by a tenth of a second a reading, as it does for the sampler at 10 Hz: what is due twice a second is read every fifth time.
    private static string CostOf(ProcessTree tree, Depth depth)
    {
        var now = Now();
        var rounds = new double[10];
        for (var round = -rounds.Length; round < rounds.Length; round++)
        {
            var before = LinuxCalls.ThreadCpuNanoseconds();
            for (var i = 0; i < Readings / 10; i++)
            {
                tree.Read(depth == Depth.Changed ? now : now += 100_000_000, depth);
            }

            rounds[Math.Max(0, round)] = (LinuxCalls.ThreadCpuNanoseconds() - before) / 1e3 / (Readings / 10);
        }

        Array.Sort(rounds);
        return string.Create(CultureInfo.InvariantCulture, $"{rounds[rounds.Length / 2]:0.0} µs ({rounds[0]:0.0} to {rounds[^1]:0.0})");
    }

    private static void MeasureSampler()
    {
        var trials = Enumerable.Range(0, 8).Select(_ => Tree(TreeSize)).ToArray();
        var trees = Array.ConvertAll(trials, trial => new ProcessTree(trial.Id));
        while (Array.Exists(trees, tree => tree.Read(Now()).Processes < TreeSize))
        {
        }

        using var pause = new ManualResetEventSlim();
        var (cpu, wall) = (LinuxCalls.ThreadCpuNanoseconds(), Stopwatch.StartNew());
        for (var tick = 1; tick <= 100; tick++)
        {
            foreach (var tree in trees)
            {
                tree.Read(Now());
            }

            var left = TimeSpan.FromMilliseconds(100 * tick) - wall.Elapsed;
            pause.Wait(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }

        var percent = (LinuxCalls.ThreadCpuNanoseconds() - cpu) / wall.Elapsed.TotalNanoseconds * 100;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"8 trees of 9, 10 Hz, all 72 processes working: {percent:0.00} % of a core"));
        foreach (var (trial, tree) in trials.Zip(trees))
        {
            tree.Dispose();
            trial.Kill(entireProcessTree: true);
            trial.Dispose();
        }
    }

    private static long Now() => (long)Stopwatch.GetElapsedTime(0).TotalNanoseconds;

    // Each process runs a little every 30 ms, so that every reading at 10 Hz meets a change and the machine still has room.
    private static Process Tree(int size)
    {
        var code = $$"""
            import os, time
            for _ in range({{size - 1}}):
                if os.fork() == 0: break
            held = bytearray(2_000_000)
            while True:
                time.sleep(0.03)
            """;
        return Process.Start("setsid", ["/usr/bin/python3", "-c", code]);
    }
}
