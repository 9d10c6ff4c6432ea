using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace Hone.Tracking.Tests.Telemetry;

/// <summary>Takes what is sent by OTLP over HTTP, and reads out of it what texts it has.</summary>
internal sealed class Collector : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<(string Path, string Text)> _taken = new();
    private readonly SemaphoreSlim _news = new(0);

    public Collector()
    {
        for (var port = 20_000 + (Environment.ProcessId % 10_000); ; port++)
        {
            try
            {
                _listener.Prefixes.Clear();
                _listener.Prefixes.Add($"http://127.0.0.1:{port}/");
                _listener.Start();
                Address = new Uri($"http://127.0.0.1:{port}/");
                break;
            }
            catch (HttpListenerException)
            {
                // Taken by somebody else.
            }
        }

        _ = TakeAsync();
    }

    public Uri Address { get; }

    /// <summary>What was sent to an address so far, each text on a line.</summary>
    public string Texts(string path) => string.Join('\n', _taken.Where(taken => taken.Path == path).Select(taken => taken.Text));

    /// <summary>Waits until a text was sent to an address.</summary>
    public async Task WaitAsync(string path, string text)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!Texts(path).Contains(text, StringComparison.Ordinal))
        {
            await _news.WaitAsync(limit.Token);
        }
    }

    public void Dispose()
    {
        _listener.Close();
        _news.Dispose();
    }

    private async Task TakeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                var text = new StringBuilder();
                Read(body.ToArray(), text);
                _taken.Enqueue((context.Request.Url!.AbsolutePath, text.ToString()));
                context.Response.ContentType = "application/x-protobuf";
                context.Response.Close();
                _news.Release();
            }
        }
        catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    // Fields of a message: a key of number and kind, then the value. Bytes may be a text or a message again: both are tried.
    private static bool Read(ReadOnlySpan<byte> message, StringBuilder text)
    {
        while (message.Length > 0)
        {
            if (!TryNumber(ref message, out var key) || key >> 3 == 0)
            {
                return false;
            }

            switch (key & 7)
            {
                case 0 when TryNumber(ref message, out _):
                    break;
                case 1 when message.Length >= 8:
                    message = message[8..];
                    break;
                case 5 when message.Length >= 4:
                    message = message[4..];
                    break;
                case 2 when TryNumber(ref message, out var length) && length <= (ulong)message.Length:
                    ReadBytes(message[..(int)length], text);
                    message = message[(int)length..];
                    break;
                default:
                    return false;
            }
        }

        return true;
    }

    private static void ReadBytes(ReadOnlySpan<byte> bytes, StringBuilder text)
    {
        var inner = new StringBuilder();
        if (bytes.Length > 1 && Read(bytes, inner))
        {
            text.Append(inner);
        }

        if (bytes.IndexOfAnyInRange((byte)0, (byte)31) < 0)
        {
            text.Append(Encoding.UTF8.GetString(bytes)).Append('\n');
        }
    }

    private static bool TryNumber(ref ReadOnlySpan<byte> message, out ulong number)
    {
        number = 0;
        for (var i = 0; i < message.Length && i < 10; i++)
        {
            number |= (ulong)(message[i] & 0x7F) << (7 * i);
            if (message[i] < 0x80)
            {
                message = message[(i + 1)..];
                return true;
            }
        }

        return false;
    }
}
