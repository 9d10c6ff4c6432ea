using System.Text.Json;
using Hone.Stopping;
using Hone.Trials;

namespace Hone.Cli.Tests.Mlflow;

/// <summary>A program that logs to MLflow is tuned as it is: its run is the trial, and what it logs there are the trial's measurements.</summary>
public sealed class TrialRunTests
{
    [Fact]
    public async Task A_program_finds_the_server_and_its_trial_as_a_run_that_is_running()
    {
        await using var study = await ServedStudy.StartAsync();
        var program = await study.ProgramAsync();

        var run = await program.RunAsync();

        Assert.StartsWith("http://127.0.0.1:", program.TrackingUri, StringComparison.Ordinal);
        Assert.Equal(
            (program.RunId, program.ExperimentId, "RUNNING", "active"),
            (Text(run, "info", "run_id"), Text(run, "info", "experiment_id"), Text(run, "info", "status"), Text(run, "info", "lifecycle_stage")));
        Assert.Equal("3", Pair(run, "params", "depth"));
        Assert.Equal("served", Text(await program.GetAsync($"experiments/get?experiment_id={program.ExperimentId}"), "experiment", "name"));
    }

    [Fact]
    public async Task Values_of_one_step_in_several_requests_are_measurements_of_that_step()
    {
        await using var study = await ServedStudy.StartAsync();
        var program = await study.ProgramAsync();

        await program.LogAsync("loss", 0.5, 1);
        await program.LogAsync("accuracy", 0.7, 1);
        await program.LogAsync("loss", 0.25, 2);
        await program.LogAsync("accuracy", "NaN", 2);
        await program.LogAsync("loss", 0.125, 3);

        Assert.Equal(("1:0.5 2:0.25 3:0.125", "1:0.7 2:NaN"), (await study.HistoryAsync("loss"), await study.HistoryAsync("accuracy")));
        var history = (await program.GetAsync($"metrics/get-history?run_id={program.RunId}&metric_key=loss")).GetProperty("metrics").EnumerateArray();
        Assert.Equal([1L, 2, 3], history.Select(point => point.GetProperty("step").GetInt64()));
        program.End();
        var result = await study.EndAsync();
        Assert.Equal((1, 0.125), (result.Complete, result.Best!.Values[0]));
        Assert.Equal(3, (await study.TrialAsync()).Steps);
    }

    [Fact]
    public async Task A_batch_is_reported_step_by_step_in_the_order_of_its_steps()
    {
        await using var study = await ServedStudy.StartAsync();
        var program = await study.ProgramAsync();

        await program.PostAsync("runs/log-batch", new
        {
            run_id = program.RunId,
            metrics = new[] { Metric("loss", 2, 2), Metric("accuracy", 20, 2), Metric("loss", 1, 1), Metric("accuracy", 10, 1), Metric("loss", 1.5, 1) },
        });

        Assert.Equal(("1:1 1:1.5 2:2", "1:10 2:20"), (await study.HistoryAsync("loss"), await study.HistoryAsync("accuracy")));
    }

    [Fact]
    public async Task A_value_without_a_step_counts_at_the_last_one_and_a_reading_of_the_machine_moves_none()
    {
        await using var study = await ServedStudy.StartAsync();
        var program = await study.ProgramAsync();

        await program.LogAsync("system/cpu_utilization_percentage", 50, 900);
        await program.LogAsync("loss", 3, 7);
        await program.LogAsync("test_loss", 4);
        await program.LogAsync("loss", 2, -8);

        Assert.Equal(("7:3 7:2", "7:4", "0:50"), (
            await study.HistoryAsync("loss"), await study.HistoryAsync("test_loss"), await study.HistoryAsync("system/cpu_utilization_percentage")));
    }

    [Fact]
    public async Task The_systems_values_go_with_the_first_value_of_a_step_and_with_the_last_step_of_a_batch()
    {
        await using var study = await ServedStudy.StartAsync();
        var program = await study.ProgramAsync();

        await program.LogAsync("loss", 3, 1);
        await program.LogAsync("accuracy", 3, 1);
        await program.PostAsync("runs/log-batch", new { run_id = program.RunId, metrics = new[] { Metric("loss", 4, 2), Metric("loss", 5, 3) } });

        var orders = (await study.TrialAsync()) is var trial ? trial.History.Zip(trial.Order!).ToList() : [];
        Assert.Equal("loss@1+ accuracy@1 loss@2 loss@3+", string.Join(' ', orders.Where(m => !IsOfSystem(m.First.Metric))
            .Select(m => $"{m.First.Metric}@{m.First.Step}{(orders.Exists(other => other.Second == m.Second && IsOfSystem(other.First.Metric)) ? "+" : "")}")));

        static bool IsOfSystem(string metric) => metric.StartsWith("system/", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rule_stops_a_trial_by_a_metric_that_it_logged()
    {
        await using var study = await ServedStudy.StartAsync(rules: new ThresholdRule(Comparison.Parse("loss > 10"), new After(2, TimeSpan.Zero)));
        var program = await study.ProgramAsync();

        await program.LogAsync("loss", 11, 1);
        await program.LogAsync("loss", 12, 2);

        Assert.Equal(1, (await study.EndAsync()).Stopped);
        var trial = await study.TrialAsync();
        Assert.Equal((TrialState.Stopped, "when loss > 10"), (trial.State, trial.Rule));
    }

    [Fact]
    public async Task A_loss_that_is_not_finite_has_diverged()
    {
        await using var study = await ServedStudy.StartAsync();
        var program = await study.ProgramAsync();

        await program.LogAsync("loss", "Infinity", 3);

        Assert.Equal(1, (await study.EndAsync()).Failed);
        Assert.Equal("diverged: loss is Infinity at step 3", (await study.TrialAsync()).Reason);
    }

    [Theory]
    [InlineData("FINISHED", 3, TrialState.Failed)]
    [InlineData("FAILED", 0, TrialState.Complete)]
    public async Task What_the_program_says_of_its_end_does_not_disturb_the_tuner(string status, int exitStatus, TrialState expected)
    {
        await using var study = await ServedStudy.StartAsync();
        var program = await study.ProgramAsync();
        await program.LogAsync("loss", 1, 1);

        var answer = await program.PostAsync("runs/update", new { run_id = program.RunId, status, end_time = 1_700_000_000_000, run_name = "by hand" });

        Assert.Equal(("RUNNING", "by hand"), (Text(answer, "run_info", "status"), Text(answer, "run_info", "run_name")));
        Assert.Equal(("RUNNING", "by hand"), await program.RunAsync() is var run ? (Text(run, "info", "status"), Text(run, "info", "run_name")) : default);
        Assert.Equal("INVALID_PARAMETER_VALUE", (await program.RefusalAsync(HttpMethod.Post, "runs/update", new { run_id = program.RunId, status = "GONE" })).Code);
        Assert.Equal("INVALID_PARAMETER_VALUE", (await program.RefusalAsync(HttpMethod.Post, "runs/delete", new { run_id = program.RunId })).Code);
        program.End(exitStatus);
        if (exitStatus != 0)
        {
            (await study.ProgramAsync(attempt: 2)).End(exitStatus);
        }

        await study.EndAsync();
        Assert.Equal(expected, (await study.TrialAsync()).State);
    }

    [Fact]
    public async Task Parameters_and_tags_are_kept_on_the_run_and_are_no_part_of_the_configuration()
    {
        await using var study = await ServedStudy.StartAsync();
        var program = await study.ProgramAsync();
        var (given, penalty) = await program.RunAsync() is var before ? (Pair(before, "params", "learning_rate")!, Pair(before, "params", "penalty")!) : default;
        var pythons = given.ToLowerInvariant();

        await program.PostAsync("runs/log-parameter", new { run_id = program.RunId, key = "seed", value = "5" });
        await program.PostAsync("runs/log-batch", new
        {
            run_id = program.RunId,
            @params = new[] { Parameter("learning_rate", pythons), Parameter("depth", "3.0"), Parameter("penalty", penalty), Parameter("seed", "5") },
            tags = new[] { new { key = "team", value = "blue" } },
        });

        var run = await program.RunAsync();
        Assert.Equal((given, "5", "blue"), (Pair(run, "params", "learning_rate"), Pair(run, "params", "seed"), Pair(run, "tags", "team")));
        Assert.Equal(["learning_rate", "depth", "penalty"], (await study.TrialAsync()).Parameters.Select(parameter => parameter.Key));
        Assert.Equal(1, (await program.PostAsync("runs/search", new { experiment_ids = new[] { program.ExperimentId }, filter = "params.seed = '5'" })).GetProperty("runs").GetArrayLength());
    }

    [Theory]
    [InlineData("depth", "4")]
    [InlineData("depth", "three")]
    [InlineData("penalty", "L1")]
    [InlineData("seed", "6")]
    public async Task A_parameter_with_another_value_is_refused_with_all_that_came_with_it(string key, string value)
    {
        await using var study = await ServedStudy.StartAsync();
        var program = await study.ProgramAsync();
        await program.PostAsync("runs/log-parameter", new { run_id = program.RunId, key = "seed", value = "5" });

        var (status, code, message) = await program.RefusalAsync(HttpMethod.Post, "runs/log-batch", new
        {
            run_id = program.RunId,
            metrics = new[] { Metric("loss", 1, 1) },
            @params = new[] { Parameter("new", "1"), Parameter(key, value) },
            tags = new[] { new { key = "team", value = "blue" } },
        });

        Assert.Equal((400, "INVALID_PARAMETER_VALUE"), (status, code));
        Assert.StartsWith($"Changing param values is not allowed. Param with key='{key}' was already logged with value=", message, StringComparison.Ordinal);
        Assert.EndsWith($"for run ID='{program.RunId}'. Attempted logging new value '{value}'.", message, StringComparison.Ordinal);
        var run = await program.RunAsync();
        Assert.Equal((null, null, ""), (Pair(run, "params", "new"), Pair(run, "tags", "team"), await study.HistoryAsync("loss")));
    }

    [Fact]
    public async Task Another_attempt_begins_anew_with_what_it_logs()
    {
        await using var study = await ServedStudy.StartAsync();
        var first = await study.ProgramAsync();
        await first.PostAsync("runs/log-parameter", new { run_id = first.RunId, key = "seed", value = "5" });
        await first.LogAsync("loss", 9, 9);
        first.End(1);

        var second = await study.ProgramAsync(attempt: 2);
        await second.PostAsync("runs/log-parameter", new { run_id = second.RunId, key = "seed", value = "6" });
        await second.LogAsync("loss", 1, 1);

        Assert.Equal(first.RunId, second.RunId);
        Assert.NotEqual(first.TrackingUri, second.TrackingUri);
        Assert.Equal(("6", "1:1"), (Pair(await second.RunAsync(), "params", "seed"), await study.HistoryAsync("loss")));
        Assert.Equal((410, "the trial has ended\n"), await first.RefusalAsync(HttpMethod.Get, $"runs/get?run_id={first.RunId}", null) is var gone ? (gone.Status, gone.Message) : default);
    }

    [Fact]
    public async Task A_study_goes_on_after_its_tuner_was_ended_whatever_programs_had_logged()
    {
        await using var study = await ServedStudy.StartAsync();
        var program = await study.ProgramAsync();
        await program.PostAsync("runs/log-parameter", new { run_id = program.RunId, key = "seed", value = "5" });
        await program.LogAsync("loss", 9, 9);

        await study.RestartAsync();

        var again = await study.ProgramAsync(attempt: 2);
        Assert.Equal(program.RunId, again.RunId);
        await again.LogAsync("loss", 1, 1);
        again.End();
        Assert.Equal(1, (await study.EndAsync()).Complete);
    }

    private static object Metric(string key, double value, long step) => new { key, value, timestamp = 1_700_000_000_000, step };

    private static object Parameter(string key, string value) => new { key, value };

    private static string? Text(JsonElement element, params string[] path) => path.Aggregate(element, (inner, name) => inner.GetProperty(name)).GetString();

    private static string? Pair(JsonElement run, string list, string key) => !run.GetProperty("data").TryGetProperty(list, out var pairs) ? null
        : pairs.EnumerateArray().Where(pair => pair.GetProperty("key").GetString() == key).Select(pair => pair.GetProperty("value").GetString()).SingleOrDefault();
}
