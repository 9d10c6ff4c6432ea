using System.Net;
using System.Text;
using System.Text.Json;
using Hone.Tracking.Rest;

namespace Hone.Cli.Tests.Mlflow;

/// <summary>What a program does beside logging values: it makes runs, writes files, and registers models, all of which belong to its trial.</summary>
public sealed class TrialFilesTests
{
    [Fact]
    public async Task Files_and_models_belong_to_the_trial()
    {
        await using var study = await ServedStudy.StartAsync();
        var program = await study.ProgramAsync();
        var root = (await program.RunAsync()).GetProperty("info").GetProperty("artifact_uri").GetString()!;
        var large = new byte[3_000_000];

        await program.UploadAsync(root, "model/MLmodel", Encoding.UTF8.GetBytes("flavors: {}"));
        await program.UploadAsync(root, "model/weights.bin", large);
        await program.PostAsync("registered-models/create", new { name = "digits" });
        await program.PostAsync("model-versions/create", new { name = "digits", source = $"{root}/model", run_id = program.RunId });

        Assert.Equal($"mlflow-artifacts:/{program.ExperimentId}/{program.RunId}/artifacts", root);
        var files = (await program.GetAsync($"artifacts/list?run_id={program.RunId}&path=model")).GetProperty("files").EnumerateArray();
        Assert.Equal(["model/MLmodel 11", "model/weights.bin 3000000"], files.Select(file => $"{file.GetProperty("path")} {file.GetProperty("file_size")}"));
        var version = (await program.GetAsync("registered-models/get?name=digits")).GetProperty("registered_model").GetProperty("latest_versions")[0];
        Assert.Equal(("1", program.RunId), (version.GetProperty("version").GetString(), version.GetProperty("run_id").GetString()));
        Assert.Equal(11, new FileInfo(Path.Combine(study.Folder, "artifacts", program.ExperimentId, program.RunId, "artifacts", "model", "MLmodel")).Length);
    }

    [Fact]
    public async Task A_logged_model_has_the_trial_as_its_source_and_values_of_it_are_kept_with_it()
    {
        await using var study = await ServedStudy.StartAsync();
        var program = await study.ProgramAsync();

        var made = await program.PostAsync("logged-models", new { experiment_id = program.ExperimentId, name = "model", source_run_id = program.RunId });
        var model = made.GetProperty("model").GetProperty("info").GetProperty("model_id").GetString()!;
        await program.UploadAsync(made.GetProperty("model").GetProperty("info").GetProperty("artifact_uri").GetString()!, "MLmodel", [1]);
        await program.SendAsync(HttpMethod.Patch, $"logged-models/{model}", new { status = "LOGGED_MODEL_READY" });
        await program.PostAsync("runs/outputs", new { run_id = program.RunId, models = new[] { new { model_id = model, step = 4 } } });
        await program.PostAsync("runs/log-metric", new { run_id = program.RunId, key = "loss", value = 0.5, timestamp = 1, step = 4, model_id = model });

        var read = (await program.GetAsync($"logged-models/{model}")).GetProperty("model");
        Assert.Equal(("LOGGED_MODEL_READY", program.RunId), (
            read.GetProperty("info").GetProperty("status").GetString(), read.GetProperty("info").GetProperty("source_run_id").GetString()));
        Assert.Equal(0.5, read.GetProperty("data").GetProperty("metrics")[0].GetProperty("value").GetDouble());
        Assert.Equal(model, (await program.RunAsync()).GetProperty("outputs").GetProperty("model_outputs")[0].GetProperty("model_id").GetString());
        Assert.Equal("4:0.5", await study.HistoryAsync("loss"));
    }

    [Fact]
    public async Task What_autolog_sends_is_taken_its_child_runs_are_ordinary_ones_of_the_study()
    {
        await using var study = await ServedStudy.StartAsync();
        var program = await study.ProgramAsync();
        await program.RunAsync();

        await program.PostAsync("runs/log-inputs", new
        {
            run_id = program.RunId,
            datasets = new[] { new { tags = new[] { new { key = "mlflow.data.context", value = "train" } }, dataset = new { name = "points", digest = "1", source_type = "code", source = "{}" } } },
        });
        var child = (await program.PostAsync("runs/create", new
        {
            experiment_id = program.ExperimentId,
            run_name = "fold 1",
            tags = new[] { new { key = "mlflow.parentRunId", value = program.RunId } },
        })).GetProperty("run").GetProperty("info").GetProperty("run_id").GetString();
        await program.PostAsync("runs/log-batch", new
        {
            run_id = child,
            metrics = new[] { new { key = "loss", value = 8, timestamp = 1, step = 1 } },
            @params = new[] { new { key = "depth", value = "77" } },
        });
        await program.PostAsync("runs/log-metric", new { run_id = child, key = "loss", value = 9, timestamp = 1, step = 2 });
        await program.PostAsync("runs/log-parameter", new { run_id = child, key = "fold", value = "1" });
        await program.PostAsync("runs/update", new { run_id = child, status = "FINISHED", end_time = 2 });

        var read = (await program.GetAsync($"runs/get?run_id={child}")).GetProperty("run");
        Assert.Equal(("FINISHED", program.ExperimentId), (
            read.GetProperty("info").GetProperty("status").GetString(), read.GetProperty("info").GetProperty("experiment_id").GetString()));
        Assert.Equal(9, read.GetProperty("data").GetProperty("metrics")[0].GetProperty("value").GetDouble());
        Assert.Equal("points", (await program.RunAsync()).GetProperty("inputs").GetProperty("dataset_inputs")[0].GetProperty("dataset").GetProperty("name").GetString());
        Assert.Equal("", await study.HistoryAsync("loss"));
        await program.LogAsync("loss", 1, 1);
        program.End();
        Assert.Equal(1, (await study.EndAsync()).Complete);
    }

    [Fact]
    public async Task The_first_run_that_a_program_makes_is_its_trial_and_further_ones_are_not()
    {
        await using var study = await ServedStudy.StartAsync();
        var program = await study.ProgramAsync();

        var body = new { experiment_id = "0", run_name = "mine", tags = new[] { new { key = "mlflow.user", value = "me" } } };
        var first = (await program.PostAsync("runs/create", body)).GetProperty("run");
        var second = (await program.PostAsync("runs/create", body)).GetProperty("run");

        Assert.Equal((program.RunId, "mine", "RUNNING"), (
            first.GetProperty("info").GetProperty("run_id").GetString(),
            first.GetProperty("info").GetProperty("run_name").GetString(),
            first.GetProperty("info").GetProperty("status").GetString()));
        Assert.Contains(first.GetProperty("data").GetProperty("tags").EnumerateArray(), tag => tag.GetProperty("value").GetString() == "me");
        Assert.Equal("0", second.GetProperty("info").GetProperty("experiment_id").GetString());
    }

    [Theory]
    [InlineData("runs/get")]
    [InlineData("runs/log-metric")]
    [InlineData("runs/log-parameter")]
    [InlineData("runs/update")]
    public async Task A_program_that_has_used_its_run_is_not_given_it_again(string address)
    {
        await using var study = await ServedStudy.StartAsync();
        var program = await study.ProgramAsync();
        await (address == "runs/get"
            ? program.RunAsync()
            : program.PostAsync(address, new { run_id = program.RunId, status = "RUNNING", key = "depth", value = 3, timestamp = 1 }));

        var made = (await program.PostAsync("runs/create", new { experiment_id = program.ExperimentId })).GetProperty("run").GetProperty("info");

        Assert.NotEqual(program.RunId, made.GetProperty("run_id").GetString());
    }

    [Fact]
    public async Task Every_name_of_an_experiment_leads_to_the_study_since_a_client_resumes_runs_of_its_own_experiment_only()
    {
        await using var study = await ServedStudy.StartAsync();
        var program = await study.ProgramAsync();

        foreach (var name in new[] { "Default", "my%20experiment", "served" })
        {
            Assert.Equal(program.ExperimentId, (await program.GetAsync($"experiments/get-by-name?experiment_name={name}"))
                .GetProperty("experiment").GetProperty("experiment_id").GetString());
        }

        Assert.Equal(400, (await program.RefusalAsync(HttpMethod.Get, "experiments/get-by-name", null)).Status);
    }

    [Fact]
    public async Task A_server_over_the_same_store_works_beside_the_tuner_and_leaves_the_trials_values_to_it()
    {
        await using var study = await ServedStudy.StartAsync();
        await using var server = await TrackingServer.StartAsync(new TrackingServerOptions { Store = study.StorePath, Port = 0 }, TimeProvider.System);
        using var http = new HttpClient { BaseAddress = new Uri(server.Address, "/api/2.0/mlflow/") };
        var program = await study.ProgramAsync();
        var other = JsonElement.Parse(await Answer("runs/create", new { experiment_id = program.ExperimentId }))
            .GetProperty("run").GetProperty("info").GetProperty("run_id").GetString();

        for (var step = 1; step <= 20; step++)
        {
            await Task.WhenAll(
                program.LogAsync("loss", step, step),
                Answer("runs/log-metric", new { run_id = other, key = "loss", value = -step, timestamp = step, step }),
                Answer("runs/set-tag", new { run_id = program.RunId, key = "by", value = $"server {step}" }));
        }

        Assert.Equal(string.Join(' ', Enumerable.Range(1, 20).Select(step => $"{step}:{step}")), await study.HistoryAsync("loss"));
        Assert.Contains("\"server 20\"", await http.GetStringAsync($"runs/get?run_id={program.RunId}"), StringComparison.Ordinal);
        Assert.Contains("\"value\":-20", await http.GetStringAsync($"runs/get?run_id={other}"), StringComparison.Ordinal);
        using var refused = await http.PostAsync("runs/log-metric", Content(new { run_id = program.RunId, key = "loss", value = 0, timestamp = 1 }));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);

        async Task<string> Answer(string path, object body)
        {
            using var response = await http.PostAsync(path, Content(body));
            return await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
        }

        static StringContent Content(object body) => new(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
    }
}
