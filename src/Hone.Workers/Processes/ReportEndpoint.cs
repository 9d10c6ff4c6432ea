using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Hone.Workers.Processes;

/// <summary>Takes the reports that trials send over HTTP, on loopback alone: <c>POST $HONE_REPORT_URL</c>.</summary>
/// <remarks>
/// Each attempt has a secret of its own in its address. The answer 200 says that the report is durable. Below a second address with the same
/// secret the attempt's service answers, if there is one. The server itself starts with its first caller; until then there is only a socket.
/// Thread-safe.
/// </remarks>
internal sealed class ReportEndpoint : IHttpApplication<HttpContext>, IAsyncDisposable
{
    private const int BodyLimitBytes = 1_000_000;
    private const int SecretBytes = 32;
    private const int EndedKept = 1024;
    private const string ReportPath = "/report/";
    private const string ServicePath = "/mlflow/";

    private readonly ConcurrentDictionary<string, Address> _addresses = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _ended = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LateListener _listener;
    private readonly Task _serving;

    public ReportEndpoint()
    {
        Closing = _closing.Token;
        _listener = new LateListener();
        _serving = ServeAsync();
    }

    /// <summary>Cancelled when no more reports are taken.</summary>
    public CancellationToken Closing { get; }

    /// <summary>Gives an attempt an address to send its reports to.</summary>
    /// <param name="take">Takes the reports of one request in order and ends when they are durable.</param>
    /// <param name="serve">Answers what is asked below the address of the attempt's service; null: it has none.</param>
    public Address Open(Func<IReadOnlyList<Report>, CancellationToken, Task> take, Func<HttpContext, Task>? serve = null)
    {
        var secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes));
        var address = new Address(this, secret, $"http://{_listener.EndPoint}") { Take = take, Serve = serve };
        _addresses[KeyOf(secret)] = address;
        return address;
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _closed.SetResult();
        await _listener.UnbindAsync();
        await _serving;
        await _listener.DisposeAsync();
        _closing.Dispose();
    }

    HttpContext IHttpApplication<HttpContext>.CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    void IHttpApplication<HttpContext>.DisposeContext(HttpContext context, Exception? exception) { }

    async Task IHttpApplication<HttpContext>.ProcessRequestAsync(HttpContext context)
    {
        if (FindService(context) is { } serve)
        {
            await serve(context);
            return;
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, Closing);
        var (status, message) = await AnswerAsync(context.Request, either.Token);
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        var text = Encoding.UTF8.GetBytes(message + "\n");
        context.Response.ContentLength = text.Length;
        await context.Response.Body.WriteAsync(text, context.RequestAborted);
    }

    // By its hash: how long a look-up takes tells nothing of how much of a guessed secret was right.
    private static string KeyOf(string secret) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    private async Task ServeAsync()
    {
        if (!await _listener.WaitForCallerAsync())
        {
            return;
        }

        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Limits.MaxRequestBodySize = BodyLimitBytes;
        options.Listen(_listener.EndPoint);
        using var server = new KestrelServer(Options.Create(options), _listener, NullLoggerFactory.Instance);
        await server.StartAsync(this, CancellationToken.None);
        await _closed.Task;
        using var now = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await server.StopAsync(now.Token);
    }

    private async Task<(int Status, string Message)> AnswerAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!IsOwnHost(request))
        {
            return (StatusCodes.Status403Forbidden, "call this server as 127.0.0.1 or localhost");
        }

        var path = request.Path.Value!;
        if (FindAddress(path, ReportPath, out var end) is not { } address || end != path.Length)
        {
            return FindAddress(path, ServicePath, out _) is { HasEnded: true }
                ? (StatusCodes.Status410Gone, "the trial has ended")
                : (StatusCodes.Status404NotFound, "no trial reports here");
        }

        if (!HttpMethods.IsPost(request.Method))
        {
            return (StatusCodes.Status405MethodNotAllowed, "send a report with POST");
        }

        return address.HasEnded
            ? (StatusCodes.Status410Gone, "the trial has ended")
            : await TakeAsync(address, request, cancellationToken);
    }

    private static async Task<(int Status, string Message)> TakeAsync(
        Address address, HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body, cancellationToken);
            var reports = ReportParser.ParseAll(body.GetBuffer().AsSpan(0, (int)body.Length), out var problem);
            if (reports is null)
            {
                return (StatusCodes.Status400BadRequest, problem!);
            }

            await address.Take(reports, cancellationToken);
            return (StatusCodes.Status200OK, "taken");
        }
        catch (Microsoft.AspNetCore.Http.BadHttpRequestException e)
        {
            var isTooLarge = e.StatusCode == StatusCodes.Status413PayloadTooLarge;
            return (e.StatusCode, isTooLarge ? $"a report has {BodyLimitBytes} bytes at most" : e.Message);
        }
        catch (OperationCanceledException)
        {
            return (StatusCodes.Status503ServiceUnavailable, "the tuner is ending");
        }
    }

    // A page in a browser can make it call here, under a name that its owner points at loopback.
    private static bool IsOwnHost(HttpRequest request) => request.Host.Host is "127.0.0.1" or "localhost";

    // What answers below the attempt's address; the address is moved from the path to its base, also in the path as it was sent.
    private Func<HttpContext, Task>? FindService(HttpContext context)
    {
        var request = context.Request;
        var sent = context.Features.GetRequiredFeature<IHttpRequestFeature>();
        var path = request.Path.Value!;
        if (!IsOwnHost(request) || FindAddress(path, ServicePath, out var end) is not { HasEnded: false, Serve: { } serve }
            || !sent.RawTarget.AsSpan().StartsWith(path.AsSpan(0, end)))
        {
            return null;
        }

        request.PathBase = path[..end];
        request.Path = end == path.Length ? "/" : path[end..];
        sent.RawTarget = end == sent.RawTarget.Length ? "/" : sent.RawTarget[end..];
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        return serve;
    }

    private Address? FindAddress(string path, string begin, out int end)
    {
        end = begin.Length + (2 * SecretBytes);
        return path.StartsWith(begin, StringComparison.Ordinal) && path.Length >= end && (path.Length == end || path[end] == '/')
            ? _addresses.GetValueOrDefault(KeyOf(path[begin.Length..end]))
            : null;
    }

    // The address stays known for a while, so that a late caller hears that the trial has ended.
    private void Retire(string secret)
    {
        _ended.Enqueue(KeyOf(secret));
        while (_ended.Count > EndedKept && _ended.TryDequeue(out var oldest))
        {
            _addresses.TryRemove(oldest, out _);
        }
    }

    /// <summary>Where one attempt reports, until it is disposed.</summary>
    public sealed class Address(ReportEndpoint owner, string secret, string server) : IDisposable
    {
        private volatile bool _hasEnded;

        public Uri Url { get; } = new(server + ReportPath + secret);

        public Uri ServiceUrl { get; } = new(server + ServicePath + secret);

        public bool HasEnded => _hasEnded;

        public required Func<IReadOnlyList<Report>, CancellationToken, Task> Take { get; init; }

        public Func<HttpContext, Task>? Serve { get; init; }

        public void Dispose()
        {
            _hasEnded = true;
            owner.Retire(secret);
        }
    }
}
