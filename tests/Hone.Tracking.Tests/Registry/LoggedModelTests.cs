using Hone.Tracking.Tests.Rest;
using Hone.Tracking.Tests.Store;

namespace Hone.Tracking.Tests.Registry;

public abstract class LoggedModelTests(StoreKind kind) : IAsyncLifetime
{
    private RestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RestServer.StartAsync(kind: kind);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_model_is_pending_until_its_client_says_that_its_files_are_there()
    {
        var run = await _server.NewRunAsync();
        var made = (await _server.PostAsync("logged-models", new
        {
            experiment_id = "0",
            name = "net",
            model_type = "Agent",
            source_run_id = run,
            tags = new[] { new { key = "t", value = "1" } },
            @params = new[] { new { key = "p", value = "2" } },
        })).At("model");
        var id = made.Text("info.model_id")!;

        Assert.StartsWith("m-", id, StringComparison.Ordinal);
        Assert.Equal(
            $"0 net Agent {run} LOGGED_MODEL_PENDING mlflow-artifacts:/0/models/{id}/artifacts",
            string.Join(' ', made.Text("info.experiment_id"), made.Text("info.name"), made.Text("info.model_type"), made.Text("info.source_run_id"), made.Text("info.status"), made.Text("info.artifact_uri")));
        Assert.Equal(("t=1", "p=2"), (made.At("info.tags").Pairs(), made.At("data.params").Pairs()));

        var ready = await _server.AnswerAsync("PATCH", $"logged-models/{id}", new { model_id = id, status = "LOGGED_MODEL_READY" });
        Assert.Equal("LOGGED_MODEL_READY", ready.Text("model.info.status"));
        Assert.Equal(ready.GetRawText(), (await _server.GetAsync($"logged-models/{id}")).GetRawText());
    }

    [Fact]
    public async Task A_model_without_a_name_gets_one_and_models_may_share_one()
    {
        var unnamed = (await _server.PostAsync("logged-models", new { experiment_id = 0 })).At("model");
        var first = await _server.NewLoggedModelAsync("net");
        var second = await _server.NewLoggedModelAsync("net");

        Assert.NotEmpty(unnamed.Text("info.name")!);
        Assert.NotEqual(first.Text("info.model_id"), second.Text("info.model_id"));
    }

    [Fact]
    public async Task Tags_and_parameters_are_added_and_tags_removed()
    {
        var id = (await _server.NewLoggedModelAsync("net")).Text("info.model_id");

        await _server.AnswerAsync("PATCH", $"logged-models/{id}/tags", """{"tags":[{"key":"a/b c","value":"1"},{"key":"d","value":"2"}]}""");
        await _server.AnswerAsync("POST", $"logged-models/{id}/params", """{"params":[{"key":"p","value":"3"}]}""");
        Assert.Equal("a/b c=1 d=2", (await _server.GetAsync($"logged-models/{id}")).At("model.info.tags").Pairs());
        Assert.Equal("p=3", (await _server.GetAsync($"logged-models/{id}")).At("model.data.params").Pairs());

        await _server.AnswerAsync("DELETE", $"logged-models/{id}/tags/a%2Fb%20c", "{}");
        Assert.Equal("d=2", (await _server.GetAsync($"logged-models/{id}")).At("model.info.tags").Pairs());
        Assert.Equal(404, (await _server.RefusalAsync(HttpMethod.Delete, $"logged-models/{id}/tags/a%2Fb%20c", "{}")).Status);
    }

    [Fact]
    public async Task A_deleted_model_is_not_found()
    {
        var id = (await _server.NewLoggedModelAsync("net")).Text("info.model_id");

        await _server.AnswerAsync("DELETE", $"logged-models/{id}", "{}");

        Assert.Equal(
            (404, "RESOURCE_DOES_NOT_EXIST", $"Logged model with ID '{id}' not found."),
            await _server.RefusalAsync(HttpMethod.Get, $"logged-models/{id}", null));
        Assert.Equal("{}", (await _server.PostAsync("logged-models/search", """{"experiment_ids":["0"]}""")).GetRawText());
    }

    [Fact]
    public async Task Models_are_found_by_filter_order_and_page()
    {
        var run = await _server.NewRunAsync();
        var a = await _server.NewLoggedModelAsync("a", run);
        var b = await _server.NewLoggedModelAsync("b");
        await _server.NewLoggedModelAsync("c", experiment: await _server.NewExperimentAsync("other"));
        await _server.AnswerAsync("PATCH", $"logged-models/{a.Text("info.model_id")}", """{"status":2}""");
        await _server.AnswerAsync("PATCH", $"logged-models/{b.Text("info.model_id")}/tags", """{"tags":[{"key":"k","value":"v"}]}""");
        await _server.PostAsync($"logged-models/{a.Text("info.model_id")}/params", """{"params":[{"key":"p","value":"1"}]}""");

        Assert.Equal("b a", await NamesAsync(new { experiment_ids = new[] { "0" } }));
        Assert.Equal("a", await NamesAsync(new { experiment_ids = new[] { "0" }, filter = $"source_run_id = '{run}'" }));
        Assert.Equal("b", await NamesAsync(new { experiment_ids = new[] { "0" }, filter = $"model_id = '{b.Text("info.model_id")}'" }));
        Assert.Equal("a", await NamesAsync(new { experiment_ids = new[] { "0" }, filter = "status = 'READY' AND params.p = '1'" }));
        Assert.Equal("b", await NamesAsync(new { experiment_ids = new[] { "0" }, filter = "tags.k LIKE 'v%' AND attributes.creation_timestamp > 0" }));
        Assert.Equal("", await NamesAsync(new { experiment_ids = new[] { "0" }, filter = "metrics.loss < 1", datasets = new[] { new { dataset_name = "d" } } }));
        Assert.Equal("a b c", await NamesAsync(new { experiment_ids = new[] { "0", "1" }, order_by = new[] { new { field_name = "name", ascending = true } } }));
        Assert.Equal("b a", await NamesAsync(new { experiment_ids = new[] { "0" }, order_by = new[] { new { field_name = "metrics.loss", ascending = false } } }));

        var first = await _server.PostAsync("logged-models/search", """{"experiment_ids":["0"],"max_results":1}""");
        var second = await _server.PostAsync("logged-models/search", new { experiment_ids = new[] { "0" }, max_results = 1, page_token = first.Text("next_page_token") });
        Assert.Equal("a", second.Text("models.0.info.name"));
        Assert.False(second.Has("next_page_token"));
    }

    [Fact]
    public async Task A_metric_that_names_a_model_is_the_models_too()
    {
        var run = await _server.NewRunAsync();
        var id = (await _server.NewLoggedModelAsync("net", run)).Text("info.model_id");
        await _server.PostAsync("runs/log-metric", new { run_id = run, key = "loss", value = 0.5, timestamp = 1, step = 1, model_id = id, dataset_name = "d", dataset_digest = "x" });
        await _server.PostAsync("runs/log-batch", new
        {
            run_id = run,
            metrics = new object[]
            {
                new { key = "loss", value = 0.25, timestamp = 2, step = 2, model_id = id, dataset_name = "d", dataset_digest = "x" },
                new { key = "loss", value = "NaN", timestamp = 2, step = 2, model_id = id },
                new { key = "loss", value = 9, timestamp = 3, step = 3 },
            },
        });

        var metrics = (await _server.GetAsync($"logged-models/{id}")).At("model.data.metrics");

        Assert.Equal(2, metrics.GetArrayLength());
        Assert.Equal("NaN", metrics.Text("0.value"));
        Assert.Equal((0.25, "d", "x", run, id), (metrics.At("1.value").GetDouble(), metrics.Text("1.dataset_name"), metrics.Text("1.dataset_digest"), metrics.Text("1.run_id"), metrics.Text("1.model_id")));
        Assert.Equal("net", await NamesAsync(new { experiment_ids = new[] { "0" }, filter = "metrics.loss < 1", datasets = new[] { new { dataset_name = "d" } } }));
        Assert.Equal("", await NamesAsync(new { experiment_ids = new[] { "0" }, filter = "metrics.loss < 1", datasets = new[] { new { dataset_name = "e" } } }));
    }

    [Theory]
    [InlineData("GET", "logged-models/m-x", null, 404, "RESOURCE_DOES_NOT_EXIST", "Logged model with ID 'm-x' not found.")]
    [InlineData("PATCH", "logged-models/m-x", """{"status":"LOGGED_MODEL_READY"}""", 404, "RESOURCE_DOES_NOT_EXIST", "Logged model with ID 'm-x' not found.")]
    [InlineData("DELETE", "logged-models/m-x", "{}", 404, "RESOURCE_DOES_NOT_EXIST", "Logged model with ID 'm-x' not found.")]
    [InlineData("PATCH", "logged-models/m-x/tags", """{"tags":[]}""", 404, "RESOURCE_DOES_NOT_EXIST", "Logged model with ID 'm-x' not found.")]
    [InlineData("POST", "logged-models/m-x/params", """{"params":[]}""", 404, "RESOURCE_DOES_NOT_EXIST", "Logged model with ID 'm-x' not found.")]
    [InlineData("PATCH", "logged-models/m-x", """{"status":"READY"}""", 400, "INVALID_PARAMETER_VALUE", "Invalid value 'READY' for parameter 'status' supplied: expected one of LOGGED_MODEL_PENDING, LOGGED_MODEL_READY, LOGGED_MODEL_UPLOAD_FAILED.")]
    [InlineData("POST", "logged-models", """{"experiment_id":"9"}""", 404, "RESOURCE_DOES_NOT_EXIST", "No Experiment with id=9 exists")]
    [InlineData("POST", "logged-models", "{}", 400, "INVALID_PARAMETER_VALUE", "Missing value for required parameter 'experiment_id'. See the API docs for more information about request parameters.")]
    [InlineData("POST", "logged-models", """{"experiment_id":"0","name":"../a"}""", 400, "INVALID_PARAMETER_VALUE", "Invalid model name ('../a') provided. Model name must be a non-empty string and cannot contain the following characters: ('/', ':', '.', '%', '\"', \"'\")")]
    [InlineData("POST", "logged-models/search", """{"experiment_ids":["0"],"filter":"colour = 'red'"}""", 400, "INVALID_PARAMETER_VALUE", "Invalid attribute key '{colour}' specified. Valid keys are '{'name', 'model_id', 'model_type', 'status', 'source_run_id', 'experiment_id', 'creation_timestamp', 'last_updated_timestamp'}'")]
    public async Task Errors_have_the_protocols_code_and_status(string method, string path, string? body, int status, string code, string message) =>
        Assert.Equal((status, code, message), await _server.RefusalAsync(new HttpMethod(method), path, body));

    private async Task<string> NamesAsync(object body)
    {
        var answer = await _server.PostAsync("logged-models/search", body);
        return answer.Has("models") ? string.Join(' ', answer.At("models").EnumerateArray().Select(model => model.Text("info.name"))) : "";
    }
}

public sealed class SqliteLoggedModelTests() : LoggedModelTests(StoreKind.Sqlite);

public sealed class PostgresLoggedModelTests() : LoggedModelTests(StoreKind.Postgres);
