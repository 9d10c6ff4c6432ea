using Hone.Tracking.Mlflow;
using Hone.Tracking.Store;
using Hone.Tracking.Tests.Rest;
using Hone.Tracking.Tests.Store;

namespace Hone.Tracking.Tests.Mlflow;

/// <summary>MLflow's SQLite database, of its versions 2 and 3, brought into a store.</summary>
public abstract class MlflowDatabaseTests(StoreKind kind) : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private RestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RestServer.StartAsync(kind: kind);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Runs_come_with_all_that_belongs_to_them(int version)
    {
        var report = await ImportAsync(version);

        Assert.Equal((2, 2, version - 2, 1), (report.Experiments, report.Runs, report.LoggedModels, report.Versions));
        Assert.Equal($"run {MlflowFolder.RunId}: its data set gone is not in the table of data sets", Assert.Single(report.Problems));
        var run = await _server.RunAsync(MlflowFolder.RunId);
        Assert.Equal(("FINISHED", "quick-lathe", "ann"), (run.Text("info.status"), run.Text("info.run_name"), run.Text("info.user_id")));
        Assert.Equal("s3://bucket/3/0a1b/artifacts", run.Text("info.artifact_uri"));
        Assert.Equal(("depth=3", "loss=-Infinity"), (run.At("data.params").Pairs(), run.At("data.metrics").Pairs()));
        Assert.Equal(("customers", "mlflow.data.context=training"), (run.Text("inputs.dataset_inputs.0.dataset.name"), run.At("inputs.dataset_inputs.0.tags").Pairs()));
        var history = (await _server.GetAsync($"metrics/get-history?run_id={MlflowFolder.RunId}&metric_key=loss")).At("metrics");
        Assert.Equal("0.5 NaN Infinity -Infinity", string.Join(' ', history.EnumerateArray().Select(point => point.At("value").ToString())));
    }

    [Fact]
    public async Task Deleted_things_stay_deleted_and_are_found_by_their_old_ids()
    {
        await ImportAsync(2);

        var run = await _server.RunAsync(MlflowFolder.DeletedRunId);
        Assert.Equal(("deleted", "KILLED", "named"), (run.Text("info.lifecycle_stage"), run.Text("info.status"), run.Text("info.run_name")));
        var experiment = (await _server.GetAsync("experiments/get?experiment_id=3")).At("experiment");
        Assert.Equal(("churn", "s3://bucket/3", "team=red"), (experiment.Text("name"), experiment.Text("artifact_location"), experiment.At("tags").Pairs()));
        Assert.Equal("deleted", (await _server.GetAsync("experiments/get?experiment_id=4")).Text("experiment.lifecycle_stage"));
    }

    [Fact]
    public async Task Models_of_version_3_come_with_their_metrics_and_places()
    {
        await ImportAsync(3);

        var run = await _server.RunAsync(MlflowFolder.RunId);
        Assert.Equal((MlflowFolder.LoggedModelId, 4), (run.Text("outputs.model_outputs.0.model_id"), run.At("outputs.model_outputs.0.step").GetInt32()));
        Assert.Equal("m-99992222333344445555666677778888", run.Text("inputs.model_inputs.0.model_id"));
        var model = (await _server.GetAsync($"logged-models/{MlflowFolder.LoggedModelId}")).At("model");
        Assert.Equal("s3://bucket/3/models/m-1111/artifacts", model.Text("info.artifact_uri"));
        Assert.Equal(("width=64", "kind=mlp"), (model.At("data.params").Pairs(), model.At("info.tags").Pairs()));
        Assert.Equal(("auc", "12ab"), (model.Text("data.metrics.0.key"), model.Text("data.metrics.0.dataset_digest")));
        var version = (await _server.GetAsync("registered-models/alias?name=churn-net&alias=champion")).At("model_version");
        Assert.Equal(("2", "Production", "checked=yes"), (version.Text("version"), version.Text("current_stage"), version.At("tags").Pairs()));
    }

    [Fact]
    public async Task A_second_import_adds_nothing()
    {
        await ImportAsync(3);

        var again = await MlflowImport.RunAsync(Options(), TimeProvider.System);

        Assert.Equal((0, 0, 2, 0, 0), (again.Experiments, again.Runs, again.KnownRuns, again.LoggedModels, again.Versions));
    }

    [Fact]
    public async Task A_database_of_another_program_is_refused()
    {
        using (var database = SqliteDatabase.Open(Database, create: true))
        {
            database.Execute("CREATE TABLE runs (id INTEGER)");
        }

        var error = await Assert.ThrowsAsync<StudyStoreException>(() => MlflowImport.RunAsync(Options(), TimeProvider.System));

        Assert.Equal($"'{Database}' is no database of MLflow: it has no tables of runs and experiments.", error.Message);
    }

    private string Database => Path.Combine(_folder.Path, "mlflow.db");

    private MlflowImportOptions Options() => new() { Source = $"sqlite:///{Database}", Store = _server.StorePath };

    private protected RestServer Server => _server;

    private protected Task<MlflowImportReport> ImportAsync(int version)
    {
        using (var database = SqliteDatabase.Open(Database, create: true))
        {
            for (var i = 2; i <= version; i++)
            {
                database.Execute(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Mlflow", $"mlflow{i}.sql")));
            }
        }

        return MlflowImport.RunAsync(Options(), TimeProvider.System);
    }
}

public sealed class SqliteMlflowDatabaseTests() : MlflowDatabaseTests(StoreKind.Sqlite)
{
    [Fact]
    public async Task Small_ids_are_kept()
    {
        await ImportAsync(2);

        Assert.Equal("3", (await Server.GetAsync("experiments/get-by-name?experiment_name=churn")).Text("experiment.experiment_id"));
    }
}

public sealed class PostgresMlflowDatabaseTests() : MlflowDatabaseTests(StoreKind.Postgres);
