using Hone.Tracking.Runs;
using Hone.Tracking.Tests.Registry;
using Hone.Tracking.Tests.Rest;
using Hone.Tracking.Tests.Store;

namespace Hone.Tracking.Tests.Runs;

/// <summary>Deleted things, removed for good while a server serves the rest.</summary>
public abstract class TrackingGarbageTests(StoreKind kind) : IAsyncLifetime
{
    private readonly ManualTime _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private RestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RestServer.StartAsync(_time, kind);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_run_goes_with_its_files_and_all_that_belongs_to_it()
    {
        var kept = await RunAsync("0");
        var gone = await RunAsync("0");
        await _server.PostAsync("runs/delete", new { run_id = gone });
        _time.Advance(TimeSpan.FromDays(31));

        var report = await RemoveAsync();

        Assert.Equal(new TrackingGarbageReport(0, 1, 0, 0), report);
        Assert.Equal(404, (await _server.RefusalAsync(HttpMethod.Get, $"runs/get?run_id={gone}", null)).Status);
        Assert.Equal("m=0.5", (await _server.RunAsync(kept)).At("data.metrics").Pairs());
        Assert.Equal("x", await _server.Http.GetStringAsync($"/get-artifact?run_id={kept}&path=a.txt"));
        Assert.Equal(404, (await _server.RefusalAsync(HttpMethod.Get, $"/api/2.0/mlflow-artifacts/artifacts/0/{gone}/artifacts/a.txt", null)).Status);
    }

    [Fact]
    public async Task What_was_deleted_lately_stays()
    {
        var run = await RunAsync("0");
        await _server.PostAsync("runs/delete", new { run_id = run });
        _time.Advance(TimeSpan.FromDays(29));

        Assert.Equal(new TrackingGarbageReport(0, 0, 0, 0), await RemoveAsync());

        await _server.PostAsync("runs/restore", new { run_id = run });
        await _server.PostAsync("runs/delete", new { run_id = run });
        _time.Advance(TimeSpan.FromDays(2));
        Assert.Equal(new TrackingGarbageReport(0, 0, 0, 0), await RemoveAsync());
        _time.Advance(TimeSpan.FromDays(28));
        Assert.Equal(new TrackingGarbageReport(0, 1, 0, 0), await RemoveAsync());
    }

    [Fact]
    public async Task An_experiment_goes_with_its_runs_and_models_and_its_name_is_free()
    {
        var experiment = await _server.NewExperimentAsync("old");
        var run = await RunAsync(experiment);
        await RunAsync(experiment);
        await _server.NewLoggedModelAsync("net", run, experiment);
        await _server.PostAsync("experiments/delete", new { experiment_id = experiment });
        _time.Advance(TimeSpan.FromDays(31));

        Assert.Equal(new TrackingGarbageReport(1, 2, 1, 0), await RemoveAsync());

        Assert.Equal(404, (await _server.RefusalAsync(HttpMethod.Get, $"experiments/get?experiment_id={experiment}", null)).Status);
        await _server.NewExperimentAsync("old");
    }

    [Fact]
    public async Task A_run_whose_files_a_registered_version_is_made_of_stays()
    {
        var experiment = await _server.NewExperimentAsync("old");
        var used = await RunAsync(experiment);
        var other = await RunAsync(experiment);
        await _server.NewModelAsync("m");
        await _server.NewVersionAsync("m", $"mlflow-artifacts:/{experiment}/{used}/artifacts", used);
        await _server.PostAsync("experiments/delete", new { experiment_id = experiment });
        _time.Advance(TimeSpan.FromDays(31));

        Assert.Equal(new TrackingGarbageReport(0, 1, 0, 1), await RemoveAsync());

        Assert.Equal("x", await _server.Http.GetStringAsync("/model-versions/get-artifact?name=m&version=1&path=a.txt"));
        Assert.Equal(404, (await _server.RefusalAsync(HttpMethod.Get, $"runs/get?run_id={other}", null)).Status);
    }

    [Fact]
    public async Task A_deleted_logged_model_goes()
    {
        var model = (await _server.NewLoggedModelAsync("net")).Text("info.model_id");
        await _server.AnswerAsync("DELETE", $"logged-models/{model}", null);
        _time.Advance(TimeSpan.FromDays(31));

        Assert.Equal(new TrackingGarbageReport(0, 0, 1, 0), await RemoveAsync());
        Assert.Equal(new TrackingGarbageReport(0, 0, 0, 0), await RemoveAsync());
    }

    [Fact]
    public async Task A_dry_run_removes_nothing()
    {
        var run = await RunAsync("0");
        await _server.PostAsync("runs/delete", new { run_id = run });
        _time.Advance(TimeSpan.FromDays(31));

        Assert.Equal(new TrackingGarbageReport(0, 1, 0, 0), await RemoveAsync(isDry: true));

        Assert.Equal("deleted", (await _server.RunAsync(run)).Text("info.lifecycle_stage"));
        Assert.Equal("x", await _server.Http.GetStringAsync($"/get-artifact?run_id={run}&path=a.txt"));
    }

    private async Task<string> RunAsync(string experiment)
    {
        var run = await _server.NewRunAsync(experiment);
        await _server.LogAsync(run, "m", 0.5);
        await _server.PostAsync("runs/log-parameter", new { run_id = run, key = "p", value = "1" });
        var dataset = new { name = "d", digest = "1", source_type = "local", source = "{}" };
        await _server.PostAsync("runs/log-inputs", new { run_id = run, datasets = new[] { new { dataset, tags = new[] { new { key = "k", value = "v" } } } } });
        using var content = new StringContent("x");
        (await _server.Http.PutAsync($"/api/2.0/mlflow-artifacts/artifacts/{experiment}/{run}/artifacts/a.txt", content)).EnsureSuccessStatusCode();
        return run;
    }

    private Task<TrackingGarbageReport> RemoveAsync(bool isDry = false) => TrackingGarbage.RemoveAsync(
        new TrackingGarbageOptions
        {
            Store = _server.StorePath,
            Artifacts = Path.Combine(_server.Folder, "artifacts"),
            OlderThan = TimeSpan.FromDays(30),
            IsDry = isDry,
        },
        _time);
}

public sealed class SqliteTrackingGarbageTests() : TrackingGarbageTests(StoreKind.Sqlite);

public sealed class PostgresTrackingGarbageTests() : TrackingGarbageTests(StoreKind.Postgres);
