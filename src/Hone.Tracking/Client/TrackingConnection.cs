using System.Net;
using System.Net.Http.Headers;

namespace Hone.Tracking.Client;

/// <summary>Asks a tracking server, and says what came of it. Thread-safe.</summary>
internal sealed class TrackingConnection : IDisposable
{
    private const int AnswerLimitBytes = 16 << 20;

    // A file may take as long as a line of 1 MB/s needs for it, besides.
    private const double SlowestBytesPerSecond = 1e6;

    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private static readonly MediaTypeHeaderValue Bytes = new("application/octet-stream");
    private readonly HttpClient _http;
    private readonly TimeSpan _limit;
    private readonly TimeProvider _time;

    /// <param name="address">The server.</param>
    /// <param name="limit">How long an answer may take.</param>
    /// <param name="time">The clock of the limit.</param>
    public TrackingConnection(TrackingAddress address, TimeSpan limit, TimeProvider time)
    {
        _limit = limit;
        _time = time;
        Address = address;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = !address.Server.IsLoopback,
            ConnectTimeout = limit,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = AnswerLimitBytes };
        _http.DefaultRequestHeaders.Authorization = address.Credentials;
    }

    /// <summary>The server.</summary>
    public TrackingAddress Address { get; }

    /// <summary>Asks for something.</summary>
    /// <param name="question">The address behind the prefix, with the query.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<ServerAnswer> GetAsync(string question, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, ApiOf(question), null, _limit, cancellationToken);

    /// <summary>Asks to do something.</summary>
    /// <param name="path">The address behind the prefix.</param>
    /// <param name="json">The body.</param>
    /// <param name="cancellationToken">Gives up; the server may do it nevertheless.</param>
    public Task<ServerAnswer> PostAsync(string path, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        var content = new ReadOnlyMemoryContent(json);
        content.Headers.ContentType = Json;
        return SendAsync(HttpMethod.Post, ApiOf(path), content, _limit, cancellationToken);
    }

    /// <summary>Sends a file.</summary>
    /// <param name="address">Where to.</param>
    /// <param name="file">The file, which is read as it is sent.</param>
    /// <param name="cancellationToken">Gives up; a server keeps no part of a file.</param>
    public async Task<ServerAnswer> PutAsync(Uri address, FileStream file, CancellationToken cancellationToken)
    {
        using var content = new StreamContent(file);
        content.Headers.ContentType = Bytes;
        var limit = _limit + TimeSpan.FromSeconds(file.Length / SlowestBytesPerSecond);
        var answer = await SendAsync(HttpMethod.Put, address, content, limit, cancellationToken);

        // Nothing is to be said of a file but that it was taken.
        return answer is { Kind: AnswerKind.TryAgain, Status: >= 200 and < 300 } ? ServerAnswer.Done : answer;
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private Uri ApiOf(string path) => new($"{Address.Text}/api/2.0/mlflow/{path}");

    private async Task<ServerAnswer> SendAsync(HttpMethod method, Uri address, HttpContent? content, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(method, address) { Content = content };
            using var response = await _http.SendAsync(request, either.Token);
            if ((int)response.StatusCode is >= 300 and < 400 && response.StatusCode != HttpStatusCode.NotModified)
            {
                return ServerAnswer.Refused($"{Address} points to {response.Headers.Location}. Name that address.");
            }

            var bytes = await response.Content.ReadAsByteArrayAsync(either.Token);
            return ServerAnswer.Read((int)response.StatusCode, bytes, Pause(response.Headers.RetryAfter));
        }
        catch (Exception gone) when (gone is HttpRequestException or HttpIOException)
        {
            return ServerAnswer.None($"{Address}: {gone.Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ServerAnswer.None(string.Create(
                System.Globalization.CultureInfo.InvariantCulture, $"{Address} has not answered within {limit.TotalSeconds:0.#} s"));
        }
    }

    private TimeSpan? Pause(RetryConditionHeaderValue? after) =>
        after is null ? null : after.Delta ?? (after.Date is { } date && date - _time.GetUtcNow() is var left && left > TimeSpan.Zero ? left : null);
}
