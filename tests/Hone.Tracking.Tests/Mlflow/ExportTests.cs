using System.Globalization;
using System.Text.Json;
using Hone.Tracking.Mlflow;
using Hone.Tracking.Store;
using Hone.Tracking.Tests.Registry;
using Hone.Tracking.Tests.Rest;
using Hone.Tracking.Tests.Store;

namespace Hone.Tracking.Tests.Mlflow;

public sealed class ExportTests : IDisposable
{
    private static readonly string[] Words = ["a", "b/c", "two words", "ünï ☃", "x:y", "-1", "null", "'quoted' \"twice\"", "# no comment", "two\nlines\n", ""];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task What_is_exported_and_imported_is_what_it_was(int seed)
    {
        await using var first = await RestServer.StartAsync();
        await using var second = await RestServer.StartAsync();
        await FillAsync(first, new SeededRandom((ulong)seed));

        var exported = await MlflowExport.RunAsync(new MlflowExportOptions { Store = first.StorePath, Folder = Mlruns }, TimeProvider.System);
        var imported = await MlflowImport.RunAsync(new MlflowImportOptions { Source = Mlruns, Store = second.StorePath, CopiesArtifacts = true }, TimeProvider.System);

        Assert.Empty(exported.Problems);
        Assert.Empty(imported.Problems);
        Assert.Equal((exported.Runs, exported.LoggedModels, exported.Files), (imported.Runs, imported.LoggedModels, imported.Files));
        Assert.Equal(await ToldAsync(first), await ToldAsync(second));
    }

    [Fact]
    public async Task One_experiment_is_exported_alone()
    {
        await using var server = await RestServer.StartAsync();
        await FillAsync(server, new SeededRandom(9));

        var report = await MlflowExport.RunAsync(
            new MlflowExportOptions { Store = server.StorePath, Folder = Mlruns, Experiment = "experiment 1" }, TimeProvider.System);

        Assert.Equal((1, 0), (report.Experiments, report.Models));
        var error = await Assert.ThrowsAsync<StudyStoreException>(() => MlflowExport.RunAsync(
            new MlflowExportOptions { Store = server.StorePath, Folder = Mlruns + "2", Experiment = "none" }, TimeProvider.System));
        Assert.StartsWith("There is no experiment 'none' in ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_is_not_empty_is_left_alone()
    {
        await using var server = await RestServer.StartAsync();
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "mine"), "mine");

        var error = await Assert.ThrowsAsync<StudyStoreException>(() => MlflowExport.RunAsync(
            new MlflowExportOptions { Store = server.StorePath, Folder = _folder.Path }, TimeProvider.System));

        Assert.Equal($"The folder '{_folder.Path}' is not empty. Name another one, or empty it.", error.Message);
    }

    [Fact]
    public async Task Names_that_no_two_files_can_have_are_told()
    {
        await using var server = await RestServer.StartAsync();
        var run = await server.NewRunAsync();
        await server.PostAsync("runs/log-batch", new { run_id = run, @params = new[] { new { key = "a", value = "1" }, new { key = "a/b", value = "2" } } });

        var report = await MlflowExport.RunAsync(new MlflowExportOptions { Store = server.StorePath, Folder = Mlruns }, TimeProvider.System);

        Assert.Contains(Path.Combine("params", "a"), Assert.Single(report.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_is_written_as_mlflow_writes_it()
    {
        await using var server = await RestServer.StartAsync();
        var run = await server.NewRunAsync(name: "n");
        await server.LogAsync(run, "loss", 0.5, step: 3);
        await server.LogAsync(run, "loss", "NaN", step: 4);
        await server.PostAsync("runs/log-parameter", new { run_id = run, key = "p", value = "1" });

        await MlflowExport.RunAsync(new MlflowExportOptions { Store = server.StorePath, Folder = Mlruns }, TimeProvider.System);

        Assert.Equal("1700000000000 0.5 3\n1700000000000 nan 4\n", await File.ReadAllTextAsync(Path.Combine(Mlruns, "0", run, "metrics", "loss")));
        Assert.Equal("1", await File.ReadAllTextAsync(Path.Combine(Mlruns, "0", run, "params", "p")));
        Assert.Equal("n", await File.ReadAllTextAsync(Path.Combine(Mlruns, "0", run, "tags", "mlflow.runName")));
        var meta = await File.ReadAllTextAsync(Path.Combine(Mlruns, "0", run, "meta.yaml"));
        Assert.Equal(
            $$"""
            artifact_uri: "file://{{Mlruns}}/0/{{run}}/artifacts"
            deleted_time: null
            end_time: null
            entry_point_name: ""
            experiment_id: "0"
            lifecycle_stage: "active"
            run_id: "{{run}}"
            run_name: "n"
            run_uuid: "{{run}}"
            source_name: ""
            source_type: 4
            source_version: ""
            start_time: 1700000000000
            status: 1
            tags: {}
            user_id: ""

            """,
            meta.ReplaceLineEndings());
    }

    private string Mlruns => Path.Combine(_folder.Path, "mlruns");

    private static async Task FillAsync(RestServer server, Random random)
    {
        for (var e = 1; e <= 2; e++)
        {
            var experiment = await server.NewExperimentAsync($"experiment {e}");
            await server.PostAsync("experiments/set-experiment-tag", new { experiment_id = experiment, key = "t", value = Word(random) });
            for (var r = 0; r < 4; r++)
            {
                await AddRunAsync(server, experiment, $"run {e} {r}", random);
            }

            if (random.Next(3) == 0)
            {
                await server.PostAsync("experiments/delete", new { experiment_id = experiment });
            }
        }
    }

    private static async Task AddRunAsync(RestServer server, string experiment, string name, Random random)
    {
        var run = await server.NewRunAsync(experiment, name, 1_700_000_000_000 + random.Next(1_000));
        object[] metrics = [.. Enumerable.Range(0, random.Next(20)).Select(i => new { key = $"m{i % 3}", value = Value(random), timestamp = 1_700_000_000_000 + i, step = random.Next(-3, 9) })];
        object[] parameters = [.. Enumerable.Range(0, random.Next(5)).Select(i => new { key = $"p{i}/q", value = Word(random) })];
        object[] tags = [.. Enumerable.Range(0, random.Next(5)).Select(i => new { key = $"t {i}", value = Word(random) })];
        await server.PostAsync("runs/log-batch", new { run_id = run, metrics, @params = parameters, tags });
        var dataset = new { name = $"d{random.Next(2)}", digest = Word(random) + "1", source_type = "local", source = Word(random) + "s", schema = random.Next(2) == 0 ? null : "{\"a\": 1}" };
        await server.PostAsync("runs/log-inputs", new { run_id = run, datasets = new[] { new { dataset, tags = new[] { new { key = "k", value = Word(random) } } } } });
        using var file = new StringContent(Word(random));
        (await server.Http.PutAsync($"/api/2.0/mlflow-artifacts/artifacts/{experiment}/{run}/artifacts/deep/file.txt", file)).EnsureSuccessStatusCode();
        var model = (await server.NewLoggedModelAsync($"net {name}", run, experiment)).Text("info.model_id")!;
        await server.PostAsync("runs/log-metric", new { run_id = run, key = "of model", value = 0.5, timestamp = 1, step = 1, model_id = model, dataset_name = "d", dataset_digest = "1" });
        await server.AnswerAsync("PATCH", $"logged-models/{model}", new { status = "LOGGED_MODEL_READY" });
        await server.NewModelAsync($"model {name}");
        await server.NewVersionAsync($"model {name}", "s3://bucket/model", run);
        await server.PostAsync("registered-models/alias", new { name = $"model {name}", alias = "best", version = "1" });
        await server.PostAsync("runs/update", new { run_id = run, status = "FINISHED", end_time = 1_700_000_100_000 });
        if (random.Next(4) == 0)
        {
            await server.PostAsync("runs/delete", new { run_id = run });
        }
    }

    private static object Value(Random random) => random.Next(8) switch
    {
        0 => "NaN",
        1 => "Infinity",
        2 => "-Infinity",
        _ => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-20, 20)),
    };

    private static string Word(Random random) => Words[random.Next(Words.Length)];

    // Everything that clients are told, but ids, places and when things were changed last, which are another store's.
    private static async Task<string> ToldAsync(RestServer server)
    {
        var text = new StringWriter(CultureInfo.InvariantCulture);
        var experiments = (await server.PostAsync("experiments/search", new { view_type = "ALL", order_by = new[] { "name" } })).At("experiments");
        foreach (var experiment in experiments.EnumerateArray().Where(experiment => experiment.Text("name") != "Default"))
        {
            var id = experiment.Text("experiment_id");
            text.WriteLine($"{experiment.Text("name")} {experiment.Text("lifecycle_stage")} {experiment.At("creation_time")} {experiment.At("tags").Pairs()}");
            var runs = await server.PostAsync("runs/search", new { experiment_ids = new[] { id }, run_view_type = "ALL", order_by = new[] { "attributes.run_name" } });
            foreach (var run in runs.At("runs").EnumerateArray())
            {
                await TellAsync(server, run, text);
            }

            var models = await server.PostAsync("logged-models/search", new { experiment_ids = new[] { id }, order_by = new[] { new { field_name = "name" } } });
            foreach (var model in models.Has("models") ? models.At("models").EnumerateArray() : default)
            {
                text.WriteLine($"{model.Text("info.name")} {model.Text("info.status")} {Metrics(model.At("data"))}");
            }
        }

        var registered = await server.GetAsync("registered-models/search");
        foreach (var model in registered.At("registered_models").EnumerateArray())
        {
            text.WriteLine($"{model.Text("name")} {model.Text("aliases.0.version")} {model.Text("latest_versions.0.source")} {model.At("creation_timestamp")}");
        }

        return text.ToString();
    }

    private static async Task TellAsync(RestServer server, JsonElement run, StringWriter text)
    {
        var info = run.At("info");
        var id = info.Text("run_id");
        var tags = run.At("data.tags").EnumerateArray().Where(tag => tag.Text("key") != "hone.imported.run_id").Select(tag => $"{tag.Text("key")}={tag.Text("value")}");
        text.WriteLine($"{info.Text("run_name")} {info.Text("status")} {info.At("start_time")} {info.At("end_time")} {info.Text("lifecycle_stage")}");
        text.WriteLine(string.Join('|', tags));
        text.WriteLine(run.At("data").Has("params") ? run.At("data.params").Pairs() : "");
        text.WriteLine(run.At("inputs").GetRawText());
        foreach (var metric in run.At("data").Has("metrics") ? run.At("data.metrics").EnumerateArray().OrderBy(metric => metric.Text("key"), StringComparer.Ordinal) : Enumerable.Empty<JsonElement>())
        {
            text.WriteLine(metric.GetRawText());
            text.WriteLine((await server.GetAsync($"metrics/get-history?run_id={id}&metric_key={Uri.EscapeDataString(metric.Text("key")!)}")).GetRawText());
        }

        text.WriteLine(await server.Http.GetStringAsync($"/get-artifact?run_id={id}&path=deep/file.txt"));
    }

    private static string Metrics(JsonElement data) => data.Has("metrics")
        ? string.Join(' ', data.At("metrics").EnumerateArray().Select(metric => $"{metric.Text("key")} {metric.At("value")} {metric.Text("dataset_name")}"))
        : "";
}
