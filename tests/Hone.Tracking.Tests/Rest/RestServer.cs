using System.Net;
using System.Text;
using System.Text.Json;
using Hone.Tracking.Rest;
using Hone.Tracking.Tests.Store;

namespace Hone.Tracking.Tests.Rest;

/// <summary>A server on a free port of this machine over a store of its own, asked over HTTP like any other.</summary>
internal sealed class RestServer : IAsyncDisposable
{
    private readonly TemporaryStore _store;
    private TrackingServer _server = null!;
    private Func<TrackingServerOptions, TrackingServerOptions> _change = options => options;

    private TrackingServerOptions _options = new() { Store = "" };

    private RestServer(TemporaryStore store, string? other = null)
    {
        _store = store;
        StorePath = other ?? store.Address;
    }

    public HttpClient Http { get; private set; } = null!;

    public string StorePath { get; }

    public string Folder => _store.Folder;

    public Uri Address => _server.Address;

    /// <summary>Starts a server.</summary>
    /// <param name="time">Its clock.</param>
    /// <param name="kind">In what its store is kept.</param>
    /// <param name="change">Makes its options others than usual.</param>
    /// <param name="options">What is not as usual; the store and the port are its own.</param>
    public static async Task<RestServer> StartAsync(
        TimeProvider? time = null,
        StoreKind kind = StoreKind.Sqlite,
        Func<TrackingServerOptions, TrackingServerOptions>? change = null,
        TrackingServerOptions? options = null)
    {
        var server = new RestServer(await TemporaryStore.NewAsync(kind));
        server._change = change ?? server._change;
        server._options = options ?? server._options;
        await server.OpenAsync(time ?? TimeProvider.System);
        return server;
    }

    /// <summary>Starts another server over a store that is there.</summary>
    public static async Task<RestServer> OverAsync(string store)
    {
        var server = new RestServer(await TemporaryStore.NewAsync(StoreKind.Sqlite), store);
        await server.OpenAsync(TimeProvider.System);
        return server;
    }

    /// <summary>Ends the server and starts another over the same store.</summary>
    public async Task RestartAsync()
    {
        Http.Dispose();
        await _server.DisposeAsync();
        await OpenAsync(TimeProvider.System);
    }

    /// <summary>The answer to a GET of the API; it must be 200.</summary>
    public async Task<JsonElement> GetAsync(string path) => Answered(await SendAsync(HttpMethod.Get, path, null));

    /// <summary>The answer to a POST of the API; it must be 200.</summary>
    public async Task<JsonElement> PostAsync(string path, object body) => Answered(await SendAsync(HttpMethod.Post, path, body));

    /// <summary>The status, the error's code and its message.</summary>
    public async Task<(int Status, string Code, string Message)> RefusalAsync(HttpMethod method, string path, object? body)
    {
        var (status, json) = await SendAsync(method, path, body);
        Assert.NotEqual(HttpStatusCode.OK, status);
        return ((int)status, json.GetProperty("error_code").GetString()!, json.GetProperty("message").GetString()!);
    }

    /// <summary>The answer to a request of the API.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">The path behind the prefix, or a whole one if it begins with a slash.</param>
    /// <param name="body">A JSON text, or what is written as one.</param>
    public async Task<(HttpStatusCode Status, JsonElement Answer)> SendAsync(HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, path.StartsWith('/') ? path : $"/api/2.0/mlflow/{path}");
        if (body is not null)
        {
            request.Content = new StringContent(body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        }

        using var response = await Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        using var json = JsonDocument.Parse(text.Length == 0 ? "null" : text);
        return (response.StatusCode, json.RootElement.Clone());
    }

    /// <summary>Ends the server alone; the store stays until this is disposed.</summary>
    public ValueTask EndAsync() => _server.DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _server.DisposeAsync();
        await _store.DisposeAsync();
    }

    private static JsonElement Answered((HttpStatusCode Status, JsonElement Answer) reply)
    {
        Assert.True(reply.Status == HttpStatusCode.OK, $"{reply.Status}: {reply.Answer.GetRawText()}");
        return reply.Answer;
    }

    private async Task OpenAsync(TimeProvider time)
    {
        var options = _options with { Store = StorePath, Artifacts = _options.Artifacts ?? Path.Combine(Folder, "artifacts"), Port = 0 };
        _server = await TrackingServer.StartAsync(_change(options), time);
        Http = new HttpClient { BaseAddress = _server.Address };
    }
}
