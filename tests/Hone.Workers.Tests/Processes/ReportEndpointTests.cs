using System.Net;
using System.Text;
using Hone.Tuning;

namespace Hone.Workers.Tests.Processes;

public sealed class ReportEndpointTests
{
    private static readonly HttpClient Client = new();

    [Fact]
    public async Task A_program_reports_by_POST_and_hears_when_its_report_is_durable()
    {
        await using var run = new PoolRun(
            """
            python3 -c 'import os, urllib.request as u; print(u.urlopen(u.Request(os.environ["HONE_REPORT_URL"], b"{{\"step\": 4, \"loss\": NaN}}")).status)'
            """);

        var ended = await run.RunAsync();

        Assert.Equal(AttemptOutcome.Succeeded, ended.Outcome);
        Assert.Equal("200\n", run.Log());
        var report = run.Steps.Single();
        Assert.Equal((4, "loss", double.NaN), (report.Step, report.Values[0].Metric, report.Values[0].Value));
        Assert.Contains(report.Values, v => v.Metric == "system/memory_megabytes");
    }

    [Fact]
    public async Task The_answer_waits_until_the_report_is_committed()
    {
        await using var run = await Running();
        var answer = PostAsync(run, """{"step": 1, "loss": 2}""");
        AttemptReported? report = null;
        while (report?.Step is null)
        {
            report = await run.NextAsync(commit: false) as AttemptReported;
        }

        Assert.False(answer.IsCompleted);
        report.Committed!();

        Assert.Equal((HttpStatusCode.OK, "taken\n"), await answer);
    }

    [Fact]
    public async Task An_array_is_taken_in_order_and_committed_with_its_last()
    {
        await using var run = await Running();
        var answer = PostAsync(run, """[{"step": 1}, {"step": 2, "a": Infinity}, {"step": 3}]""");

        await run.ReportAsync();
        await run.ReportAsync();
        await run.ReportAsync();

        Assert.Equal(HttpStatusCode.OK, (await answer).Status);
        Assert.Equal([1, 2, 3], run.Steps.Select(r => r.Step!.Value));
        Assert.Equal([false, false, true], run.Steps.Select(r => r.Committed is not null));
    }

    [Theory]
    [InlineData("", "not JSON: ")]
    [InlineData("{", "not JSON: ")]
    [InlineData("{\"step\": 1} x", "not JSON: ")]
    [InlineData("{\"\\ud800\": 1, \"step\": 1}", "not JSON: ")]
    [InlineData("{\"loss\": 1}", "expected an object with the key \"step\", or an array of them")]
    [InlineData("[{\"step\": 1}, 5]", "expected an object with the key \"step\", or an array of them")]
    [InlineData("3", "expected an object with the key \"step\", or an array of them")]
    [InlineData("{\"step\": -3}", "a step is a whole number from 0, not -3")]
    [InlineData("[{\"step\": 1}, {\"step\": 1.5}]", "a step is a whole number from 0, not 1.5")]
    public async Task What_is_not_a_report_is_answered_400_with_the_reason_and_nothing_is_taken(string body, string reason)
    {
        await using var run = await Running();

        var (status, message) = await PostAsync(run, body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.StartsWith(reason, message, StringComparison.Ordinal);
        run.Pool.Stop(1, 1, force: true);
        await run.EndAsync();
        Assert.Empty(run.Steps);
    }

    [Fact]
    public async Task Only_the_right_address_method_host_and_size_are_taken()
    {
        await using var run = await Running();
        var url = Url(run);

        Assert.Equal(HttpStatusCode.NotFound, (await Client.PostAsync(new Uri(url, "/report/" + new string('0', 64)), null)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Client.PostAsync(new Uri(url, "/"), null)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Client.PostAsync(new Uri(url + "x"), null)).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await Client.GetAsync(url)).StatusCode);
        using var elsewhere = new HttpRequestMessage(HttpMethod.Post, url) { Headers = { Host = "evil.example:80" } };
        Assert.Equal(HttpStatusCode.Forbidden, (await Client.SendAsync(elsewhere)).StatusCode);
        using var large = new StringContent(new string(' ', 1_000_001));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await Client.PostAsync(url, large)).StatusCode);
    }

    [Fact]
    public async Task After_the_end_of_the_attempt_the_answer_is_410()
    {
        await using var run = await Running();
        run.Pool.Stop(1, 1);
        await run.EndAsync();

        Assert.Equal((HttpStatusCode.Gone, "the trial has ended\n"), await PostAsync(run, """{"step": 1}"""));
    }

    [Fact]
    public async Task Each_attempt_has_an_address_of_its_own()
    {
        await using var run = new PoolRun("echo $HONE_REPORT_URL");

        await run.RunAsync(1);
        await run.RunAsync(2);

        Assert.NotEqual(run.Log(1), run.Log(2));
        Assert.Equal(64 + "/report/".Length, new Uri(run.Log(1)).AbsolutePath.Length);
    }

    [Fact]
    public async Task A_pool_that_is_disposed_answers_who_still_waits()
    {
        await using var run = await Running();
        var answer = PostAsync(run, """{"step": 1}""");
        while (await run.NextAsync(commit: false) is not AttemptReported { Step: not null })
        {
        }

        await run.DisposePoolAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await answer).Status);
    }

    private static async Task<PoolRun> Running()
    {
        var run = new PoolRun("echo $HONE_REPORT_URL > url.part; mv url.part url; sleep 1000");
        run.Start();
        await Eventually.HoldsAsync(() => File.Exists(run.InRoot("url")));
        return run;
    }

    private static Uri Url(PoolRun run) => new(File.ReadAllText(run.InRoot("url")).Trim());

    private static async Task<(HttpStatusCode Status, string Message)> PostAsync(PoolRun run, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await Client.PostAsync(Url(run), content);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
