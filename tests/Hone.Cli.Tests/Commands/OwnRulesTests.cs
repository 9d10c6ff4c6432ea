using System.Text.Json;
using Hone.Space;
using Hone.Tracking.Store;
using Hone.Trials;
using Hone.Tuning;

namespace Hone.Cli.Tests.Commands;

public sealed class OwnRulesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // Learning curves that cross, two at a time, under rules of several kinds, one by way of an alias.
    private static string File(string stop) => $$$"""
        study: ruled
        objective: { metric: loss, goal: minimize }
        space: { x: { values: [1, 2, 3, 4, 5, 6, 7, 8] }, y: { values: [0, 1, 2] } }
        sampler: { random: { seed: 3 } }
        budget: { trials: 24 }
        workers: { local: 2 }
        retries: 0
        stop: {{{stop}}}
        train:
          command: |
            for step in 1 2 3 4 5 6; do
              echo "{{\"step\": $step, \"loss\": $(( {x} * (7 - $step) + {y} * $step )), \"size\": $(( {y} * $step ))}}"
            done
        """;

    [Theory]
    [InlineData("\n  - median: { after: 2, minimum_peers: 3 }\n  - when: \"size > 10\"\n    for: 2 of 3")]
    [InlineData("[ { any: [ { percentile: { keep: 40, after: 1, minimum_peers: 2 } }, { asha: { min: 2, eta: 2 } } ] }, { patience: { reports: 2, delta: 0.5 } } ]")]
    [InlineData("[ &late { when: \"max(loss) >= 30\", after: 3 }, { all: [ *late, { deadline: 1h30m } ] }, { prechelt: { gl: 1e1 } } ]")]
    [InlineData("[]")]
    public async Task Without_stop_a_study_is_replayed_under_its_own_rules_and_repeats_its_own_decisions(string stop)
    {
        var tuned = await Hone.RunAsync("tune", _folder.Write("ruled.study.yaml", File(stop)), "--store", _folder.Store, "--quiet", "--no-report");
        Assert.True(tuned.ExitCode == 0, tuned.Errors);
        System.IO.File.Delete(_folder.File("ruled.study.yaml"));

        var (exitCode, output, errors) = await Hone.RunAsync("replay", "ruled", "--store", _folder.Store, "--json");
        var trials = await Hone.RunAsync("trials", "ruled", "--store", _folder.Store, "--json");

        Assert.Equal((0, ""), (exitCode, errors));
        var replay = JsonDocument.Parse(Assert.Single(output.TrimEnd().Split('\n'))).RootElement;
        var stopped = trials.Output.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement)
            .Where(trial => trial.GetProperty("state").GetString() == "stopped").ToList();
        Assert.Equal("own", replay.GetProperty("rules").GetString());
        Assert.Equal(0, replay.GetProperty("differs").GetArrayLength());
        Assert.Equal(
            stopped.Select(trial => (trial.GetProperty("trial").GetInt32(), trial.GetProperty("reason").GetString())),
            replay.GetProperty("stopped").EnumerateArray().Select(d => (d.GetProperty("trial").GetInt32(), d.GetProperty("reason").GetString())).Order());
        Assert.Equal(stop == "[]", stopped.Count == 0);
    }

    [Fact]
    public async Task Own_stands_beside_other_rules_and_is_the_last_of_several_sessions()
    {
        var file = _folder.Write("ruled.study.yaml", File("[ median ]"));
        await Hone.RunAsync("tune", file, "--store", _folder.Store, "--quiet", "--no-report", "--trials", "4");
        await Hone.RunAsync("tune", _folder.Write("ruled.study.yaml", File("[ asha ]")), "--store", _folder.Store, "--quiet", "--no-report", "--trials", "8");

        var (exitCode, output, errors) = await Hone.RunAsync("replay", "ruled", "--store", _folder.Store, "--json", "--stop", "[]", "--stop", "own");

        Assert.Equal((0, "hone: 'ruled' went on under other rules than it began with; its own are the last ones\n"), (exitCode, errors));
        Assert.Equal(["no rule", "own"], output.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement.GetProperty("rules").GetString()));
    }

    [Theory]
    [InlineData()]
    [InlineData("--stop", "own")]
    public async Task Of_a_study_that_was_made_without_a_file_the_rules_must_be_named(params string[] options)
    {
        await using (var store = await StudyStore.OpenAsync(_folder.Store, TimeProvider.System, TestContext.Current.CancellationToken))
        {
            var study = new Study { Name = "made", Space = new SearchSpace([new OrdinalParameter("x", 1)]), Objectives = [new Objective("loss")] };
            await using var journal = await store.OpenStudyAsync(study, cancellationToken: TestContext.Current.CancellationToken);
            journal.Append(new TrialProposed(DateTimeOffset.UnixEpoch, 1, study.Space.Sample(new SeededRandom(1))));
            journal.Append(new TrialStarted(DateTimeOffset.UnixEpoch, 1, 1));
            await journal.CommitAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(
            (2, "", "hone: which rules? The store does not know those that 'made' ran under; expected --stop with its study file, a file of named rule sets, "
                + "or rules such as --stop '[median: {after: 300}]'\n"),
            await Hone.RunAsync(["replay", "made", "--store", _folder.Store, .. options]));
    }
}
