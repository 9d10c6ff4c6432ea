using System.Net.Http.Json;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Hone.Cli.Tests.Processes;
using Hone.Tracking.Store;

namespace Hone.Cli.Tests.Mlflow;

/// <summary>The real program tunes scripts that log to MLflow and know nothing of Hone.</summary>
public sealed class UnchangedScriptTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_example_is_tuned_stopped_by_a_metric_that_it_logged_and_its_model_is_in_the_registry()
    {
        var example = Path.Combine(Root(), "examples", "mlflow");
        foreach (var file in new[] { "train.mjs", "package.json", "points.study.yaml" })
        {
            File.Copy(Path.Combine(example, file), _folder.File(file));
        }

        Directory.CreateSymbolicLink(_folder.File("node_modules"), Path.Combine(ClientFolder(), "node_modules"));
        Assert.DoesNotContain("HONE", await File.ReadAllTextAsync(_folder.File("train.mjs")), StringComparison.OrdinalIgnoreCase);

        var result = await TuneAsync(_folder.File("points.study.yaml"));

        var trials = result.GetProperty("trials");
        Assert.Equal((6, 2, 0), (trials.GetProperty("complete").GetInt32(), trials.GetProperty("stopped").GetInt32(), trials.GetProperty("failed").GetInt32()));
        Assert.InRange(result.GetProperty("best").GetProperty("values").GetProperty("validation_loss").GetDouble(), 0.1, 0.3);
        var all = await TrialsAsync("points-mlflow");
        Assert.All(all.Where(trial => Text(trial, "state") == "stopped"), trial => Assert.EndsWith("at step 3: validation_loss > 0.6", Text(trial, "reason"), StringComparison.Ordinal));

        await using var server = HoneProcess.Start(_folder.Path, "server", "--port", "0", "--store", _folder.Store);
        using var http = await ClientAsync(server);
        var model = (await http.GetFromJsonAsync<JsonElement>("registered-models/get?name=points")).GetProperty("registered_model");
        Assert.Equal("points", Text(model, "name"));
        var found = (await http.GetFromJsonAsync<JsonElement>("model-versions/search?filter=name%3D'points'")).GetProperty("model_versions").EnumerateArray().ToList();
        Assert.Equal(6, found.Count(version => all.Exists(trial => Text(trial, "state") == "complete" && Text(version, "run_id")!.EndsWith($"{trial.GetProperty("trial").GetInt32():x8}", StringComparison.Ordinal))));
        var best = found.Single(version => Text(version, "run_id")!.EndsWith($"{result.GetProperty("best").GetProperty("trial").GetInt32():x8}", StringComparison.Ordinal));
        var files = await http.GetFromJsonAsync<JsonElement>($"artifacts/list?run_id={Text(best, "run_id")}&path=model");
        Assert.Equal("model/weights.json", Text(files.GetProperty("files")[0], "path"));
        Assert.Equal($"{Text(files, "root_uri")}/model", Text(best, "source"));
        var (_, told, _) = await HoneProcess.RunAsync(_folder.Path, "best", "points-mlflow", "--store", _folder.Store);
        Assert.Contains($"\n  model            models:/points/{Text(best, "version")}\n", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2.17")]
    [InlineData("3.11")]
    public async Task What_a_client_of_Python_sends_is_taken_and_tuned(string version)
    {
        var client = Path.Combine(Root(), "tests", "Hone.Cli.Tests", "Mlflow", "client.py");
        var study = _folder.Write("recorded.study.yaml", $$"""
            study: recorded
            objective: { metric: loss }
            space: { rate: { float: [0.000001, 0.1], scale: log } }
            sampler: random
            budget: { trials: 2 }
            workers: { local: 2 }
            train:
              command: python3 '{{client}}' {{version}} rate={rate}
            """);

        var result = await TuneAsync(study);

        Assert.Equal(2, result.GetProperty("trials").GetProperty("complete").GetInt32());
        Assert.All(await TrialsAsync("recorded"), trial => Assert.Equal(
            (0.125, 0.9), (trial.GetProperty("metrics").GetProperty("loss").GetDouble(), trial.GetProperty("metrics").GetProperty("accuracy").GetDouble())));
        var (_, best, _) = await HoneProcess.RunAsync(_folder.Path, "best", "recorded", "--store", _folder.Store, "--json");
        Assert.StartsWith("models:/recorded/", JsonElement.Parse(best).GetProperty("models")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal(["rate"], (await TrialsAsync("recorded"))[0].GetProperty("parameters").EnumerateObject().Select(parameter => parameter.Name));
    }

    [Fact]
    public async Task An_ablation_of_such_a_script_needs_no_change_either()
    {
        var client = Path.Combine(Root(), "tests", "Hone.Cli.Tests", "Mlflow", "client.py");
        var file = _folder.Write("recorded.ablation.yaml", $$"""
            ablation: recorded-switches
            objective: { metric: loss }
            leave_out: [ { switch: [a] } ]
            seeds: 2
            workers: { local: 2 }
            train:
              command: python3 '{{client}}' 3.11 rate=1
            """);

        var (exitCode, output, errors) = await HoneProcess.RunAsync(_folder.Path, "ablate", file, "--store", _folder.Store, "--json", "--no-report");

        Assert.True(exitCode == 0, errors);
        Assert.Equal(1, JsonElement.Parse(output).GetProperty("components").GetArrayLength());
        Assert.All(await TrialsAsync("recorded-switches"), trial => Assert.Equal(0.125, trial.GetProperty("metrics").GetProperty("loss").GetDouble()));
    }

    [Fact]
    public async Task Nothing_that_was_acknowledged_is_lost_when_the_tuner_is_killed()
    {
        var facts = _folder.File("facts");
        _folder.Write("train.py", $$"""
            import json, os, urllib.request
            uri, run = os.environ["MLFLOW_TRACKING_URI"], os.environ["MLFLOW_RUN_ID"]
            for step in range(1, 1000000):
                body = json.dumps({"run_id": run, "key": "loss", "value": 1.0 / step, "timestamp": 1, "step": step}).encode()
                request = urllib.request.Request(uri + "/api/2.0/mlflow/runs/log-metric", body, {"Content-Type": "application/json"})
                assert urllib.request.urlopen(request).status == 200
                with open("{{facts}}", "a") as file:
                    file.write(f"{step}\n")
            """);
        var mark = $"killed-{Guid.NewGuid():N}";
        var study = _folder.Write("killed.study.yaml", $$"""
            study: {{mark}}
            objective: { metric: loss }
            space: { x: { float: [0, 1] } }
            sampler: random
            budget: { trials: 1 }
            train: { command: python3 train.py }
            """);
        await using (var hone = HoneProcess.Start(_folder.Path, "tune", study, "--store", _folder.Store))
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while (!File.Exists(facts) || (await File.ReadAllLinesAsync(facts, limit.Token)).Length < 30)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, limit.Token);
            }

            hone.KillAtOnce();
            await hone.EndAsync();
        }

        Assert.Empty(await HoneProcess.OrphansAsync(mark));
        var acknowledged = (await File.ReadAllTextAsync(facts)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse);
        await using var store = await StudyStore.OpenAsync(_folder.Store, TimeProvider.System);
        var history = (await store.ReadStudyAsync(mark, history: true))!.Trials[0].History;
        Assert.Subset(history.Where(m => m.Metric == "loss").Select(m => m.Step).ToHashSet(), acknowledged.ToHashSet());
    }

    private static async Task<HttpClient> ClientAsync(HoneProcess server)
    {
        Assert.True(await server.SaysAsync("MLFLOW_TRACKING_URI="));
        var address = server.Errors.Single(line => line.Contains("MLFLOW_TRACKING_URI=", StringComparison.Ordinal)).Split('=')[1];
        return new HttpClient { BaseAddress = new Uri($"{address}/api/2.0/mlflow/") };
    }

    private async Task<JsonElement> TuneAsync(string file)
    {
        var (exitCode, output, errors) = await HoneProcess.RunAsync(_folder.Path, "tune", file, "--store", _folder.Store, "--json", "--no-report");
        Assert.True(exitCode == 0, errors);
        return JsonElement.Parse(output);
    }

    private async Task<List<JsonElement>> TrialsAsync(string study)
    {
        var (_, output, _) = await HoneProcess.RunAsync(_folder.Path, "trials", study, "--store", _folder.Store, "--json");
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static string ClientFolder() =>
        typeof(UnchangedScriptTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "ClientFolder").Value!;

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
}
