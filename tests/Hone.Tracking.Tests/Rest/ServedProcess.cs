using System.Diagnostics;
using System.Globalization;
using Hone.Tracking.Rest;

namespace Hone.Tracking.Tests.Rest;

/// <summary>A server in a process of its own, to be killed.</summary>
internal static class ServedProcess
{
    /// <summary>Starts the process and waits until it listens.</summary>
    public static async Task<(Process Process, Uri Address)> StartAsync(string store, int port = 0)
    {
        string[] arguments = [typeof(ServedProcess).Assembly.Location, "serve-until-killed", store, port.ToString(CultureInfo.InvariantCulture)];
        var command = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true };
        var process = Process.Start(command)!;
        var line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The server ended by itself.");
        return (process, new Uri(line));
    }

    /// <summary>The process itself.</summary>
    public static async Task RunAsync(string store, string port)
    {
        var options = new TrackingServerOptions { Store = store, Port = int.Parse(port, CultureInfo.InvariantCulture) };
        await using var server = await TrackingServer.StartAsync(options, TimeProvider.System);
        Console.Out.WriteLine(server.Address);
        Console.Out.Flush();
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);
    }
}
