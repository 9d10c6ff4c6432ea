using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Hone.Tracking.Rest;

namespace Hone.Cli.Tests.Processes;

/// <summary>The real program tracking real commands.</summary>
public sealed class RunProcessTests : IDisposable
{
    private const int Interrupt = 2;
    private const int Terminate = 15;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_command_is_tracked_with_what_it_is_reports_writes_and_uses()
    {
        string[] options =
            ["--experiment", "digits", "--name", "first", "--param", "rate=0.1", "--parse-parameters", "--tag", "team=a b", "--env", "HOME", "--store", _folder.Store];
        const string Script = """
            echo '{"step": 1, "loss": 0.5}'; echo '{"step": 2, "loss": NaN, "bad|name": 1}'; echo plain; echo wrong >&2; printf unended; exit 0
            """;

        var (exitCode, output, errors) = await RunAsync([.. options, "--", "/bin/sh", "-c", Script, "--depth", "3", "--token", "abc"]);

        Assert.Equal((0, "{\"step\": 1, \"loss\": 0.5}\n{\"step\": 2, \"loss\": NaN, \"bad|name\": 1}\nplain\nunended"), (exitCode, output));
        Assert.StartsWith("wrong\nhone: finished (exit status 0): run ", errors, StringComparison.Ordinal);
        await using var server = await ServeAsync();
        var run = await LastRunAsync(server, "digits");
        Assert.Equal(("first", "FINISHED"), (Text(run, "info", "run_name"), Text(run, "info", "status")));
        Assert.Equal("depth=3 rate=0.1", Pairs(run, "params"));
        var tags = Pairs(run, "tags");
        Assert.Contains("team=a b", tags, StringComparison.Ordinal);
        Assert.Contains($"hone.environment.HOME={Environment.GetEnvironmentVariable("HOME")}", tags, StringComparison.Ordinal);
        Assert.Contains("--depth 3 --token ***", tags, StringComparison.Ordinal);
        Assert.DoesNotContain("abc", tags, StringComparison.Ordinal);
        var metrics = Pairs(run, "metrics");
        Assert.Contains("loss=NaN", metrics, StringComparison.Ordinal);
        Assert.Contains("system/elapsed_seconds=", metrics, StringComparison.Ordinal);
        var file = await FileAsync(server, run, "output.txt");
        Assert.Contains("plain\n", file, StringComparison.Ordinal);
        Assert.Contains("wrong\n", file, StringComparison.Ordinal);
        Assert.Contains("\"loss\": 0.5", file, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.File("hone-spool")));
    }

    [Theory]
    [InlineData("exit 3", 3, "FAILED", "hone: failed (exit status 3): run ")]
    [InlineData("kill -KILL $$", 137, "KILLED", "hone: killed (killed by SIGKILL): run ")]
    [InlineData("exec no-such-program-here", 127, "FAILED", "hone: failed (exit status 127): run ")]
    public async Task It_ends_as_its_command_does(string script, int expected, string status, string line)
    {
        var (exitCode, _, errors) = await RunAsync("--store", _folder.Store, "--", "sh", "-c", script);

        Assert.Equal(expected, exitCode);
        Assert.StartsWith(line, errors.Split('\n')[^1], StringComparison.Ordinal);
        await using var server = await ServeAsync();
        Assert.Equal(status, Text(await LastRunAsync(server, "Default"), "info", "status"));
    }

    [Theory]
    [InlineData(Interrupt, "INT")]
    [InlineData(Terminate, "TERM")]
    public async Task Signals_are_passed_on_and_the_command_decides_how_to_end(int signal, string name)
    {
        await using var hone = HoneProcess.Start(
            _folder.Path, "run", "--store", _folder.Store, "--", "sh", "-c", $"trap 'exit 7' {name}; echo ready >&2; while :; do sleep 0.05; done");
        Assert.True(await hone.SaysAsync("ready"));
        hone.Signal(signal);

        Assert.Equal(7, await hone.EndAsync());
        await using var server = await ServeAsync();
        var run = await LastRunAsync(server, "Default");
        Assert.Equal("KILLED", Text(run, "info", "status"));

        // It was still there when it was measured first, which a short command need not be.
        Assert.Contains("system/cpu_seconds=", Pairs(run, "metrics"), StringComparison.Ordinal);
        Assert.Contains("system/memory_megabytes=", Pairs(run, "metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_command_logs_by_itself_goes_to_the_same_run()
    {
        const string Script = """
            body="{\"run_id\": \"$MLFLOW_RUN_ID\", \"key\": \"own\", \"value\": 42, \"timestamp\": 1, \"step\": 1}"
            /usr/bin/python3 - "$MLFLOW_TRACKING_URI/api/2.0/mlflow/runs/log-metric" "$body" <<'END'
            import sys, urllib.request
            ask = urllib.request.Request(sys.argv[1], sys.argv[2].encode(), {"Content-Type": "application/json"})
            urllib.request.build_opener(urllib.request.ProxyHandler({})).open(ask).read()
            END
            """;

        var (exitCode, _, errors) = await RunAsync("--store", _folder.Store, "--", "sh", "-c", Script);

        Assert.True(exitCode == 0, errors);
        await using var server = await ServeAsync();
        Assert.Contains("own=42", Pairs(await LastRunAsync(server, "Default"), "metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_commit_of_the_source_is_kept_and_no_token_in_the_address_of_its_remote()
    {
        await GitAsync("init", "-q", "-b", "trunk");
        _folder.Write("train.sh", "echo hello\n");
        await GitAsync("add", "train.sh");
        await GitAsync("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "one");
        await GitAsync("remote", "add", "origin", "https://me:secret@example.com/repository.git");
        _folder.Write("train.sh", "echo changed\n");

        await RunAsync("--store", _folder.Store, "--", "sh", "train.sh");

        await using var server = await ServeAsync();
        var tags = Pairs(await LastRunAsync(server, "Default"), "tags");
        Assert.Matches("mlflow.source.git.branch=trunk mlflow.source.git.commit=[0-9a-f]{40} mlflow.source.git.dirty=true mlflow.source.git.repoURL=https://example.com/repository.git", tags);
        Assert.DoesNotContain("secret", tags, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_its_server_a_command_runs_and_is_sent_later()
    {
        // A port that was free a moment ago.
        int port;
        await using (var other = await ServeAsync())
        {
            port = other.Address.Port;
        }

        var address = $"http://127.0.0.1:{port}";
        var (exitCode, output, errors) = await RunAsync("--server", address, "--name", "later", "--", "sh", "-c", "echo \"[$MLFLOW_RUN_ID]\"; exit 4");
        Assert.Equal((4, "[]\n"), (exitCode, output));
        Assert.Contains("stay in ", errors, StringComparison.Ordinal);

        await using var server = await ServeAsync(port);
        var flushed = await RunAsync("--server", address, "--flush-spool");

        Assert.Equal((0, $"{address}: 1 runs sent, 0 left\n"), (flushed.ExitCode, flushed.Output));
        var run = await LastRunAsync(server, "Default");
        Assert.Equal(("later", "FAILED"), (Text(run, "info", "run_name"), Text(run, "info", "status")));
        Assert.Equal("[]\n", await FileAsync(server, run, "output.txt"));
    }

    [Fact]
    public async Task A_study_is_mirrored_to_a_server_whose_loss_does_not_disturb_it()
    {
        await using var server = await ServeAsync();
        var file = _folder.Write("m.study.yaml", """
            study: mirrored
            objective: { metric: loss }
            space: { x: { values: [1, 2] } }
            sampler: grid
            train: { command: "echo '{{\"step\": 1, \"loss\": 1}}'" }
            """);
        var address = server.Address.AbsoluteUri.TrimEnd('/');

        var (exitCode, _, errors) = await HoneProcess.RunAsync(_folder.Path, "tune", file, "--store", address, "--no-report");

        Assert.True(exitCode == 0, errors);
        var run = await LastRunAsync(server, "mirrored");
        Assert.Equal("FINISHED", Text(run, "info", "status"));
        Assert.Contains("loss=1", Pairs(run, "metrics"), StringComparison.Ordinal);
        var (_, trials, _) = await HoneProcess.RunAsync(_folder.Path, "trials", "mirrored", "--json");
        Assert.Equal(2, trials.TrimEnd().Split('\n').Length);
        await server.DisposeAsync();

        var alone = _folder.Write("a.study.yaml", (await File.ReadAllTextAsync(file)).Replace("mirrored", "alone", StringComparison.Ordinal));
        (exitCode, _, errors) = await HoneProcess.RunAsync(_folder.Path, "tune", alone, "--store", address, "--no-report");
        Assert.Equal(0, exitCode);
        Assert.Contains("hone: 2 trials are not wholly sent to", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "hone: COMMAND is missing: hone run [OPTIONS] -- COMMAND …")]
    [InlineData("--param rate -- true", "hone: --param: 'rate' is no pair; expected NAME=VALUE")]
    [InlineData("--env MY_TOKEN -- true", "hone: --env: 'MY_TOKEN' reads like a secret, which is not kept with a run")]
    [InlineData("--interval 3 -- true", "hone: --interval: '3' has no unit; expected a duration such as 500ms, 30s, 10m, 4h or 1d")]
    [InlineData("--server runs.db -- true", "hone: 'runs.db' is no address of a tracking server; expected http://HOST:PORT or https://HOST.")]
    public async Task Wrong_options_are_told_and_nothing_runs(string options, string expected)
    {
        var (exitCode, output, errors) = await RunAsync(options.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal((2, "", expected), (exitCode, output, errors));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    private Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments) => HoneProcess.RunAsync(_folder.Path, ["run", .. arguments]);

    private Task<TrackingServer> ServeAsync(int port = 0) =>
        TrackingServer.StartAsync(new TrackingServerOptions { Store = _folder.Store, Port = port }, TimeProvider.System);

    private async Task GitAsync(params string[] arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["-C", _folder.Path, .. arguments]))!;
        await git.WaitForExitAsync();
        Assert.Equal(0, git.ExitCode);
    }

    private static async Task<JsonElement> LastRunAsync(TrackingServer server, string experiment)
    {
        using var http = new HttpClient { BaseAddress = server.Address };
        var found = await http.GetFromJsonAsync<JsonElement>($"/api/2.0/mlflow/experiments/get-by-name?experiment_name={experiment}");
        var id = found.GetProperty("experiment").GetProperty("experiment_id").GetString();
        using var answer = await http.PostAsJsonAsync("/api/2.0/mlflow/runs/search", new { experiment_ids = new[] { id } });
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("runs")[0];
    }

    private static async Task<string> FileAsync(TrackingServer server, JsonElement run, string path)
    {
        using var http = new HttpClient { BaseAddress = server.Address };
        return await http.GetStringAsync($"/get-artifact?run_id={Text(run, "info", "run_id")}&path={path}");
    }

    private static string Text(JsonElement run, string part, string name) => run.GetProperty(part).GetProperty(name).GetString()!;

    private static string Pairs(JsonElement run, string list) => string.Join(' ', run.GetProperty("data").GetProperty(list).EnumerateArray()
        .Select(pair => $"{pair.GetProperty("key")}={pair.GetProperty("value")}").Order(StringComparer.Ordinal));
}
