using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Hone.Tracking.Rest;
using Hone.Tracking.Store;
using Hone.Tracking.Tests.Store;

namespace Hone.Tracking.Tests.Rest;

public sealed class ServerTests : IAsyncLifetime
{
    private RestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RestServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("/health", "OK")]
    [InlineData("/version", "3.11.0")]
    public async Task It_says_that_it_is_there_and_which_protocol_it_speaks(string path, string expected) =>
        Assert.Equal(expected, await _server.Http.GetStringAsync(path));

    [Theory]
    [InlineData("localhost", 200)]
    [InlineData("localhost:1234", 200)]
    [InlineData("127.0.0.1", 200)]
    [InlineData("[::1]:80", 200)]
    [InlineData("10.1.2.3", 200)]
    [InlineData("attacker.example", 403)]
    [InlineData("localhost.attacker.example", 403)]
    [InlineData("127.0.0.1.attacker.example:5000", 403)]
    public async Task A_name_that_is_not_its_own_is_refused(string host, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/2.0/mlflow/experiments/get?experiment_id=0");
        request.Headers.Host = host;

        using var response = await _server.Http.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data")]
    [InlineData(null)]
    public async Task A_body_that_a_page_of_another_site_could_send_is_refused(string? type)
    {
        using var content = new ByteArrayContent("""{"name":"forged"}"""u8.ToArray());
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);

        using var response = await _server.Http.PostAsync("/api/2.0/mlflow/experiments/create", content);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(404, (await _server.RefusalAsync(HttpMethod.Get, "experiments/get-by-name?experiment_name=forged", null)).Status);
    }

    [Fact]
    public async Task No_page_of_another_site_is_told_anything()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/2.0/mlflow/experiments/get?experiment_id=0");
        request.Headers.Add("Origin", "https://attacker.example");

        using var response = await _server.Http.SendAsync(request);

        Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused_before_it_is_read()
    {
        var refusal = await _server.RefusalAsync(HttpMethod.Post, "runs/log-batch", new string(' ', 17 << 20));

        Assert.Equal((413, "BAD_REQUEST"), (refusal.Status, refusal.Code));
    }

    [Fact]
    public async Task A_long_but_lawful_batch_in_small_pieces_is_taken()
    {
        var run = await _server.NewRunAsync();
        var body = $$"""{"run_id":"{{run}}","tags":[{{string.Join(',', Enumerable.Range(0, 100).Select(i => $$"""{"key":"k{{i}}","value":"{{new string('☃', 8000)}}"}"""))}}]}""";
        using var content = new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes(body)), bufferSize: 1000);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/2.0/mlflow/runs/log-batch") { Content = content };
        request.Headers.TransferEncodingChunked = true;

        using var response = await _server.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(101, (await _server.RunAsync(run)).At("data.tags").GetArrayLength());
    }

    [Fact]
    public async Task Many_clients_at_once_lose_nothing()
    {
        var run = await _server.NewRunAsync();
        await Parallel.ForEachAsync(Enumerable.Range(0, 8), async (client, _) =>
        {
            for (var step = 0; step < 50; step++)
            {
                await _server.LogAsync(run, $"m{client}", step, step, step);
            }
        });

        var metrics = (await _server.RunAsync(run)).At("data.metrics").EnumerateArray().ToList();
        Assert.Equal(8, metrics.Count);
        Assert.All(metrics, metric => Assert.Equal(49, metric.At("step").GetInt64()));
        for (var client = 0; client < 8; client++)
        {
            Assert.Equal(50, (await _server.GetAsync($"metrics/get-history?run_id={run}&metric_key=m{client}")).At("metrics").GetArrayLength());
        }
    }

    [Fact]
    public async Task A_refused_request_leaves_those_beside_it_alone()
    {
        var run = await _server.NewRunAsync();
        await Parallel.ForEachAsync(Enumerable.Range(0, 8), async (client, _) =>
        {
            for (var i = 0; i < 25; i++)
            {
                if (client % 2 == 0)
                {
                    await _server.LogAsync(run, "m", i, (client * 100) + i);
                }
                else
                {
                    Assert.Equal(404, (await _server.RefusalAsync(
                        HttpMethod.Post, "runs/log-metric", new { run_id = new string('0', 32), key = "m", value = 1, timestamp = 1 })).Status);
                }
            }
        });

        Assert.Equal(100, (await _server.GetAsync($"metrics/get-history?run_id={run}&metric_key=m")).At("metrics").GetArrayLength());
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told()
    {
        using var folder = new TemporaryFolder();
        var options = new TrackingServerOptions { Store = folder.Store, Port = _server.Address.Port };

        var wrong = await Assert.ThrowsAsync<TrackingServerException>(() => TrackingServer.StartAsync(options, TimeProvider.System));

        Assert.Equal(
            $"Another program listens on 127.0.0.1:{options.Port}. End it, or name another port with --port; --port 0 takes a free one.", wrong.Message);
    }

    [Fact]
    public async Task A_store_that_is_none_is_told()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.Store, "no database, but long enough to be taken for one by its size alone");

        await Assert.ThrowsAsync<StudyStoreException>(
            () => TrackingServer.StartAsync(new TrackingServerOptions { Store = folder.Store, Port = 0 }, TimeProvider.System));
    }

    [Fact]
    public async Task The_log_is_folded_back_into_the_file_while_clients_read_and_write()
    {
        var run = await _server.NewRunAsync();
        for (var batch = 0; batch < 150; batch++)
        {
            var first = batch * 1000;
            await _server.PostAsync("runs/log-batch", new
            {
                run_id = run,
                metrics = Enumerable.Range(first, 1000).Select(i => new { key = $"m{i % 10}", value = i / 7.0, timestamp = i, step = i }),
            });
            await _server.RunAsync(run);
        }

        // The log's own limit is 8 MB; one that is never folded back would hold 20.
        Assert.InRange(new FileInfo(_server.StorePath + "-wal").Length, 0, 12 << 20);
    }
}
