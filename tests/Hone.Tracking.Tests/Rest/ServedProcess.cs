using System.Diagnostics;
using Hone.Tracking.Rest;

namespace Hone.Tracking.Tests.Rest;

/// <summary>A server in a process of its own, to be killed.</summary>
internal static class ServedProcess
{
    /// <summary>Starts the process and waits until it listens.</summary>
    public static async Task<(Process Process, Uri Address)> StartAsync(string store)
    {
        var command = new ProcessStartInfo("dotnet", [typeof(ServedProcess).Assembly.Location, "serve-until-killed", store]) { RedirectStandardOutput = true };
        var process = Process.Start(command)!;
        var line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The server ended by itself.");
        return (process, new Uri(line));
    }

    /// <summary>The process itself.</summary>
    public static async Task RunAsync(string store)
    {
        await using var server = await TrackingServer.StartAsync(new TrackingServerOptions { Store = store, Port = 0 }, TimeProvider.System);
        Console.Out.WriteLine(server.Address);
        Console.Out.Flush();
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);
    }
}
