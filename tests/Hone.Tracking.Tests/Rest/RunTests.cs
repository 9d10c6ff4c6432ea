using Hone.Tracking.Tests.Store;

namespace Hone.Tracking.Tests.Rest;

public abstract class RunTests(StoreKind kind) : IAsyncLifetime
{
    private RestServer _server = null!;

    private protected RestServer Server => _server;

    public async ValueTask InitializeAsync() => _server = await RestServer.StartAsync(kind: kind);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_run_is_made_running_with_its_name_its_user_its_start_and_its_tags()
    {
        var made = await _server.PostAsync("runs/create", new
        {
            experiment_id = "0",
            user_id = "me",
            start_time = "1700000000123",
            run_name = "Lauf ☃",
            tags = new[] { new { key = "mlflow.user", value = "me" }, new { key = "mlflow.parentRunId", value = "abc" } },
        });

        var id = made.Text("run.info.run_id")!;
        Assert.Matches("^[0-9a-f]{32}$", id);
        Assert.Equal(
            $$"""{"run_id":"{{id}}","run_uuid":"{{id}}","run_name":"Lauf ☃","experiment_id":"0","user_id":"me","status":"RUNNING","start_time":1700000000123,"artifact_uri":"mlflow-artifacts:/0/{{id}}/artifacts","lifecycle_stage":"active"}""",
            made.At("run.info").GetRawText());
        Assert.Equal("mlflow.parentRunId=abc mlflow.runName=Lauf ☃ mlflow.user=me", made.At("run.data.tags").Pairs());
        Assert.Equal(made.At("run").GetRawText(), (await _server.RunAsync(id)).GetRawText());
        Assert.Equal(made.At("run").GetRawText(), (await _server.GetAsync($"runs/get?run_uuid={id}")).At("run").GetRawText());
    }

    [Fact]
    public async Task A_run_without_a_name_gets_one_which_its_tag_says_too()
    {
        var run = await _server.RunAsync(await _server.NewRunAsync());

        Assert.Matches("^[a-z]+-[a-z]+-[0-9]+$", run.Text("info.run_name"));
        Assert.Equal($"mlflow.runName={run.Text("info.run_name")}", run.At("data.tags").Pairs());
    }

    [Fact]
    public async Task The_tag_of_the_name_names_the_run()
    {
        var made = await _server.PostAsync("runs/create", new { tags = new[] { new { key = "mlflow.runName", value = "by tag" } } });
        var id = made.Text("run.info.run_id")!;
        Assert.Equal("by tag", made.Text("run.info.run_name"));

        await _server.PostAsync("runs/set-tag", new { run_id = id, key = "mlflow.runName", value = "again" });
        Assert.Equal("again", (await _server.RunAsync(id)).Text("info.run_name"));

        var updated = await _server.PostAsync("runs/update", new { run_id = id, run_name = "by update" });
        Assert.Equal("by update", updated.Text("run_info.run_name"));
        Assert.Equal("mlflow.runName=by update", (await _server.RunAsync(id)).At("data.tags").Pairs());
    }

    [Fact]
    public async Task Two_names_that_differ_are_refused() => Assert.Equal(
        (400, "INVALID_PARAMETER_VALUE",
            "Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values (run_name='a', mlflow.runName='b')."),
        await _server.RefusalAsync(
            HttpMethod.Post, "runs/create", new { run_name = "a", tags = new[] { new { key = "mlflow.runName", value = "b" } } }));

    [Theory]
    [InlineData("\"FINISHED\"", "FINISHED")]
    [InlineData("\"KILLED\"", "KILLED")]
    [InlineData("4", "FAILED")]
    public async Task A_run_ends_with_a_status_by_name_or_number(string status, string expected)
    {
        var id = await _server.NewRunAsync();

        var answer = await _server.PostAsync("runs/update", $$"""{"run_id":"{{id}}","status":{{status}},"end_time":1700000001000}""");

        Assert.Equal((expected, 1_700_000_001_000), (answer.Text("run_info.status"), answer.At("run_info.end_time").GetInt64()));
    }

    [Fact]
    public async Task A_deleted_run_is_read_but_not_written_and_can_be_restored()
    {
        var id = await _server.NewRunAsync();
        await _server.PostAsync("runs/delete", new { run_id = id });

        Assert.Equal("deleted", (await _server.RunAsync(id)).Text("info.lifecycle_stage"));
        var refusal = (400, "INVALID_PARAMETER_VALUE", $"The run {id} must be in the 'active' state. Current state is deleted.");
        Assert.Equal(refusal, await _server.RefusalAsync(HttpMethod.Post, "runs/log-metric", new { run_id = id, key = "a", value = 1, timestamp = 1 }));
        Assert.Equal(refusal, await _server.RefusalAsync(HttpMethod.Post, "runs/log-parameter", new { run_id = id, key = "a", value = "1" }));
        Assert.Equal(refusal, await _server.RefusalAsync(HttpMethod.Post, "runs/set-tag", new { run_id = id, key = "a", value = "1" }));
        Assert.Equal(refusal, await _server.RefusalAsync(HttpMethod.Post, "runs/update", new { run_id = id, status = "FAILED" }));
        Assert.Equal(refusal, await _server.RefusalAsync(HttpMethod.Post, "runs/log-batch", new { run_id = id }));

        await _server.PostAsync("runs/restore", new { run_id = id });
        await _server.PostAsync("runs/set-tag", new { run_id = id, key = "a", value = "1" });
    }

    [Fact]
    public async Task Tags_are_set_replaced_cut_and_removed()
    {
        var id = await _server.NewRunAsync(name: "n");
        await _server.PostAsync("runs/set-tag", new { run_id = id, key = "t", value = "1" });
        await _server.PostAsync("runs/set-tag", new { run_uuid = id, key = "t", value = new string('x', 9_000) });
        Assert.Equal(8_000, (await _server.RunAsync(id)).Text("data.tags.1.value")!.Length);

        await _server.PostAsync("runs/delete-tag", new { run_id = id, key = "t" });
        Assert.Equal("mlflow.runName=n", (await _server.RunAsync(id)).At("data.tags").Pairs());
        Assert.Equal(
            (404, "RESOURCE_DOES_NOT_EXIST", $"No tag with name: t in run with id {id}"),
            await _server.RefusalAsync(HttpMethod.Post, "runs/delete-tag", new { run_id = id, key = "t" }));
    }

    [Fact]
    public async Task A_parameter_keeps_its_first_value()
    {
        var id = await _server.NewRunAsync();
        await _server.PostAsync("runs/log-parameter", new { run_id = id, key = "lr", value = "0.1" });
        await _server.PostAsync("runs/log-parameter", new { run_id = id, key = "lr", value = "0.1" });

        Assert.Equal(
            (400, "INVALID_PARAMETER_VALUE",
                $"Changing param values is not allowed. Param with key='lr' was already logged with value='0.1' for run ID='{id}'. Attempted logging new value '0.2'."),
            await _server.RefusalAsync(HttpMethod.Post, "runs/log-parameter", new { run_id = id, key = "lr", value = "0.2" }));
        Assert.Equal("lr=0.1", (await _server.RunAsync(id)).At("data.params").Pairs());
    }

    [Theory]
    [InlineData("a//b")]
    [InlineData("/a")]
    [InlineData("a/../b")]
    [InlineData("..")]
    [InlineData("a\\b")]
    [InlineData("a;b")]
    [InlineData("a\u0000b")]
    public async Task Names_that_could_be_no_files_are_refused(string key)
    {
        var id = await _server.NewRunAsync();

        Assert.Equal(400, (await _server.RefusalAsync(HttpMethod.Post, "runs/set-tag", new { run_id = id, key, value = "" })).Status);
        Assert.Equal(400, (await _server.RefusalAsync(HttpMethod.Post, "runs/log-parameter", new { run_id = id, key, value = "" })).Status);
        Assert.Equal(400, (await _server.RefusalAsync(HttpMethod.Post, "runs/log-metric", new { run_id = id, key, value = 1, timestamp = 1 })).Status);
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("a b-c_d.e:f")]
    [InlineData("größe 尺寸")]
    public async Task Names_may_have_letters_of_any_script_and_what_files_have(string key)
    {
        var id = await _server.NewRunAsync(name: "n");
        await _server.PostAsync("runs/log-parameter", new { run_id = id, key, value = "☃ \" \\ \n" });

        Assert.Equal($"{key}=☃ \" \\ \n", (await _server.RunAsync(id)).At("data.params").Pairs());
    }

    [Fact]
    public async Task Names_have_at_most_250_letters() => Assert.Equal(
        (400, "INVALID_PARAMETER_VALUE", $"Tag name '{new string('k', 250)}' had length 251, which exceeded length limit of 250"),
        await _server.RefusalAsync(HttpMethod.Post, "runs/set-tag", new { run_id = await _server.NewRunAsync(), key = new string('k', 251), value = "" }));

    [Theory]
    [InlineData("runs/get?run_id=0123", null, 404, "Run with id=0123 not found")]
    [InlineData("runs/get", null, 400, "Missing value for required parameter 'run_id'. See the API docs for more information about request parameters.")]
    [InlineData("runs/update", """{"run_id":"x","status":"DONE"}""", 400, "Invalid value DONE for parameter 'status' supplied: Value was not of type 'RunStatus'. See the API docs for more information about request parameters.")]
    [InlineData("runs/create", """{"start_time":"soon"}""", 400, "Invalid value \"soon\" for parameter 'start_time' supplied: Value was not of type 'integer'. See the API docs for more information about request parameters.")]
    [InlineData("runs/create", """{"start_time":-1}""", 400, "Invalid value -1 for parameter 'start_time' supplied: expected milliseconds since 1970, from 0 to 922337203685477.")]
    [InlineData("runs/create", "[1]", 400, "The body of the request must be a JSON object.")]
    public async Task Errors_say_what_is_wrong(string path, string? body, int status, string message)
    {
        var refusal = await _server.RefusalAsync(body is null ? HttpMethod.Get : HttpMethod.Post, path, body);

        Assert.Equal((status, message), (refusal.Status, refusal.Message));
    }

    [Fact]
    public async Task Inputs_and_outputs_are_noted_once()
    {
        var id = await _server.NewRunAsync();
        var inputs = new
        {
            run_id = id,
            datasets = new[]
            {
                new
                {
                    tags = new[] { new { key = "mlflow.data.context", value = "training" } },
                    dataset = new { name = "iris", digest = "d1", source_type = "local", source = "{}", schema = "{\"a\":1}" },
                },
            },
            models = new[] { new { model_id = "m-1" } },
        };
        await _server.PostAsync("runs/log-inputs", inputs);
        await _server.PostAsync("runs/log-inputs", inputs);
        await _server.PostAsync("runs/outputs", new { run_id = id, models = new[] { new { model_id = "m-2", step = 3 } } });

        var run = await _server.RunAsync(id);
        Assert.Equal(
            """{"dataset_inputs":[{"tags":[{"key":"mlflow.data.context","value":"training"}],"dataset":{"name":"iris","digest":"d1","source_type":"local","source":"{}","schema":"{\"a\":1}"}}],"model_inputs":[{"model_id":"m-1"}]}""",
            run.At("inputs").GetRawText());
        Assert.Equal("""{"model_outputs":[{"model_id":"m-2","step":3}]}""", run.At("outputs").GetRawText());
        Assert.Equal(
            """{"dataset_summaries":[{"experiment_id":"0","name":"iris","digest":"d1","context":"training"}]}""",
            (await _server.PostAsync("experiments/search-datasets", new { experiment_ids = new[] { "0" } })).GetRawText());
    }

    [Fact]
    public async Task Models_of_older_clients_are_listed_in_a_tag()
    {
        var id = await _server.NewRunAsync(name: "n");
        var model = $$$"""{"artifact_path":"model","flavors":{},"run_id":"{{{id}}}","utc_time_created":"now"}""";
        await _server.PostAsync("runs/log-model", new { run_id = id, model_json = model });
        await _server.PostAsync("runs/log-model", new { run_id = id, model_json = model });

        Assert.Equal($"mlflow.log-model.history=[{model},{model}] mlflow.runName=n", (await _server.RunAsync(id)).At("data.tags").Pairs());
        Assert.Equal(
            "Model json is missing mandatory fields: {'flavors', 'run_id', 'utc_time_created'}",
            (await _server.RefusalAsync(HttpMethod.Post, "runs/log-model", new { run_id = id, model_json = """{"artifact_path":"m"}""" })).Message);
    }
}

public sealed class SqliteRunTests() : RunTests(StoreKind.Sqlite)
{
    [Fact]
    public async Task A_value_may_have_any_character()
    {
        var id = await Server.NewRunAsync();
        await Server.PostAsync("runs/log-parameter", new { run_id = id, key = "k", value = "a\u0000b" });

        Assert.Equal("k=a\u0000b", (await Server.RunAsync(id)).At("data.params").Pairs());
    }
}

public sealed class PostgresRunTests() : RunTests(StoreKind.Postgres)
{
    [Fact]
    public async Task The_one_character_that_the_database_cannot_keep_is_refused() => Assert.Equal(
        (400, "INVALID_PARAMETER_VALUE", "Invalid value 'a\\u0000b': it has the character U+0000 in it, which the server's database (PostgreSQL) cannot keep. Leave it out."),
        await Server.RefusalAsync(HttpMethod.Post, "runs/log-parameter", new { run_id = await Server.NewRunAsync(), key = "k", value = "a\u0000b" }));
}
