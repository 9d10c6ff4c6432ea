using Hone.Tracking.Registry;
using Hone.Tracking.Tests.Rest;
using Hone.Tracking.Tests.Store;

namespace Hone.Tracking.Tests.Registry;

/// <summary>The registry as a program of this machine uses it, beside a server.</summary>
public abstract class ModelRegistryTests(StoreKind kind) : IAsyncLifetime
{
    private RestServer _server = null!;
    private ModelRegistry _registry = null!;
    private string _run = "";

    public async ValueTask InitializeAsync()
    {
        _server = await RestServer.StartAsync(kind: kind);
        _registry = await ModelRegistry.OpenAsync(_server.StorePath, Path.Combine(_server.Folder, "artifacts"), TimeProvider.System);
        _run = await _server.NewRunAsync(name: "quick-lathe");
        await _server.LogAsync(_run, "loss", 0.25);
        using var content = new StringContent("weights");
        (await _server.Http.PutAsync($"/api/2.0/mlflow-artifacts/artifacts/0/{_run}/artifacts/model/deep/weights.bin", content)).EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        await _registry.DisposeAsync();
        await _server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_runs_files_become_the_next_version()
    {
        var first = await _registry.RegisterAsync("net", _run, "model", "the first");
        var second = await _registry.RegisterAsync("net", _run, "model");

        Assert.Equal((1, 2, "the first", "None"), (first.Version, second.Version, first.Description, first.Stage));
        Assert.Equal($"mlflow-artifacts:/0/{_run}/artifacts/model", first.Source);
        Assert.Equal(KeyValuePair.Create("loss", 0.25), Assert.Single(first.Metrics));
        Assert.Equal(2, Assert.Single(_registry.List()).Versions.Count);
        var told = (await _server.GetAsync("model-versions/get?name=net&version=2")).At("model_version");
        Assert.Equal(_run, told.Text("run_id"));
    }

    [Fact]
    public async Task Versions_are_found_by_number_and_alias_and_as_the_latest()
    {
        await _registry.RegisterAsync("net", _run);
        await _registry.RegisterAsync("net", _run);
        await _registry.SetAliasAsync("net/1", "champion");

        Assert.Equal(1, _registry.GetVersion("net@champion").Version);
        Assert.Equal(2, _registry.GetVersion("net").Version);
        await _registry.SetAliasAsync("net", "champion");
        Assert.Equal(["champion"], _registry.GetVersion("net/2").Aliases);
        Assert.Empty(_registry.GetVersion("net/1").Aliases);
    }

    [Fact]
    public async Task A_version_is_promoted_and_the_one_before_archived()
    {
        await _registry.RegisterAsync("net", _run);
        await _registry.RegisterAsync("net", _run);
        await _registry.MoveAsync("net/1", "production", archivesOthers: false);
        await _registry.MoveAsync("net/2", "Production", archivesOthers: true);

        Assert.Equal(["Archived", "Production"], _registry.Get("net").Versions.Select(version => version.Stage));
    }

    [Fact]
    public async Task A_models_lineage_leads_back_to_its_data()
    {
        var dataset = new { name = "customers", digest = "12ab", source_type = "s3", source = "{}" };
        await _server.PostAsync("runs/log-inputs", new { run_id = _run, datasets = new[] { new { dataset, tags = new[] { new { key = "mlflow.data.context", value = "training" } } } } });
        foreach (var (key, value) in new[] { ("hone.git.commit", "abc"), ("hone.pipeline.stage", "train"), ("hone.pipeline.lock", "d41d"), ("hone.data.data/raw.csv", "98f0") })
        {
            await _server.PostAsync("runs/set-tag", new { run_id = _run, key, value });
        }

        await _registry.RegisterAsync("net", _run);

        var run = _registry.LineageOf("net").Run!;
        Assert.Equal((_run, "quick-lathe", "Default", null), (run.Id, run.Name, run.Experiment, run.Trial));
        Assert.Equal(("abc", "train", "d41d"), (run.Commit, run.Stage, run.StageLock));
        Assert.Equal(KeyValuePair.Create("data/raw.csv", "98f0"), Assert.Single(run.Data));
        Assert.Equal(new LineageDataset("customers", "12ab", "s3", "{}", "training"), Assert.Single(run.Datasets));
    }

    [Fact]
    public async Task A_version_of_a_logged_model_leads_back_to_the_run_that_wrote_it()
    {
        var model = (await _server.NewLoggedModelAsync("net", _run)).Text("info.model_id");
        await _server.NewModelAsync("net");
        await _server.PostAsync("model-versions/create", new { name = "net", source = $"models:/{model}", model_id = model });

        Assert.Equal(_run, _registry.LineageOf("net/1").Run!.Id);
    }

    [Fact]
    public async Task A_version_of_another_servers_run_has_no_more_lineage()
    {
        await _server.NewModelAsync("net");
        await _server.NewVersionAsync("net", "s3://bucket/model", "0123456789abcdef0123456789abcdef");

        Assert.Null(_registry.LineageOf("net").Run);
    }

    [Fact]
    public async Task Files_are_downloaded_with_their_folders()
    {
        await _registry.RegisterAsync("net", _run, "model");
        var folder = Path.Combine(_server.Folder, "downloaded");

        Assert.Equal(1, await _registry.DownloadAsync("net", folder));

        Assert.Equal("weights", await File.ReadAllTextAsync(Path.Combine(folder, "deep", "weights.bin")));
    }

    [Fact]
    public async Task Models_are_renamed_and_versions_and_models_deleted()
    {
        await _registry.RegisterAsync("net", _run);
        await _registry.RegisterAsync("net", _run);
        await _registry.RenameAsync("net", "mesh");
        await _registry.DeleteAsync("mesh/1");

        Assert.Equal(2, Assert.Single(_registry.Get("mesh").Versions).Version);
        await _registry.DeleteAsync("mesh");
        Assert.Empty(_registry.List());
    }

    [Theory]
    [InlineData("none", "Registered Model with name=none not found")]
    [InlineData("none/1", "Model Version (name=none, version=1) not found")]
    [InlineData("none@x", "Registered Model with name=none not found")]
    public void What_is_not_there_is_told(string reference, string message)
    {
        Assert.Equal(message, Assert.Throws<ModelRegistryException>(() => _registry.GetVersion(reference)).Message);
    }

    [Theory]
    [InlineData("nowhere/1", "There is no study 'nowhere'.")]
    [InlineData("Default/x", "'x' is no trial's number; expected STUDY/NUMBER, e.g. Default/7.")]
    [InlineData("zzz", "Run with id=zzz not found")]
    public async Task A_run_that_is_not_there_is_told(string run, string message)
    {
        var error = await Assert.ThrowsAsync<ModelRegistryException>(() => _registry.RegisterAsync("net", run));

        Assert.Equal(message, error.Message);
        Assert.Empty(_registry.List());
    }
}

public sealed class SqliteModelRegistryTests() : ModelRegistryTests(StoreKind.Sqlite);

public sealed class PostgresModelRegistryTests() : ModelRegistryTests(StoreKind.Postgres);
