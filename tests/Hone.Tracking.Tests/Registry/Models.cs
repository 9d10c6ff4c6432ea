using System.Net;
using System.Text.Json;
using Hone.Tracking.Tests.Rest;

namespace Hone.Tracking.Tests.Registry;

/// <summary>Short ways to models.</summary>
internal static class Models
{
    /// <summary>Makes a registered model.</summary>
    public static Task NewModelAsync(this RestServer server, string name) => server.PostAsync("registered-models/create", new { name });

    /// <summary>Makes a version of a model and returns its number.</summary>
    public static async Task<string> NewVersionAsync(this RestServer server, string name, string source = "mlflow-artifacts:/0/models/x", string? run = null) =>
        (await server.PostAsync("model-versions/create", new { name, source, run_id = run })).Text("model_version.version")!;

    /// <summary>Makes a logged model and returns it.</summary>
    public static async Task<JsonElement> NewLoggedModelAsync(this RestServer server, string name, string? run = null, string experiment = "0") =>
        (await server.PostAsync("logged-models", new { experiment_id = experiment, name, source_run_id = run })).At("model");

    /// <summary>The answer to a request by any method; it must be 200.</summary>
    public static async Task<JsonElement> AnswerAsync(this RestServer server, string method, string path, object? body)
    {
        var (status, answer) = await server.SendAsync(new HttpMethod(method), path, body);
        Assert.True(status == HttpStatusCode.OK, $"{status}: {answer.GetRawText()}");
        return answer;
    }
}
