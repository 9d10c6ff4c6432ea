using System.Text.Json;

namespace Hone.Cli.Tests.Processes;

/// <summary>A study with folds and the rule of Wilcoxon, from its file to its stopped trial.</summary>
public sealed class FoldRuleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_trial_that_is_worse_in_both_of_its_first_folds_is_stopped_right_after_the_second()
    {
        // The grid tries 0.1 first, which learns; at 1e-7 a trial stays where it began, worse in every fold. Folds are long enough to be cut.
        var file = _folder.Write("folds.study.yaml", $$"""
            study: folds
            objective: { metric: validation_loss }
            space: { learning_rate: { values: [0.1, 0.0000001] } }
            sampler: grid
            stop: [ wilcoxon: { alpha: 0.4 } ]
            train: { learner: logistic, data: diabetes, folds: 5, steps: 200000, report_every: 100000 }
            """);

        var (exitCode, _, errors) = await HoneProcess.RunAsync(_folder.Path, "tune", file, "--store", _folder.Store, "--no-report");

        Assert.True(exitCode == 0, errors);
        var trials = await TrialsAsync("folds");
        Assert.Equal(["complete", "stopped"], trials.Select(trial => trial.GetProperty("state").GetString()));
        Assert.Matches(@"validation_loss is worse than that of trial 1 in 2 of 2 folds, p 0\.25; stopped from 0\.25 down", trials[1].GetProperty("reason").GetString());
        Assert.Equal(5, trials[0].GetProperty("metrics").GetProperty("finished_folds").GetInt32());
    }

    private async Task<JsonElement[]> TrialsAsync(string study)
    {
        var (_, output, _) = await HoneProcess.RunAsync(_folder.Path, "trials", study, "--store", _folder.Store, "--json");
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
    }
}
