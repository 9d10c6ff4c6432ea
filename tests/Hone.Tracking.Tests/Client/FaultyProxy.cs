using System.Net;
using System.Net.Sockets;

namespace Hone.Tracking.Tests.Client;

/// <summary>What goes wrong with a request on its way.</summary>
internal enum Fault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The server does it, and its answer is lost.</summary>
    LoseAnswer,

    /// <summary>The server never sees it, and nothing comes back for as long as the proxy is there.</summary>
    Hang,

    /// <summary>The server is busy: 429, with Retry-After.</summary>
    Busy,

    /// <summary>Something on the way is broken: 503 with a page of HTML.</summary>
    Broken,

    /// <summary>Whoever asks is not known: 401.</summary>
    Unknown,
}

/// <summary>Stands between a client and a real server, and lets go wrong what a network lets go wrong.</summary>
internal sealed class FaultyProxy : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly HttpClient _http;
    private readonly Func<string, Fault> _fault;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _serving;

    /// <param name="server">The real server.</param>
    /// <param name="fault">Says what goes wrong, by the path of a request.</param>
    public FaultyProxy(Uri server, Func<string, Fault> fault)
    {
        _fault = fault;
        _http = new HttpClient { BaseAddress = server };
        Address = new Uri($"http://127.0.0.1:{FreePort()}");
        _listener.Prefixes.Add(Address.AbsoluteUri);
        _listener.Start();
        _serving = ServeAsync();
    }

    public Uri Address { get; }

    /// <summary>The requests so far: methods and paths.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>What the last request showed to be let in.</summary>
    public string? Authorization { get; private set; }

    public async ValueTask DisposeAsync()
    {
        _closed.SetResult();
        _listener.Abort();
        await _serving;
        _http.Dispose();
    }

    /// <summary>A port that nobody listens on at this moment.</summary>
    public static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    private async Task ServeAsync()
    {
        var answering = new List<Task>();
        try
        {
            while (true)
            {
                answering.Add(AnswerAsync(await _listener.GetContextAsync()));
            }
        }
        catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
        {
            await Task.WhenAll(answering);
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            var path = context.Request.Url!.AbsolutePath.Replace("/api/2.0/mlflow/", "", StringComparison.Ordinal);
            Fault fault;
            lock (Requests)
            {
                Requests.Add(path);
                Authorization = context.Request.Headers["Authorization"];
                fault = _fault(path);
            }

            await AnswerAsync(context, fault);
        }
        catch (Exception gone) when (gone is HttpListenerException or ObjectDisposedException or IOException or HttpRequestException)
        {
            // The client did not wait, or the proxy is closed.
        }
    }

    private async Task AnswerAsync(HttpListenerContext context, Fault fault)
    {
        switch (fault)
        {
            case Fault.Hang:
                await _closed.Task;
                context.Response.Abort();
                break;
            case Fault.Busy:
                context.Response.Headers["Retry-After"] = "0";
                Close(context, 429, "{}");
                break;
            case Fault.Broken:
                Close(context, 503, "<html>out of order</html>");
                break;
            case Fault.Unknown:
                Close(context, 401, """{"error_code":"UNAUTHENTICATED","message":"Who is there?"}""");
                break;
            default:
                var (status, body) = await ForwardAsync(context.Request);
                if (fault == Fault.LoseAnswer)
                {
                    // It breaks off in the middle.
                    context.Response.ContentLength64 = body.Length + 100;
                    await context.Response.OutputStream.WriteAsync(new byte[1]);
                    context.Response.Abort();
                }
                else
                {
                    Close(context, status, body);
                }

                break;
        }
    }

    private async Task<(int Status, string Body)> ForwardAsync(HttpListenerRequest from)
    {
        using var request = new HttpRequestMessage(new HttpMethod(from.HttpMethod), from.RawUrl);
        if (from.HasEntityBody)
        {
            using var body = new MemoryStream();
            await from.InputStream.CopyToAsync(body);
            request.Content = new ByteArrayContent(body.ToArray());
            request.Content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(from.ContentType!);
        }

        using var response = await _http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private static void Close(HttpListenerContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        context.Response.Close(System.Text.Encoding.UTF8.GetBytes(body), willBlock: false);
    }
}
