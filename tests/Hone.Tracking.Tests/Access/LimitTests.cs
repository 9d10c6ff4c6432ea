using Hone.Tracking.Access;

namespace Hone.Tracking.Tests.Access;

public sealed class LimitTests
{
    private readonly SteppedTime _time = new();

    [Fact]
    public async Task Wrong_logins_are_slowed_down_and_those_who_are_in_go_on()
    {
        await using var server = await TeamServer.StartAsync(_time);
        server.Users.SetPassword("root", "correct horse battery");
        var right = TeamServer.Basic("root", "correct horse battery");
        Assert.Equal(200, (await server.TextAsync(right, "GET", "experiments/get?experiment_id=0")).Status);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(401, (await server.TextAsync(TeamServer.Basic("root", $"hone_guess {i}"), "GET", "experiments/get?experiment_id=0")).Status);
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/2.0/mlflow/experiments/get?experiment_id=0");
        request.Headers.Authorization = TeamServer.Basic("ann", "a password that is not hers");
        using var refused = await server.Http.SendAsync(request);

        Assert.Equal(429, (int)refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(6), refused.Headers.RetryAfter?.Delta);
        Assert.Contains("REQUEST_LIMIT_EXCEEDED", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(200, (await server.TextAsync(right, "GET", "experiments/get?experiment_id=0")).Status);
        Assert.Equal(200, (await server.SendAsync("root", "GET", "experiments/get?experiment_id=0")).Status);
        Assert.Equal(10, server.Audit.Count(line => line.Contains("\"login\"", StringComparison.Ordinal)));
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(401, (await server.TextAsync(TeamServer.Basic("root", "hone_again"), "GET", "experiments/get?experiment_id=0")).Status);
    }

    [Fact]
    public async Task A_user_who_asks_too_much_is_slowed_down_and_the_others_are_not()
    {
        await using var server = await TeamServer.StartAsync(_time, options => options with { RequestsPerSecond = 5 });
        server.Add("ann", Role.Reader);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(200, (await server.SendAsync("ann", "GET", "experiments/get?experiment_id=0")).Status);
        }

        var (status, answer) = await server.SendAsync("ann", "GET", "experiments/get?experiment_id=0");

        Assert.Equal((429, "REQUEST_LIMIT_EXCEEDED"), (status, answer.GetProperty("error_code").GetString()));
        Assert.Equal(200, (await server.SendAsync("root", "GET", "experiments/get?experiment_id=0")).Status);
        Assert.Equal(200, (await server.SendAsync("ann", "GET", "/health")).Status);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal(200, (await server.SendAsync("ann", "GET", "experiments/get?experiment_id=0")).Status);
        Assert.Equal(429, (await server.SendAsync("ann", "GET", "experiments/get?experiment_id=0")).Status);
    }

    [Fact]
    public void A_bucket_never_holds_more_than_its_size_and_fills_at_its_rate()
    {
        var random = new Random(7);
        var buckets = new TokenBuckets<string>(perSecond: 10, most: 4, _time);
        var (taken, seconds) = (0, 0.0);
        for (var i = 0; i < 10_000; i++)
        {
            if (buckets.Take("a") == TimeSpan.Zero)
            {
                taken++;
            }

            var step = random.NextDouble() / 10;
            seconds += step;
            _time.Advance(TimeSpan.FromSeconds(step));
        }

        Assert.InRange(taken, 1, (10 * seconds) + 4);
        Assert.InRange(taken, 10 * seconds * 0.95, double.MaxValue);
        Assert.Equal(TimeSpan.Zero, buckets.Take("b"));
    }

    [Fact]
    public void What_was_said_to_wait_is_long_enough()
    {
        var buckets = new TokenBuckets<int>(perSecond: 3, most: 1, _time);
        for (var i = 0; i < 100; i++)
        {
            buckets.Take(1);
            var wait = buckets.Take(1);
            Assert.InRange(wait, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(0.34));
            _time.Advance(wait + TimeSpan.FromTicks(1));
            Assert.Equal(TimeSpan.Zero, buckets.Wait(1));
        }
    }
}
