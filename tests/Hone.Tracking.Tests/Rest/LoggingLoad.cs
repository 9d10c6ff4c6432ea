using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;

namespace Hone.Tracking.Tests.Rest;

/// <summary>Clients that log to runs of their own until something is killed, and what was acknowledged to them.</summary>
internal sealed class LoggingLoad
{
    private const int Clients = 4;
    private readonly ConcurrentDictionary<string, ConcurrentBag<long>> _acknowledged = new();
    private volatile bool _isOver;

    /// <summary>How many rounds a test makes: a few, or with HONE_KILL_ROUNDS=100 as many as a release is held to.</summary>
    public static int Rounds(int usual) => int.TryParse(Environment.GetEnvironmentVariable("HONE_KILL_ROUNDS"), out var wanted) ? wanted : usual;

    /// <summary>Logs until so many requests were answered, kills, and waits until all clients have seen it.</summary>
    /// <param name="address">The server.</param>
    /// <param name="round">Names the runs.</param>
    /// <param name="answers">How many answers are awaited before the kill.</param>
    /// <param name="kill">Kills something without which nobody can log, for a while at least.</param>
    public async Task RunAsync(Uri address, int round, int answers, Func<Task> kill)
    {
        _isOver = false;
        var answered = 0;
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var clients = Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(() => LogAsync(address, $"{round}.{client}", Count))));
        await Task.WhenAny(enough.Task, clients);
        Assert.True(enough.Task.IsCompleted, $"round {round}: the clients ended by themselves");
        await kill();

        // Who happened to ask nothing in that while is told to end, too.
        _isOver = true;
        await clients;

        void Count()
        {
            if (Interlocked.Increment(ref answered) == answers)
            {
                enough.SetResult();
            }
        }
    }

    /// <summary>Notes what was acknowledged to another process.</summary>
    public void Note(string run, long step) => _acknowledged.GetOrAdd(run, _ => []).Add(step);

    /// <summary>Holds what is kept against what was acknowledged.</summary>
    public async Task CheckAsync(Uri address)
    {
        using var http = new HttpClient { BaseAddress = address };
        var names = new HashSet<string>();
        foreach (var (run, steps) in _acknowledged)
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

    /// <summary>Logs to a new run, one value or nine at a time, and tells of each step that was acknowledged, until it fails.</summary>
    public static async Task LogAsync(Uri address, string name, Action<string, long> acknowledged, Func<bool> isOver)
    {
        using var http = new HttpClient { BaseAddress = address };
        var made = await PostAsync(http, "runs/create", new { experiment_id = "0", run_name = name });
        var run = made.Text("run.info.run_id")!;
        for (var step = 0L; !isOver(); step += 10)
        {
            var first = step;
            await PostAsync(http, "runs/log-metric", new { run_id = run, key = "m", value = step, timestamp = step, step });
            acknowledged(run, step);
            await PostAsync(http, "runs/log-batch", new
            {
                run_id = run,
                metrics = Enumerable.Range(1, 9).Select(i => new { key = "m", value = first + i, timestamp = first + i, step = first + i }),
            });
            for (var i = 1; i < 10; i++)
            {
                acknowledged(run, step + i);
            }
        }
    }

    private async Task LogAsync(Uri address, string name, Action count)
    {
        try
        {
            await LogAsync(address, name, (run, step) =>
            {
                Note(run, step);
                if (step % 10 == 0)
                {
                    count();
                }
            }, () => _isOver);
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException)
        {
            // Killed, as it should be.
        }
    }

    private static async Task<JsonElement> PostAsync(HttpClient http, string path, object body)
    {
        using var answer = await http.PostAsJsonAsync($"/api/2.0/mlflow/{path}", body);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
