using System.Net.Http.Json;
using System.Text.Json;

namespace Hone.Cli.Tests.Processes;

public sealed class ServerProcessTests : IDisposable
{
    private const int Interrupt = 2;
    private const int Terminate = 15;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Interrupt)]
    [InlineData(Terminate)]
    public async Task It_tells_what_clients_set_serves_the_store_and_ends_in_order(int signal)
    {
        await using var server = HoneProcess.Start(_folder.Path, "server", "--port", "0");
        Assert.True(await server.SaysAsync("MLFLOW_TRACKING_URI="));
        var address = server.Errors.Single(line => line.Contains("MLFLOW_TRACKING_URI=", StringComparison.Ordinal)).Split('=')[1];
        using (var http = new HttpClient { BaseAddress = new Uri(address) })
        {
            var experiment = await http.GetFromJsonAsync<JsonElement>("/api/2.0/mlflow/experiments/get?experiment_id=0");
            Assert.Equal("Default", experiment.GetProperty("experiment").GetProperty("name").GetString());
        }

        server.Signal(signal);

        Assert.Equal(0, await server.EndAsync());
        Assert.Equal($"Serving .hone/hone.db at {address} (Ctrl-C ends it)", server.Errors.First());
        Assert.Equal("Ending: requests that came are answered.", server.Errors.Last());
        Assert.False(File.Exists(Path.Combine(_folder.Path, ".hone", "hone.db-wal")));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_an_error_of_usage()
    {
        await using var first = HoneProcess.Start(_folder.Path, "server", "--port", "0");
        Assert.True(await first.SaysAsync("MLFLOW_TRACKING_URI="));
        var port = first.Errors.First(line => line.Contains("Serving", StringComparison.Ordinal)).Split(':')[2].Split(' ')[0];

        var (exitCode, output, errors) = await HoneProcess.RunAsync(_folder.Path, "server", "--port", port, "--store", "other.db");

        Assert.Equal((2, ""), (exitCode, output));
        Assert.Equal(
            $"hone: Another program listens on 127.0.0.1:{port}. End it, or name another port with --port; --port 0 takes a free one.", errors);
    }

    [Theory]
    [InlineData("--port 70000", "hone: --port: 70000 is no port; expected 0 to 65535")]
    [InlineData("--store .", "hone: The store '.' is a folder. Name a file in it, e.g. ./hone.db.")]
    public async Task Wrong_options_are_told(string options, string expected)
    {
        var (exitCode, _, errors) = await HoneProcess.RunAsync(_folder.Path, ["server", .. options.Split(' ')]);

        Assert.Equal((2, expected), (exitCode, errors));
    }
}
