using System.Net.Sockets;
using System.Text;

namespace Hone.Tracking.Tests.Rest;

public sealed class EndingTests
{
    [Fact]
    public async Task What_came_is_answered_and_nothing_new_is_taken()
    {
        await using var server = await RestServer.StartAsync(change: options => options with { Grace = TimeSpan.FromMinutes(5), SlownessLimit = TimeSpan.FromMinutes(5) });
        using var begun = await BeginAsync(server);

        var ending = server.EndAsync().AsTask();
        await RefusedAsync(server.Address);
        Assert.False(ending.IsCompleted);
        await begun.GetStream().WriteAsync("}"u8.ToArray());
        using var reader = new StreamReader(begun.GetStream());
        var answer = await reader.ReadToEndAsync();
        await ending;

        Assert.StartsWith("HTTP/1.1 200 OK", answer, StringComparison.Ordinal);
        Assert.Contains("Connection: close", answer, StringComparison.Ordinal);
        await server.RestartAsync();
        Assert.Equal("last", (await server.GetAsync("experiments/get-by-name?experiment_name=last")).Text("experiment.name"));
    }

    [Fact]
    public async Task What_takes_too_long_is_broken_off()
    {
        await using var server = await RestServer.StartAsync(change: options => options with { Grace = TimeSpan.FromMilliseconds(50), SlownessLimit = TimeSpan.FromMinutes(5) });
        using var begun = await BeginAsync(server);

        await server.EndAsync();

        Assert.True(await IsClosedAsync(begun));
        await server.RestartAsync();
        Assert.Equal(404, (await server.RefusalAsync(HttpMethod.Get, "experiments/get-by-name?experiment_name=last", null)).Status);
    }

    // A request of whose body the last letter is missing; it is being answered when the server counts it.
    private static async Task<TcpClient> BeginAsync(RestServer server)
    {
        const string Body = """{"name":"last"}""";
        var connection = new TcpClient();
        await connection.ConnectAsync(server.Address.Host, server.Address.Port);
        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /api/2.0/mlflow/experiments/create HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\n\r\n{Body[..^1]}"));
        while (!(await server.Http.GetStringAsync("/metrics")).Contains("hone_http_requests_in_flight 2", StringComparison.Ordinal))
        {
            await Task.Yield();
        }

        return connection;
    }

    private static async Task RefusedAsync(Uri address)
    {
        while (true)
        {
            using var connection = new TcpClient();
            try
            {
                await connection.ConnectAsync(address.Host, address.Port);
            }
            catch (SocketException)
            {
                return;
            }
        }
    }

    private static async Task<bool> IsClosedAsync(TcpClient connection)
    {
        try
        {
            return await connection.GetStream().ReadAsync(new byte[1]) == 0;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
