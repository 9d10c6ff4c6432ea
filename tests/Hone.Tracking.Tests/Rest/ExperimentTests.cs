using System.Text.Json;
using Hone.Tracking.Tests.Store;

namespace Hone.Tracking.Tests.Rest;

public abstract class ExperimentTests(StoreKind kind) : IAsyncLifetime
{
    private RestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RestServer.StartAsync(kind: kind);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_new_store_has_the_default_experiment()
    {
        var experiment = (await _server.GetAsync("experiments/get?experiment_id=0")).At("experiment");

        Assert.Equal("Default", experiment.Text("name"));
        Assert.Equal("mlflow-artifacts:/0", experiment.Text("artifact_location"));
        Assert.Equal("active", experiment.Text("lifecycle_stage"));
        Assert.Equal(JsonValueKind.Number, experiment.At("creation_time").ValueKind);
        Assert.False(experiment.Has("tags"));
    }

    [Fact]
    public async Task An_experiment_is_made_with_its_tags_and_found_by_name_and_by_id()
    {
        var made = await _server.PostAsync("experiments/create", new { name = "Größe ☃", tags = new[] { new { key = "team", value = "a" } } });
        var id = made.Text("experiment_id");

        var byName = await _server.GetAsync($"experiments/get-by-name?experiment_name={Uri.EscapeDataString("Größe ☃")}");
        var byId = await _server.GetAsync($"experiments/get?experiment_id={id}");

        Assert.Equal(id, byName.Text("experiment.experiment_id"));
        Assert.Equal("Größe ☃", byId.Text("experiment.name"));
        Assert.Equal("team=a", byId.At("experiment.tags").Pairs());
    }

    [Fact]
    public async Task Both_spellings_of_the_prefix_answer()
    {
        var (status, answer) = await _server.SendAsync(HttpMethod.Get, "/ajax-api/2.0/mlflow/experiments/get?experiment_id=0", null);

        Assert.Equal((200, "Default"), ((int)status, answer.Text("experiment.name")));
    }

    [Fact]
    public async Task A_location_of_files_is_kept_as_it_is_given()
    {
        var made = await _server.PostAsync("experiments/create", new { name = "elsewhere", artifact_location = "s3://bucket/x" });
        var run = await _server.RunAsync(await _server.NewRunAsync(made.Text("experiment_id")!));

        Assert.Equal($"s3://bucket/x/{run.Text("info.run_id")}/artifacts", run.Text("info.artifact_uri"));
    }

    [Fact]
    public async Task An_experiment_is_renamed_and_its_old_name_is_free()
    {
        var id = await _server.NewExperimentAsync("old");

        await _server.PostAsync("experiments/update", new { experiment_id = id, new_name = "new" });

        Assert.Equal(id, (await _server.GetAsync("experiments/get-by-name?experiment_name=new")).Text("experiment.experiment_id"));
        Assert.NotEqual(id, await _server.NewExperimentAsync("old"));
    }

    [Fact]
    public async Task A_deleted_experiment_is_still_read_takes_its_runs_with_it_and_comes_back_with_them()
    {
        var id = await _server.NewExperimentAsync("gone");
        var run = await _server.NewRunAsync(id);

        await _server.PostAsync("experiments/delete", new { experiment_id = id });
        Assert.Equal("deleted", (await _server.GetAsync($"experiments/get?experiment_id={id}")).Text("experiment.lifecycle_stage"));
        Assert.Equal("deleted", (await _server.RunAsync(run)).Text("info.lifecycle_stage"));
        Assert.Equal(
            (400, "INVALID_PARAMETER_VALUE", $"The experiment {id} must be in the 'active' state. Current state is deleted."),
            await _server.RefusalAsync(HttpMethod.Post, "runs/create", new { experiment_id = id }));
        Assert.Equal(500, (await _server.RefusalAsync(HttpMethod.Post, "experiments/update", new { experiment_id = id, new_name = "x" })).Status);

        await _server.PostAsync("experiments/restore", new { experiment_id = id });
        Assert.Equal("active", (await _server.RunAsync(run)).Text("info.lifecycle_stage"));
    }

    [Fact]
    public async Task Tags_are_set_replaced_and_removed()
    {
        await _server.PostAsync("experiments/set-experiment-tag", new { experiment_id = "0", key = "a b", value = "1" });
        await _server.PostAsync("experiments/set-experiment-tag", new { experiment_id = "0", key = "a b", value = "" });
        await _server.PostAsync("experiments/set-experiment-tag", new { experiment_id = 0, key = "c", value = "☃" });
        Assert.Equal("a b= c=☃", (await _server.GetAsync("experiments/get?experiment_id=0")).At("experiment.tags").Pairs());

        await _server.PostAsync("experiments/delete-experiment-tag", new { experiment_id = "0", key = "c" });
        Assert.Equal("a b=", (await _server.GetAsync("experiments/get?experiment_id=0")).At("experiment.tags").Pairs());
        Assert.Equal(404, (await _server.RefusalAsync(HttpMethod.Post, "experiments/delete-experiment-tag", new { experiment_id = "0", key = "c" })).Status);
    }

    [Theory]
    [InlineData("GET", "experiments/get?experiment_id=99", null, 404, "RESOURCE_DOES_NOT_EXIST", "No Experiment with id=99 exists")]
    [InlineData("GET", "experiments/get?experiment_id=x", null, 400, "INVALID_PARAMETER_VALUE", "Invalid experiment ID 'x'. Experiment ID must be a valid integer.")]
    [InlineData("GET", "experiments/get", null, 400, "INVALID_PARAMETER_VALUE", "Missing value for required parameter 'experiment_id'. See the API docs for more information about request parameters.")]
    [InlineData("GET", "experiments/get-by-name?experiment_name=x", null, 404, "RESOURCE_DOES_NOT_EXIST", "Could not find experiment with name 'x'")]
    [InlineData("POST", "experiments/create", "{}", 400, "INVALID_PARAMETER_VALUE", "Missing value for required parameter 'name'. See the API docs for more information about request parameters.")]
    [InlineData("POST", "experiments/create", """{"name":"Default"}""", 400, "RESOURCE_ALREADY_EXISTS", "Experiment(name=Default) already exists.")]
    [InlineData("POST", "experiments/create", """{"name":{}}""", 400, "INVALID_PARAMETER_VALUE", "Invalid value {} for parameter 'name' supplied: Value was not of type 'string'. See the API docs for more information about request parameters.")]
    [InlineData("POST", "experiments/delete", """{"experiment_id":"7"}""", 404, "RESOURCE_DOES_NOT_EXIST", "No Experiment with id=7 exists")]
    [InlineData("POST", "experiments/restore", """{"experiment_id":"0"}""", 404, "RESOURCE_DOES_NOT_EXIST", "No Experiment with id=0 exists")]
    [InlineData("POST", "experiments/search", """{"max_results":50001}""", 400, "INVALID_PARAMETER_VALUE", "Invalid value 50001 for parameter 'max_results' supplied. It must be at most 50000, but got value 50001")]
    [InlineData("GET", "experiments/nothing", null, 404, "ENDPOINT_NOT_FOUND", "There is no GET /api/2.0/mlflow/experiments/nothing.")]
    public async Task Errors_have_the_protocols_code_and_status(string method, string path, string? body, int status, string code, string message) =>
        Assert.Equal((status, code, message), await _server.RefusalAsync(new HttpMethod(method), path, body));

    [Fact]
    public async Task Experiments_are_found_by_filter_order_and_page()
    {
        foreach (var name in new[] { "alpha", "beta", "Gamma" })
        {
            var id = await _server.NewExperimentAsync(name);
            await _server.PostAsync("experiments/set-experiment-tag", new { experiment_id = id, key = "kind", value = name[..1] });
        }

        await _server.PostAsync("experiments/delete", new { experiment_id = "0" });
        Assert.Equal("beta Gamma", await NamesAsync(new { filter = "name LIKE '%a' AND name != 'alpha'", order_by = new[] { "name DESC" } }));
        Assert.Equal("Gamma", await NamesAsync(new { filter = "attribute.name ILIKE 'g%'" }));
        Assert.Equal("beta", await NamesAsync(new { filter = "tags.kind = 'b'" }));
        Assert.Equal("Default", await NamesAsync(new { view_type = "DELETED_ONLY" }));
        Assert.Equal(4, (await NamesAsync(new { view_type = "ALL" })).Split(' ').Length);
        Assert.Equal("Gamma alpha beta", await NamesAsync(new { order_by = new[] { "name" }, filter = "creation_time > 0" }));

        var first = await _server.PostAsync("experiments/search", new { max_results = 2, order_by = new[] { "name" } });
        var second = await _server.PostAsync(
            "experiments/search", new { max_results = 2, order_by = new[] { "name" }, page_token = first.Text("next_page_token") });
        Assert.Equal("beta", second.Text("experiments.0.name"));
        Assert.False(second.Has("next_page_token"));
    }

    private async Task<string> NamesAsync(object body)
    {
        var answer = await _server.PostAsync("experiments/search", body);
        return answer.Has("experiments") ? string.Join(' ', answer.At("experiments").EnumerateArray().Select(e => e.Text("name"))) : "";
    }
}

public sealed class SqliteExperimentTests() : ExperimentTests(StoreKind.Sqlite);

public sealed class PostgresExperimentTests() : ExperimentTests(StoreKind.Postgres);
