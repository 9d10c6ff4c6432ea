using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using Hone.Learning.Data;

namespace Hone.Benchmarks;

/// <summary>
/// Time and peak memory of loading a table of 1,000,000 x 19 from gzip, the first time and from the cache, beside pandas. Argument: rows.
/// </summary>
internal static class LoadingBenchmark
{
    public static async Task RunAsync(string[] args)
    {
        var rows = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1_000_000;
        var folder = Directory.CreateTempSubdirectory("hone-loading").FullName;
        try
        {
            var path = Path.Combine(folder, "pbc_standin.tsv.gz");
            using (var writer = new StreamWriter(new GZipStream(File.Create(path), CompressionLevel.Optimal), new UTF8Encoding(false), 1 << 16))
            {
                PbcStandIn.Write(rows, writer);
            }

            Console.WriteLine($"{rows} x 19, {new FileInfo(path).Length / 1e6:0.0} MB of gzip");
            await LoadAsync(path, Path.Combine(folder, "tables"), "first time");
            await LoadAsync(path, Path.Combine(folder, "tables"), "from cache");
            using var process = Process.Start("/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "python", "loading.py"), path]);
            await process.WaitForExitAsync();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task LoadAsync(string path, string cache, string what)
    {
        GC.Collect();

        // Linux starts the peak anew.
        await File.WriteAllTextAsync("/proc/self/clear_refs", "5");
        var before = Environment.WorkingSet;
        var clock = Clock.Start();
        using var stream = File.OpenRead(path);
        var table = TableCache.Read<float>(stream, path, new TableOptions(), cache);
        var (seconds, cpu) = clock.Stop();
        var peak = (await File.ReadAllLinesAsync("/proc/self/status")).First(line => line.StartsWith("VmHWM", StringComparison.Ordinal));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{what}: {seconds:0.00} s wall, {cpu:0.00} CPU s, peak {long.Parse(peak.Split(' ')[^2], CultureInfo.InvariantCulture) * 1.024e-3:0} MB ({before / 1e6:0} MB before), {table.Features.Rows} rows"));
    }
}
