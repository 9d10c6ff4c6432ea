using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using Hone.Tracking.Tests.Store;

namespace Hone.Tracking.Tests.Rest;

public sealed class KillTests : IDisposable
{
    private const int Clients = 4;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // HONE_KILL_ROUNDS=100 makes as many rounds as a release is held to.
    [Fact]
    public async Task Nothing_acknowledged_is_lost_and_nothing_is_doubled_when_the_server_is_killed_under_load()
    {
        var rounds = int.TryParse(Environment.GetEnvironmentVariable("HONE_KILL_ROUNDS"), out var wanted) ? wanted : 4;
        var random = new SeededRandom(5);
        var acknowledged = new ConcurrentDictionary<string, ConcurrentBag<long>>();
        for (var round = 1; round <= rounds; round++)
        {
            await LoadAndKillAsync(round, random.Next(20, 200), acknowledged);
        }

        var (process, address) = await ServedProcess.StartAsync(_folder.Store);
        using (process)
        {
            using var http = new HttpClient { BaseAddress = address };
            await CheckAsync(http, acknowledged);
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private async Task LoadAndKillAsync(int round, int answers, ConcurrentDictionary<string, ConcurrentBag<long>> acknowledged)
    {
        var (process, address) = await ServedProcess.StartAsync(_folder.Store);
        using (process)
        {
            var answered = 0;
            var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var clients = Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(() => LoadAsync(address, $"{round}.{client}", acknowledged, Count))));
            await Task.WhenAny(enough.Task, clients);
            Assert.True(enough.Task.IsCompleted, "the server ended by itself");
            process.Kill();
            await clients;
            await process.WaitForExitAsync();

            void Count()
            {
                if (Interlocked.Increment(ref answered) == answers)
                {
                    enough.SetResult();
                }
            }
        }
    }

    // Logs to a run of its own until the server is gone, one value or ten at a time, and remembers what was acknowledged.
    private static async Task LoadAsync(Uri address, string name, ConcurrentDictionary<string, ConcurrentBag<long>> acknowledged, Action count)
    {
        using var http = new HttpClient { BaseAddress = address };
        try
        {
            var made = await PostAsync(http, "runs/create", new { experiment_id = "0", run_name = name });
            var run = made.Text("run.info.run_id")!;
            var steps = acknowledged.GetOrAdd(run, _ => []);
            for (var step = 0L; ; step += 10)
            {
                var first = step;
                await PostAsync(http, "runs/log-metric", new { run_id = run, key = "m", value = step, timestamp = step, step });
                steps.Add(step);
                await PostAsync(http, "runs/log-batch", new
                {
                    run_id = run,
                    metrics = Enumerable.Range(1, 9).Select(i => new { key = "m", value = first + i, timestamp = first + i, step = first + i }),
                });
                for (var i = 1; i < 10; i++)
                {
                    steps.Add(step + i);
                }

                count();
            }
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException)
        {
            // Killed, as it should be.
        }
    }

    private static async Task CheckAsync(HttpClient http, ConcurrentDictionary<string, ConcurrentBag<long>> acknowledged)
    {
        var names = new HashSet<string>();
        foreach (var (run, steps) in acknowledged)
        {
            var read = await http.GetFromJsonAsync<JsonElement>($"/api/2.0/mlflow/runs/get?run_id={run}");
            Assert.True(names.Add(read.Text("run.info.run_name")!), $"{read.Text("run.info.run_name")} is there twice");
            var history = await http.GetFromJsonAsync<JsonElement>($"/api/2.0/mlflow/metrics/get-history?run_id={run}&metric_key=m");
            List<long> kept = history.Has("metrics") ? [.. history.At("metrics").EnumerateArray().Select(point => point.At("step").GetInt64())] : [];

            Assert.Equal(kept.Distinct(), kept);
            Assert.Empty(steps.Except(kept));

            // A batch is there as a whole or not at all.
            Assert.True(kept.Count % 10 is 0 or 1, $"{kept.Count} values are kept");
            if (kept.Count > 0)
            {
                Assert.Equal(kept.Max(), read.At("run.data.metrics.0.step").GetInt64());
            }
        }
    }

    private static async Task<JsonElement> PostAsync(HttpClient http, string path, object body)
    {
        using var answer = await http.PostAsJsonAsync($"/api/2.0/mlflow/{path}", body);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
