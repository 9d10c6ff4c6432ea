using System.Text.Json;
using System.Text.RegularExpressions;
using Hone.Analysis;
using Hone.Analysis.Replaying;
using Hone.Budgets;
using Hone.Cli.Commands;
using Hone.Cli.StudyFiles;
using Hone.Dashboard;
using Hone.Trials;
using Hone.Tuning;

namespace Hone.Cli.Tests.Commands;

/// <summary>A study without stopping: losses cross between the first step and the last, so that rules go wrong.</summary>
public sealed class RecordedGrid : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    public string Store => _folder.Store;

    public string File { get; private set; } = "";

    internal TemporaryFolder Folder => _folder;

    public async ValueTask InitializeAsync()
    {
        // At step 1 the loss is 10 x, at step 2 it is 10 - x: what begins worst ends best.
        File = _folder.Write("grid.study.yaml", """
            study: grid
            objective: { metric: loss }
            space:
              x: { values: [1, 2, 3, 4, 5, 6] }
              kind: { choice: [a, b] }
            sampler: grid
            stop: []
            budget: { trials: 100 }
            workers: { local: 1 }
            retries: 0
            train:
              command: |
                echo "{{\"step\": 1, \"loss\": $(( 10 * {x} )), \"cost\": $(( 5 + 2 * {x} )), \"fold_1/loss\": 1}}"
                echo "{{\"step\": 2, \"loss\": $(( 10 - {x} )), \"cost\": $(( 5 + 2 * {x} ))}}"
            """);
        var (exitCode, _, errors) = await Hone.RunAsync("tune", File, "--store", Store, "--quiet", "--no-report");
        Assert.True(exitCode == 0, errors);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed partial class AnswerTests(RecordedGrid grid) : IClassFixture<RecordedGrid>
{
    private const string Strict = "[ { when: \"loss > 45\" } ]";

    [Fact]
    public async Task Replay_tells_what_each_rule_set_saves_and_loses()
    {
        var rules = grid.Folder.Write("two.yaml", """
            strict: [ { when: "loss > 45" } ]
            late: [ { when: "loss > 45", after: 2 } ]
            memory: [ { when: "system/memory_megabytes > 104" } ]
            """);
        var sets = new RuleSetReader(Crossing.Objectives[0]).Read([rules, "[]"]);
        var results = await Replay.RunAsync(Crossing, sets, cancellationToken: TestContext.Current.CancellationToken);
        using var output = new StringWriter();

        ReplayText.Write(new RuleComparison(Crossing, results), output);

        Approved.Is("Replay", output.ToString());
    }

    [Fact]
    public async Task Replay_prints_a_table_without_json()
    {
        var (exitCode, output, errors) = await Hone.RunAsync("replay", "grid", "--store", grid.Store, "--stop", Strict);

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.StartsWith("grid: 12 trials of 24 steps", output, StringComparison.Ordinal);
        Assert.Matches(@"\n\*  \{ when: ""loss > 45"" \} +4 +4 \(17 %\) .* 2 +50 %  #9 #10 #11 #12\n", output);
    }

    [Fact]
    public async Task Replay_prints_one_object_a_rule_set()
    {
        var (_, output, _) = await Hone.RunAsync("replay", "grid", "--store", grid.Store, "--json", "--stop", Strict);

        var result = JsonDocument.Parse(Assert.Single(output.TrimEnd().Split('\n'))).RootElement;
        Assert.Equal(
            "study rules trials stopped recorded{steps wall_seconds cpu_seconds megabyte_seconds energy_joules} "
            + "spent{steps wall_seconds cpu_seconds megabyte_seconds energy_joules} saved{steps wall_seconds cpu_seconds megabyte_seconds energy_joules} "
            + "saved_share{steps wall_seconds cpu_seconds megabyte_seconds energy_joules} best{trial value} best_found{trial value} "
            + "regret relative_regret would_have_won unknown ran_past_record differs repeated frontier",
            VerbTests.Shape(result));
        Assert.Equal(4, result.GetProperty("best").GetProperty("value").GetDouble());
        Assert.Equal(6, result.GetProperty("best_found").GetProperty("value").GetDouble());
        Assert.Equal(2, result.GetProperty("regret").GetDouble());
        Assert.Equal(0.5, result.GetProperty("relative_regret").GetDouble());
        Assert.Equal(4, result.GetProperty("saved").GetProperty("steps").GetDouble());
        Assert.Equal(4, result.GetProperty("would_have_won").GetArrayLength());
        Assert.Equal(1, result.GetProperty("stopped")[0].GetProperty("step").GetInt32());
        Assert.Equal("when loss > 45", result.GetProperty("stopped")[0].GetProperty("rule").GetString());
    }

    [Fact]
    public async Task Pairs_are_replayed_together_too()
    {
        var (_, output, _) = await Hone.RunAsync(
            "replay", "grid", "--store", grid.Store, "--json", "--pairs", "--slots", "3", "--stop", Strict, "--stop", "[median, deadline: 10m]", "--stop", "[]");

        Assert.Equal(
            [
                "{ when: \"loss > 45\" }", "median, deadline: 10m", "no rule", "{ when: \"loss > 45\" } + median, deadline: 10m",
                "{ when: \"loss > 45\" } + no rule", "median, deadline: 10m + no rule",
            ],
            output.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement.GetProperty("rules").GetString()));
    }

    [Fact]
    public async Task A_study_file_brings_its_rules_and_under_its_own_a_study_repeats_its_decisions()
    {
        using var folder = new TemporaryFolder();
        var own = folder.Write("own.study.yaml", (await File.ReadAllTextAsync(grid.File, TestContext.Current.CancellationToken))
            .Replace("study: grid", "study: own", StringComparison.Ordinal).Replace("stop: []", "stop: [ { when: \"loss > 25\" } ]", StringComparison.Ordinal));
        await Hone.RunAsync("tune", own, "--store", folder.Store, "--quiet", "--no-report");

        var (exitCode, output, errors) = await Hone.RunAsync("replay", "own", "--store", folder.Store, "--json", "--stop", own, "--stop", "[]");

        Assert.Equal((0, ""), (exitCode, errors));
        var results = output.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal("own", results[0].GetProperty("rules").GetString());
        Assert.Equal((8, 0), (results[0].GetProperty("stopped").GetArrayLength(), results[0].GetProperty("differs").GetArrayLength()));
        Assert.Equal((0, 8), (results[1].GetProperty("stopped").GetArrayLength(), results[1].GetProperty("ran_past_record").GetArrayLength()));
    }

    [Fact]
    public async Task Replay_says_what_is_wrong_with_rules()
    {
        var rules = grid.Folder.Write("wrong.yaml", """
            a: [ median: { afer: 3 } ]
            b: { median: 3 }
            c:
              - when: "system/cpu_second > 3"
            d: [ asha ]
            d: [ median ]
            """);

        var (exitCode, output, errors) = await Hone.RunAsync(
            "replay", "grid", "--store", grid.Store, "--stop", rules, "--stop", "[patience: 0]", "--stop", "[median", "--stop", "none.yaml",
            "--stop", grid.Folder.Write("empty.yaml", ""), "--stop", grid.Folder.Write("text.yaml", "median"));

        Assert.Equal((2, ""), (exitCode, output));
        Approved.Is("WrongRules", errors.Replace(grid.Folder.Path + "/", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(2, "there is no study 'gird' in *; did you mean 'grid'?", "replay", "gird", "--stop", "[]")]
    [InlineData(2, "--slots: '0' is out of range; expected a whole number of at least 1", "replay", "grid", "--slots", "0", "--stop", "[]")]
    [InlineData(2, "the report cannot be written to /dev/null/x.html: *", "replay", "grid", "--stop", "[]", "--out", "/dev/null/x.html")]
    [InlineData(2, "there is no study 'gird' in *; did you mean 'grid'?", "analyze", "gird")]
    [InlineData(2, "--metric: no complete trial of 'grid' has 'los'; did you mean 'loss'?", "analyze", "grid", "--metric", "los")]
    [InlineData(2, "the report cannot be written to /dev/null/x.html: *", "analyze", "grid", "--metric", "loss", "--out", "/dev/null/x.html")]
    public async Task Wrong_input_is_told_and_nothing_is_printed(int code, string message, params string[] arguments)
    {
        var (exitCode, output, errors) = await Hone.RunAsync([.. arguments, "--store", grid.Store]);

        Assert.Equal((code, ""), (exitCode, output));
        Assert.Matches("^hone: " + Regex.Escape(message).Replace("\\*", ".*", StringComparison.Ordinal) + "$", errors.TrimEnd());
    }

    [Fact]
    public async Task The_same_rules_twice_are_one_too_many()
    {
        var (exitCode, _, errors) = await Hone.RunAsync("replay", "grid", "--store", grid.Store, "--stop", "[median]", "--stop", "[ median ]");

        Assert.Equal(2, exitCode);
        Assert.Equal("--stop:1:1: stop: there is a rule set 'median' already; give each its own name", errors.TrimEnd());
    }

    [Fact]
    public async Task A_metric_that_no_trial_reported_is_told()
    {
        var (exitCode, _, errors) = await Hone.RunAsync("replay", "grid", "--store", grid.Store, "--stop", "[ { when: \"losss > 3\" } ]");

        Assert.Equal(0, exitCode);
        Assert.Equal("hone: no trial of 'grid' reported 'losss', so rules that look at it decide nothing; did you mean 'loss'?", errors.TrimEnd());
    }

    [Fact]
    public async Task Analyze_tells_what_matters_and_how()
    {
        var (exitCode, output, errors) = await Hone.RunAsync("analyze", "grid", "--store", grid.Store, "--metric", "loss", "--metric", "cost");

        Assert.Equal((0, ""), (exitCode, errors));
        Approved.Is("Analyze", Fronts().Replace(output, ""));
    }

    [Fact]
    public async Task Analyze_prints_one_object()
    {
        var (_, output, _) = await Hone.RunAsync("analyze", "grid", "--store", grid.Store, "--json");

        var analysis = JsonDocument.Parse(Assert.Single(output.TrimEnd().Split('\n'))).RootElement;
        Assert.Equal("study trials left_out metrics fronts", VerbTests.Shape(analysis));
        Assert.Equal(12, analysis.GetProperty("trials").GetInt32());
        var metrics = analysis.GetProperty("metrics").EnumerateArray().ToList();
        Assert.DoesNotContain(metrics, metric => metric.GetProperty("metric").GetString()!.StartsWith("fold_", StringComparison.Ordinal));
        var cost = metrics.Single(metric => metric.GetProperty("metric").GetString() == "cost").GetProperty("parameters")[0];
        Assert.Equal(
            "parameter ped_anova fanova fanova_variance fanova_deviation spearman{value low high p} kendall{value low high p} "
            + "law{form formula a{value low high} b{value low high} holds r2 residual_spread leave_one_out_error} marginal",
            VerbTests.Shape(cost));
        Assert.Equal("y = 5 + 2 x", cost.GetProperty("law").GetProperty("formula").GetString());
        Assert.True(cost.GetProperty("law").GetProperty("holds").GetBoolean());
    }

    [Fact]
    public async Task Analyze_of_single_folds_must_be_asked_for()
    {
        var (exitCode, output, _) = await Hone.RunAsync("analyze", "grid", "--store", grid.Store, "--metric", "fold_1/loss");

        Assert.Equal(0, exitCode);
        Assert.Contains("fold_1/loss; 12 trials\nalways 1\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Analyze_of_few_trials_says_so_and_of_none_ends_with_3()
    {
        using var folder = new TemporaryFolder();
        var text = await File.ReadAllTextAsync(grid.File, TestContext.Current.CancellationToken);
        await Hone.RunAsync("tune", folder.Write("f.yaml", text), "--store", folder.Store, "--quiet", "--no-report", "--trials", "6");
        await Hone.RunAsync(
            "tune", folder.Write("n.yaml", text.Replace("study: grid", "study: none", StringComparison.Ordinal).Replace("echo ", "false ", StringComparison.Ordinal)),
            "--store", folder.Store, "--quiet", "--no-report");

        var few = await Hone.RunAsync("analyze", "grid", "--store", folder.Store, "--metric", "loss");
        var none = await Hone.RunAsync("analyze", "none", "--store", folder.Store);

        Assert.Equal((0, "hone: only 6 complete trials: fANOVA needs 8, a law 5, and conclusions some tens"), (few.ExitCode, few.Errors.TrimEnd()));
        Assert.Equal((3, ""), (none.ExitCode, none.Output));
        Assert.StartsWith("hone: no trial of 'none' is complete: there is nothing to analyse", none.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Both_write_a_page()
    {
        var (replay, effects) = (grid.Folder.File("pages/replay.html"), grid.Folder.File("pages/effects.html"));

        await Hone.RunAsync("replay", "grid", "--store", grid.Store, "--stop", Strict, "--out", replay);
        await Hone.RunAsync("analyze", "grid", "--store", grid.Store, "--out", effects);

        Assert.Contains("Replay under other stopping rules", await File.ReadAllTextAsync(replay, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains("What the parameters do", await File.ReadAllTextAsync(effects, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    // As the grid, with costs that no machine has measured, and with one trial that the study stopped itself.
    private static readonly StudyRecord Crossing = new()
    {
        Name = "crossing",
        State = StudyState.Finished,
        Objectives = [new Objective("loss")],
        Spent = new Spending(),
        Trials = [.. Enumerable.Range(1, 7).Select(Trial)],
    };

    private static TrialRecord Trial(int number)
    {
        var isStopped = number == 7;
        Measurement[] history =
        [
            new("loss", 1, 10 * number, TimeSpan.FromSeconds(1)), new("system/cpu_seconds", 1, 0.9, TimeSpan.FromSeconds(1)),
            new("system/memory_megabytes", 1, 100 + number, TimeSpan.FromSeconds(1)),
            new("loss", 2, 10 - number, TimeSpan.FromSeconds(2)), new("system/cpu_seconds", 2, 1.8, TimeSpan.FromSeconds(2)),
            new("system/memory_megabytes", 2, 100 + number, TimeSpan.FromSeconds(2)),
        ];
        return new TrialRecord
        {
            Number = number,
            State = isStopped ? TrialState.Stopped : TrialState.Complete,
            Rule = isStopped ? "when loss > 65" : "",
            Reason = isStopped ? "loss is 70 at step 1: loss > 65" : "",
            Parameters = [new("x", number)],
            Metrics = [new("loss", isStopped ? 70 : 10 - number)],
            Values = [isStopped ? double.NaN : 10 - number],
            Steps = isStopped ? 1 : 2,
            Started = DateTimeOffset.UnixEpoch.AddSeconds(10 * number),
            WallSeconds = isStopped ? 1 : 2,
            Attempts = 1,
            History = isStopped ? history[..3] : history,
        };
    }

    [GeneratedRegex(@"\nWhat a better result costs:[\s\S]*$")]
    private static partial Regex Fronts();
}
