using System.Diagnostics;
using System.Globalization;
using Hone.Pipelines.Remotes;
using Hone.Pipelines.Repositories;
using Hone.Pipelines.Tracking;
using Hone.Pipelines.Verbs;
using Hone.Pipelines.Workspaces;

namespace Hone.Benchmarks;

/// <summary>Verbs on data beside what the machine's own tools take for the bytes: md5sum on all cores and cp, in the same run.</summary>
internal static class PipelinesBenchmark
{
    public static async Task RunAsync(string[] arguments)
    {
        var scale = arguments.Length > 0 ? double.Parse(arguments[0], CultureInfo.InvariantCulture) : 1;
        await ManyFilesAsync((int)(10_000 * scale));
        await LargeFileAsync((long)(1_000_000_000 * scale));
        await ManyMoreAsync((int)(100_000 * scale));
        Console.WriteLine($"largest memory: {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:0} MB");
    }

    private static async Task ManyFilesAsync(int count)
    {
        using var place = new Place();
        place.Fill("data", count, 4096);
        var md5 = place.Shell("find data -type f -print0 | xargs -0 -P $(nproc) -n 200 md5sum > /dev/null");
        var cp = place.Shell("cp -r data copy");
        Tell($"{count} x 4 KB: md5sum on all cores {md5:0.00} s, cp {cp:0.00} s");
        Tell($"  add {await place.AddAsync("data"):0.00} s (limit {1.5 * (md5 + cp):0.00})");
        Tell($"  status unchanged {place.Status():0.000} s (limit 0.2)");
        File.WriteAllText(Path.Combine(place.Root, "data", "d0", "f0"), "changed");
        Tell($"  status, one file changed {place.Status():0.000} s (limit 0.25)");
        await place.AddAsync("data");
        Directory.Delete(Path.Combine(place.Root, "data"), recursive: true);
        Directory.Delete(Path.Combine(place.Root, "copy"), recursive: true);
        Tell($"  checkout {await place.CheckoutAsync():0.00} s (limit {1.5 * cp:0.00})");
    }

    private static async Task LargeFileAsync(long bytes)
    {
        using var place = new Place();
        place.Shell($"head -c {bytes} /dev/urandom > large");
        var md5 = place.Shell("md5sum large > /dev/null");
        Tell($"{bytes / 1e9:0.0} GB: md5sum {md5:0.00} s");
        Tell($"  add {await place.AddAsync("large"):0.00} s (limit {1.3 * md5:0.00})");
    }

    private static async Task ManyMoreAsync(int count)
    {
        using var place = new Place();
        place.Fill("data", count, 100);
        Tell($"{count} x 100 B: add {await place.AddAsync("data"):0.00} s");
        Tell($"  status unchanged {place.Status():0.000} s (limit 1)");
        Tell($"  push {await place.PushAsync():0.00} s");
        Tell($"  push again {await place.PushAsync():0.000} s (limit 1)");
    }

    private static void Tell(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    /// <summary>A repository in a folder of its own.</summary>
    private sealed class Place : IDisposable
    {
        public Place()
        {
            Directory.CreateDirectory(Root);
            Setup.RunAsync(Root, hasNoScm: true, isSubfolder: false, isForced: false, CancellationToken.None).GetAwaiter().GetResult();
        }

        public string Root { get; } = Path.Combine(Path.GetTempPath(), "hone-bench-" + Guid.NewGuid().ToString("N"));

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

        public double Shell(string command)
        {
            Settle();
            var start = Stopwatch.GetTimestamp();
            using var shell = Process.Start(new ProcessStartInfo("bash", ["-c", command]) { WorkingDirectory = Root })!;
            shell.WaitForExit();
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        public Task<double> AddAsync(string target) => TimeAsync(repository =>
            Add.RunAsync(repository, RepositoryIndex.Read(repository), [Path.Combine(Root, target)], new AddOptions(), TimeProvider.System));

        public double Status()
        {
            var start = Stopwatch.GetTimestamp();
            using var repository = Repository.Find(Root);
            foreach (var output in RepositoryIndex.Read(repository).Outputs)
            {
                Hone.Pipelines.Verbs.Status.Of(repository, output, new ContentReader(repository));
            }

            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        public Task<double> CheckoutAsync() => TimeAsync(repository =>
            Checkout.RunAsync(repository, RepositoryIndex.Read(repository).Outputs, new CheckoutOptions(), TimeProvider.System));

        public Task<double> PushAsync() => TimeAsync(repository =>
            new Transfer(repository, new LocalRemote(Root + "-store")).PushAsync(Targets.Find(repository, RepositoryIndex.Read(repository), [])));

        public void Dispose() => Shell("rm -rf \"$PWD\" \"$PWD-store\"");

        // What was written before goes to the disk first: each step pays for its own bytes alone.
        private static void Settle()
        {
            using var sync = Process.Start("sync");
            sync.WaitForExit();
        }

        private async Task<double> TimeAsync(Func<Repository, Task> work)
        {
            Settle();
            var start = Stopwatch.GetTimestamp();
            using var repository = Repository.Find(Root);
            await work(repository);
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }
}
