using System.Diagnostics;
using System.Globalization;
using Hone.Tracking.Client;

namespace Hone.Benchmarks;

/// <summary>What logging by the .NET client costs the program that trains, and how fast what it logs reaches a server in another process.</summary>
internal static class ClientBenchmark
{
    private const int Burst = 2_000; // less than half of the client's memory: the program never writes to the file itself
    private const int Bursts = 200;
    private const int Values = 1_000_000;

    /// <param name="arguments">The program <c>hone</c>; then, if wanted, the folder for the store and the spool, on the disk that is to be measured.</param>
    public static async Task RunAsync(string[] arguments)
    {
        if (arguments.Length == 0)
        {
            Console.Error.WriteLine("Name the program: dotnet run -c Release --project bench/Hone.Benchmarks -- client artifacts/bin/Hone.Cli/release/hone [FOLDER]");
            return;
        }

        var folder = Directory.CreateDirectory(Path.Combine(arguments.Length > 1 ? arguments[1] : Path.GetTempPath(), $"hone-client-{Environment.ProcessId}")).FullName;
        using var server = ServerBenchmark.Start(arguments[0], folder, Path.Combine(folder, "hone.db"), out var address);
        try
        {
            var options = new HoneRunOptions
            {
                Server = $"http://{address}",
                RunId = "",
                SpoolFolder = Path.Combine(folder, "spool"),
                EndLimit = TimeSpan.FromMinutes(5),
            };
            await CostAsync(options); // warms up the compiler
            await CostAsync(options);
            await RateAsync(options);
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    // Bursts with pauses in between, as training has them; the clock runs within the bursts alone.
    private static async Task CostAsync(HoneRunOptions options)
    {
        await using var run = await HoneRun.StartAsync(options);
        var (ticks, bytes) = (0L, 0L);
        for (var burst = 0; burst < Bursts; burst++)
        {
            Log(run, burst * Burst, ref ticks, ref bytes);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        var calls = (double)Burst * Bursts;
        Say("LogMetric, on the thread that trains", $"{Stopwatch.GetElapsedTime(0, ticks).TotalNanoseconds / calls:0} ns, {bytes / calls:0.00} bytes allocated");
    }

    private static void Log(HoneRun run, int first, ref long ticks, ref long bytes)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < Burst; i++)
        {
            run.LogMetric("validation_loss", i * 0.1, first + i);
        }

        ticks += Stopwatch.GetTimestamp() - start;
        bytes += GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static async Task RateAsync(HoneRunOptions options)
    {
        await using var run = await HoneRun.StartAsync(options);
        var clock = Clock.Start();
        for (var i = 0; i < Values; i++)
        {
            run.LogMetric("validation_loss", i * 0.1, i);
        }

        var (logged, cpu) = clock.Stop();
        var ending = await run.EndAsync();
        var (seconds, wholeCpu) = clock.Stop();
        Say($"{Values:N0} values as fast as they can be logged", $"{logged / Values * 1e9:0} ns each ({cpu / Values * 1e9:0} ns of CPU, all threads)");
        Say(
            $"the same until the server has them durably{(ending.IsComplete ? "" : " (NOT ALL)")}",
            $"{Values / seconds:N0} values/s; {wholeCpu / Values * 1e9:0} ns of CPU a value on the client's side");
    }

    private static void Say(string what, string figure) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-60} {figure}"));
}
