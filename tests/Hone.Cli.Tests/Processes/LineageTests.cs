using System.Diagnostics;
using System.Text.Json;

namespace Hone.Cli.Tests.Processes;

/// <summary>A study as a stage: its best parameters and metrics are outputs, and each trial knows the data that it read.</summary>
public sealed class LineageTests : IDisposable
{
    private const string Pipeline = """
        stages:
          clean: { cmd: cp raw.csv clean.csv, deps: [raw.csv], outs: [clean.csv] }
          tune:
            cmd: hone tune s.study.yaml --best-out best.json --metrics-out metrics.json --no-report --quiet
            deps: [s.study.yaml, clean.csv]
            params: [lr]
            outs: [best.json]
            metrics: [metrics.json: { cache: false }]
          use: { cmd: cp best.json used.json, deps: [best.json], outs: [used.json] }
        """;

    private const string Study = """
        study: s
        objective: { metric: loss }
        space: { x: { float: [0, 1] } }
        sampler: random
        budget: { trials: 4 }
        workers: { local: 2 }
        train: { command: 'sh train.sh {x} ${lr}' }
        """;

    private readonly TemporaryFolder _folder = new();

    public LineageTests()
    {
        Environment.SetEnvironmentVariable("PATH", $"{Path.GetDirectoryName(HoneProcess.Program)}:{Environment.GetEnvironmentVariable("PATH")}");
        Directory.CreateDirectory(_folder.File(".dvc"));
        _folder.Write(".dvc/config", "");
        _folder.Write("dvc.yaml", Pipeline);
        _folder.Write("params.yaml", "lr: 0.5\n");
        _folder.Write("s.study.yaml", Study);
        _folder.Write("raw.csv", "1\n");
        _folder.Write("train.sh", "echo \"{\\\"step\\\": 1, \\\"loss\\\": $1}\"\n");
        _folder.Write(".gitignore", "/.hone\n/clean.csv\n/best.json\n/used.json\n/.dvc/tmp\n/.dvc/cache\n");
        Git("init", "-q");
        Git("add", "-A");
        Git("commit", "-qm", "first");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_stage_that_tunes_writes_its_best_and_its_trials_know_their_data()
    {
        await DoneAsync("repro");

        var (_, lines, _) = await HoneProcess.RunAsync(_folder.Path, "trials", "s", "--json");
        var trials = lines.TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(4, trials.Count);
        var commit = Git("rev-parse", "HEAD");
        Assert.All(trials, trial =>
        {
            var tags = trial.GetProperty("tags");
            Assert.Equal(commit, tags.GetProperty("hone.git.commit").GetString());
            Assert.Equal("tune", tags.GetProperty("hone.pipeline.stage").GetString());
            Assert.Equal(32, tags.GetProperty("hone.pipeline.lock").GetString()!.Length);
            Assert.Equal("b026324c6904b2a9cb4b88d6d61c81d1", tags.GetProperty("hone.data.clean.csv").GetString());
            Assert.True(tags.TryGetProperty("hone.data.s.study.yaml", out _));
        });
        var best = JsonDocument.Parse(await File.ReadAllTextAsync(_folder.File("used.json"))).RootElement.GetProperty("x").GetDouble();
        var metrics = JsonDocument.Parse(await File.ReadAllTextAsync(_folder.File("metrics.json"))).RootElement;
        Assert.Equal(best, metrics.GetProperty("best").GetProperty("loss").GetDouble());
        Assert.Equal(4, metrics.GetProperty("trials").GetProperty("complete").GetInt32());

        var (_, of, _) = await HoneProcess.RunAsync(_folder.Path, "data", "of", "s");
        Assert.Contains($" of s ran as the stage 'tune' (lock {trials[0].GetProperty("tags").GetProperty("hone.pipeline.lock").GetString()}) at commit {commit}\nit read\n  clean.csv     b026324c6904b2a9cb4b88d6d61c81d1\n", of, StringComparison.Ordinal);
        var (_, json, _) = await HoneProcess.RunAsync(_folder.Path, "data", "of", "s/2", "--json");
        Assert.Equal((2, "tune"), (JsonDocument.Parse(json).RootElement.GetProperty("trial").GetInt32(), JsonDocument.Parse(json).RootElement.GetProperty("stage").GetString()));
        var (_, origin, _) = await HoneProcess.RunAsync(_folder.Path, "data", "of", "used.json");
        Assert.Contains("is an output of the stage 'use', as dvc.lock says\nit read\n", origin, StringComparison.Ordinal);
        Assert.Contains("raw.csv       b026324c6904b2a9cb4b88d6d61c81d1  no stage's", origin, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stage_goes_on_with_its_study_while_its_inputs_stay_and_begins_anew_when_they_change()
    {
        await DoneAsync("repro");
        await DoneAsync("repro", "-f", "tune");
        Assert.Equal(["s"], await StudiesAsync());

        _folder.Write("raw.csv", "2\n");
        await DoneAsync("repro");

        Assert.Equal(2, (await StudiesAsync()).Count);
        var (_, lines, _) = await HoneProcess.RunAsync(_folder.Path, "trials", "s", "--json");
        Assert.All(lines.TrimEnd('\n').Split('\n'), line => Assert.Equal(
            "26ab0db90d72e28ad0ba1e22ee510510", JsonDocument.Parse(line).RootElement.GetProperty("tags").GetProperty("hone.data.clean.csv").GetString()));
    }

    [Fact]
    public async Task A_study_that_is_no_stage_knows_the_tracked_data_that_its_command_names()
    {
        await DoneAsync("repro", "clean");
        File.Delete(_folder.File("dvc.yaml"));
        File.Delete(_folder.File("dvc.lock"));
        await DoneAsync("add", "clean.csv");
        _folder.Write("t.study.yaml", Study.Replace("study: s", "study: t", StringComparison.Ordinal).Replace("{x}", "{x} --data=clean.csv", StringComparison.Ordinal));
        await DoneAsync("tune", "t.study.yaml", "--no-report", "--quiet");

        var (_, json, _) = await HoneProcess.RunAsync(_folder.Path, "data", "of", "t", "--json");
        var of = JsonDocument.Parse(json).RootElement;
        Assert.Equal(JsonValueKind.Null, of.GetProperty("stage").ValueKind);
        Assert.Equal("clean.csv", Assert.Single(of.GetProperty("data").EnumerateArray()).GetProperty("path").GetString());
    }

    [Theory]
    [InlineData("nothing", "hone: There is no store '.hone/hone.db'. Name one with --store, or make one with hone tune.")]
    [InlineData("raw.csv", "hone: no stage made 'raw.csv' as it is now: no dvc.lock names its content, here or in Git's history. hone status tells what changed since")]
    public async Task What_comes_from_nowhere_is_told(string what, string message)
    {
        var (exitCode, _, errors) = await HoneProcess.RunAsync(_folder.Path, "data", "of", what);

        Assert.Equal(message, errors);
        Assert.NotEqual(0, exitCode);
    }

    private async Task DoneAsync(params string[] arguments)
    {
        var (exitCode, _, errors) = await HoneProcess.RunAsync(_folder.Path, arguments);
        Assert.True(exitCode == 0, errors);
    }

    private async Task<IReadOnlyList<string>> StudiesAsync()
    {
        var (_, lines, _) = await HoneProcess.RunAsync(_folder.Path, "studies", "--json");
        return [.. lines.TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement.GetProperty("study").GetString()!)];
    }

    private string Git(params string[] arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["-c", "user.name=A", "-c", "user.email=a@example.com", .. arguments])
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
        })!;
        var output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
        return output.Trim();
    }
}
