using System.Diagnostics;
using System.Globalization;

namespace Hone.Benchmarks;

/// <summary>
/// The verbs on data and stages, by the real program, beside what the machine's own tools take for the bytes in the same run: md5sum on all
/// cores and cp. Each figure is wall time and, since a machine is seldom quiet, the CPU time of all that it started.
/// </summary>
internal static class PipelinesBenchmark
{
    public static Task RunAsync(string[] arguments)
    {
        if (arguments.Length == 0)
        {
            Console.Error.WriteLine("Name the program: dotnet run -c Release --project bench/Hone.Benchmarks -- pipelines artifacts/bin/Hone.Cli/release/hone [SCALE]");
            return Task.CompletedTask;
        }

        var program = Path.GetFullPath(arguments[0]);
        var scale = arguments.Length > 1 ? double.Parse(arguments[1], CultureInfo.InvariantCulture) : 1;
        Console.WriteLine($"{"",-42}{"wall s",9}{"limit",9}{"CPU s",9}{"limit",9}{"MB",7}");
        ManyFiles(program, (int)(10_000 * scale));
        LargeFile(program, (long)(1_000_000_000 * scale));
        ManyMore(program, (int)(100_000 * scale));
        Chain(program, (int)(50 * scale));
        AtOnce(program);
        Starts(program);
        return Task.CompletedTask;
    }

    private static void ManyFiles(string program, int count)
    {
        using var place = new Place(program);
        place.Fill("data", count, 4096);
        var md5 = place.Tell($"md5sum of {count} x 4 KB, all cores", "find data -type f -print0 | xargs -0 -P $(nproc) -n 200 md5sum > /dev/null");
        var cp = place.Tell("cp of them", "cp -r data copy");
        place.Verb($"add {count} x 4 KB", "add data", Times(1.5, md5 + cp));
        place.Verb("status, nothing changed", "status", Wall(0.2));
        place.Run("echo changed > data/d0/f0");
        place.Verb("status, one file changed", "status", Wall(0.25));
        place.Verb("add, one file changed", "add data", null);
        place.Run("rm -rf data copy");
        place.Verb("checkout", "checkout", Times(1.5, cp));
    }

    private static void LargeFile(string program, long bytes)
    {
        using var place = new Place(program);
        place.Run($"head -c {bytes} /dev/urandom > large");
        var md5 = place.Tell($"md5sum of {bytes / 1e9:0.0} GB, one core", "md5sum large > /dev/null");
        place.Verb($"add {bytes / 1e9:0.0} GB", "add large", new Cost(1.3 * md5.Wall, double.NaN, 0));
    }

    private static void ManyMore(string program, int count)
    {
        using var place = new Place(program);
        place.Fill("data", count, 100);
        place.Verb($"add {count} x 100 B", "add data", null);
        place.Verb("status, nothing changed", "status", Wall(1));
        place.Run($"{program} remote add -d store ../store > /dev/null");
        place.Verb("push to a folder", "push", null);
        place.Verb("push again", "push", Wall(1));
    }

    private static void Chain(string program, int stages)
    {
        using var place = new Place(program);
        place.Write("dvc.yaml", "stages:\n" + string.Concat(Enumerable.Range(1, stages).Select(i => $"  s{i}: {{ cmd: cp f{i - 1} f{i}, deps: [f{i - 1}], outs: [f{i}] }}\n")));
        place.Write("f0", "0");
        place.Verb($"repro of a chain of {stages} stages", "repro", null);
        place.Verb("repro again", "repro", Wall(0.2));
    }

    private static void AtOnce(string program)
    {
        using var place = new Place(program);
        place.Write("dvc.yaml", "stages:\n" + string.Concat(Enumerable.Range(1, 8).Select(i => $"  s{i}: {{ cmd: sleep 1; echo > f{i}, outs: [f{i}] }}\n")));
        place.Verb("repro -j 2 of 8 stages of 1 s", "repro -j 2", Wall(4.6));
    }

    private static void Starts(string program)
    {
        using var place = new Place(program);
        place.Write("dvc.yaml", "stages:\n  a: { cmd: echo 1 > f, outs: [f] }\n");
        place.Run($"{program} repro -q > /dev/null; echo 1 > g; {program} add g; {program} remote add -d store ../store > /dev/null; {program} push -q");
        foreach (var verb in new[]
        {
            "root", "status", "add g", "checkout", "push", "fetch", "pull", "repro", "dag", "ls", "config core.remote", "remote list", "metrics show", "gc -w", "data status",
        })
        {
            place.Median(verb, 9, Wall(0.12));
        }
    }

    private static Cost Wall(double seconds) => new(seconds, double.NaN, 0);

    private static Cost Times(double factor, Cost of) => new(factor * of.Wall, factor * of.Cpu, 0);

    /// <summary>What a command took.</summary>
    /// <param name="Wall">Seconds.</param>
    /// <param name="Cpu">Seconds of all processes.</param>
    /// <param name="Megabytes">The largest process.</param>
    private readonly record struct Cost(double Wall, double Cpu, double Megabytes)
    {
        public static Cost operator +(Cost a, Cost b) => new(a.Wall + b.Wall, a.Cpu + b.Cpu, Math.Max(a.Megabytes, b.Megabytes));
    }

    /// <summary>A repository in a folder of its own.</summary>
    private sealed class Place : IDisposable
    {
        private readonly string _program;
        private readonly string _top = Directory.CreateTempSubdirectory("hone-bench-").FullName;

        public Place(string program)
        {
            _program = program;
            Directory.CreateDirectory(Root);
            Run($"{program} init --no-scm -q > /dev/null");
        }

        private string Root => Path.Combine(_top, "work");

        public void Fill(string folder, int count, int size)
        {
            var random = new Random(1);
            var bytes = new byte[size];
            for (var i = 0; i < count; i++)
            {
                var path = Path.Combine(Root, folder, $"d{i / 1000}");
                Directory.CreateDirectory(path);
                random.NextBytes(bytes);
                File.WriteAllBytes(Path.Combine(path, $"f{i}"), bytes);
            }
        }

        public void Write(string name, string text) => File.WriteAllText(Path.Combine(Root, name), text);

        public void Run(string command) => Measure(command);

        public Cost Tell(string name, string command)
        {
            var cost = Measure(command);
            Print(name, cost, null);
            return cost;
        }

        public void Verb(string name, string verb, Cost? limit) => Print(name, Measure($"{_program} {verb} > /dev/null 2>&1"), limit);

        public void Median(string verb, int times, Cost limit)
        {
            var costs = Enumerable.Range(0, times).Select(_ => Measure($"{_program} {verb} > /dev/null 2>&1", settles: false)).OrderBy(cost => cost.Wall).ToList();
            Print($"start of {verb}", costs[times / 2], limit);
        }

        public void Dispose() => Directory.Delete(_top, recursive: true);

        private static void Print(string name, Cost cost, Cost? limit) => Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-42}{cost.Wall,9:0.000}{Limit(limit?.Wall),9}{cost.Cpu,9:0.000}{Limit(limit?.Cpu),9}{cost.Megabytes,7:0}"));

        private static string Limit(double? seconds) => seconds is { } given && double.IsFinite(given) ? given.ToString("0.000", CultureInfo.InvariantCulture) : "";

        // What was written before goes to the disk first: each step pays for its own bytes alone.
        private Cost Measure(string command, bool settles = true)
        {
            using var shell = Process.Start(new ProcessStartInfo("python3", ["-c", Meter, settles ? "1" : "0", command])
            {
                WorkingDirectory = Root,
                RedirectStandardOutput = true,
            })!;
            var words = shell.StandardOutput.ReadToEnd().Split(' ');
            shell.WaitForExit();
            return new Cost(Number(words[0]), Number(words[1]), Number(words[2]));
        }

        private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

        // The operating system counts what children used when they are waited for; .NET has no words for it.
        private const string Meter = """
            import os, resource, subprocess, sys, time
            if sys.argv[1] == '1': os.sync()
            start = time.perf_counter()
            subprocess.run(['bash', '-c', sys.argv[2]])
            wall = time.perf_counter() - start
            used = resource.getrusage(resource.RUSAGE_CHILDREN)
            print(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1e3, end='')
            """;
    }
}
