using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Hone.Tracking.Client;
using Hone.Tracking.Tests.Rest;
using Hone.Tracking.Tests.Store;

namespace Hone.Tracking.Tests.Client;

/// <summary>Servers that are killed, hang, lose answers or are not there, and clients that are killed.</summary>
public sealed class OutageTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<string> _told = new();

    private string Spool => Path.Combine(_folder.Path, "spool");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_server_that_is_killed_in_the_middle_gets_everything_once_when_it_is_back()
    {
        const int Values = 20_000;
        var port = FaultyProxy.FreePort();
        await using var killed = await ServedProcess.StartAsync(_folder.Store, port);
        var address = killed.Address;
        await using var run = await HoneRun.StartAsync(Options(address));
        for (var step = 0; step < Values / 2; step++)
        {
            run.LogMetric("m", step, step);
        }

        await UntilAsync(async () => (await HistoryAsync(address, run.RunId!)).Count > 0);
        await killed.KillAsync();
        for (var step = Values / 2; step < Values; step++)
        {
            run.LogMetric("m", step, step);
        }

        run.LogParameter("p", "after");
        await UntilAsync(() => Task.FromResult(!_told.IsEmpty));
        await using var back = await ServedProcess.StartAsync(_folder.Store, port);

        Assert.True((await run.EndAsync()).IsComplete);
        Assert.Equal(Enumerable.Range(0, Values).Select(step => (long)step), await HistoryAsync(address, run.RunId!));
        Assert.Contains("what is logged is kept in", _told.First(), StringComparison.Ordinal);
        Assert.Equal($"{address.AbsoluteUri.TrimEnd('/')} is there and has what was logged so far", _told.Last());
    }

    [Fact]
    public async Task What_a_killed_client_logged_is_sent_by_the_next_one_and_its_run_is_over()
    {
        await using var server = await RestServer.StartAsync();
        using (var client = await KilledClient.StartAsync(server.Address, Spool))
        {
            client.Kill();
            await client.WaitForExitAsync();
        }

        await using (var next = await HoneRun.StartAsync(Options(server.Address)))
        {
            Assert.True((await next.EndAsync()).IsComplete);
        }

        var runs = (await server.PostAsync("runs/search", new { experiment_ids = new[] { "1" } })).At("runs");
        var killed = Assert.Single(runs.EnumerateArray());
        var steps = await HistoryAsync(server.Address, killed.Text("info.run_id")!);
        Assert.True(steps.Count > 2000);
        Assert.Equal(Enumerable.Range(0, steps.Count).Select(step => (long)step), steps);
        Assert.Equal("KILLED", killed.Text("info.status"));
        Assert.Empty(Directory.GetFileSystemEntries(Spool));
    }

    [Fact]
    public async Task A_client_that_never_met_its_server_and_was_killed_loses_nothing_of_its_spool()
    {
        await using var server = await RestServer.StartAsync();
        await using var silent = new FaultyProxy(server.Address, _ => Fault.Broken);
        using (var client = await KilledClient.StartAsync(silent.Address, Spool))
        {
            client.Kill();
            await client.WaitForExitAsync();
        }

        var options = Options(server.Address) with { ServerName = silent.Address.AbsoluteUri.TrimEnd('/') };
        var replay = await HoneRun.ReplayAsync(options);

        Assert.Equal(new SpoolReplay(1, 0, 0, ""), replay);
        Assert.Equal(new SpoolReplay(0, 0, 0, ""), await HoneRun.ReplayAsync(options));
        var run = (await server.PostAsync("runs/search", new { experiment_ids = new[] { "1" } })).At("runs.0");
        var steps = await HistoryAsync(server.Address, run.Text("info.run_id")!);
        Assert.True(steps.Count > 2000);
        Assert.Equal(Enumerable.Range(0, steps.Count).Select(step => (long)step), steps);
        Assert.Equal(("killed", "KILLED"), (run.Text("info.run_name"), run.Text("info.status")));
    }

    [Fact]
    public async Task Nothing_is_doubled_though_every_second_answer_is_lost()
    {
        await using var server = await RestServer.StartAsync();
        var requests = 0;
        await using var proxy = new FaultyProxy(server.Address, _ => requests++ % 2 == 0 ? Fault.LoseAnswer : Fault.None);
        var file = Path.Combine(_folder.Path, "file.txt");
        await File.WriteAllTextAsync(file, "content");

        await using var run = await HoneRun.StartAsync(Options(proxy.Address) with { Experiment = "lost" });
        for (var step = 0; step < 3_500; step++)
        {
            run.LogMetric("m", step, step);
        }

        run.LogParameter("p", "1");
        run.SetTag("t", "first");
        await run.LogArtifactAsync(file);
        run.SetTag("t", "last");

        Assert.True((await run.EndAsync()).IsComplete);
        var experiment = (await server.GetAsync("experiments/get-by-name?experiment_name=lost")).Text("experiment.experiment_id");
        var runs = (await server.PostAsync("runs/search", new { experiment_ids = new[] { experiment } })).At("runs");
        Assert.Equal(run.RunId, Assert.Single(runs.EnumerateArray()).Text("info.run_id"));
        Assert.Equal(Enumerable.Range(0, 3_500).Select(step => (long)step), await HistoryAsync(server.Address, run.RunId!));
        Assert.Contains("t=last", runs.At("0.data.tags").Pairs(), StringComparison.Ordinal);
        Assert.Equal("content", await server.Http.GetStringAsync($"/get-artifact?run_id={run.RunId}&path=file.txt"));
    }

    [Theory]
    [InlineData(nameof(Fault.Busy))]
    [InlineData(nameof(Fault.Broken))]
    public async Task A_server_that_is_busy_or_broken_is_asked_again(string fault)
    {
        await using var server = await RestServer.StartAsync();
        var times = 0;
        await using var proxy = new FaultyProxy(
            server.Address, path => path == "runs/log-batch" && times++ < 3 ? Enum.Parse<Fault>(fault) : Fault.None);
        await using var run = await HoneRun.StartAsync(Options(proxy.Address));
        run.LogMetric("m", 1);

        Assert.True((await run.EndAsync()).IsComplete);
        Assert.Equal(4, proxy.Requests.Count(path => path == "runs/log-batch"));
        Assert.Equal([0L], await HistoryAsync(server.Address, run.RunId!));
    }

    [Fact]
    public async Task A_server_that_hangs_holds_up_neither_logging_nor_the_end_and_what_is_left_is_said()
    {
        await using var server = await RestServer.StartAsync();
        var isHanging = true;
        await using var proxy = new FaultyProxy(server.Address, path => isHanging && path == "runs/log-batch" ? Fault.Hang : Fault.None);
        var options = Options(proxy.Address) with { EndLimit = TimeSpan.FromMilliseconds(50) };
        await using var run = await HoneRun.StartAsync(options);
        await LogUntilAsync(run, () => proxy.Requests.Contains("runs/log-batch"));

        var ending = await run.EndAsync();

        Assert.False(ending.IsComplete);
        Assert.Equal(new FileInfo(ending.Spool!).Length > ending.Left, ending.Left > 0);
        Assert.Equal(
            string.Create(CultureInfo.InvariantCulture, $"{ending.Left} bytes of what was logged stay in {ending.Spool}; the next run sends them, or hone run --flush-spool"),
            Assert.Single(_told));
        isHanging = false;
        Assert.Equal(new SpoolReplay(1, 0, 0, ""), await HoneRun.ReplayAsync(options));
        var steps = await HistoryAsync(server.Address, run.RunId!);
        Assert.Equal(Enumerable.Range(0, steps.Count).Select(step => (long)step), steps);
        Assert.Equal("FINISHED", (await server.RunAsync(run.RunId!)).Text("info.status"));
    }

    [Fact]
    public async Task An_answer_that_does_not_come_is_given_up_and_asked_for_again()
    {
        await using var server = await RestServer.StartAsync();
        var times = 0;
        await using var proxy = new FaultyProxy(server.Address, path => path == "runs/log-batch" && times++ == 0 ? Fault.Hang : Fault.None);
        await using var run = await HoneRun.StartAsync(Options(proxy.Address) with { RequestLimit = TimeSpan.FromSeconds(3) });
        run.LogMetric("m", 1);

        Assert.True((await run.EndAsync()).IsComplete);
        Assert.Contains("has not answered within 3 s", _told.First(), StringComparison.Ordinal);
        Assert.Equal([0L], await HistoryAsync(server.Address, run.RunId!));
    }

    [Fact]
    public async Task A_run_starts_without_its_server_and_what_it_logged_waits()
    {
        var address = new Uri($"http://127.0.0.1:{FaultyProxy.FreePort()}");
        await using var run = await HoneRun.StartAsync(Options(address) with { EndLimit = TimeSpan.Zero });
        run.LogMetric("m", 7);

        var ending = await run.EndAsync();

        Assert.Null(run.RunId);
        Assert.False(ending.IsComplete);
        Assert.Contains("\"value\":7", await File.ReadAllTextAsync(ending.Spool!), StringComparison.Ordinal);
        var replay = await HoneRun.ReplayAsync(Options(address));
        Assert.Equal((0, 1, 0), (replay.Sent, replay.Left, replay.InUse));
        Assert.NotEmpty(replay.Trouble);
    }

    [Fact]
    public async Task A_server_that_does_not_know_the_user_refuses_the_start_and_later_keeps_the_spool()
    {
        await using var server = await RestServer.StartAsync();
        var isKnown = false;
        await using var proxy = new FaultyProxy(server.Address, _ => isKnown ? Fault.None : Fault.Unknown);
        var refused = await Assert.ThrowsAsync<HoneRunException>(() => HoneRun.StartAsync(Options(proxy.Address)));
        isKnown = true;
        await using var run = await HoneRun.StartAsync(Options(proxy.Address));
        isKnown = false;
        run.LogMetric("m", 1);

        var ending = await run.EndAsync();

        Assert.EndsWith("refuses the run: Who is there?", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith(".spool", ending.Spool, StringComparison.Ordinal);
        Assert.Contains(_told, line => line.Contains("takes nothing more for this run: Who is there?", StringComparison.Ordinal));
        isKnown = true;
        Assert.Equal(1, (await HoneRun.ReplayAsync(Options(proxy.Address))).Sent);
        Assert.Equal([0L], await HistoryAsync(server.Address, run.RunId!));
    }

    [Fact]
    public async Task A_spool_of_another_server_is_left_alone()
    {
        await using var server = await RestServer.StartAsync();
        var elsewhere = new Uri($"http://127.0.0.1:{FaultyProxy.FreePort()}");
        await using (var run = await HoneRun.StartAsync(Options(elsewhere) with { EndLimit = TimeSpan.Zero }))
        {
            run.LogMetric("m", 1);
        }

        Assert.Equal(new SpoolReplay(0, 1, 0, ""), await HoneRun.ReplayAsync(Options(server.Address)));
    }

    [Fact]
    public async Task A_spool_in_use_is_left_to_its_process()
    {
        await using var server = await RestServer.StartAsync();
        await using var run = await HoneRun.StartAsync(Options(server.Address));

        Assert.Equal(new SpoolReplay(0, 0, 1, ""), await HoneRun.ReplayAsync(Options(server.Address)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(150)]
    public async Task A_spool_that_was_torn_or_damaged_loses_the_damaged_lines_alone(int bytesCut)
    {
        await using var server = await RestServer.StartAsync();
        var elsewhere = new Uri($"http://127.0.0.1:{FaultyProxy.FreePort()}");
        var options = Options(elsewhere) with { EndLimit = TimeSpan.Zero };
        string path;
        await using (var run = await HoneRun.StartAsync(options))
        {
            for (var step = 0; step < 100; step++)
            {
                run.LogMetric("m", step, step);
            }

            path = (await run.EndAsync()).Spool!;
        }

        var bytes = await File.ReadAllBytesAsync(path);
        var middle = bytes.AsSpan().IndexOf("\"step\":50}"u8);
        bytes[middle + 8] = (byte)'9';
        await File.WriteAllBytesAsync(path, bytes.AsSpan(0, bytes.Length - bytesCut).ToArray());

        Assert.Equal(1, (await HoneRun.ReplayAsync(options with { Server = server.Address.AbsoluteUri, ServerName = elsewhere.AbsoluteUri.TrimEnd('/') })).Sent);
        var id = (await server.PostAsync("runs/search", new { experiment_ids = new[] { "0" } })).Text("runs.0.info.run_id")!;
        var steps = await HistoryAsync(server.Address, id);
        Assert.Equal(Enumerable.Range(0, steps.Count + 1).Where(step => step != 50).Select(step => (long)step), steps);
        Assert.True(steps.Count >= 97, $"{steps.Count} are left");
        Assert.Contains(_told, line => line.EndsWith(": 1 damaged lines are passed over", StringComparison.Ordinal));
    }

    private HoneRunOptions Options(Uri server) => new()
    {
        Server = server.AbsoluteUri,
        SpoolFolder = Spool,
        StartLimit = Patience,
        EndLimit = Patience,
        Notice = _told.Enqueue,
    };

    // Logs 0, 1, … until something has happened.
    private static async Task LogUntilAsync(HoneRun run, Func<bool> hasHappened)
    {
        for (var step = 0; !hasHappened(); step++)
        {
            run.LogMetric("m", step, step);
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        var clock = Stopwatch.StartNew();
        while (!await holds())
        {
            Assert.True(clock.Elapsed < Patience, "it does not come");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    private static async Task<List<long>> HistoryAsync(Uri server, string run)
    {
        using var http = new HttpClient { BaseAddress = server };
        var history = await http.GetFromJsonAsync<JsonElement>($"/api/2.0/mlflow/metrics/get-history?run_id={run}&metric_key=m");
        return history.Has("metrics") ? [.. history.At("metrics").EnumerateArray().Select(point => point.At("step").GetInt64())] : [];
    }
}
