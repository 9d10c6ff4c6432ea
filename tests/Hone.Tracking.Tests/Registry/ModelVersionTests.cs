using System.Text.Json;
using Hone.Tracking.Tests.Rest;
using Hone.Tracking.Tests.Store;

namespace Hone.Tracking.Tests.Registry;

public abstract class ModelVersionTests(StoreKind kind) : IAsyncLifetime
{
    private RestServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await RestServer.StartAsync(kind: kind);
        await _server.NewModelAsync("m");
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_version_says_where_it_comes_from()
    {
        var run = await _server.NewRunAsync();
        var made = (await _server.PostAsync("model-versions/create", new
        {
            name = "m",
            source = $"mlflow-artifacts:/0/{run}/artifacts/model",
            run_id = run,
            run_link = "https://elsewhere.example/run",
            description = "first",
            tags = new[] { new { key = "k", value = "v" } },
        })).At("model_version");

        Assert.Equal(made.GetRawText(), (await VersionAsync("1")).GetRawText());
        Assert.Equal("m 1 None READY first", $"{made.Text("name")} {made.Text("version")} {made.Text("current_stage")} {made.Text("status")} {made.Text("description")}");
        Assert.Equal((run, "https://elsewhere.example/run"), (made.Text("run_id"), made.Text("run_link")));
        Assert.Equal("k=v", made.At("tags").Pairs());
        Assert.Equal(
            $"mlflow-artifacts:/0/{run}/artifacts/model", (await _server.GetAsync("model-versions/get-download-uri?name=m&version=1")).Text("artifact_uri"));
    }

    [Fact]
    public async Task A_number_is_never_given_twice()
    {
        await _server.NewVersionAsync("m");
        await _server.NewVersionAsync("m");
        await _server.AnswerAsync("DELETE", "model-versions/delete", """{"name":"m","version":"2"}""");

        Assert.Equal("3", await _server.NewVersionAsync("m"));
        Assert.Equal(404, (await _server.RefusalAsync(HttpMethod.Get, "model-versions/get?name=m&version=2", null)).Status);
    }

    [Fact]
    public async Task Versions_made_at_once_have_numbers_of_their_own()
    {
        var numbers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => _server.NewVersionAsync("m")));

        Assert.Equal(Enumerable.Range(1, 32), numbers.Select(int.Parse).Order());
    }

    [Fact]
    public async Task A_description_is_replaced_and_a_change_is_the_models_too()
    {
        await _server.NewVersionAsync("m");

        var updated = await _server.AnswerAsync("PATCH", "model-versions/update", """{"name":"m","version":"1","description":"second"}""");

        Assert.Equal("second", updated.Text("model_version.description"));
        Assert.Equal(
            updated.At("model_version.last_updated_timestamp").GetInt64(),
            (await _server.GetAsync("registered-models/get?name=m")).At("registered_model.last_updated_timestamp").GetInt64());
    }

    [Fact]
    public async Task Moving_a_version_to_a_stage_archives_the_others_where_that_is_asked_for()
    {
        for (var i = 0; i < 3; i++)
        {
            await _server.NewVersionAsync("m");
        }

        await MoveAsync("1", "Production", archives: false);
        await MoveAsync("2", "Production", archives: false);
        Assert.Equal("Production Production None", await StagesAsync());

        var moved = await MoveAsync("3", "PRODUCTION", archives: true);

        Assert.Equal("Production", moved.Text("model_version.current_stage"));
        Assert.Equal("Archived Archived Production", await StagesAsync());
        await MoveAsync("3", "None", archives: false);
        Assert.Equal("Archived Archived None", await StagesAsync());
    }

    [Fact]
    public async Task Tags_are_set_replaced_and_removed()
    {
        await _server.NewVersionAsync("m");
        await _server.PostAsync("model-versions/set-tag", new { name = "m", version = "1", key = "a", value = "1" });
        await _server.PostAsync("model-versions/set-tag", new { name = "m", version = 1, key = "a", value = "2" });
        Assert.Equal("a=2", (await VersionAsync("1")).At("tags").Pairs());

        await _server.AnswerAsync("DELETE", "model-versions/delete-tag", """{"name":"m","version":"1","key":"a"}""");
        await _server.AnswerAsync("DELETE", "model-versions/delete-tag", """{"name":"m","version":"1","key":"a"}""");
        Assert.False((await VersionAsync("1")).Has("tags"));
    }

    [Fact]
    public async Task Versions_are_found_by_filter_order_and_page()
    {
        await _server.NewModelAsync("n");
        var run = await _server.NewRunAsync();
        await _server.NewVersionAsync("m", "mlflow-artifacts:/a");
        await _server.NewVersionAsync("m", "mlflow-artifacts:/b", run);
        await _server.NewVersionAsync("n", "mlflow-artifacts:/b", run);
        await _server.PostAsync("model-versions/set-tag", new { name = "n", version = "1", key = "k", value = "v" });

        Assert.Equal("m2 m1", await FoundAsync("filter=name='m'&order_by=version_number DESC"));
        Assert.Equal("m1 m2", await FoundAsync("filter=name LIKE 'm%'&order_by=version_number ASC"));
        Assert.Equal("m2 n1", await FoundAsync($"filter=run_id = '{run}'&order_by=name"));
        Assert.Equal("m2 n1", await FoundAsync($"filter=run_id IN ('{run}', 'x')&order_by=name"));
        Assert.Equal("m1", await FoundAsync("filter=source_path = 'mlflow-artifacts:/a'"));
        Assert.Equal("m2", await FoundAsync("filter=version_number > 1"));
        Assert.Equal("n1", await FoundAsync("filter=tags.k = 'v'"));
        Assert.Equal("", await FoundAsync("filter=name = 'x'"));

        var first = await _server.GetAsync("model-versions/search?max_results=2&order_by=name");
        var second = await _server.GetAsync($"model-versions/search?max_results=2&order_by=name&page_token={first.Text("next_page_token")}");
        Assert.Equal("n", second.Text("model_versions.0.name"));
        Assert.False(second.Has("next_page_token"));
    }

    [Fact]
    public async Task A_source_that_names_a_model_is_followed_to_its_files_and_its_run()
    {
        var run = await _server.NewRunAsync();
        var logged = await _server.NewLoggedModelAsync("net", run);
        var id = logged.Text("info.model_id")!;

        var made = (await _server.PostAsync("model-versions/create", new { name = "m", source = $"models:/{id}", model_id = id })).At("model_version");
        await _server.PostAsync("registered-models/alias", new { name = "m", alias = "best", version = "1" });
        await _server.NewVersionAsync("m", "models:/m/1");
        await _server.NewVersionAsync("m", "models:/m@best");

        Assert.Equal((run, id, $"models:/{id}"), (made.Text("run_id"), made.Text("model_id"), made.Text("source")));
        foreach (var version in new[] { "1", "2", "3" })
        {
            var uri = await _server.GetAsync($"model-versions/get-download-uri?name=m&version={version}");
            Assert.Equal(logged.Text("info.artifact_uri"), uri.Text("artifact_uri"));
        }

        var registrations = (await _server.GetAsync($"logged-models/{id}")).At("model.info.registrations");
        Assert.Equal("""[{"name":"m","version":"1"}]""", registrations.GetRawText());
    }

    [Theory]
    [InlineData("/etc")]
    [InlineData("file:///etc/passwd")]
    [InlineData("etc/passwd")]
    [InlineData("C:\\Windows")]
    [InlineData("c:/Windows")]
    [InlineData("mlflow-artifacts:/0/../../etc")]
    [InlineData("mlflow-artifacts:/0/%2e%2e/etc")]
    [InlineData("mlflow-artifacts:/0/%252e%252e/etc")]
    [InlineData("s3://bucket/a/../b")]
    [InlineData("models:/m-ffffffffffffffffffffffffffffffff")]
    [InlineData("models:/m/9")]
    [InlineData("models:/a/b/c")]
    public async Task A_source_that_leads_to_where_clients_may_not_write_is_refused(string source)
    {
        var refusal = await _server.RefusalAsync(HttpMethod.Post, "model-versions/create", new { name = "m", source });

        Assert.Equal((400, "INVALID_PARAMETER_VALUE"), (refusal.Status, refusal.Code));
        Assert.False((await _server.GetAsync("registered-models/get?name=m")).At("registered_model").Has("latest_versions"));
    }

    [Fact]
    public async Task A_source_on_the_clients_disk_is_taken_within_the_folder_of_its_run()
    {
        var made = await _server.PostAsync("experiments/create", new { name = "local", artifact_location = "/data/runs" });
        var run = await _server.NewRunAsync(made.Text("experiment_id")!);

        await _server.NewVersionAsync("m", $"/data/runs/{run}/artifacts/model", run);

        Assert.Equal(400, (await _server.RefusalAsync(HttpMethod.Post, "model-versions/create", new { name = "m", source = $"/data/runs/{run}/artifacts2", run_id = run })).Status);
    }

    [Theory]
    [InlineData("GET", "model-versions/get?name=m&version=7", null, 404, "RESOURCE_DOES_NOT_EXIST", "Model Version (name=m, version=7) not found")]
    [InlineData("GET", "model-versions/get?name=m&version=x", null, 400, "INVALID_PARAMETER_VALUE", "Parameter 'version' must be an integer, got 'x'.")]
    [InlineData("GET", "model-versions/get?name=m", null, 400, "INVALID_PARAMETER_VALUE", "Missing value for required parameter 'version'. See the API docs for more information about request parameters.")]
    [InlineData("POST", "model-versions/create", """{"name":"x","source":"s3://b"}""", 404, "RESOURCE_DOES_NOT_EXIST", "Registered Model with name=x not found")]
    [InlineData("POST", "model-versions/create", """{"name":"m"}""", 400, "INVALID_PARAMETER_VALUE", "Missing value for required parameter 'source'. See the API docs for more information about request parameters.")]
    [InlineData("PATCH", "model-versions/update", """{"name":"m","version":"7"}""", 404, "RESOURCE_DOES_NOT_EXIST", "Model Version (name=m, version=7) not found")]
    [InlineData("DELETE", "model-versions/delete", """{"name":"m","version":"7"}""", 404, "RESOURCE_DOES_NOT_EXIST", "Model Version (name=m, version=7) not found")]
    [InlineData("POST", "model-versions/transition-stage", """{"name":"m","version":"7","stage":"Staging"}""", 404, "RESOURCE_DOES_NOT_EXIST", "Model Version (name=m, version=7) not found")]
    [InlineData("POST", "model-versions/transition-stage", """{"name":"m","version":"1","stage":"Live"}""", 400, "INVALID_PARAMETER_VALUE", "Invalid Model Version stage: Live. Value must be one of None, Staging, Production, Archived.")]
    [InlineData("POST", "model-versions/transition-stage", """{"name":"m","version":"1","stage":"None","archive_existing_versions":true}""", 400, "INVALID_PARAMETER_VALUE", "Model version transition cannot archive existing model versions because 'None' is not an Active stage. Valid stages are Staging, Production")]
    [InlineData("GET", "model-versions/search?max_results=200001", null, 400, "INVALID_PARAMETER_VALUE", "Invalid value 200001 for parameter 'max_results' supplied. It must be at most 200000, but got value 200001")]
    [InlineData("GET", "model-versions/search?filter=version_number%20%3D%20'1'", null, 400, "INVALID_PARAMETER_VALUE", "Expected numeric value type for attribute 'version_number'. Found '1'")]
    [InlineData("POST", "model-versions/set-tag", """{"name":"m","version":"7","key":"k","value":"v"}""", 404, "RESOURCE_DOES_NOT_EXIST", "Model Version (name=m, version=7) not found")]
    [InlineData("DELETE", "model-versions/delete-tag", """{"name":"m","version":"7","key":"k"}""", 404, "RESOURCE_DOES_NOT_EXIST", "Model Version (name=m, version=7) not found")]
    [InlineData("GET", "model-versions/get-download-uri?name=m&version=7", null, 404, "RESOURCE_DOES_NOT_EXIST", "Model Version (name=m, version=7) not found")]
    public async Task Errors_have_the_protocols_code_and_status(string method, string path, string? body, int status, string code, string message) =>
        Assert.Equal((status, code, message), await _server.RefusalAsync(new HttpMethod(method), path, body));

    private async Task<JsonElement> VersionAsync(string version) => (await _server.GetAsync($"model-versions/get?name=m&version={version}")).At("model_version");

    private Task<JsonElement> MoveAsync(string version, string stage, bool archives) =>
        _server.PostAsync("model-versions/transition-stage", new { name = "m", version, stage, archive_existing_versions = archives });

    private async Task<string> StagesAsync()
    {
        var answer = await _server.GetAsync("model-versions/search?order_by=version_number");
        return string.Join(' ', answer.At("model_versions").EnumerateArray().Select(version => version.Text("current_stage")));
    }

    private async Task<string> FoundAsync(string query)
    {
        var fields = query.Split('&').Select(field => field.Split('=', 2)).Select(field => $"{field[0]}={Uri.EscapeDataString(field[1])}");
        var answer = await _server.GetAsync($"model-versions/search?{string.Join('&', fields)}");
        return !answer.Has("model_versions") ? ""
            : string.Join(' ', answer.At("model_versions").EnumerateArray().Select(version => version.Text("name") + version.Text("version")));
    }
}

public sealed class SqliteModelVersionTests() : ModelVersionTests(StoreKind.Sqlite);

public sealed class PostgresModelVersionTests() : ModelVersionTests(StoreKind.Postgres);
