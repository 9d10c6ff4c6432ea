using System.Net;
using Hone.Trials;
using Hone.Tuning;
using Hone.Workers.Processes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Hone.Workers.Tests.Processes;

/// <summary>What a trial's program can ask for beside sending reports.</summary>
public sealed class TrialServiceTests
{
    private static readonly HttpClient Client = new();

    [Fact]
    public async Task A_program_is_told_the_address_of_its_service_and_the_service_sees_what_stands_behind_it()
    {
        await using var run = Serving("python3 -c 'import os, urllib.request as u; print(u.urlopen(os.environ[\"SERVICE\"] + \"/a%2fb/c?d=e\").read().decode())'", (_, context) =>
        {
            var sent = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
            return context.Response.WriteAsync($"{context.Request.Path} {sent} {context.Request.PathBase.Value!.Length}");
        });

        await run.RunAsync();

        Assert.Equal($"/a%2fb/c /a%2fb/c?d=e {"/mlflow/".Length + 64}\n", run.Log());
    }

    [Fact]
    public async Task What_the_service_takes_is_reported_step_by_step_and_done_when_it_is_durable()
    {
        IReadOnlyList<StepReport> reports = [new(1, [new("loss", 3)]), new(2, [new("loss", 2)]), new(null, [new("late", 1)])];
        await using var run = await RunningAsync((take, _) => take(reports, CancellationToken.None));
        var answer = Client.GetAsync(Url(run));

        var seen = new List<AttemptReported>();
        while (seen.Count < 3)
        {
            if (await run.NextAsync(commit: false) is AttemptReported reported && reported.Values.Any(value => value.Metric is "loss" or "late"))
            {
                seen.Add(reported);
            }
        }

        Assert.False(answer.IsCompleted);
        seen[2].Committed!();
        Assert.Equal(HttpStatusCode.OK, (await answer).StatusCode);
        Assert.Equal([1, 2, null], seen.Select(report => report.Step));
        Assert.Equal([false, true, false], seen.Select(report => report.Values.Any(value => value.Metric == "system/memory_megabytes")));
    }

    [Fact]
    public async Task A_pool_that_is_disposed_takes_no_more()
    {
        await using var run = await RunningAsync(async (take, context) =>
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => take([new(1, [])], CancellationToken.None));
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        });
        var answer = Client.GetAsync(Url(run));
        while (await run.NextAsync(commit: false) is not AttemptReported { Step: 1 })
        {
        }

        await run.DisposePoolAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await answer).StatusCode);
    }

    [Fact]
    public async Task A_body_has_no_limit_but_the_services_own()
    {
        await using var run = await RunningAsync(async (_, context) =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            await context.Response.WriteAsync($"{body.Length}");
        });

        using var content = new ByteArrayContent(new byte[3_000_000]);
        using var answer = await Client.PutAsync(Url(run), content);

        Assert.Equal("3000000", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task After_the_end_of_the_attempt_the_answer_is_410()
    {
        await using var run = await RunningAsync((_, _) => Task.CompletedTask);
        run.Pool.Stop(1, 1, force: true);
        await run.EndAsync();

        Assert.Equal(HttpStatusCode.Gone, (await Client.GetAsync(Url(run))).StatusCode);
    }

    private static PoolRun Serving(string command, Func<TakeReports, HttpContext, Task> answer) => new(command, with: options => options with
    {
        Serve = (_, take) => new TrialService(address => [new("SERVICE", address.AbsoluteUri)], context => answer(take, context)),
    });

    private static async Task<PoolRun> RunningAsync(Func<TakeReports, HttpContext, Task> answer)
    {
        var run = Serving("echo $SERVICE > url.part; mv url.part url; sleep 1000", answer);
        run.Start();
        await Eventually.HoldsAsync(() => File.Exists(run.InRoot("url")));
        return run;
    }

    private static Uri Url(PoolRun run) => new(File.ReadAllText(run.InRoot("url")).Trim() + "/at");
}
