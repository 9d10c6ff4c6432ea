using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hone.Tracking.Tests.Registry;
using Hone.Tracking.Tests.Rest;

namespace Hone.Tracking.Tests.Conformance;

/// <summary>A server, and the things that requests name; each is made when it is named, and once for a request.</summary>
public sealed class ProtocolWorld : IAsyncLifetime
{
    private int _count;

    internal RestServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await RestServer.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    /// <summary>The right fields of a request, with what they name.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="isDeleted">A field whose thing is to be deleted; null: none.</param>
    internal async Task<JsonObject> RequestAsync(Endpoint endpoint, string? isDeleted = null)
    {
        var made = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var need in endpoint.Needs)
        {
            await MakeAsync(need, made, isDeleted: false);
        }

        var request = new JsonObject();
        foreach (var (name, field) in endpoint.Request)
        {
            if (field.Is.ValueKind != JsonValueKind.Undefined)
            {
                request[name] = await FilledAsync(JsonNode.Parse(field.Is.GetRawText())!, made, name == isDeleted);
            }
        }

        return request;
    }

    private async Task<JsonNode> FilledAsync(JsonNode value, Dictionary<string, string> made, bool isDeleted)
    {
        switch (value)
        {
            case JsonArray list:
                var items = new JsonArray();
                foreach (var item in list)
                {
                    items.Add(await FilledAsync(item!, made, isDeleted));
                }

                return items;
            case JsonObject fields:
                var filled = new JsonObject();
                foreach (var (name, field) in fields)
                {
                    filled[name] = await FilledAsync(field!, made, isDeleted);
                }

                return filled;
            case JsonValue text when text.TryGetValue<string>(out var name) && name.StartsWith('$'):
                return JsonValue.Create(await MakeAsync(name, made, isDeleted))!;
            default:
                return value.DeepClone();
        }
    }

    private async Task<string> MakeAsync(string name, Dictionary<string, string> made, bool isDeleted)
    {
        var kind = name.Split('.')[0];
        if (!made.ContainsKey(kind))
        {
            await MakeKindAsync(kind, made);
            if (isDeleted)
            {
                await DeleteAsync(kind, made[kind]);
            }
        }

        return made[name];
    }

    private async Task MakeKindAsync(string kind, Dictionary<string, string> made)
    {
        switch (kind)
        {
            case "$new":
                made[kind] = Name();
                break;
            case "$experiment" or "$deletedExperiment":
                made[$"{kind}.name"] = Name();
                made[kind] = await Server.NewExperimentAsync(made[$"{kind}.name"]);
                await Server.PostAsync("experiments/set-experiment-tag", new { experiment_id = made[kind], key = "t", value = "1" });
                break;
            case "$run" or "$deletedRun":
                made[$"{kind}.experiment"] = await Server.NewExperimentAsync(Name());
                made[kind] = await NewRunAsync(made[$"{kind}.experiment"]);
                break;
            case "$model":
                made[kind] = Name();
                await NewModelAsync(made[kind]);
                break;
            case "$logged":
                made[$"{kind}.experiment"] = await Server.NewExperimentAsync(Name());
                made[kind] = await NewLoggedModelAsync(made[$"{kind}.experiment"]);
                break;
        }

        if (kind.StartsWith("$deleted", StringComparison.Ordinal))
        {
            await DeleteAsync(kind, made[kind]);
        }
    }

    private async Task<string> NewRunAsync(string experiment)
    {
        var run = await Server.NewRunAsync(experiment, "some");
        await Server.PostAsync("runs/log-batch", new
        {
            run_id = run,
            metrics = new[] { new { key = "m", value = 0.5, timestamp = 1_700_000_000_000, step = 1 } },
            @params = new[] { new { key = "p", value = "1" } },
            tags = new[] { new { key = "t", value = "1" } },
        });
        var dataset = new { name = "d", digest = "1", source_type = "local", source = "{}", schema = "{}", profile = "{}" };
        await Server.PostAsync("runs/log-inputs", new { run_id = run, datasets = new[] { new { dataset } } });
        await UploadAsync($"{experiment}/{run}/artifacts/notes.txt");
        return run;
    }

    private async Task NewModelAsync(string name)
    {
        await Server.NewModelAsync(name);
        var version = await Server.NewVersionAsync(name);
        await Server.PostAsync("registered-models/set-tag", new { name, key = "t", value = "1" });
        await Server.PostAsync("model-versions/set-tag", new { name, version, key = "t", value = "1" });
        await Server.PostAsync("registered-models/alias", new { name, alias = "champion", version });
    }

    private async Task<string> NewLoggedModelAsync(string experiment)
    {
        var id = (await Server.NewLoggedModelAsync("net", experiment: experiment)).Text("info.model_id")!;
        await Server.AnswerAsync("PATCH", $"logged-models/{id}/tags", new { tags = new[] { new { key = "t", value = "1" } } });
        await UploadAsync($"{experiment}/models/{id}/artifacts/MLmodel");
        return id;
    }

    private async Task UploadAsync(string path)
    {
        using var content = new StringContent("x");
        using var response = await Server.Http.PutAsync($"/api/2.0/mlflow-artifacts/artifacts/{path}", content);
        response.EnsureSuccessStatusCode();
    }

    private async Task DeleteAsync(string kind, string id)
    {
        switch (kind)
        {
            case "$experiment" or "$deletedExperiment":
                await Server.PostAsync("experiments/delete", new { experiment_id = id });
                break;
            case "$run" or "$deletedRun":
                await Server.PostAsync("runs/delete", new { run_id = id });
                break;
            default:
                await Server.AnswerAsync("DELETE", $"logged-models/{id}", null);
                break;
        }
    }

    private string Name() => string.Create(CultureInfo.InvariantCulture, $"thing {Interlocked.Increment(ref _count)}");
}
