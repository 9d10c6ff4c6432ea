using System.Net;
using Hone.Tracking.Access;
using Microsoft.AspNetCore.Http;

namespace Hone.Tracking.Tests.Access;

public sealed class ProxyTests
{
    [Theory]
    [InlineData("10.0.0.7", "203.0.113.5", "203.0.113.5")]
    [InlineData("10.0.0.7", "1.1.1.1, 203.0.113.5", "203.0.113.5")]
    [InlineData("10.0.0.7", "203.0.113.5, 10.0.0.8", "203.0.113.5")]
    [InlineData("10.0.0.7", "10.0.0.9, 10.0.0.8", "10.0.0.9")]
    [InlineData("10.0.0.7", "203.0.113.5:4711", "203.0.113.5")]
    [InlineData("10.0.0.7", "2001:db8::1", "2001:db8::1")]
    [InlineData("10.0.0.7", "anything, 10.0.0.8", "10.0.0.8")]
    [InlineData("10.0.0.7", "anything", "10.0.0.7")]
    [InlineData("10.0.0.7", "", "10.0.0.7")]
    [InlineData("::ffff:10.0.0.7", "203.0.113.5", "203.0.113.5")]
    [InlineData("192.0.2.1", "203.0.113.5", "192.0.2.1")]
    [InlineData("10.0.1.7", "203.0.113.5", "10.0.1.7")]
    public void The_last_address_that_is_no_proxys_is_the_clients(string remote, string forwarded, string expected)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(remote);
        context.Request.Headers["X-Forwarded-For"] = forwarded;

        TrustedProxies.Parse(["10.0.0.0/24", "192.0.2.9"])!.Follow(context);

        Assert.Equal(IPAddress.Parse(expected), context.Connection.RemoteIpAddress);
    }

    [Theory]
    [InlineData("proxy.example")]
    [InlineData("10.0.0.0/64")]
    [InlineData("")]
    public void What_is_no_address_is_no_proxy(string address) => Assert.Null(TrustedProxies.Parse([address]));

    [Fact]
    public async Task A_proxys_word_for_address_and_host_is_taken()
    {
        await using var server = await TeamServer.StartAsync(change: options => options with { IsOpen = true, Proxies = ["127.0.0.1"], Names = ["hone.example"] });

        // Over one connection, so that what was said of a request does not stay for the next.
        Assert.Equal(401, await StatusAsync(server, "hone.example", "203.0.113.5", "hone_wrong"));
        Assert.Equal(401, await StatusAsync(server, "hone.example", null, "hone_wrong"));
        Assert.Equal(403, await StatusAsync(server, "attacker.example", "203.0.113.5", server.TokenOf("root")));
        Assert.Equal(200, await StatusAsync(server, "hone.example", "203.0.113.5", server.TokenOf("root")));

        Assert.Equal(["203.0.113.5", "127.0.0.1"], server.Audit.Where(line => line.Contains("login", StringComparison.Ordinal)).Select(line => line.Split("\"address\":\"")[1].Split('"')[0]));
    }

    [Fact]
    public async Task The_word_of_anybody_else_is_ignored()
    {
        await using var server = await TeamServer.StartAsync();

        Assert.Equal(401, await StatusAsync(server, "localhost", "203.0.113.5", "hone_wrong"));
        Assert.Equal(200, await StatusAsync(server, "attacker.example", "203.0.113.5", server.TokenOf("root")));

        Assert.Contains("\"address\":\"127.0.0.1\"", server.Audit.Last(), StringComparison.Ordinal);
    }

    private static async Task<int> StatusAsync(TeamServer server, string forwardedHost, string? forwardedFor, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/2.0/mlflow/experiments/get?experiment_id=0");
        request.Headers.Add("X-Forwarded-Host", forwardedHost);
        if (forwardedFor is not null)
        {
            request.Headers.Add("X-Forwarded-For", forwardedFor);
        }

        request.Headers.Authorization = new("Bearer", token);
        using var response = await server.Http.SendAsync(request);
        return (int)response.StatusCode;
    }
}
