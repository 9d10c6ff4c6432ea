using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Hone.Tracking.Tests.Rest;

namespace Hone.Tracking.Tests.Postgres;

/// <summary>What is left when a server, its database, one of the database's processes or a client is killed under load, in turn.</summary>
public sealed class PostgresKillTests : IAsyncLifetime
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly SeededRandom _random = new(7);
    private readonly LoggingLoad _load = new();
    private PostgresCluster _cluster = null!;
    private string _store = "";
    private ServedProcess _server = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await PostgresCluster.StartAsync();
        _store = await _cluster.TakeAsync();
        _server = await ServedProcess.StartAsync(_store);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Nothing_acknowledged_is_lost_and_nothing_is_doubled()
    {
        for (var round = 1; round <= LoggingLoad.Rounds(4); round++)
        {
            await KillAsync(round);
            await AnswersAgainAsync();
        }

        await _load.CheckAsync(_server.Address);
        Assert.Empty(await _cluster.SqlAsync(_store, "SELECT run_name FROM hone.runs GROUP BY run_name HAVING count(*) > 1"));
        Assert.Empty(await _cluster.SqlAsync(
            _store, "SELECT run FROM hone.run_metrics GROUP BY run, metric, step HAVING count(*) > 1"));
    }

    private Task KillAsync(int round) => (round % 4) switch
    {
        0 => _load.RunAsync(_server.Address, round, Answers(), KillServerAsync),
        1 => _load.RunAsync(_server.Address, round, Answers(), KillDatabaseAsync),
        2 => _load.RunAsync(_server.Address, round, Answers(), KillBackendAsync),
        _ => KillClientAsync(round),
    };

    private int Answers() => _random.Next(20, 200);

    private async Task KillServerAsync()
    {
        await _server.DisposeAsync();
        _server = await ServedProcess.StartAsync(_store);
    }

    private async Task KillDatabaseAsync()
    {
        await _cluster.KillAsync();
        await _cluster.StartServerAsync();
    }

    // Where one is killed, the database ends all the others for it, and recovers from its log.
    private async Task KillBackendAsync()
    {
        var backends = await _cluster.SqlAsync(_store, "SELECT pid FROM pg_stat_activity WHERE application_name = 'hone'");
        using var process = Process.GetProcessById(int.Parse(backends[_random.Next(backends.Count)], CultureInfo.InvariantCulture));
        process.Kill();
    }

    private async Task KillClientAsync(int round)
    {
        using var client = ServedProcess.StartClient(_server.Address, $"{round}");
        for (var left = Answers(); left > 0; left--)
        {
            Note(await client.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The client ended by itself."));
        }

        client.Kill();
        while (await client.StandardOutput.ReadLineAsync() is { } line)
        {
            Note(line);
        }

        await client.WaitForExitAsync();
    }

    // The last line may have been cut off by the kill.
    private void Note(string line)
    {
        if (line.EndsWith('.') && line.TrimEnd('.').Split(' ') is [var run, var step])
        {
            _load.Note(run, long.Parse(step, CultureInfo.InvariantCulture));
        }
    }

    // While the database is away, all that it says is that it is.
    private async Task AnswersAgainAsync()
    {
        using var http = new HttpClient { BaseAddress = _server.Address };
        while (true)
        {
            using var answer = await http.PostAsJsonAsync("/api/2.0/mlflow/experiments/set-experiment-tag", new { experiment_id = "0", key = "k", value = "v" });
            if (answer.IsSuccessStatusCode)
            {
                return;
            }

            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Contains("\"TEMPORARILY_UNAVAILABLE\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            await Task.Delay(Pause, TimeProvider.System);
        }
    }
}
