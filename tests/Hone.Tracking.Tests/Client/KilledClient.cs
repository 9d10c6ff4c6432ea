using System.Diagnostics;
using Hone.Tracking.Client;

namespace Hone.Tracking.Tests.Client;

/// <summary>A program in a process of its own that logs one value after another until it is killed.</summary>
internal static class KilledClient
{
    /// <summary>Starts the process and waits until so many values stand in its spool for sure.</summary>
    public static async Task<Process> StartAsync(Uri server, string spool)
    {
        string[] arguments = [typeof(KilledClient).Assembly.Location, "log-and-spool-until-killed", server.AbsoluteUri, spool];
        var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true })!;
        Assert.Equal("logged", await process.StandardOutput.ReadLineAsync());
        return process;
    }

    /// <summary>The process itself: logs 2,000 values, says so when they stand in the spool, and goes on.</summary>
    public static async Task RunAsync(string server, string spool)
    {
        await using var run = await HoneRun.StartAsync(new HoneRunOptions
        {
            Server = server,
            Experiment = "killed",
            RunName = "killed",
            SpoolFolder = spool,
            StartLimit = TimeSpan.FromMilliseconds(200),
            Notice = _ => { },
        });
        var isSaid = false;
        for (var step = 0L; ; step++)
        {
            run.LogMetric("m", step, step);
            if (step % 1000 == 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            }

            if (!isSaid && step > 2000 && new FileInfo(run.SpoolPath).Length > 200_000)
            {
                isSaid = true;
                Console.Out.WriteLine("logged");
                Console.Out.Flush();
            }
        }
    }
}
