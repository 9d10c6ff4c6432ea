using System.Net.Sockets;
using System.Text;

namespace Hone.Tracking.Tests.Rest;

/// <summary>Who sends or takes too slowly is let go, and the others are served meanwhile.</summary>
public sealed class SlowClientTests : IAsyncLifetime
{
    private RestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RestServer.StartAsync(change: options => options with
    {
        HeadLimit = TimeSpan.FromMilliseconds(200),
        SlownessLimit = TimeSpan.FromSeconds(1.5),
        MostConnections = 8,
    });

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_head_that_does_not_end()
    {
        using var slow = await SendAsync("GET /health HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");

        Assert.Equal("OK", await _server.Http.GetStringAsync("/health"));
        Assert.StartsWith("HTTP/1.1 408 ", await ToEndAsync(slow), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/2.0/mlflow/runs/log-batch", "application/json")]
    [InlineData("/api/2.0/mlflow-artifacts/artifacts/0/slow.bin", "application/octet-stream")]
    public async Task A_body_that_does_not_come(string path, string type)
    {
        var method = path.Contains("artifacts", StringComparison.Ordinal) ? "PUT" : "POST";
        using var slow = await SendAsync($"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {type}\r\nContent-Length: 1000000\r\n\r\n{{");

        Assert.Equal("OK", await _server.Http.GetStringAsync("/health"));

        // The connection ends; whether an answer still reaches the client is a matter of timing.
        var answer = await ToEndAsync(slow);
        Assert.DoesNotContain(" 200 ", answer, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_server.Folder, "artifacts", "0", "slow.bin")));
    }

    [Fact]
    public async Task More_connections_than_there_may_be()
    {
        var connections = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 20; i++)
            {
                connections.Add(await SendAsync("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"));
            }

            // Those above the limit are closed without a word.
            var answers = await Task.WhenAll(connections.Select(FirstAsync));
            Assert.InRange(answers.Count(answer => answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal)), 1, 8);
            Assert.InRange(answers.Count(answer => answer.Length == 0), 12, 19);
        }
        finally
        {
            connections.ForEach(connection => connection.Dispose());
        }
    }

    [Theory]
    [InlineData("Content-Length: 99999999999999999999")]
    [InlineData("Content-Length: -1")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 5")]
    [InlineData("Content-Length: 5\r\nContent-Length: 6")]
    public async Task A_body_of_two_lengths_or_none_is_no_request(string lengths)
    {
        using var odd = await SendAsync($"POST /api/2.0/mlflow/experiments/create HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{lengths}\r\n\r\n{{}}");

        Assert.DoesNotContain("200 OK", await ToEndAsync(odd), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_head_that_is_too_long_is_refused()
    {
        using var large = await SendAsync($"GET /health HTTP/1.1\r\nHost: localhost\r\nX-Large: {new string('x', 1 << 20)}\r\n\r\n");

        Assert.DoesNotContain(" 200 ", await ToEndAsync(large), StringComparison.Ordinal);
    }

    private async Task<TcpClient> SendAsync(string text)
    {
        var connection = new TcpClient();
        await connection.ConnectAsync(_server.Address.Host, _server.Address.Port);
        try
        {
            await connection.GetStream().WriteAsync(Encoding.Latin1.GetBytes(text));
        }
        catch (IOException)
        {
            // Closed while it was still sending: that is an answer too.
        }

        return connection;
    }

    private static async Task<string> FirstAsync(TcpClient connection)
    {
        var bytes = new byte[64];
        try
        {
            return Encoding.Latin1.GetString(bytes, 0, await connection.GetStream().ReadAsync(bytes));
        }
        catch (IOException)
        {
            return "";
        }
    }

    // All that comes until the server closes the connection.
    private static async Task<string> ToEndAsync(TcpClient connection)
    {
        var text = new StringBuilder();
        var bytes = new byte[4096];
        try
        {
            while (await connection.GetStream().ReadAsync(bytes) is > 0 and var read)
            {
                text.Append(Encoding.Latin1.GetString(bytes, 0, read));
            }
        }
        catch (IOException)
        {
            // Reset: an end as well.
        }

        return text.ToString();
    }
}
