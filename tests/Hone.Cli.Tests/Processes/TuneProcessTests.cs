using System.Text.Json;

namespace Hone.Cli.Tests.Processes;

/// <summary>The real program tuning real programs: how it is ended, goes on, and is read meanwhile.</summary>
public sealed class TuneProcessTests : IDisposable
{
    private const int Interrupt = 2;
    private const int Terminate = 15;
    private readonly TemporaryFolder _folder = new();
    private readonly string _study = $"tune-{Guid.NewGuid():N}";

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_first_interrupt_lets_running_trials_end_and_the_study_goes_on_later()
    {
        var file = Study("for i in 1 2 3 4 5 6; do echo \"{{\\\"step\\\": $i, \\\"loss\\\": $i}}\"; sleep 0.1; done", trials: 5);
        await using (var hone = Tune(file))
        {
            Assert.True(await hone.SaysAsync("trial 1 started"));
            hone.Signal(Interrupt);

            Assert.Equal(130, await hone.EndAsync());
            Assert.Contains("hone: running trials may end, no more are started; press Ctrl-C again to end them now", hone.Errors);
            Assert.Contains(hone.Errors, line => line.Contains("trial 1 complete", StringComparison.Ordinal));
        }

        var (exitCode, output, _) = await HoneProcess.RunAsync(_folder.Path, "tune", file, "--store", _folder.Store, "--json");
        Assert.Equal(0, exitCode);
        using var json = JsonDocument.Parse(output);
        Assert.Equal(5, json.RootElement.GetProperty("trials").GetProperty("complete").GetInt32());
        Assert.All(await TrialsAsync(), trial => Assert.Equal(1, trial.GetProperty("attempts").GetInt32()));
    }

    [Fact]
    public async Task The_second_interrupt_ends_running_trials_and_they_are_tried_again_later()
    {
        var gate = _folder.File("gate");
        var file = Study($"echo '{{{{\"step\": 1, \"loss\": 1}}}}'; while [ ! -e {gate} ]; do sleep 0.05; done", trials: 2);
        await using (var hone = Tune(file))
        {
            Assert.True(await hone.SaysAsync("trial 2 started"));
            hone.Signal(Interrupt);
            Assert.True(await hone.SaysAsync("press Ctrl-C again"));
            hone.Signal(Interrupt);

            Assert.Equal(130, await hone.EndAsync());
        }

        Assert.Empty(await HoneProcess.OrphansAsync(_study));
        Assert.All(await TrialsAsync(), trial => Assert.Equal("waiting", trial.GetProperty("state").GetString()));
        _folder.Write("gate", "");
        Assert.Equal(0, (await HoneProcess.RunAsync(_folder.Path, "tune", file, "--store", _folder.Store)).ExitCode);
        Assert.All(await TrialsAsync(), trial => Assert.Equal(("complete", 2), (trial.GetProperty("state").GetString(), trial.GetProperty("attempts").GetInt32())));
    }

    [Fact]
    public async Task Termination_gives_running_trials_a_few_seconds_and_then_ends_them()
    {
        await using var hone = Tune(Study("sleep 1000", trials: 2));
        Assert.True(await hone.SaysAsync("trial 2 started"));
        hone.Signal(Terminate);

        Assert.Equal(130, await hone.EndAsync());
        Assert.Contains("hone: asked to end: running trials have 5 s", hone.Errors);
        Assert.Empty(await HoneProcess.OrphansAsync(_study));
    }

    [Fact]
    public async Task A_second_tuner_of_the_same_study_is_refused_and_readers_are_not()
    {
        var gate = _folder.File("gate");
        var file = Study($"echo '{{{{\"step\": 1, \"loss\": 0.5}}}}'; while [ ! -e {gate} ]; do sleep 0.05; done", trials: 2);
        await using var hone = Tune(file);
        Assert.True(await hone.SaysAsync("trial 2 started"));

        var second = await HoneProcess.RunAsync(_folder.Path, "tune", file, "--store", _folder.Store);
        Assert.Equal(1, second.ExitCode);
        Assert.StartsWith($"hone: Another hone tunes the study '{_study}': process {hone.Id} on ", second.Errors, StringComparison.Ordinal);
        Assert.All(await TrialsAsync(), trial => Assert.Equal("running", trial.GetProperty("state").GetString()));
        Assert.Equal(0, (await HoneProcess.RunAsync(_folder.Path, "report", _study, "--store", _folder.Store)).ExitCode);
        Assert.Equal(3, (await HoneProcess.RunAsync(_folder.Path, "best", _study, "--store", _folder.Store)).ExitCode);

        _folder.Write("gate", "");
        Assert.Equal(0, await hone.EndAsync());
    }

    [Fact]
    public async Task A_changed_space_is_refused_with_the_difference_unless_the_study_is_begun_anew()
    {
        var file = Study("echo '{{\"step\": 1, \"loss\": 0.5}}'", trials: 2);
        Assert.Equal(0, (await HoneProcess.RunAsync(_folder.Path, "tune", file, "--store", _folder.Store)).ExitCode);
        _folder.Write("a.study.yaml", (await File.ReadAllTextAsync(file)).Replace("[0, 1]", "[0, 2]", StringComparison.Ordinal));

        var refused = await HoneProcess.RunAsync(_folder.Path, "tune", file, "--store", _folder.Store);
        var fresh = await HoneProcess.RunAsync(_folder.Path, "tune", file, "--store", _folder.Store, "--new");

        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("  - x: float [0, 1]\n  + x: float [0, 2]", refused.Errors, StringComparison.Ordinal);
        Assert.Equal(0, fresh.ExitCode);
        Assert.Equal(2, (await HoneProcess.RunAsync(_folder.Path, "studies", "--store", _folder.Store, "--json")).Output.TrimEnd().Split('\n').Length);
    }

    [Fact]
    public async Task A_learner_runs_as_this_very_program()
    {
        var file = _folder.Write("l.study.yaml", """
            study: learner
            objective: { metric: validation_accuracy, goal: maximize }
            space:
              learning_rate: { float: [0.001, 0.1], scale: log }
              penalty: { choice: [l1, l2] }
              schedule: { choice: [constant, inverse_scaling] }
              power: { float: [0.1, 0.5], when: { schedule: inverse_scaling } }
            budget: { trials: 3 }
            workers: { local: 2 }
            train: { learner: logistic, data: diabetes, steps: 300, report_every: 100 }
            """);

        var (exitCode, output, errors) = await HoneProcess.RunAsync(_folder.Path, "tune", file, "--store", _folder.Store, "--json");

        Assert.True(exitCode == 0, errors);
        using var json = JsonDocument.Parse(output);
        Assert.Equal(3, json.RootElement.GetProperty("trials").GetProperty("complete").GetInt32());
        Assert.Equal(900, json.RootElement.GetProperty("spent").GetProperty("steps").GetInt64());
        Assert.InRange(json.RootElement.GetProperty("best").GetProperty("values").GetProperty("validation_accuracy").GetDouble(), 0.6, 1);
    }

    private HoneProcess Tune(string file) => HoneProcess.Start(_folder.Path, "tune", file, "--store", _folder.Store);

    private string Study(string command, int trials) => _folder.Write("a.study.yaml", $$"""
        study: {{_study}}
        objective: { metric: loss }
        space: { x: { float: [0, 1] } }
        sampler: random
        budget: { trials: {{trials}} }
        workers: { local: 2 }
        train:
          command: |
            {{command}}
        """);

    private async Task<List<JsonElement>> TrialsAsync()
    {
        var (exitCode, output, errors) = await HoneProcess.RunAsync(_folder.Path, "trials", _study, "--store", _folder.Store, "--json");
        Assert.True(exitCode == 0, errors);
        return [.. output.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement)];
    }
}
