using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Hone.Sampling;
using Hone.Space;
using Hone.Trials;

namespace Hone.Benchmarks.Sampling;

/// <summary>CPU time of one ask and tell of TPE with 10 mixed parameters, by the number of finished trials, beside Optuna's.</summary>
internal static class TpeSpeed
{
    private static readonly int[] Sizes = [100, 1000, 5000];

    /// <summary>The space; <c>bench/python/optuna_speed.py</c> has the same one.</summary>
    public static SearchSpace Space { get; } = new(
    [
        new FloatParameter("f0", 0, 1), new FloatParameter("f1", -5, 5), new FloatParameter("f2", 0, 100),
        new FloatParameter("l0", 1e-5, 1, log: true), new FloatParameter("l1", 1e-3, 1e3, log: true),
        new IntParameter("i0", 1, 10), new IntParameter("i1", 0, 1000), new IntParameter("i2", 1, 512, log: true),
        new CategoricalParameter("c0", "a", "b", "c", "d"), new CategoricalParameter("c1", "x", "y"),
    ]);

    /// <param name="args">Optionally <c>hone</c> to leave Optuna out.</param>
    public static async Task RunAsync(string[] args)
    {
        Console.WriteLine("CPU milliseconds of ask + tell, 10 parameters (3 float, 2 log, 2 int, 1 log int, 2 choice)");
        Console.WriteLine($"{"sampler",-22} {"trials",7} {"median",9} {"mean",9} {"bytes/trial",12}");
        Measure(new TpeOptions(), 1500, print: false);
        Measure(new TpeOptions { Multivariate = false }, 1500, print: false);
        foreach (var n in Sizes)
        {
            Measure(new TpeOptions(), n, print: true);
        }

        foreach (var n in Sizes)
        {
            Measure(new TpeOptions { Multivariate = false }, n, print: true);
        }

        if (!args.Contains("hone"))
        {
            var script = Path.Combine(AppContext.BaseDirectory, "python", "optuna_speed.py");
            using var process = Process.Start("/usr/bin/python3", [script, .. Sizes.Select(n => $"{n}")]);
            await process.WaitForExitAsync();
        }
    }

    // CPU time of this thread alone: the compiler's and the collector's threads work for earlier rounds.
    private static double CpuMilliseconds()
    {
        const int Thread = 3;
        return clock_gettime(Thread, out var time) == 0 ? (time.Seconds * 1e3) + (time.Nanoseconds * 1e-6) : double.NaN;
    }

    [DllImport("libc")]
    private static extern int clock_gettime(int clock, out Timespec time);

    private struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    private static double Value(Configuration c) => Math.Pow(c.Codes[0] - 0.3, 2) + Math.Pow((c.Codes[1] - 1) / 10, 2)
        + Math.Pow((Math.Log10(c.Codes[3]) + 3) / 5, 2) + Math.Pow((c.Codes[5] - 7) / 10, 2) + (0.1 * c.Codes[8]);

    private static void Measure(TpeOptions options, int trials, bool print)
    {
        const int Rounds = 200;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var sampler = options.Create(Space, [new Objective("f")], 1);
        var random = new SeededRandom(1);
        for (var t = 1; t <= trials; t++)
        {
            // Nine in ten at random: what matters here is how many trials there are, not how good.
            Finish(sampler, t, t % 10 == 0 ? sampler.Ask(t, random)! : Space.Sample(random));
        }

        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / trials;
        var times = new double[Rounds];
        for (var r = 0; r < Rounds; r++)
        {
            var start = CpuMilliseconds();
            Finish(sampler, trials + r + 1, sampler.Ask(trials + r + 1, random)!);
            times[r] = CpuMilliseconds() - start;
        }

        Array.Sort(times);
        if (print)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{(options.Multivariate ? "hone multivariate" : "hone univariate"),-22} {trials,7} {times[Rounds / 2],9:F4} {times.Average(),9:F4} {bytes,12}"));
        }
    }

    private static void Finish(ISampler sampler, int number, Configuration configuration)
    {
        sampler.Begin(number, configuration);
        sampler.Tell(new TrialResult
        {
            Number = number,
            Configuration = configuration,
            State = TrialState.Complete,
            Values = [Value(configuration)],
            Steps = 1,
        });
    }
}
