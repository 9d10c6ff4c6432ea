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
/// Each attempt has a secret of its own in its address. The answer 200 says that the report is durable. The server itself starts with its
/// first caller; until then there is only a socket. Thread-safe.
/// </remarks>
internal sealed class ReportEndpoint : IHttpApplication<HttpContext>, IAsyncDisposable
{
    private const int BodyLimitBytes = 1_000_000;
    private const int SecretBytes = 32;
    private const int EndedKept = 1024;
    private const string Path = "/report/";

    private readonly ConcurrentDictionary<string, Address> _addresses = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _ended = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LateListener _listener;
    private readonly Task _serving;

    public ReportEndpoint()
    {
        _listener = new LateListener();
        _serving = ServeAsync();
    }

    /// <summary>Gives an attempt an address to send its reports to.</summary>
    /// <param name="take">Takes the reports of one request in order and ends when they are durable.</param>
    public Address Open(Func<IReadOnlyList<Report>, CancellationToken, Task> take)
    {
        var secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes));
        var address = new Address(this, secret, new Uri($"http://{_listener.EndPoint}{Path}{secret}"), take);
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
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _closing.Token);
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
        // A page in a browser can make it call here, under a name that its owner points at loopback.
        if (request.Host.Host is not ("127.0.0.1" or "localhost"))
        {
            return (StatusCodes.Status403Forbidden, "call this server as 127.0.0.1 or localhost");
        }

        if (!request.Path.StartsWithSegments("/report", StringComparison.Ordinal, out var secret)
            || !_addresses.TryGetValue(KeyOf(secret.Value!.TrimStart('/')), out var address))
        {
            return (StatusCodes.Status404NotFound, "no trial reports here");
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
    public sealed class Address(ReportEndpoint owner, string secret, Uri url, Func<IReadOnlyList<Report>, CancellationToken, Task> take)
        : IDisposable
    {
        private volatile bool _hasEnded;

        public Uri Url => url;

        public bool HasEnded => _hasEnded;

        public Func<IReadOnlyList<Report>, CancellationToken, Task> Take => take;

        public void Dispose()
        {
            _hasEnded = true;
            owner.Retire(secret);
        }
    }
}
