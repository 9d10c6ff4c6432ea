using System.Net;
using System.Text;
using System.Text.Json;

namespace Hone.Cli.Tests.Mlflow;

/// <summary>The program of a trial, for which a test speaks: it knows nothing but its environment.</summary>
internal sealed class TrialProgram(Dictionary<string, string> environment, Action<int> end)
{
    private static readonly HttpClient Http = new();

    public Dictionary<string, string> Environment => environment;

    public string TrackingUri => environment["MLFLOW_TRACKING_URI"];

    public string RunId => environment["MLFLOW_RUN_ID"];

    public string ExperimentId => environment["MLFLOW_EXPERIMENT_ID"];

    /// <summary>Ends with an exit status.</summary>
    public void End(int status = 0) => end(status);

    /// <summary>The answer to a GET of the API; it must be 200.</summary>
    public async Task<JsonElement> GetAsync(string path) => Answered(await SendAsync(HttpMethod.Get, path, null));

    /// <summary>The answer to a POST of the API; it must be 200.</summary>
    public async Task<JsonElement> PostAsync(string path, object body) => Answered(await SendAsync(HttpMethod.Post, path, body));

    /// <summary>The trial's run as it is read.</summary>
    public async Task<JsonElement> RunAsync() => (await GetAsync($"runs/get?run_uuid={RunId}&run_id={RunId}")).GetProperty("run");

    public Task LogAsync(string key, object value, long step = 0) =>
        PostAsync("runs/log-metric", new { run_uuid = RunId, run_id = RunId, key, value, timestamp = 1_700_000_000_000, step });

    /// <summary>Sends a file as clients do that are told where files lie.</summary>
    public async Task UploadAsync(string artifactUri, string path, byte[] content)
    {
        var folder = artifactUri["mlflow-artifacts:".Length..];
        Answered(await SendAsync(HttpMethod.Put, $"/api/2.0/mlflow-artifacts/artifacts{folder}/{path}", content));
    }

    /// <summary>Status, error code and message of a request that must not succeed.</summary>
    public async Task<(int Status, string? Code, string? Message)> RefusalAsync(HttpMethod method, string path, object? body)
    {
        var (status, answer) = await SendAsync(method, path, body);
        Assert.NotEqual(HttpStatusCode.OK, status);
        return answer.ValueKind == JsonValueKind.Object
            ? ((int)status, answer.GetProperty("error_code").GetString(), answer.GetProperty("message").GetString())
            : ((int)status, null, answer.GetString());
    }

    /// <summary>The answer to a request below the tracking URI.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">The path behind the API's prefix, or the whole one if it begins with a slash.</param>
    /// <param name="body">Written as JSON; null: none.</param>
    public async Task<(HttpStatusCode Status, JsonElement Answer)> SendAsync(HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, TrackingUri + (path.StartsWith('/') ? path : $"/api/2.0/mlflow/{path}"));
        if (body is byte[] bytes)
        {
            request.Content = new ByteArrayContent(bytes);
        }
        else if (body is not null)
        {
            request.Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        }

        using var response = await Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, response.Content.Headers.ContentType?.MediaType == "application/json"
            ? JsonElement.Parse(text)
            : JsonSerializer.SerializeToElement(text));
    }

    private static JsonElement Answered((HttpStatusCode Status, JsonElement Answer) reply)
    {
        Assert.True(reply.Status == HttpStatusCode.OK, $"{reply.Status}: {reply.Answer.GetRawText()}");
        return reply.Answer;
    }
}
