using System.Diagnostics;
using System.Globalization;
using Hone.Tracking.Rest;

namespace Hone.Tracking.Tests.Rest;

/// <summary>A server in a process of its own, to be killed.</summary>
internal sealed class ServedProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ServedProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    public Uri Address { get; }

    /// <summary>Starts the process and waits until it listens.</summary>
    public static async Task<ServedProcess> StartAsync(string store, int port = 0)
    {
        string[] arguments = [typeof(ServedProcess).Assembly.Location, "serve-until-killed", store, port.ToString(CultureInfo.InvariantCulture)];
        var command = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true };
        var process = Process.Start(command)!;
        var line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The server ended by itself.");
        return new ServedProcess(process, new Uri(line));
    }

    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
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

    /// <summary>Starts a client in a process of its own, which logs to a run until it is killed. Its output is a line an acknowledged step.</summary>
    public static Process StartClient(Uri address, string name) => Process.Start(
        new ProcessStartInfo("dotnet", [typeof(ServedProcess).Assembly.Location, "log-until-killed", address.ToString(), name]) { RedirectStandardOutput = true })!;

    /// <summary>That process itself.</summary>
    public static Task RunClientAsync(string address, string name) => LoggingLoad.LogAsync(new Uri(address), name, (run, step) =>
    {
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{run} {step}."));
        Console.Out.Flush();
    }, () => false);
}
