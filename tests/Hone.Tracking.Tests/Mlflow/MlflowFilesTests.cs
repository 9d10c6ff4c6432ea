using System.Net;
using Hone.Tracking.Mlflow;
using Hone.Tracking.Store;
using Hone.Tracking.Tests.Registry;
using Hone.Tracking.Tests.Rest;

namespace Hone.Tracking.Tests.Mlflow;

/// <summary>MLflow's store of files, brought into a store while a server serves it.</summary>
public sealed class MlflowFilesTests : IAsyncLifetime
{
    private readonly MlflowFolder _source = new();
    private RestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RestServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _source.Dispose();
    }

    [Fact]
    public async Task Runs_come_with_all_that_belongs_to_them()
    {
        var report = await ImportAsync();

        Assert.Empty(report.Problems);
        Assert.Equal((2, 2, 0, 1, 1, 0), (report.Experiments, report.Runs, report.KnownRuns, report.LoggedModels, report.Versions, report.Files));
        var run = await _server.RunAsync(MlflowFolder.RunId);
        Assert.Equal(("FINISHED", "quick-lathe", "ann"), (run.Text("info.status"), run.Text("info.run_name"), run.Text("info.user_id")));
        Assert.Equal((1_700_000_000_500, 1_700_000_009_000), (run.At("info.start_time").GetInt64(), run.At("info.end_time").GetInt64()));
        Assert.Equal("depth=3 net/layers=[64, 64]", run.At("data.params").Pairs());
        Assert.Contains("notes=two\nlines ☃", run.At("data.tags").Pairs(), StringComparison.Ordinal);
        Assert.Contains($"hone.imported.run_id={MlflowFolder.RunId}", run.At("data.tags").Pairs(), StringComparison.Ordinal);
        Assert.Equal("loss=Infinity net/grad=1E-05", run.At("data.metrics").Pairs());
        Assert.Equal("customers 12ab s3", $"{run.Text("inputs.dataset_inputs.0.dataset.name")} {run.Text("inputs.dataset_inputs.0.dataset.digest")} {run.Text("inputs.dataset_inputs.0.dataset.source_type")}");
        Assert.Equal("mlflow.data.context=training", run.At("inputs.dataset_inputs.0.tags").Pairs());
        Assert.Equal((MlflowFolder.LoggedModelId, 4), (run.Text("outputs.model_outputs.0.model_id"), run.At("outputs.model_outputs.0.step").GetInt32()));
        Assert.Equal($"file://{_source.Path}/{MlflowFolder.ExperimentId}/{MlflowFolder.RunId}/artifacts", run.Text("info.artifact_uri"));
    }

    [Fact]
    public async Task Histories_come_whole()
    {
        await ImportAsync();

        var history = (await _server.GetAsync($"metrics/get-history?run_id={MlflowFolder.RunId}&metric_key=loss")).At("metrics");

        Assert.Equal("1:0.5 2:0.25 3:NaN 4:Infinity", string.Join(' ', history.EnumerateArray().Select(point => $"{point.At("step")}:{point.At("value")}")));
    }

    [Fact]
    public async Task Deleted_runs_and_experiments_stay_deleted()
    {
        await ImportAsync();

        Assert.Equal("deleted", (await _server.RunAsync(MlflowFolder.DeletedRunId)).Text("info.lifecycle_stage"));
        var old = (await _server.GetAsync("experiments/get-by-name?experiment_name=old")).At("experiment");
        Assert.Equal(("deleted", "5", 1_700_000_000_004), (old.Text("lifecycle_stage"), old.Text("experiment_id"), old.At("last_update_time").GetInt64()));
    }

    [Fact]
    public async Task Old_ids_still_find_what_had_them()
    {
        await ImportAsync();

        var experiment = (await _server.GetAsync($"experiments/get?experiment_id={MlflowFolder.ExperimentId}")).At("experiment");
        Assert.Equal(("churn", "team=red"), (experiment.Text("name"), experiment.At("tags").Pairs()));
        var found = await _server.PostAsync("runs/search", new { experiment_ids = new[] { MlflowFolder.ExperimentId }, filter = $"attributes.run_id = '{MlflowFolder.RunId}'" });
        Assert.Equal(1, found.At("runs").GetArrayLength());
        await _server.PostAsync("runs/set-tag", new { run_id = MlflowFolder.RunId, key = "later", value = "1" });
        await _server.LogAsync(MlflowFolder.RunId, "later", 1);
        var model = (await _server.GetAsync($"logged-models/{MlflowFolder.LoggedModelId}")).At("model");
        Assert.Equal(("net", "LOGGED_MODEL_READY", "width=64"), (model.Text("info.name"), model.Text("info.status"), model.At("data.params").Pairs()));
        Assert.Equal(("auc", 0.9, "customers"), (model.Text("data.metrics.0.key"), model.At("data.metrics.0.value").GetDouble(), model.Text("data.metrics.0.dataset_name")));
    }

    [Fact]
    public async Task Registered_models_keep_numbers_stages_and_aliases()
    {
        await ImportAsync();

        var model = (await _server.GetAsync("registered-models/get?name=churn-net")).At("registered_model");
        Assert.Equal(("who leaves", "owner=ann", 1_700_000_007_000), (model.Text("description"), model.At("tags").Pairs(), model.At("last_updated_timestamp").GetInt64()));
        var version = (await _server.GetAsync("registered-models/alias?name=churn-net&alias=champion")).At("model_version");
        Assert.Equal(("2", "Production", MlflowFolder.RunId, "checked=yes"), (version.Text("version"), version.Text("current_stage"), version.Text("run_id"), version.At("tags").Pairs()));
        Assert.Equal("3", await _server.NewVersionAsync("churn-net"));
    }

    [Fact]
    public async Task A_second_import_adds_nothing()
    {
        await ImportAsync(copies: true);

        var again = await ImportAsync(copies: true);

        Assert.Equal((0, 0, 2, 0, 0, 0), (again.Experiments, again.Runs, again.KnownRuns, again.LoggedModels, again.Versions, again.Files));
        Assert.Equal(3, (await _server.PostAsync("experiments/search", new { view_type = "ALL" })).At("experiments").GetArrayLength());
    }

    [Fact]
    public async Task An_import_that_was_given_up_goes_on()
    {
        for (var i = 0; i < 20; i++)
        {
            _source.AddRun("0", $"{i:x32}", "status: 3", "end_time: 1");
        }

        using var ending = new CancellationTokenSource();
        var ends = new EndingProgress(ending, after: 7);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => MlflowImport.RunAsync(Options(copies: false), TimeProvider.System, ends, ending.Token));

        var report = await ImportAsync();

        Assert.Equal((22, 7), (report.Runs + report.KnownRuns, report.KnownRuns));
    }

    [Fact]
    public async Task Files_are_copied_where_that_is_asked_for()
    {
        var report = await ImportAsync(copies: true);

        Assert.Equal(2, report.Files);
        var run = await _server.RunAsync(MlflowFolder.RunId);
        Assert.StartsWith("mlflow-artifacts:/", run.Text("info.artifact_uri"), StringComparison.Ordinal);
        Assert.Equal("flavors: {}\n", await _server.Http.GetStringAsync($"/get-artifact?run_id={MlflowFolder.RunId}&path=model/MLmodel"));
        Assert.Equal("flavors: {}\n", await _server.Http.GetStringAsync("/model-versions/get-artifact?name=churn-net&version=2&path=MLmodel"));
        Assert.Equal("weights", await _server.Http.GetStringAsync($"/ajax-api/2.0/mlflow/logged-models/{MlflowFolder.LoggedModelId}/artifacts/files?artifact_file_path=weights.bin"));
    }

    [Fact]
    public async Task Files_can_be_copied_by_a_later_import()
    {
        await ImportAsync();
        Assert.Equal(HttpStatusCode.NotImplemented, (await _server.Http.GetAsync($"/get-artifact?run_id={MlflowFolder.RunId}&path=model/MLmodel")).StatusCode);

        await ImportAsync(copies: true);

        Assert.Equal("flavors: {}\n", await _server.Http.GetStringAsync($"/get-artifact?run_id={MlflowFolder.RunId}&path=model/MLmodel"));
    }

    [Fact]
    public async Task What_cannot_be_read_is_named_and_the_rest_comes()
    {
        _source.Write("7/meta.yaml", "name: [broken");
        _source.AddRun("0", "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee", "status: 9", "end_time: 1");
        _source.Write($"{MlflowFolder.ExperimentId}/{MlflowFolder.RunId}/metrics/loss", "1700000001000 0.5 1\nwhat is this\n");

        var report = await ImportAsync();

        Assert.Equal(3, report.Skipped);
        Assert.Contains(report.Problems, problem => problem.Contains("7/meta.yaml: it is no YAML: line ", StringComparison.Ordinal));
        Assert.Contains(report.Problems, problem => problem.EndsWith("eeee/meta.yaml: status '9' is none; expected 1 to 5", StringComparison.Ordinal));
        Assert.Contains(report.Problems, problem => problem.EndsWith("metrics/loss:2: 'what is this' is no measurement; expected a time, a value and a step", StringComparison.Ordinal));
        Assert.Equal("loss=0.5 net/grad=1E-05", (await _server.RunAsync(MlflowFolder.RunId)).At("data.metrics").Pairs());
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData("sqlite:///nowhere.db")]
    public async Task A_source_that_is_no_store_of_mlflows_is_refused(string source)
    {
        var error = await Assert.ThrowsAsync<StudyStoreException>(() =>
            MlflowImport.RunAsync(Options(copies: false) with { Source = source }, TimeProvider.System));

        Assert.StartsWith($"'{source}' is no store of MLflow: ", error.Message, StringComparison.Ordinal);
    }

    private MlflowImportOptions Options(bool copies) => new() { Source = _source.Path, Store = _server.StorePath, CopiesArtifacts = copies };

    private Task<MlflowImportReport> ImportAsync(bool copies = false) => MlflowImport.RunAsync(Options(copies), TimeProvider.System);

    private sealed class EndingProgress(CancellationTokenSource ending, int after) : IProgress<(int Done, int All)>
    {
        public void Report((int Done, int All) value)
        {
            if (value.Done == after)
            {
                ending.Cancel();
            }
        }
    }
}
