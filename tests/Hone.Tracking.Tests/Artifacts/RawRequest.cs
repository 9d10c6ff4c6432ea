using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Hone.Tracking.Tests.Artifacts;

/// <summary>Sends a request whose target is what it is: clients of good manners resolve dots and encode what they should.</summary>
internal static class RawRequest
{
    /// <summary>The status of the answer.</summary>
    public static async Task<int> StatusAsync(Uri server, string method, string target, string body = "x", string type = "application/octet-stream")
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(server.Host, server.Port);
        var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(
            $"{method} {target} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"));
        using var reader = new StreamReader(stream, Encoding.Latin1);
        var line = await reader.ReadLineAsync() ?? "";
        return int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }
}
