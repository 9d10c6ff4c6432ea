using System.Text.Json;
using Hone.Tracking.Store;
using Hone.Tracking.Tests.Store;
using Hone.Trials;

namespace Hone.Tracking.Tests.Rest;

/// <summary>Trials are runs: clients read them while their tuner writes, and cannot come in its way.</summary>
public abstract class TrialTests(StoreKind kind) : IAsyncLifetime
{
    private RestServer _server = null!;
    private StudyStore _store = null!;
    private StudyJournal _journal = null!;
    private string _experiment = "";

    public async ValueTask InitializeAsync()
    {
        _server = await RestServer.StartAsync(kind: kind);
        _store = await StudyStore.OpenAsync(_server.StorePath, TimeProvider.System);
        _journal = await _store.OpenStudyAsync(Some.Study("tuned"));
        await _journal.WriteAsync([.. Some.Complete(1, 3, 2), Some.Proposed(2), Some.Started(2), Some.Reported(2, 1, new MetricValue("loss", 7))]);
        _experiment = (await _server.GetAsync("experiments/get-by-name?experiment_name=tuned")).Text("experiment.experiment_id")!;
    }

    public async ValueTask DisposeAsync()
    {
        await _journal.DisposeAsync();
        await _store.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Trials_are_found_with_what_they_reported_and_the_parameters_they_have()
    {
        var runs = await TrialsAsync();

        Assert.Equal(["trial 1", "trial 2"], runs.Select(run => run.Text("info.run_name")));
        Assert.Equal(["FINISHED", "RUNNING"], runs.Select(run => run.Text("info.status")));
        Assert.Equal(["loss=2", "loss=7"], runs.Select(run => run.At("data.metrics").Pairs()));
        Assert.Equal("1", runs[0].At("data.tags").EnumerateArray().Single(tag => tag.Text("key") == "hone.trial").Text("value"));
        Assert.Contains(runs[0].At("data.params").EnumerateArray(), parameter => parameter.Text("key") == "learning_rate");
        var history = await _server.GetAsync($"metrics/get-history?run_id={runs[0].Text("info.run_id")}&metric_key=loss");
        Assert.Equal([3, 2], history.At("metrics").EnumerateArray().Select(point => point.At("value").GetDouble()));
    }

    [Fact]
    public async Task Trials_are_searched_like_runs()
    {
        var found = await _server.PostAsync("runs/search", new
        {
            experiment_ids = new[] { _experiment },
            filter = "metrics.loss < 5 AND tags.hone.state = 'Complete' AND status = 'FINISHED'",
            order_by = new[] { "metrics.loss" },
        });

        Assert.Equal("trial 1", found.Text("runs.0.info.run_name"));
    }

    [Fact]
    public async Task What_the_tuner_writes_a_client_cannot_change()
    {
        var trial = (await TrialsAsync())[1].Text("info.run_id")!;
        var reason = $"The run {trial} is trial 2 of a study. Its tuner writes it; only tags can be set from outside. "
            + "A training program reports to its tuner by HONE_REPORT_URL or on standard output.";

        foreach (var (path, body) in new (string, object)[]
        {
            ("runs/log-metric", new { run_id = trial, key = "loss", value = 0, timestamp = 1 }),
            ("runs/log-batch", new { run_id = trial, metrics = new[] { new { key = "loss", value = 0, timestamp = 1 } } }),
            ("runs/log-parameter", new { run_id = trial, key = "new", value = "1" }),
            ("runs/update", new { run_id = trial, status = "FINISHED" }),
            ("runs/delete", new { run_id = trial }),
        })
        {
            Assert.Equal((400, "INVALID_PARAMETER_VALUE", reason), await _server.RefusalAsync(HttpMethod.Post, path, body));
        }

        Assert.Equal(500, (await _server.RefusalAsync(HttpMethod.Post, "experiments/delete", new { experiment_id = _experiment })).Status);
        Assert.Equal(500, (await _server.RefusalAsync(HttpMethod.Post, "experiments/update", new { experiment_id = _experiment, new_name = "x" })).Status);
    }

    [Fact]
    public async Task Tags_and_runs_beside_the_trials_leave_the_journal_as_it_is()
    {
        var before = await EventText.OfAsync(_journal);
        var trial = (await TrialsAsync())[1].Text("info.run_id")!;
        await _server.PostAsync("runs/set-tag", new { run_id = trial, key = "mlflow.runName", value = "favourite" });
        var beside = await _server.NewRunAsync(_experiment, "beside");
        await _server.LogAsync(beside, "loss", -1);
        await _server.PostAsync("runs/log-parameter", new { run_id = beside, key = "unknown to the study", value = "1" });

        await _journal.WriteAsync(Some.Ended(2, 7), Some.Proposed(3), Some.Started(3));

        Assert.Equal(before, (await EventText.OfAsync(_journal)).Take(before.Count));
        var study = await _store.ReadBestAsync("tuned");
        Assert.Equal((3, 1), (study!.Study.Trials, study.Trials[0].Number));
        Assert.Equal(["favourite", "beside"], (await TrialsAsync()).Select(run => run.Text("info.run_name")).Where(name => !name!.StartsWith("trial", StringComparison.Ordinal)));
    }

    private async Task<List<JsonElement>> TrialsAsync() =>
        [.. (await _server.PostAsync("runs/search", new { experiment_ids = new[] { _experiment }, order_by = new[] { "run_id" } })).At("runs").EnumerateArray()];
}

public sealed class SqliteTrialTests() : TrialTests(StoreKind.Sqlite);

public sealed class PostgresTrialTests() : TrialTests(StoreKind.Postgres);
