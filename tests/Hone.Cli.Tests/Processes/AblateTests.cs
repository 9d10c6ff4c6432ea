using System.Text.Json;

namespace Hone.Cli.Tests.Processes;

/// <summary>The real program ablating real programs.</summary>
public sealed class AblateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _name = $"ablate-{Guid.NewGuid():N}";

    public void Dispose() => _folder.Dispose();

    // A seed gives every arm the same noise, and b a little of its own: a is worth 10 with it, b nothing.
    private const string Losses = """
        base=$(( HONE_SEED * 37 % 17 ))
        case ",$HONE_ABLATED," in *,a,*) base=$(( base + 10 + HONE_SEED % 2 )) ;; esac
        case ",$HONE_ABLATED," in *,b,*) base=$(( base + HONE_SEED % 3 - 1 )) ;; esac
        echo "{\"step\": 1, \"loss\": $base}"
        """;

    [Fact]
    public async Task A_program_with_switches_is_told_what_to_do_without_and_judged_in_pairs()
    {
        var (exitCode, output, errors) = await RunAsync(Plan(Losses, "margin: 3"), "--json");

        Assert.True(exitCode == 0, errors);
        var result = JsonElement.Parse(output);
        Assert.Equal(["matters", "harmless"], Of(result, "components", "verdict"));
        Assert.Equal(("finished", "one_out"), (result.GetProperty("state").GetString(), result.GetProperty("design").GetString()));
        Assert.InRange(result.GetProperty("components")[0].GetProperty("mean").GetDouble(), 10, 11);
        Assert.Equal(["", "a", "b"], Of(result, "arms", "without"));
        Assert.Contains("system/cpu_seconds", Of(result, "costs", "metric"));
        Assert.True(result.GetProperty("trials").GetInt32() < result.GetProperty("fixed_trials").GetInt32());
        var page = await File.ReadAllTextAsync(Path.Combine(_folder.Path, "reports", _name + ".ablation.html"));
        Assert.Contains("What components contribute", page, StringComparison.Ordinal);

        // Everything is decided, so the same command tells it again at once.
        var again = await RunAsync(Plan(Losses, "margin: 3"), "--json", "--no-report");
        Assert.Equal(Of(result, "components", "mean"), Of(JsonElement.Parse(again.Output), "components", "mean"));
    }

    [Fact]
    public async Task A_killed_plan_goes_on_with_the_trials_that_are_left()
    {
        var gate = _folder.File("gate");
        var file = Plan($"[ $HONE_TRIAL -lt 8 ] || while [ ! -e {gate} ]; do sleep 0.05; done\n" + Losses, "margin: 3");
        await using (var hone = HoneProcess.Start(_folder.Path, "ablate", file, "--store", _folder.Store))
        {
            Assert.True(await hone.SaysAsync("trial 9 started"));
            hone.KillAtOnce();
            await hone.EndAsync();
        }

        _folder.Write("gate", "");
        var (exitCode, output, errors) = await RunAsync(file, "--json");
        Assert.True(exitCode == 0, errors);
        Assert.Equal(["matters", "harmless"], Of(JsonElement.Parse(output), "components", "verdict"));
        Assert.Empty(await HoneProcess.OrphansAsync(_name));
    }

    [Fact]
    public async Task Another_command_is_another_evaluation_and_is_not_mixed_in()
    {
        Assert.Equal(0, (await RunAsync(Plan(Losses, "seeds: 2"))).ExitCode);

        var refused = await RunAsync(Plan(Losses.Replace("10 +", "11 +", StringComparison.Ordinal), "seeds: 2"));

        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("- evaluation: constant ", refused.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_best_trial_of_a_study_goes_back_to_its_defaults_step_by_step()
    {
        _folder.Write("sum.sh", "echo \"{\\\"step\\\": 1, \\\"loss\\\": $(( $1 * 10 + $2 + $3 ))}\"\n");
        var study = _folder.Write("s.study.yaml", $$"""
            study: {{_name}}-tuned
            objective: { metric: loss }
            space: { x: { values: [3] }, y: { values: [5] } }
            sampler: grid
            train: { command: "sh sum.sh {x} 0 0" }
            """);
        Assert.Equal(0, (await HoneProcess.RunAsync(_folder.Path, "tune", study, "--store", _folder.Store)).ExitCode);
        var file = _folder.Write("p.ablation.yaml", $$"""
            ablation: {{_name}}
            objective: { metric: loss }
            base: { best_of: {{_name}}-tuned }
            leave_out: [ { parameter: x, default: 9 }, { parameter: y, default: 6 } ]
            design: path
            seeds: 2
            workers: { local: 2 }
            train: { command: "sh sum.sh {x} {y} {seed}" }
            """);

        var (exitCode, output, errors) = await RunAsync(file, "--json");

        Assert.True(exitCode == 0, errors);
        var path = JsonElement.Parse(output).GetProperty("path").EnumerateArray().ToList();
        Assert.Equal([null, "x", "y"], path.Select(step => step.GetProperty("adds").GetString()));
        Assert.Equal([60.0, 1.0], path.Skip(1).Select(step => step.GetProperty("gain").GetDouble()));
    }

    [Fact]
    public async Task Arms_that_are_tuned_anew_each_get_their_trials_with_each_seed_also_after_a_kill()
    {
        var gate = _folder.File("gate");
        _folder.Write("tuned.sh", $$"""
            [ $HONE_TRIAL -lt 8 ] || while [ ! -e {{gate}} ]; do sleep 0.05; done
            best=2; [ "$HONE_ABLATED" = a ] && best=6
            echo "{\"step\": 1, \"loss\": $(( ($1 - best) * ($1 - best) ))}"
            """);
        var file = _folder.Write("r.ablation.yaml", $$"""
            ablation: {{_name}}
            objective: { metric: loss }
            leave_out: [ { switch: a } ]
            retune: { trials: 4, sampler: random, space: { x: { int: [0, 9] } } }
            seeds: 3
            race: false
            workers: { local: 2 }
            train: { command: "sh tuned.sh {x}" }
            """);
        await using (var hone = HoneProcess.Start(_folder.Path, "ablate", file, "--store", _folder.Store))
        {
            Assert.True(await hone.SaysAsync("trial 9 started"));
            hone.KillAtOnce();
            await hone.EndAsync();
        }

        _folder.Write("gate", "");
        var (exitCode, output, errors) = await RunAsync(file, "--json");

        Assert.True(exitCode == 0, errors);
        var result = JsonElement.Parse(output);
        Assert.Equal((24, 24), (result.GetProperty("trials").GetInt32(), result.GetProperty("fixed_trials").GetInt32()));
        Assert.Equal(["3", "3"], Of(result, "arms", "seeds"));
        Assert.Equal((4, "random"), (result.GetProperty("retune").GetProperty("trials").GetInt32(), result.GetProperty("retune").GetProperty("sampler").GetString()));
        Assert.Contains("system/cpu_seconds", Of(result, "costs", "metric"));

        var refused = await RunAsync(_folder.Write("r.ablation.yaml", (await File.ReadAllTextAsync(file)).Replace("trials: 4", "trials: 5", StringComparison.Ordinal)));
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("- evaluation: constant ", refused.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_base_that_is_not_there_is_told_with_what_is_meant()
    {
        var file = Plan(Losses, "base: { best_of: missing }");

        var (exitCode, _, errors) = await RunAsync(file);

        Assert.Equal(2, exitCode);
        Assert.Contains("there is no study 'missing' in ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Layers_of_a_network_are_ablated_with_a_split_of_its_own_for_every_seed()
    {
        _folder.Write("net.yaml", "input: [8]\nlayers:\n  - dense: { name: first, units: 8, activation: relu }\n  - dropout: { name: drop, rate: 0.2 }\n  - dense: { name: last, units: 2 }\n");
        var file = _folder.Write("n.ablation.yaml", $$"""
            ablation: {{_name}}
            objective: { metric: validation_accuracy, goal: maximize }
            leave_out: [ { layer: drop } ]
            seeds: 3
            workers: { local: 2 }
            train: { learner: network, model: net.yaml, data: diabetes, steps: 50, learning_rate: 0.01 }
            """);

        var (exitCode, output, errors) = await RunAsync(file);

        Assert.True(exitCode == 0, errors);
        Assert.Contains("2 arms, 6 trials of at most 6", output, StringComparison.Ordinal);
        Assert.Contains("3 pairs are too few for significance: no p can be below 0.25. Give at least 6 seeds for 1 component.", output, StringComparison.Ordinal);
    }

    private Task<(int ExitCode, string Output, string Errors)> RunAsync(string file, params string[] more) =>
        HoneProcess.RunAsync(_folder.Path, ["ablate", file, "--store", _folder.Store, .. more]);

    private string Plan(string program, string more)
    {
        return _folder.Write("a.ablation.yaml", $$"""
            ablation: {{_name}}
            objective: { metric: loss }
            leave_out: [ { switch: [a, b] } ]
            workers: { local: 2 }
            {{more}}
            train:
              command: |
                {{program.ReplaceLineEndings("\n    ").Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal)}}
            """);
    }

    private static List<string> Of(JsonElement result, string list, string key) => [.. result.GetProperty(list).EnumerateArray().Select(item => item.GetProperty(key).ToString())];
}
