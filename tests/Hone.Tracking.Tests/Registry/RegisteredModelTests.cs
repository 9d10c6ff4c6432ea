using System.Text.Json;
using Hone.Tracking.Tests.Rest;
using Hone.Tracking.Tests.Store;

namespace Hone.Tracking.Tests.Registry;

public abstract class RegisteredModelTests(StoreKind kind) : IAsyncLifetime
{
    private RestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RestServer.StartAsync(kind: kind);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_model_is_made_with_its_tags_and_read_as_it_was_made()
    {
        var body = new { name = "Größe ☃", description = "tells sizes", tags = new[] { new { key = "team", value = "a" } } };
        var made = (await _server.PostAsync("registered-models/create", body)).At("registered_model");

        var read = await ModelAsync("Größe ☃");

        Assert.Equal(made.GetRawText(), read.GetRawText());
        Assert.Equal("Größe ☃ tells sizes", $"{read.Text("name")} {read.Text("description")}");
        Assert.Equal("team=a", read.At("tags").Pairs());
        Assert.Equal(JsonValueKind.Number, read.At("creation_timestamp").ValueKind);
        Assert.Equal(read.At("creation_timestamp").GetInt64(), read.At("last_updated_timestamp").GetInt64());
        Assert.False(read.Has("latest_versions") || read.Has("aliases"));
    }

    [Fact]
    public async Task What_was_made_is_there_after_the_server_starts_again()
    {
        await _server.NewModelAsync("m");
        await _server.NewVersionAsync("m");

        await _server.RestartAsync();

        Assert.Equal("1", (await ModelAsync("m")).Text("latest_versions.0.version"));
    }

    [Fact]
    public async Task A_renamed_model_takes_versions_tags_and_aliases_with_it_and_its_old_name_is_free()
    {
        await _server.NewModelAsync("old");
        await _server.NewVersionAsync("old");
        await _server.PostAsync("registered-models/alias", new { name = "old", alias = "best", version = "1" });
        await _server.PostAsync("registered-models/set-tag", new { name = "old", key = "k", value = "v" });

        var renamed = (await _server.PostAsync("registered-models/rename", new { name = "old", new_name = "new" })).At("registered_model");

        Assert.Equal("new 1 best 1", $"{renamed.Text("name")} {renamed.Text("latest_versions.0.version")} {renamed.Text("aliases.0.alias")} {renamed.Text("aliases.0.version")}");
        Assert.Equal("k=v", renamed.At("tags").Pairs());
        Assert.Equal("new", (await _server.GetAsync("model-versions/get?name=new&version=1")).Text("model_version.name"));
        await _server.NewModelAsync("old");
        Assert.False((await ModelAsync("old")).Has("latest_versions"));
    }

    [Fact]
    public async Task A_description_is_replaced_and_taken_away()
    {
        await _server.NewModelAsync("m");

        var updated = await _server.AnswerAsync("PATCH", "registered-models/update", """{"name":"m","description":"second"}""");
        Assert.Equal("second", updated.Text("registered_model.description"));

        await _server.AnswerAsync("PATCH", "registered-models/update", """{"name":"m"}""");
        Assert.False((await ModelAsync("m")).Has("description"));
    }

    [Fact]
    public async Task A_deleted_model_is_gone_with_its_versions_and_its_name_begins_anew()
    {
        await _server.NewModelAsync("m");
        await _server.NewVersionAsync("m");
        await _server.NewVersionAsync("m");
        await _server.PostAsync("registered-models/alias", new { name = "m", alias = "best", version = "2" });
        await _server.PostAsync("model-versions/set-tag", new { name = "m", version = "2", key = "k", value = "v" });

        Assert.Equal("{}", (await _server.AnswerAsync("DELETE", "registered-models/delete", """{"name":"m"}""")).GetRawText());

        Assert.Equal(404, (await _server.RefusalAsync(HttpMethod.Get, "registered-models/get?name=m", null)).Status);
        Assert.Equal(404, (await _server.RefusalAsync(HttpMethod.Get, "model-versions/get?name=m&version=2", null)).Status);
        await _server.NewModelAsync("m");
        Assert.Equal("1", await _server.NewVersionAsync("m"));
        Assert.False((await ModelAsync("m")).Has("aliases"));
    }

    [Fact]
    public async Task Tags_are_set_replaced_and_removed_and_one_that_is_not_there_is_removed_without_complaint()
    {
        await _server.NewModelAsync("m");
        await _server.PostAsync("registered-models/set-tag", new { name = "m", key = "a b", value = "1" });
        await _server.PostAsync("registered-models/set-tag", new { name = "m", key = "a b", value = "☃" });
        await _server.PostAsync("registered-models/set-tag", new { name = "m", key = "c", value = "" });
        Assert.Equal("a b=☃ c=", (await ModelAsync("m")).At("tags").Pairs());

        await _server.AnswerAsync("DELETE", "registered-models/delete-tag", """{"name":"m","key":"c"}""");
        await _server.AnswerAsync("DELETE", "registered-models/delete-tag", """{"name":"m","key":"c"}""");
        Assert.Equal("a b=☃", (await ModelAsync("m")).At("tags").Pairs());
    }

    [Fact]
    public async Task An_alias_leads_to_one_version_at_a_time_and_goes_with_it()
    {
        await _server.NewModelAsync("m");
        await _server.NewVersionAsync("m");
        await _server.NewVersionAsync("m");
        await _server.PostAsync("registered-models/alias", new { name = "m", alias = "best", version = "1" });
        await _server.PostAsync("registered-models/alias", new { name = "m", alias = "best", version = 2 });
        await _server.PostAsync("registered-models/alias", new { name = "m", alias = "other", version = "2" });

        var found = (await _server.GetAsync("registered-models/alias?name=m&alias=best")).At("model_version");
        Assert.Equal("2", found.Text("version"));
        Assert.Equal("""["best","other"]""", found.At("aliases").GetRawText());
        Assert.False((await _server.GetAsync("model-versions/get?name=m&version=1")).At("model_version").Has("aliases"));

        await _server.AnswerAsync("DELETE", "registered-models/alias", """{"name":"m","alias":"other"}""");
        await _server.AnswerAsync("DELETE", "registered-models/alias", """{"name":"m","alias":"other"}""");
        await _server.AnswerAsync("DELETE", "model-versions/delete", """{"name":"m","version":"2"}""");
        Assert.Equal(
            (400, "INVALID_PARAMETER_VALUE", "Registered model alias best not found."),
            await _server.RefusalAsync(HttpMethod.Get, "registered-models/alias?name=m&alias=best", null));
        Assert.False((await ModelAsync("m")).Has("aliases"));
    }

    [Theory]
    [InlineData("latest")]
    [InlineData("Latest")]
    [InlineData("v1")]
    [InlineData("V23")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("../a")]
    public async Task An_alias_that_reads_like_something_else_is_refused(string alias)
    {
        await _server.NewModelAsync("m");
        await _server.NewVersionAsync("m");

        Assert.Equal(400, (await _server.RefusalAsync(HttpMethod.Post, "registered-models/alias", new { name = "m", alias, version = "1" })).Status);
    }

    [Fact]
    public async Task The_latest_versions_are_those_of_each_stage()
    {
        await _server.NewModelAsync("m");
        for (var i = 0; i < 4; i++)
        {
            await _server.NewVersionAsync("m");
        }

        await _server.PostAsync("model-versions/transition-stage", new { name = "m", version = "1", stage = "Production" });
        await _server.PostAsync("model-versions/transition-stage", new { name = "m", version = "2", stage = "production" });
        await _server.PostAsync("model-versions/transition-stage", new { name = "m", version = "3", stage = "Staging" });

        Assert.Equal("4 None, 2 Production, 3 Staging", Latest(await _server.PostAsync("registered-models/get-latest-versions", new { name = "m" })));
        Assert.Equal("2 Production", Latest(await _server.PostAsync("registered-models/get-latest-versions", """{"name":"m","stages":["production"]}""")));
        Assert.Equal("3 Staging", Latest(await _server.GetAsync("registered-models/get-latest-versions?name=m&stages=Staging&stages=Archived")));
        Assert.Equal("{}", (await _server.PostAsync("registered-models/get-latest-versions", """{"name":"m","stages":["Archived"]}""")).GetRawText());
        Assert.Equal(3, (await ModelAsync("m")).At("latest_versions").GetArrayLength());
    }

    [Fact]
    public async Task Models_are_found_by_filter_order_and_page()
    {
        foreach (var name in new[] { "beta", "alpha", "Gamma" })
        {
            await _server.NewModelAsync(name);
            await _server.PostAsync("registered-models/set-tag", new { name, key = "kind", value = name[..1] });
        }

        Assert.Equal("Gamma alpha beta", await NamesAsync(""));
        Assert.Equal("beta alpha Gamma", await NamesAsync("order_by=name DESC"));
        Assert.Equal("alpha beta", await NamesAsync("filter=name LIKE '%a' AND name != 'Gamma'"));
        Assert.Equal("Gamma", await NamesAsync("filter=name ILIKE 'g%'"));
        Assert.Equal("alpha", await NamesAsync("filter=name = 'alpha'"));
        Assert.Equal("beta", await NamesAsync("filter=tags.kind = 'b'"));
        Assert.Equal("Gamma alpha beta", await NamesAsync("filter=last_updated_timestamp > 0"));

        var first = await _server.GetAsync("registered-models/search?max_results=2");
        var second = await _server.GetAsync($"registered-models/search?max_results=2&page_token={first.Text("next_page_token")}");
        Assert.Equal("beta", second.Text("registered_models.0.name"));
        Assert.False(second.Has("next_page_token"));
    }

    [Fact]
    public async Task Prompts_are_found_only_where_they_are_asked_for()
    {
        await _server.NewModelAsync("model");
        await _server.PostAsync(
            "registered-models/create", new { name = "prompt", tags = new[] { new { key = "mlflow.prompt.is_prompt", value = "true" } } });

        Assert.Equal("model", await NamesAsync(""));
        Assert.Equal("prompt", await NamesAsync("filter=tags.`mlflow.prompt.is_prompt` = 'true'"));
        Assert.Equal("model", await NamesAsync("filter=tags.`mlflow.prompt.is_prompt` != 'true'"));
    }

    [Theory]
    [InlineData("GET", "registered-models/get?name=x", null, 404, "RESOURCE_DOES_NOT_EXIST", "Registered Model with name=x not found")]
    [InlineData("GET", "registered-models/get", null, 400, "INVALID_PARAMETER_VALUE", "Missing value for required parameter 'name'. See the API docs for more information about request parameters.")]
    [InlineData("POST", "registered-models/create", """{"name":"there"}""", 400, "RESOURCE_ALREADY_EXISTS", "Registered Model (name=there) already exists.")]
    [InlineData("POST", "registered-models/create", """{"name":" "}""", 400, "INVALID_PARAMETER_VALUE", "Registered model name cannot be empty.")]
    [InlineData("POST", "registered-models/create", """{"name":"a/b"}""", 400, "INVALID_PARAMETER_VALUE", "Invalid name: 'a/b'. Registered model name cannot contain '/' or ':'.")]
    [InlineData("POST", "registered-models/rename", """{"name":"other","new_name":"there"}""", 400, "RESOURCE_ALREADY_EXISTS", "Registered Model (name=there) already exists.")]
    [InlineData("POST", "registered-models/rename", """{"name":"x","new_name":"y"}""", 404, "RESOURCE_DOES_NOT_EXIST", "Registered Model with name=x not found")]
    [InlineData("POST", "registered-models/rename", """{"name":"there"}""", 400, "INVALID_PARAMETER_VALUE", "Missing value for required parameter 'new_name'. See the API docs for more information about request parameters.")]
    [InlineData("PATCH", "registered-models/update", """{"name":"x"}""", 404, "RESOURCE_DOES_NOT_EXIST", "Registered Model with name=x not found")]
    [InlineData("DELETE", "registered-models/delete", """{"name":"x"}""", 404, "RESOURCE_DOES_NOT_EXIST", "Registered Model with name=x not found")]
    [InlineData("POST", "registered-models/set-tag", """{"name":"x","key":"k","value":"v"}""", 404, "RESOURCE_DOES_NOT_EXIST", "Registered Model with name=x not found")]
    [InlineData("DELETE", "registered-models/delete-tag", """{"name":"x","key":"k"}""", 404, "RESOURCE_DOES_NOT_EXIST", "Registered Model with name=x not found")]
    [InlineData("POST", "registered-models/alias", """{"name":"there","alias":"a","version":"1"}""", 404, "RESOURCE_DOES_NOT_EXIST", "Model Version (name=there, version=1) not found")]
    [InlineData("POST", "registered-models/alias", """{"name":"there","alias":"latest","version":"1"}""", 400, "INVALID_PARAMETER_VALUE", "'latest' alias name (case insensitive) is reserved.")]
    [InlineData("GET", "registered-models/alias?name=there&alias=a", null, 400, "INVALID_PARAMETER_VALUE", "Registered model alias a not found.")]
    [InlineData("POST", "registered-models/get-latest-versions", """{"name":"x"}""", 404, "RESOURCE_DOES_NOT_EXIST", "Registered Model with name=x not found")]
    [InlineData("POST", "registered-models/get-latest-versions", """{"name":"there","stages":["x"]}""", 400, "INVALID_PARAMETER_VALUE", "Invalid Model Version stage: x. Value must be one of None, Staging, Production, Archived.")]
    [InlineData("GET", "registered-models/search?max_results=1001", null, 400, "INVALID_PARAMETER_VALUE", "Invalid value 1001 for parameter 'max_results' supplied. It must be at most 1000, but got value 1001")]
    [InlineData("GET", "registered-models/search?filter=colour%20%3D%20'red'", null, 400, "INVALID_PARAMETER_VALUE", "Invalid attribute key '{colour}' specified. Valid keys are '{'name', 'creation_timestamp', 'last_updated_timestamp'}'")]
    [InlineData("GET", "registered-models/search?filter=metrics.a%20%3E%201", null, 400, "INVALID_PARAMETER_VALUE", "Invalid entity type 'metric'. Valid values are ['attribute', 'tag']")]
    [InlineData("GET", "registered-models/search?page_token=x!", null, 400, "INVALID_PARAMETER_VALUE", "Invalid page token 'x!': take it from an answer as it is.")]
    public async Task Errors_have_the_protocols_code_and_status(string method, string path, string? body, int status, string code, string message)
    {
        await _server.NewModelAsync("there");
        await _server.NewModelAsync("other");

        Assert.Equal((status, code, message), await _server.RefusalAsync(new HttpMethod(method), path, body));
    }

    private async Task<JsonElement> ModelAsync(string name) =>
        (await _server.GetAsync($"registered-models/get?name={Uri.EscapeDataString(name)}")).At("registered_model");

    private async Task<string> NamesAsync(string query)
    {
        var at = query.IndexOf('=', StringComparison.Ordinal) + 1;
        var answer = await _server.GetAsync($"registered-models/search?{query[..at]}{Uri.EscapeDataString(query[at..])}");
        return string.Join(' ', answer.At("registered_models").EnumerateArray().Select(model => model.Text("name")));
    }

    private static string Latest(JsonElement answer) =>
        string.Join(", ", answer.At("model_versions").EnumerateArray().Select(version => $"{version.Text("version")} {version.Text("current_stage")}"));
}

public sealed class SqliteRegisteredModelTests() : RegisteredModelTests(StoreKind.Sqlite);

public sealed class PostgresRegisteredModelTests() : RegisteredModelTests(StoreKind.Postgres);
