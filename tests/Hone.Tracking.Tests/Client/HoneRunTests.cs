using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Hone.Tracking.Client;
using Hone.Tracking.Tests.Rest;

namespace Hone.Tracking.Tests.Client;

public sealed class HoneRunTests : IAsyncLifetime
{
    private RestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RestServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task What_is_logged_is_on_the_server_when_the_run_has_ended()
    {
        var at = new DateTimeOffset(2026, 5, 6, 7, 8, 9, 10, TimeSpan.Zero);
        await using var run = await HoneRun.StartAsync(Options() with { Experiment = "digits", RunName = "first" });
        run.LogParameter("optimizer", "adam");
        run.SetTag("team", "a");
        run.SetTag("team", "b");
        run.LogMetric("loss", 0.5, 1, at);
        run.LogMetric("loss", double.NaN, 2);
        run.LogMetric("größe", double.NegativeInfinity, 3);
        var spool = run.SpoolPath;

        var ending = await run.EndAsync();

        Assert.Equal(new RunEnding(true, 0, null), ending);
        Assert.Equal(ending, await run.EndAsync(RunStatus.Failed));
        Assert.False(File.Exists(spool));
        var read = await _server.RunAsync(run.RunId!);
        Assert.Equal(("first", "FINISHED", run.ExperimentId), (read.Text("info.run_name"), read.Text("info.status"), read.Text("info.experiment_id")));
        Assert.True(read.At("info.end_time").GetInt64() >= read.At("info.start_time").GetInt64());
        Assert.Equal("optimizer=adam", read.At("data.params").Pairs());
        Assert.Contains("team=b", read.At("data.tags").Pairs(), StringComparison.Ordinal);
        Assert.Equal("loss=NaN größe=-Infinity", read.At("data.metrics").Pairs());
        var first = (await HistoryAsync(run.RunId!, "loss"))[0];
        Assert.Equal((0.5, 1, at.ToUnixTimeMilliseconds()), (first.At("value").GetDouble(), first.At("step").GetInt32(), first.At("timestamp").GetInt64()));
        Assert.Equal("digits", (await _server.GetAsync($"experiments/get?experiment_id={run.ExperimentId}")).Text("experiment.name"));
    }

    [Theory]
    [InlineData(RunStatus.Failed, "FAILED")]
    [InlineData(RunStatus.Killed, "KILLED")]
    public async Task A_run_ends_as_it_is_said(RunStatus status, string word)
    {
        await using var run = await HoneRun.StartAsync(Options());
        await run.EndAsync(status);

        Assert.Equal(word, (await _server.RunAsync(run.RunId!)).Text("info.status"));
    }

    [Fact]
    public async Task A_run_is_gone_on_with_by_its_id()
    {
        var id = await _server.NewRunAsync();
        await _server.PostAsync("runs/update", new { run_id = id, status = "FAILED", end_time = 5 });

        await using (var run = await HoneRun.StartAsync(Options() with { RunId = id }))
        {
            Assert.Equal((id, "RUNNING"), (run.RunId, (await _server.RunAsync(id)).Text("info.status")));
            run.LogMetric("loss", 1);
        }

        var read = await _server.RunAsync(id);
        Assert.Equal(("FINISHED", "loss=1"), (read.Text("info.status"), read.At("data.metrics").Pairs()));
    }

    [Fact]
    public async Task A_hundred_thousand_values_from_four_threads_arrive_in_order_and_once()
    {
        const int Each = 25_000;
        await using var run = await HoneRun.StartAsync(Options() with { EndLimit = TimeSpan.FromMinutes(2) });

        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"m{thread}");
            for (var step = 0; step < Each; step++)
            {
                run.LogMetric(name, step / 3.0, step);
            }
        })));

        Assert.True((await run.EndAsync()).IsComplete);
        for (var thread = 0; thread < 4; thread++)
        {
            var history = await HistoryAsync(run.RunId!, $"m{thread}");
            Assert.Equal(Enumerable.Range(0, Each), history.Select(point => point.At("step").GetInt32()).Order());
            Assert.All(history, point => Assert.Equal(point.At("step").GetInt32() / 3.0, point.At("value").GetDouble()));
        }
    }

    [Fact]
    public async Task Files_and_folders_are_logged_as_they_were_when_that_was_asked_for()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_server.Folder, "model", "sub dir")).FullName;
        var weights = Path.Combine(_server.Folder, "model", "weights.bin");
        await File.WriteAllTextAsync(weights, "first");
        await File.WriteAllTextAsync(Path.Combine(folder, "ä#1.txt"), "deep");
        await using var run = await HoneRun.StartAsync(Options());

        await run.LogArtifactAsync(weights);
        await File.WriteAllTextAsync(weights, "second");
        await run.LogArtifactAsync(Path.GetDirectoryName(weights)!, "models/best");

        Assert.True((await run.EndAsync()).IsComplete);
        Assert.Equal("first", await FileAsync(run, "weights.bin"));
        Assert.Equal("second", await FileAsync(run, "models/best/weights.bin"));
        Assert.Equal("deep", await FileAsync(run, "models/best/sub dir/ä#1.txt"));
        Assert.Empty(Directory.GetFileSystemEntries(Spool));
        await Assert.ThrowsAsync<ArgumentException>(() => run.LogArtifactAsync(weights, "../elsewhere"));
    }

    [Fact]
    public async Task What_the_server_will_not_take_is_dropped_with_the_reason_and_the_rest_is_kept()
    {
        var id = await _server.NewRunAsync();
        await _server.PostAsync("runs/log-parameter", new { run_id = id, key = "p7", value = "other" });
        var told = new ConcurrentQueue<string>();

        await using (var run = await HoneRun.StartAsync(Options() with { RunId = id, Notice = told.Enqueue }))
        {
            for (var i = 0; i < 50; i++)
            {
                run.LogParameter($"p{i}", "mine");
                run.LogMetric("m", i, i);
            }
        }

        var read = await _server.RunAsync(id);
        Assert.Equal(50, read.At("data.params").GetArrayLength());
        Assert.Contains("p7=other", read.At("data.params").Pairs(), StringComparison.Ordinal);
        Assert.Equal(50, (await HistoryAsync(id, "m")).Count);
        Assert.Contains("""not taken by""", Assert.Single(told), StringComparison.Ordinal);
        Assert.Contains("""{"key":"p7","value":"mine"}: Changing param values is not allowed.""", told.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_is_deleted_meanwhile_is_kept_in_a_file_that_nobody_sends_again()
    {
        var told = new ConcurrentQueue<string>();
        await using var run = await HoneRun.StartAsync(Options() with { Notice = told.Enqueue });
        await _server.PostAsync("runs/delete", new { run_id = run.RunId });
        run.LogMetric("m", 1);

        var ending = await run.EndAsync();

        Assert.False(ending.IsComplete);
        Assert.EndsWith(".refused", ending.Spool, StringComparison.Ordinal);
        Assert.Contains("\"key\":\"m\"", await File.ReadAllTextAsync(ending.Spool!), StringComparison.Ordinal);
        Assert.Contains(told, line => line.Contains("must be in the 'active' state", StringComparison.Ordinal));
        Assert.Equal(new SpoolReplay(0, 0, 0, ""), await HoneRun.ReplayAsync(Options()));
    }

    [Theory]
    [InlineData("", "ab c")]
    [InlineData("a//b", "must not resolve to other names")]
    [InlineData("a\nb", "Names may only contain")]
    public async Task Names_that_servers_refuse_are_refused_at_once(string name, string part)
    {
        await using var run = await HoneRun.StartAsync(Options());

        var refused = Assert.Throws<ArgumentException>(() => run.LogMetric(name, 1));

        Assert.Contains(name.Length == 0 ? "A key name must be provided" : part, refused.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => run.LogParameter(name, "v"));
        Assert.Throws<ArgumentException>(() => run.SetTag(name, "v"));
    }

    [Fact]
    public async Task Nothing_can_be_logged_to_a_run_that_has_ended()
    {
        var run = await HoneRun.StartAsync(Options());
        await run.EndAsync();

        Assert.Throws<InvalidOperationException>(() => run.LogMetric("m", 1));
        await run.DisposeAsync();
    }

    [Theory]
    [InlineData("runs.db", "'runs.db' is no address of a tracking server; expected http://HOST:PORT or https://HOST.")]
    [InlineData("sqlite:///me@secret", "What was given is no address of a tracking server; expected http://HOST:PORT or https://HOST.")]
    public async Task An_address_of_something_else_is_refused(string server, string message) => Assert.Equal(
        message, (await Assert.ThrowsAsync<HoneRunException>(() => HoneRun.StartAsync(Options() with { Server = server }))).Message);

    [Fact]
    public async Task A_start_that_the_server_refuses_leaves_nothing_behind()
    {
        var refused = await Assert.ThrowsAsync<HoneRunException>(() => HoneRun.StartAsync(Options() with { RunId = "0123" }));

        Assert.Equal($"{_server.Address.AbsoluteUri.TrimEnd('/')} refuses the run: Run with id=0123 not found", refused.Message);
        Assert.Empty(Directory.GetFileSystemEntries(Spool));
    }

    [Fact]
    public async Task Credentials_go_with_every_request_and_into_no_file()
    {
        await using var proxy = new FaultyProxy(_server.Address, _ => Fault.None);
        var address = new UriBuilder(proxy.Address) { UserName = "me", Password = "secret" }.Uri.AbsoluteUri;
        await using var run = await HoneRun.StartAsync(Options() with { Server = address, SpoolFolder = Spool });

        Assert.Equal("Basic bWU6c2VjcmV0", proxy.Authorization);
        var text = await CatAsync(run.SpoolPath);
        Assert.Contains("\"key\":", text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        await using var other = await HoneRun.StartAsync(Options() with { Server = proxy.Address.AbsoluteUri, Token = "abc" });
        Assert.Equal("Bearer abc", proxy.Authorization);
    }

    private string Spool => Path.Combine(_server.Folder, "spool");

    private HoneRunOptions Options() => new()
    {
        Server = _server.Address.AbsoluteUri,
        SpoolFolder = Spool,
        EndLimit = TimeSpan.FromMinutes(1),
        StartLimit = TimeSpan.FromMinutes(1),
        Notice = line => Assert.Fail(line),
    };

    private async Task<List<JsonElement>> HistoryAsync(string run, string metric)
    {
        var history = await _server.GetAsync($"metrics/get-history?run_id={run}&metric_key={Uri.EscapeDataString(metric)}");
        return history.Has("metrics") ? [.. history.At("metrics").EnumerateArray()] : [];
    }

    private Task<string> FileAsync(HoneRun run, string path) =>
        _server.Http.GetStringAsync($"/get-artifact?run_id={run.RunId}&path={Uri.EscapeDataString(path)}");

    // The file is locked against .NET's own ways of reading.
    private static async Task<string> CatAsync(string path)
    {
        using var cat = Process.Start(new ProcessStartInfo("cat", [path]) { RedirectStandardOutput = true })!;
        return await cat.StandardOutput.ReadToEndAsync();
    }
}
