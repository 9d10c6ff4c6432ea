using System.Globalization;
using System.Text.RegularExpressions;
using Hone.Tracking.Access;
using Hone.Tracking.Telemetry;
using Hone.Tracking.Tests.Access;
using Hone.Tracking.Tests.Rest;

namespace Hone.Tracking.Tests.Telemetry;

public sealed class TelemetryTests
{
    private const string Run = "method=\"POST\",route=\"/api/2.0/mlflow/runs/log-metric\"";

    [Fact]
    public async Task Requests_are_counted_by_route_and_status()
    {
        await using var server = await RestServer.StartAsync();
        var run = await server.NewRunAsync();
        for (var i = 0; i < 5; i++)
        {
            await server.LogAsync(run, "m", i, i);
        }

        await server.SendAsync(HttpMethod.Post, "/ajax-api/2.0/mlflow/runs/log-metric", "{}");
        await server.SendAsync(HttpMethod.Get, "/nowhere/secret", null);

        // A request is counted after it was answered.
        Dictionary<string, double> values;
        do
        {
            values = await ValuesAsync(server);
        }
        while (values["hone_http_requests_in_flight"] > 1 || !values.ContainsKey("""hone_http_requests_total{method="",route="none",status="404"}"""));

        Assert.Equal(5, values[$$"""hone_http_requests_total{{{Run}},status="200"}"""]);
        Assert.Equal(1, values[$$"""hone_http_requests_total{{{Run}},status="400"}"""]);
        Assert.Equal(1, values["""hone_http_requests_total{method="",route="none",status="404"}"""]);
        Assert.Equal(6, values[$$"""hone_http_request_duration_seconds_bucket{{{Run}},le="+Inf"}"""]);
        Assert.Equal(6, values[$$"""hone_http_request_duration_seconds_count{{{Run}}}"""]);
        Assert.Equal(6, values["hone_commit_changes_sum"]);
        Assert.Equal(6, values["hone_commit_changes_count"]);
        Assert.InRange(values["hone_http_request_bytes_total"], 400, 5_000);
        Assert.InRange(values["hone_http_response_bytes_total"], 400, 50_000);
        Assert.InRange(values["hone_store_bytes"], 10_000, 10_000_000);
        Assert.InRange(values["process_cpu_seconds_total"], 0.01, double.MaxValue);
        Assert.InRange(values["process_resident_memory_bytes"], 1e6, 1e12);
        Assert.DoesNotContain(values.Keys, key => key.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_line_is_one_that_prometheus_reads()
    {
        await using var server = await RestServer.StartAsync();
        await server.NewRunAsync();

        using var response = await server.Http.GetAsync("/metrics");
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.All(text.TrimEnd('\n').Split('\n'), line => Assert.Matches(
            """^(# HELP [a-z_]+ .+|# TYPE [a-z_]+ (counter|gauge|histogram)|[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [0-9.E+-]+)$""", line));
        var types = Regex.Matches(text, "# TYPE ([a-z_]+) ").Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(types.Count, types.Distinct().Count());
    }

    [Fact]
    public async Task Metrics_are_told_to_this_machine_and_to_admins()
    {
        await using var server = await TeamServer.StartAsync();
        server.Add("ann", Role.Writer);

        Assert.Equal(200, (await server.TextAsync(null, "GET", "/metrics")).Status);
        server.Http.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.5");
        Assert.Equal(401, (await server.TextAsync(null, "GET", "/metrics")).Status);
        Assert.Equal(403, (await server.SendAsync("ann", "GET", "/metrics")).Status);
        Assert.Equal(200, (await server.SendAsync("root", "GET", "/metrics")).Status);
    }

    [Fact]
    public async Task A_server_that_serves_everybody_tells_its_metrics_to_this_machine_alone()
    {
        await using var server = await RestServer.StartAsync(change: options => options with { IsOpen = true, Proxies = ["127.0.0.1"] });
        Assert.Equal(200, (int)(await server.SendAsync(HttpMethod.Get, "experiments/get?experiment_id=0", null)).Status);
        server.Http.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.5");

        Assert.Equal(403, (await server.RefusalAsync(HttpMethod.Get, "/metrics", null)).Status);
    }

    [Fact]
    public async Task Spans_and_metrics_reach_a_collector_and_hold_no_secret()
    {
        using var collector = new Collector();
        string token;
        await using (var server = await TeamServer.StartAsync(change: options => options with { Collector = collector.Address, CollectorInterval = TimeSpan.FromMilliseconds(100) }))
        {
            token = server.TokenOf("root");
            server.Http.DefaultRequestHeaders.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
            await server.AnswerAsync("root", "GET", "experiments/get?experiment_id=0&secret=hunter2");
            await server.TextAsync(TeamServer.Basic("root", "hunter2"), "GET", "experiments/get?experiment_id=0");
            await collector.WaitAsync("/v1/traces", "GET /api/2.0/mlflow/experiments/get");
            await collector.WaitAsync("/v1/metrics", "http.server.request.duration");
        }

        var (spans, metrics) = (collector.Texts("/v1/traces"), collector.Texts("/v1/metrics"));
        Assert.Contains("hone-server", spans, StringComparison.Ordinal);
        Assert.Contains(ServerMeter.Name, spans, StringComparison.Ordinal);
        Assert.Contains("http.response.status_code", spans, StringComparison.Ordinal);
        Assert.Contains("hone.store.commits", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", spans + metrics, StringComparison.Ordinal);
        Assert.DoesNotContain(token, spans + metrics, StringComparison.Ordinal);
    }

    [Fact]
    public void A_distribution_counts_each_value_once()
    {
        var random = new Random(3);
        var values = Enumerable.Range(0, 1_000).Select(_ => random.NextDouble() * 12).ToArray();
        var distribution = new Distribution([1, 2, 4, 8]);
        Parallel.ForEach(values, distribution.Add);
        distribution.Add(4);

        double[] bounds = [1, 2, 4, 8, double.PositiveInfinity];
        Assert.Equal(bounds.Select(bound => (long)values.Append(4).Count(value => value <= bound)), distribution.Cumulated());
        Assert.Equal(values.Sum() + 4, distribution.Sum, 1e-6);
    }

    private static async Task<Dictionary<string, double>> ValuesAsync(RestServer server) =>
        (await server.Http.GetStringAsync("/metrics")).TrimEnd('\n').Split('\n').Where(line => line[0] != '#')
        .ToDictionary(line => line[..line.LastIndexOf(' ')], line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
}
