using System.Net;
using System.Text;

namespace Hone.Cli.Tests.Mlflow;

/// <summary>Who may ask the server in a tuner: a program with its trial's address, from this machine, as long as the trial runs.</summary>
public sealed class TrialAccessTests
{
    private static readonly HttpClient Http = new();

    [Fact]
    public async Task Nothing_is_answered_without_the_secret_of_a_trial()
    {
        await using var study = await ServedStudy.StartAsync();
        var program = await study.ProgramAsync();
        var address = new Uri(program.TrackingUri);
        var secret = address.Segments[^1];
        var wrong = secret[..^1] + (secret[^1] == '0' ? '1' : '0');

        foreach (var path in new[]
        {
            "/api/2.0/mlflow/experiments/get?experiment_id=0", "/health", "/", "/mlflow", "/mlflow/", "/mlflow//api/2.0/mlflow/experiments/get?experiment_id=0",
            $"/mlflow/{wrong}/health", $"/mlflow/{secret}0/health", $"/mlflow/{secret[..^1]}/health", $"/report/{secret}/health", $"/%6dlflow/{secret}/health",
            $"/mlflow/{wrong}/../{secret[..^1]}/health",
        })
        {
            using var answer = await Http.GetAsync(AsItStands(address.GetLeftPart(UriPartial.Authority) + path));
            Assert.True(answer.StatusCode == HttpStatusCode.NotFound, $"{path}: {answer.StatusCode}");
        }

        using var right = await Http.GetAsync(new Uri($"{program.TrackingUri}/health"));
        Assert.Equal("OK", await right.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_page_of_another_site_is_refused()
    {
        await using var study = await ServedStudy.StartAsync();
        var program = await study.ProgramAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{program.TrackingUri}/health")) { Headers = { Host = "evil.example:80" } };

        using var answer = await Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task A_trial_cannot_log_values_of_another()
    {
        await using var study = await ServedStudy.StartAsync(trials: 2, slots: 2);
        var (first, second) = (await study.ProgramAsync(1), await study.ProgramAsync(2));

        foreach (var (path, body) in new (string, object)[]
        {
            ("runs/log-metric", new { run_id = second.RunId, key = "loss", value = 0, timestamp = 1 }),
            ("runs/log-batch", new { run_id = second.RunId, metrics = new[] { new { key = "loss", value = 0, timestamp = 1 } } }),
            ("runs/log-parameter", new { run_id = second.RunId, key = "new", value = "1" }),
            ("runs/update", new { run_id = second.RunId, status = "FINISHED" }),
        })
        {
            var (status, _, message) = await first.RefusalAsync(HttpMethod.Post, path, body);
            Assert.Equal(400, status);
            Assert.StartsWith($"The run {second.RunId} is trial 2 of a study. Its tuner writes it;", message, StringComparison.Ordinal);
        }

        Assert.Equal("", await study.HistoryAsync("loss", trial: 2));
    }

    [Theory]
    [InlineData("../../../hone.db", HttpStatusCode.NotFound)]
    [InlineData("../1/hone.db", HttpStatusCode.BadRequest)]
    [InlineData("..%2f..%2f..%2fhone.db", HttpStatusCode.BadRequest)]
    [InlineData("%252e%252e/hone.db", HttpStatusCode.BadRequest)]
    [InlineData("%2fetc/passwd", HttpStatusCode.BadRequest)]
    public async Task Files_are_confined_to_the_folder_of_artifacts(string path, HttpStatusCode expected)
    {
        await using var study = await ServedStudy.StartAsync();
        var program = await study.ProgramAsync();

        using var content = new ByteArrayContent([1, 2, 3]);
        using var answer = await Http.PutAsync(AsItStands($"{program.TrackingUri}/api/2.0/mlflow-artifacts/artifacts/1/{path}"), content);

        Assert.Equal(expected, answer.StatusCode);
        Assert.False(Directory.Exists(Path.Combine(study.Folder, "artifacts", "1")));
    }

    [Fact]
    public async Task Requests_have_the_limits_of_a_server()
    {
        await using var study = await ServedStudy.StartAsync();
        var program = await study.ProgramAsync();

        using var large = new StringContent($"{{\"run_id\": \"{new string('x', 17 << 20)}\"}}", Encoding.UTF8, "application/json");
        using var tooLarge = await Http.PostAsync(new Uri($"{program.TrackingUri}/api/2.0/mlflow/runs/log-metric"), large);
        using var plain = new StringContent("{}", Encoding.UTF8, "text/plain");
        using var notJson = await Http.PostAsync(new Uri($"{program.TrackingUri}/api/2.0/mlflow/runs/log-metric"), plain);
        var tooMany = await program.RefusalAsync(HttpMethod.Post, "runs/log-batch", new
        {
            run_id = program.RunId,
            metrics = Enumerable.Range(1, 1001).Select(step => new { key = "loss", value = 1, timestamp = 1, step }),
        });

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.BadRequest, 400), (tooLarge.StatusCode, notJson.StatusCode, tooMany.Status));
        Assert.Equal("", await study.HistoryAsync("loss"));
    }

    // What .NET makes of a path has lost its dots.
    private static Uri AsItStands(string address) => new(address, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
}
