using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Hone.Benchmarks;

/// <summary>A keep-alive connection to a server, which costs as little as can be beside what it asks for.</summary>
internal sealed class ServerConnection : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly IPEndPoint _address;
    private byte[] _buffer = new byte[1 << 16];

    public ServerConnection(IPEndPoint address)
    {
        _address = address;
        _socket.Connect(address);
    }

    /// <summary>The bytes of a request.</summary>
    public byte[] Request(string method, string path, string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var head = Encoding.ASCII.GetBytes(
            $"{method} {path} HTTP/1.1\r\nHost: {_address}\r\nContent-Type: application/json\r\nContent-Length: {bytes.Length.ToString(CultureInfo.InvariantCulture)}\r\n\r\n");
        return [.. head, .. bytes];
    }

    /// <summary>Sends a request and returns the answer's body, which must come with status 200; of one that comes in pieces, the pieces as they are.</summary>
    public async Task<byte[]> SendAsync(byte[] request)
    {
        await _socket.SendAsync(request);
        var count = 0;
        while (true)
        {
            if (count == _buffer.Length)
            {
                Array.Resize(ref _buffer, count * 2);
            }

            var read = await _socket.ReceiveAsync(_buffer.AsMemory(count));
            count += read;
            if (Body(count) is { } body)
            {
                return body;
            }

            if (read == 0)
            {
                throw new InvalidOperationException("The server closed the connection.");
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private byte[]? Body(int count)
    {
        var answer = _buffer.AsSpan(0, count);
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return null;
        }

        var head = Encoding.ASCII.GetString(answer[..end]);
        if (!head.StartsWith("HTTP/1.1 200", StringComparison.Ordinal))
        {
            throw new InvalidOperationException(Encoding.UTF8.GetString(answer));
        }

        var at = head.IndexOf("Content-Length: ", StringComparison.OrdinalIgnoreCase);
        if (at < 0)
        {
            return answer.EndsWith("\r\n0\r\n\r\n"u8) ? answer[(end + 4)..].ToArray() : null;
        }

        var length = int.Parse(head[(at + 16)..].Split('\r')[0], CultureInfo.InvariantCulture);
        return count >= end + 4 + length ? answer.Slice(end + 4, length).ToArray() : null;
    }
}
