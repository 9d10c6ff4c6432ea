using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Hone.Tracking.Access;
using Hone.Tracking.Rest;
using Hone.Tracking.Tests.Rest;
using Hone.Tracking.Tests.Store;

namespace Hone.Tracking.Tests.Access;

/// <summary>A server whose store has users, asked in their names.</summary>
internal sealed class TeamServer : IAsyncDisposable
{
    private readonly Dictionary<string, string> _tokens = [];

    private TeamServer(RestServer rest, UserAccounts users)
    {
        Rest = rest;
        Users = users;
    }

    public RestServer Rest { get; }

    public UserAccounts Users { get; }

    public HttpClient Http => Rest.Http;

    /// <summary>The lines of the audit log.</summary>
    public string[] Audit => File.Exists(AuditPath) ? File.ReadAllLines(AuditPath) : [];

    public string AuditPath => Path.Combine(Rest.Folder, "audit.jsonl");

    /// <summary>Starts a server; its user <c>root</c> is an admin of everything.</summary>
    public static async Task<TeamServer> StartAsync(
        TimeProvider? time = null, Func<TrackingServerOptions, TrackingServerOptions>? change = null, StoreKind kind = StoreKind.Sqlite)
    {
        // Where the store has no file, the audit log would lie in the folder that the tests run in.
        var rest = await RestServer.StartAsync(time, kind, options => (change ?? (same => same))(options) is var changed && kind == StoreKind.Postgres
            ? changed with { Audit = Path.Combine(Path.GetDirectoryName(options.Artifacts)!, "audit.jsonl") } : changed);
        var users = await UserAccounts.OpenAsync(rest.StorePath, TimeProvider.System, new AuditLog(Path.Combine(rest.Folder, "audit.jsonl"), TimeProvider.System));
        var server = new TeamServer(rest, users);
        server.Add("root", Role.Admin);
        return server;
    }

    /// <summary>Adds a user.</summary>
    public void Add(string name, Role role) => _tokens[name] = Users.Add(name, role);

    public string TokenOf(string name) => _tokens[name];

    /// <summary>Sends a request in the name of a user, or of nobody.</summary>
    public async Task<(int Status, JsonElement Answer)> SendAsync(string? user, string method, string path, object? body = null)
    {
        var (status, text) = await TextAsync(user is null ? null : new AuthenticationHeaderValue("Bearer", _tokens[user]), method, path, body);
        try
        {
            using var json = JsonDocument.Parse(text.Length == 0 ? "null" : text);
            return (status, json.RootElement.Clone());
        }
        catch (JsonException)
        {
            return (status, default);
        }
    }

    /// <summary>Sends a request with a header of its own.</summary>
    public async Task<(int Status, string Answer)> TextAsync(AuthenticationHeaderValue? authorization, string method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path.StartsWith('/') ? path : $"/api/2.0/mlflow/{path}");
        request.Headers.Authorization = authorization;
        if (body is not null)
        {
            request.Content = new StringContent(body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        }

        using var response = await Http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>The answer to a request in the name of a user; it must be 200.</summary>
    public async Task<JsonElement> AnswerAsync(string user, string method, string path, object? body = null)
    {
        var (status, answer) = await SendAsync(user, method, path, body);
        Assert.True(status == (int)HttpStatusCode.OK, $"{user} {method} {path}: {status}");
        return answer;
    }

    /// <summary>What clients send that know a name and a password.</summary>
    public static AuthenticationHeaderValue Basic(string name, string password) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password}")));

    public async ValueTask DisposeAsync()
    {
        await Users.DisposeAsync();
        await Rest.DisposeAsync();
    }
}
