using System.Text.Json;
using Hone.Tracking.Tests.Store;

namespace Hone.Tracking.Tests.Rest;

public abstract class LoggingTests(StoreKind kind) : IAsyncLifetime
{
    private const long At = 1_700_000_000_000;
    private RestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RestServer.StartAsync(kind: kind);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("0.25", "0.25")]
    [InlineData("-3", "-3")]
    [InlineData("1e-300", "1E-300")]
    [InlineData("\"NaN\"", "\"NaN\"")]
    [InlineData("\"Infinity\"", "\"Infinity\"")]
    [InlineData("\"-Infinity\"", "\"-Infinity\"")]
    [InlineData("\"0.5\"", "0.5")]
    [InlineData("5e-324", "5E-324")]
    [InlineData("1.7976931348623157e308", "1.7976931348623157E+308")]
    public async Task A_value_comes_back_as_it_was_logged(string sent, string expected)
    {
        var run = await _server.NewRunAsync();
        await _server.PostAsync("runs/log-metric", $$"""{"run_id":"{{run}}","key":"m","value":{{sent}},"timestamp":"{{At}}","step":"7"}""");

        var metric = $$"""{"key":"m","value":{{expected}},"timestamp":{{At}},"step":7}""";
        Assert.Equal($"[{metric}]", (await _server.RunAsync(run)).At("data.metrics").GetRawText());
        Assert.Equal($"[{metric}]", (await HistoryAsync(run, "m")).At("metrics").GetRawText());
    }

    [Theory]
    [InlineData("0:1:5 1:1:4", "4")]
    [InlineData("1:1:4 0:1:5", "4")]
    [InlineData("1:2:4 1:1:5", "4")]
    [InlineData("1:1:4 1:1:5", "5")]
    [InlineData("-2:1:4 -1:1:5", "5")]
    [InlineData("1:1:NaN 1:1:-5", "NaN")]
    [InlineData("1:1:-5 1:1:NaN", "NaN")]
    public async Task The_last_value_is_that_of_the_highest_step_then_time_then_value(string logged, string expected)
    {
        var each = await _server.NewRunAsync();
        var batch = await _server.NewRunAsync();
        var metrics = new List<object>();
        foreach (var point in logged.Split(' '))
        {
            var parts = point.Split(':');
            metrics.Add(new { key = "m", value = parts[2], timestamp = At + long.Parse(parts[1]), step = long.Parse(parts[0]) });
            await _server.LogAsync(each, "m", parts[2], long.Parse(parts[0]), At + long.Parse(parts[1]));
        }

        await _server.PostAsync("runs/log-batch", new { run_id = batch, metrics });
        Assert.Equal(expected, (await _server.RunAsync(each)).At("data.metrics.0.value").ToString());
        Assert.Equal(expected, (await _server.RunAsync(batch)).At("data.metrics.0.value").ToString());
    }

    [Fact]
    public async Task What_is_logged_twice_is_there_once_and_another_value_at_the_same_step_is_kept()
    {
        var run = await _server.NewRunAsync();
        foreach (var value in new object[] { 1.5, 1.5, "NaN", "NaN", 2.5, "Infinity" })
        {
            await _server.LogAsync(run, "m", value, 3);
        }

        var values = (await HistoryAsync(run, "m")).At("metrics").EnumerateArray().Select(metric => metric.At("value").ToString());
        Assert.Equal(["1.5", "2.5", "Infinity", "NaN"], values);
    }

    [Fact]
    public async Task A_batch_has_metrics_parameters_and_tags()
    {
        var run = await _server.NewRunAsync(name: "n");

        await _server.PostAsync("runs/log-batch", new
        {
            run_id = run,
            metrics = new[] { new { key = "a", value = 1.0, timestamp = At, step = 0 }, new { key = "b", value = 2.0, timestamp = At, step = 1 } },
            @params = new[] { new { key = "p", value = new string('x', 7_000) }, new { key = "q", value = "" } },
            tags = new[] { new { key = "t", value = "1" }, new { key = "t", value = "2" }, new { key = "mlflow.runName", value = "named" } },
            nothing = new { known = new[] { 1 } },
        });

        var read = await _server.RunAsync(run);
        Assert.Equal("a=1 b=2", read.At("data.metrics").Pairs());
        Assert.Equal($"p={new string('x', 6_000)} q=", read.At("data.params").Pairs());
        Assert.Equal("mlflow.runName=named t=2", read.At("data.tags").Pairs());
        Assert.Equal("named", read.Text("info.run_name"));
    }

    [Fact]
    public async Task A_batch_that_is_refused_leaves_nothing_behind()
    {
        var run = await _server.NewRunAsync(name: "n");
        await _server.PostAsync("runs/log-parameter", new { run_id = run, key = "p", value = "1" });
        var before = (await _server.RunAsync(run)).GetRawText();

        Assert.Equal(400, (await _server.RefusalAsync(HttpMethod.Post, "runs/log-batch", new
        {
            run_id = run,
            metrics = new[] { new { key = "new", value = 1.0, timestamp = At } },
            @params = new[] { new { key = "o", value = "1" }, new { key = "p", value = "2" } },
            tags = new[] { new { key = "t", value = "1" } },
        })).Status);

        Assert.Equal(before, (await _server.RunAsync(run)).GetRawText());
    }

    [Theory]
    [InlineData(1001, 0, 0, "A batch logging request can contain at most 1000 metrics. Got more than 1000 metrics. Please split up metrics across multiple requests and try again.")]
    [InlineData(0, 101, 0, "A batch logging request can contain at most 100 params. Got more than 100 params. Please split up params across multiple requests and try again.")]
    [InlineData(0, 0, 101, "A batch logging request can contain at most 100 tags. Got more than 100 tags. Please split up tags across multiple requests and try again.")]
    [InlineData(900, 51, 50, "A batch logging request can contain at most 1000 metrics, params, and tags. Got 1001 metrics, params, and tags. Please split up metrics, params, and tags across multiple requests and try again.")]
    public async Task A_batch_has_limits(int metrics, int parameters, int tags, string message) => Assert.Equal(
        (400, "INVALID_PARAMETER_VALUE", message),
        await _server.RefusalAsync(HttpMethod.Post, "runs/log-batch", new
        {
            run_id = await _server.NewRunAsync(),
            metrics = Enumerable.Range(0, metrics).Select(i => new { key = "m", value = i, timestamp = At, step = i }),
            @params = Enumerable.Range(0, parameters).Select(i => new { key = $"p{i}", value = "" }),
            tags = Enumerable.Range(0, tags).Select(i => new { key = $"t{i}", value = "" }),
        }));

    [Theory]
    [InlineData("""{"key":"m","timestamp":1}""", "Missing value for required parameter 'value'. See the API docs for more information about request parameters.")]
    [InlineData("""{"key":"m","value":1}""", "Missing value for required parameter 'timestamp'. See the API docs for more information about request parameters.")]
    [InlineData("""{"value":1,"timestamp":1}""", "Metric name cannot be None. A key name must be provided.")]
    [InlineData("""{"key":"m","value":true,"timestamp":1}""", "Invalid value true for parameter 'value' supplied: Value was not of type 'double'. See the API docs for more information about request parameters.")]
    [InlineData("""{"key":"m","value":1,"timestamp":1,"step":1.5}""", "Invalid value 1.5 for parameter 'step' supplied: Value was not of type 'integer'. See the API docs for more information about request parameters.")]
    [InlineData("""{"key":"\ud800","value":1,"timestamp":1}""", "Invalid value \\ud800 for parameter 'key' supplied: Value was not of type 'string'. See the API docs for more information about request parameters.")]
    public async Task A_metric_that_is_malformed_is_told_the_same_alone_and_in_a_batch(string metric, string message)
    {
        var run = await _server.NewRunAsync();

        Assert.Equal(message, (await _server.RefusalAsync(HttpMethod.Post, "runs/log-metric", $$"""{"run_id":"{{run}}",{{metric[1..]}}""")).Message);
        Assert.Equal(message, (await _server.RefusalAsync(
            HttpMethod.Post,
            "runs/log-batch",
            $$"""{"run_id":"{{run}}","metrics":[{"key":"m","value":1,"timestamp":1},{{metric}}]}""")).Message);
        Assert.Equal("{}", (await HistoryAsync(run, "m")).GetRawText());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{}x")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"run_id":{}}""")]
    [InlineData("""{"\ud800":1}""")]
    [InlineData("""{"run_id":"x","\udfff_id":"y","metrics":{}}""")]
    [InlineData("""{"run_id":"x","metrics":{}}""")]
    [InlineData("""{"run_id":"x","metrics":[1]}""")]
    [InlineData("""{"run_id":"x","metrics":[{"key":"a","value":1,"timestamp":1}}""")]
    public async Task A_body_that_is_no_request_is_refused(string body)
    {
        Assert.Equal(400, (await _server.RefusalAsync(HttpMethod.Post, "runs/log-batch", body)).Status);
        Assert.InRange((await _server.RefusalAsync(HttpMethod.Post, "runs/log-metric", body)).Status, 400, 404);
    }

    [Fact]
    public async Task A_history_is_read_by_pages_or_as_a_whole_in_the_order_of_time()
    {
        var run = await _server.NewRunAsync();
        for (var batch = 0; batch < 60; batch++)
        {
            var first = batch * 1000;
            await _server.PostAsync("runs/log-batch", new
            {
                run_id = run,
                metrics = Enumerable.Range(first, 1000).Select(i => new { key = "loss", value = i / 7.0, timestamp = At + (60_000 - i), step = i }),
            });
        }

        var whole = (await HistoryAsync(run, "loss")).At("metrics");
        Assert.Equal(Enumerable.Range(0, 60_000).Select(i => 59_999L - i), whole.EnumerateArray().Select(point => point.At("step").GetInt64()));
        var paged = new List<long>();
        string? token = null;
        do
        {
            var page = await HistoryAsync(run, "loss", $"&max_results=17000&page_token={token}");
            paged.AddRange(page.At("metrics").EnumerateArray().Select(point => point.At("step").GetInt64()));
            token = page.Has("next_page_token") ? page.Text("next_page_token") : null;
        }
        while (token is not null);
        Assert.Equal(Enumerable.Range(0, 60_000).Select(i => 59_999L - i), paged);
        Assert.Equal(30_000, (await HistoryAsync(run, "loss", "&max_results=30000")).At("metrics").GetArrayLength());
    }

    [Fact]
    public async Task Histories_of_several_runs_are_read_at_once_and_as_samples_with_their_ends()
    {
        var runs = new[] { await _server.NewRunAsync(), await _server.NewRunAsync() };
        for (var i = 0; i < 2; i++)
        {
            await _server.PostAsync("runs/log-batch", new
            {
                run_id = runs[i],
                metrics = Enumerable.Range(0, 100).Select(step => new { key = "m", value = step, timestamp = At + step, step = (step * 2) + i }),
            });
        }

        var ids = $"run_id={runs[0]}&run_id={runs[1]}";
        var bulk = (await _server.GetAsync($"/ajax-api/2.0/mlflow/metrics/get-history-bulk?{ids}&metric_key=m&max_results=150")).At("metrics");
        Assert.Equal((150, runs[0], runs[1]), (bulk.GetArrayLength(), bulk.Text("0.run_id"), bulk.Text("149.run_id")));

        var interval = $"metrics/get-history-bulk-interval?run_ids={runs[0]}&run_ids={runs[1]}&metric_key=m";
        var sample = (await _server.GetAsync($"{interval}&max_results=10")).At("metrics").EnumerateArray().ToList();
        Assert.Equal([0, 1, 20, 40, 60, 80, 100, 120, 140, 160, 180, 198, 199], sample.Select(point => point.At("step").GetInt64()).Order());
        var part = (await _server.GetAsync($"{interval}&start_step=10&end_step=12")).At("metrics").EnumerateArray();
        Assert.Equal([10, 12, 11], part.Select(point => point.At("step").GetInt64()));
        Assert.Equal(
            "If either start step or end step are specified, both must be specified.",
            (await _server.RefusalAsync(HttpMethod.Get, $"{interval}&start_step=10", null)).Message);
    }

    [Fact]
    public async Task What_was_acknowledged_is_there_after_a_restart()
    {
        var run = await _server.NewRunAsync();
        await _server.LogAsync(run, "m", 1.5);
        var before = (await _server.RunAsync(run)).GetRawText();

        await _server.RestartAsync();

        Assert.Equal(before, (await _server.RunAsync(run)).GetRawText());
    }

    private Task<JsonElement> HistoryAsync(string run, string key, string more = "") =>
        _server.GetAsync($"metrics/get-history?run_id={run}&run_uuid={run}&metric_key={key}{more}");
}

public sealed class SqliteLoggingTests() : LoggingTests(StoreKind.Sqlite);

public sealed class PostgresLoggingTests() : LoggingTests(StoreKind.Postgres);
