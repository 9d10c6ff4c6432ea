using System.Text.Json;
using System.Text.RegularExpressions;
using Hone.Cli.Commands;

namespace Hone.Cli.Tests.Commands;

/// <summary>A study of six trials in a store, made once for all questions that are asked of it.</summary>
public sealed class TunedStudy : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    public string Store => _folder.Store;

    public string File { get; private set; } = "";

    internal TemporaryFolder Folder => _folder;

    public string Json { get; private set; } = "";

    public string Errors { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        File = _folder.Write("quick.study.yaml", """
            study: quick
            objective: { metric: loss }
            constraints: [ "size <= 1000" ]
            space:
              x: { values: [1, 2, 3] }
              kind: { choice: [a, b] }
            sampler: grid
            stop: [ when: "loss > 5", after: 1 ]
            budget: { trials: 100 }
            workers: { local: 1 }
            retries: 0
            train:
              command: |
                [ {kind} = a ] || exit 3
                echo "{{\"step\": 1, \"loss\": $(( {x} * {x} )), \"size\": NaN, \"odd\": Infinity}}"
                [ {x} = 3 ] && sleep 60
                echo "{{\"step\": 2, \"loss\": $(( {x} * {x} )), \"size\": 10}}"
            """.Replace("stop: [ when: \"loss > 5\", after: 1 ]", "stop: [ { when: \"loss > 5\", after: 1 } ]", StringComparison.Ordinal));
        (var exitCode, Json, Errors) = await Hone.RunAsync("tune", File, "--store", Store, "--json");
        Assert.True(exitCode == 0, Errors);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>Runs the program's code in this process.</summary>
internal static class Hone
{
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var exitCode = await HoneCommand.RunAsync(arguments, new Surroundings(output, errors, TimeProvider.System));
        return (exitCode, output.ToString(), errors.ToString());
    }
}

public sealed class VerbTests(TunedStudy study) : IClassFixture<TunedStudy>
{
    [Fact]
    public void Tune_ends_with_one_object_of_the_contract()
    {
        using var json = JsonDocument.Parse(study.Json);
        Assert.Single(study.Json.TrimEnd().Split('\n'));
        Assert.Equal(
            "study state trials{complete stopped failed vetoed} best{trial values{loss} parameters{x kind}} "
            + "spent{wall_seconds cpu_seconds steps energy_joules} saved{steps cpu_seconds} utilization",
            Shape(json.RootElement));
        Assert.Equal("finished", json.RootElement.GetProperty("state").GetString());
        Assert.Equal("""{"trial":1,"values":{"loss":1},"parameters":{"x":1,"kind":"a"}}""", json.RootElement.GetProperty("best").GetRawText());
        Assert.Equal("""{"complete":2,"stopped":1,"failed":3,"vetoed":0}""", json.RootElement.GetProperty("trials").GetRawText());
    }

    [Fact]
    public void Tune_tells_one_line_an_event_where_there_is_no_terminal()
    {
        var lines = study.Errors.TrimEnd().Split('\n').Select(line => line[10..]).ToList();

        Assert.Equal("quick begins", lines[0]);
        Assert.Equal("trial 1 started: x=1 kind=a", lines[1]);
        Assert.Matches(@"^trial 1 complete: loss 1 in .*, the best so far$", lines[2]);
        Assert.Contains("trial 2 failed: exit status 3", lines);
        Assert.Contains("trial 5 stopped by when loss > 5: loss is 9 at step 1: loss > 5", lines);
        Assert.Equal(13, lines.Count);
    }

    [Fact]
    public async Task Tune_of_a_finished_study_runs_nothing_and_says_the_same()
    {
        var (exitCode, output, errors) = await Hone.RunAsync("tune", study.File, "--store", study.Store, "--quiet");

        Assert.Equal(0, exitCode);
        Assert.Empty(errors);
        Assert.StartsWith("quick is finished: the sampler has no more configurations\nbest      loss 1 in trial 1\n          x=1 kind=a\n", output, StringComparison.Ordinal);
        Assert.Contains("trials    2 complete, 1 stopped, 3 failed", output, StringComparison.Ordinal);
        Assert.DoesNotContain("workers", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trials_prints_one_object_of_the_contract_a_line()
    {
        var (exitCode, output, errors) = await Hone.RunAsync("trials", "quick", "--store", study.Store, "--json");

        Assert.Equal((0, ""), (exitCode, errors));
        var trials = output.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(6, trials.Count);
        Assert.All(trials, trial => Assert.Equal(
            ["trial", "state", "reason", "parameters", "metrics", "started", "wall_seconds", "attempts"], trial.EnumerateObject().Select(p => p.Name)));
        Assert.Equal(["complete", "failed", "complete", "failed", "stopped", "failed"], trials.Select(t => t.GetProperty("state").GetString()));
        Assert.Equal("exit status 3", trials[1].GetProperty("reason").GetString());
        Assert.Equal("Infinity", trials[0].GetProperty("metrics").GetProperty("odd").GetString());
        Assert.Equal(10, trials[0].GetProperty("metrics").GetProperty("size").GetDouble());
        Assert.Equal("""{"x":3,"kind":"a"}""", trials[4].GetProperty("parameters").GetRawText());
        Assert.Equal(DateTimeKind.Utc, trials[0].GetProperty("started").GetDateTime().Kind);
    }

    [Fact]
    public async Task Trials_as_json_tell_every_value_of_a_metric_that_is_asked_for()
    {
        var (exitCode, output, errors) = await Hone.RunAsync(
            "trials", "quick", "--store", study.Store, "--json", "--history", "size", "--history", "none", "--history", "size");

        Assert.True(exitCode == 0, errors);
        var first = JsonDocument.Parse(output.Split('\n')[0]).RootElement.GetProperty("history");
        Assert.Equal("size none", Shape(first));
        var rows = first.GetProperty("size").EnumerateArray().ToList();
        Assert.Equal(["1", "2"], rows.Select(row => row[0].GetRawText()));
        Assert.Equal(["\"NaN\"", "10"], rows.Select(row => row[2].GetRawText()));
        Assert.InRange(rows[1][1].GetDouble(), rows[0][1].GetDouble(), double.MaxValue);
        Assert.Equal("[]", first.GetProperty("none").GetRawText());
    }

    [Fact]
    public async Task Histories_have_no_place_in_a_table()
    {
        var (exitCode, output, errors) = await Hone.RunAsync("trials", "quick", "--store", study.Store, "--history", "size");

        Assert.Equal((2, "", "hone: --history: a table has no room for it; expected --json beside it"), (exitCode, output, errors.TrimEnd()));
    }

    [Fact]
    public async Task Trials_prints_a_table_without_json()
    {
        var (_, output, _) = await Hone.RunAsync("trials", "quick", "--store", study.Store);

        Assert.Equal(
            """
            trial  state     loss  step  time  x  kind  why
                1  complete     1     2  T     1  a
                2  failed             0  T     1  b     exit status 3
                3  complete     4     2  T     2  a
                4  failed             0  T     2  b     exit status 3
                5  stopped      9     1  T     3  a     loss is 9 at step 1: loss > 5
                6  failed             0  T     3  b     exit status 3

            """,
            Regex.Replace(Regex.Replace(output, " +time", "  time"), @" +\d+(\.\d+)? m?s ", "  T    "));
    }

    [Fact]
    public async Task Best_shows_the_best_trial()
    {
        Assert.Equal((0, "quick: trial 1 is the best of 6\n  loss  1\n  x     1\n  kind  a\n", ""), await Hone.RunAsync("best", "quick", "--store", study.Store));
        Assert.Equal(
            (0, """{"study":"quick","state":"finished","best":{"trial":1,"values":{"loss":1},"parameters":{"x":1,"kind":"a"}}}""" + "\n", ""),
            await Hone.RunAsync("best", "quick", "--store", study.Store, "--json"));
    }

    [Fact]
    public async Task Studies_lists_the_studies()
    {
        var (exitCode, output, _) = await Hone.RunAsync("studies", "--store", study.Store);
        var (_, lines, _) = await Hone.RunAsync("studies", "--store", study.Store, "--json");

        Assert.Equal(0, exitCode);
        Assert.StartsWith("study  state     trials  complete  objective  best  ", output, StringComparison.Ordinal);
        Assert.Contains("quick  finished       6         2  loss          1  ", output, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(lines);
        Assert.Equal(
            "study state objectives trials{waiting running complete stopped failed vetoed} best_value "
            + "spent{wall_seconds cpu_seconds steps energy_joules} began last_activity",
            Shape(json.RootElement));
        Assert.Equal(1, json.RootElement.GetProperty("best_value").GetDouble());
    }

    [Fact]
    public async Task Report_writes_one_file_and_says_where()
    {
        var path = study.Folder.File("out/quick.html");

        Assert.Equal((0, path + "\n", ""), await Hone.RunAsync("report", "quick", "--store", study.Store, "--out", path));
        Assert.StartsWith("<!doctype html>", await File.ReadAllTextAsync(path), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(["quick.html"], Directory.GetFiles(study.Folder.File("out")).Select(Path.GetFileName));
        Assert.True(File.Exists(study.Folder.File("reports/quick.html")), "tune writes it too");
    }

    [Fact]
    public async Task Report_that_cannot_be_written_is_told()
    {
        var (exitCode, _, errors) = await Hone.RunAsync("report", "quick", "--store", study.Store, "--out", "/proc/no/where.html");

        Assert.Equal(2, exitCode);
        Assert.StartsWith("hone: the report cannot be written to /proc/no/where.html: ", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("trials")]
    [InlineData("best")]
    [InlineData("report")]
    public async Task An_unknown_study_is_told_with_the_nearest(string verb)
    {
        Assert.Equal(
            (2, "", $"hone: there is no study 'quik' in {study.Store}; did you mean 'quick'?\n"), await Hone.RunAsync(verb, "quik", "--store", study.Store));
        Assert.Equal(
            (2, "", $"hone: there is no study 'elephant' in {study.Store}; it has quick\n"), await Hone.RunAsync(verb, "elephant", "--store", study.Store, "--json"));
    }

    [Theory]
    [InlineData("studies")]
    [InlineData("best x")]
    public async Task A_store_that_is_not_there_is_told_and_not_made(string line)
    {
        var path = study.Folder.File("none.db");
        var (exitCode, _, errors) = await Hone.RunAsync([.. line.Split(' '), "--store", path]);

        Assert.Equal((2, $"hone: There is no store '{path}'. Name one with --store, or make one with hone tune.\n"), (exitCode, errors));
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task A_store_that_cannot_be_made_is_told()
    {
        var (exitCode, _, errors) = await Hone.RunAsync("tune", study.File, "--store", "/proc/no/hone.db");

        Assert.Equal(2, exitCode);
        Assert.StartsWith("hone: The folder of the store '/proc/no/hone.db' cannot be made: ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Best_of_several_objectives_shows_all_trials_that_no_other_beats()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("two.study.yaml", """
            study: two
            objective: [ { metric: loss }, { metric: size } ]
            space: { x: { values: [1, 2, 3] }, y: { choice: [0, 9] } }
            sampler: grid
            train:
              command: |
                echo "{{\"step\": 1, \"loss\": $(( {x} + {y} )), \"size\": $(( 10 - {x} + {y} ))}}"
            """);
        var (exitCode, _, errors) = await Hone.RunAsync("tune", file, "--store", folder.Store, "--no-report");
        Assert.True(exitCode == 0, errors);

        using var json = JsonDocument.Parse((await Hone.RunAsync("best", "two", "--store", folder.Store, "--json")).Output);
        var (_, text, _) = await Hone.RunAsync("best", "two", "--store", folder.Store);

        Assert.Equal("study state best{trial values{loss size} parameters{x y}} front", Shape(json.RootElement));
        Assert.Equal([1, 2, 3], json.RootElement.GetProperty("front").EnumerateArray().Select(t => t.GetProperty("values").GetProperty("loss").GetInt32()));
        Assert.StartsWith("two: 3 of 6 trials are beaten by no other\ntrial 1\n  loss  1\n  size  9\n  x     1\n  y     0\ntrial ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_of_a_trace_is_shown_unless_it_is_asked_for()
    {
        var (_, _, plain) = await Hone.RunAsync("best", "quik", "--store", study.Store);
        var (_, _, verbose) = await Hone.RunAsync("best", "quik", "--store", study.Store, "--verbose");

        Assert.DoesNotContain("   at ", plain, StringComparison.Ordinal);
        Assert.Contains("   at Hone.Cli.Commands.BestCommand", verbose, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mysql://team@db/hone", "mysql")]
    public async Task Stores_of_kinds_that_are_not_there_yet_are_told(string address, string kind) => Assert.Equal(
        (2, "", $"hone: --store {address}: {kind} stores are not there yet; expected a file, such as .hone/hone.db\n"),
        await Hone.RunAsync("tune", study.File, "--store", address));

    [Theory]
    [InlineData("best quick", "best")]
    [InlineData("server", "server")]
    public async Task Verbs_that_need_a_store_say_that_a_server_is_none(string line, string verb) => Assert.Equal(
        (2, "", $"hone: --store http://127.0.0.1:5000: hone {verb} works on a store of its own, not on a tracking server; expected a file, such as .hone/hone.db, "
            + "or postgres://USER@HOST:PORT/DATABASE (hone tune and hone run can log to a server)\n"),
        await Hone.RunAsync([.. line.Split(' '), "--store", "http://127.0.0.1:5000"]));

    [Fact]
    public async Task The_password_in_an_address_of_a_store_is_never_told()
    {
        Assert.Equal(
            (2, "", "hone: The database postgres://me@127.0.0.1:1/team cannot be reached (Connection refused).\n"),
            await Hone.RunAsync("studies", "--store", "postgres://me:secret@127.0.0.1:1/team"));
        Assert.DoesNotContain("secret", (await Hone.RunAsync("server", "--store", "postgres://me:secret@127.0.0.1:1/team", "--verbose")).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_with_mistakes_is_told_and_changes_nothing()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("bad.study.yaml", "study: s\nobjective: { metric: loss }\nspace: { x: { flaot: [0, 1] } }\ntrain: { command: run }\nsede: 3\n");

        var (exitCode, output, errors) = await Hone.RunAsync("tune", file, "--store", folder.File("sub/hone.db"));

        Assert.Equal((2, ""), (exitCode, output));
        Assert.Equal(
            $"{file}:3:13: space.x: no kind of parameter; expected {{ float: [LOW, HIGH] }}, {{ int: [LOW, HIGH] }}, {{ values: [...] }}, "
            + $"{{ choice: [...] }} or {{ constant: VALUE }}\n{file}:3:15: space.x.flaot: unknown key; did you mean 'float'?\n{file}:5:1: sede: unknown key; did you mean 'seed'?\n",
            errors);
        Assert.Equal(["bad.study.yaml"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("tnue x", "hone: there is no verb 'tnue'; did you mean 'tune'?\n")]
    [InlineData("serve", "hone: there is no verb 'serve'; did you mean 'server'?\n")]
    [InlineData("", "hone: what is to be done? Expected tune, ablate, studies, trials, best, report, analyze, replay, compare, train, predict, data, run, server, users, backup, restore, models, import, export, init, add, commit, push, fetch, pull, config, remote, cache, remove, move, unprotect, import-url, ls, root, diff, gc, status, checkout, repro, dag, stage, freeze, unfreeze, params, metrics or plots; hone --help tells more\n")]
    [InlineData("best", "hone best: STUDY is missing: Name of the study\nhone best --help shows what can be said\n")]
    [InlineData("tune a.yaml b.yaml", "hone tune: 'b.yaml' is one argument too many\nhone tune --help shows what can be said\n")]
    [InlineData("tune a.yaml --worker 2", "hone tune: there is no option '--worker'; did you mean '--workers'?\nhone tune: '2' is one argument too many\nhone tune --help shows what can be said\n")]
    [InlineData("tune a.yaml --workers two", "hone tune: --workers: 'two' is no whole number\nhone tune --help shows what can be said\n")]
    public async Task Wrong_usage_is_told_with_what_was_probably_meant(string line, string expected) =>
        Assert.Equal((2, "", expected), await Hone.RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    [Theory]
    [InlineData("--workers 0", "hone: --workers: '0' is out of range; expected a whole number of at least 1\n")]
    [InlineData("--trials -3", "hone: --trials: '-3' is out of range; expected a whole number of at least 1\n")]
    [InlineData("--time 30", "hone: --time: '30' has no unit; expected a duration such as 500ms, 30s, 10m, 4h or 1d\n")]
    public async Task Options_out_of_range_are_told(string options, string expected) =>
        Assert.Equal((2, "", expected), await Hone.RunAsync([.. new[] { "tune", study.File, "--store", study.Store }, .. options.Split(' ')]));

    [Theory]
    [InlineData("")]
    [InlineData("tune")]
    [InlineData("studies")]
    [InlineData("trials")]
    [InlineData("best")]
    [InlineData("report")]
    [InlineData("train")]
    [InlineData("run")]
    [InlineData("server")]
    [InlineData("users")]
    [InlineData("users add")]
    [InlineData("users grant")]
    [InlineData("backup")]
    [InlineData("restore")]
    [InlineData("models")]
    [InlineData("import")]
    [InlineData("export")]
    public async Task Help_has_an_example(string verb)
    {
        var (exitCode, output, errors) = await Hone.RunAsync([.. verb.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Matches($@"Example:\n  hone {verb}", output);
    }

    [Fact]
    public async Task Version_is_the_products() => Assert.Matches(@"^\d+\.\d+\.\d+\n$", (await Processes.HoneProcess.RunAsync(study.Folder.Path, "--version")).Output);

    [Fact]
    public async Task Train_prints_lines_of_json()
    {
        var (exitCode, output, _) = await Hone.RunAsync(
            "train", "--learner", "logistic", "--data", "diabetes", "--steps", "20", "--report-every", "10");

        Assert.Equal(0, exitCode);
        var lines = output.TrimEnd().Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.Equal("step training_loss validation_loss validation_accuracy", Shape(JsonDocument.Parse(lines[1]).RootElement));
    }

    [Fact]
    public async Task Train_reads_the_network_that_a_file_describes()
    {
        var path = study.Folder.Write("small.network.yaml", "input: [8]\nlayers:\n  - dense: { units: 5, activation: relu }\n  - dense: { units: 2 }\n");
        string[] options = ["train", "--learner", "network", "--model", path, "--data", "diabetes", "--steps", "20"];

        var (exitCode, output, errors) = await Hone.RunAsync(options);
        var (wrongCode, _, wrong) = await Hone.RunAsync([.. options[..4], path + "s", .. options[5..]]);

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Equal("step training_loss validation_loss validation_accuracy", Shape(JsonDocument.Parse(output).RootElement));
        Assert.Equal((2, $"{path}s:1:1: file: there is no such file; did you mean '{path}'?\n"), (wrongCode, wrong));
    }

    [Theory]
    [InlineData("--learner tree --data diabetes", "hone: --learner: 'tree' is not one of linear, logistic, svm, mlp, network.\n")]
    [InlineData("--learner svm", "hone: --data: is needed: a name.\n")]
    public async Task Train_tells_what_is_wrong_with_its_options(string options, string expected) =>
        Assert.Equal((2, "", expected), await Hone.RunAsync(["train", .. options.Split(' ')]));

    // The names of an object's properties, in order; those of an object inside it in braces.
    internal static string Shape(JsonElement element) => string.Join(' ', element.EnumerateObject().Select(property =>
        property.Value.ValueKind == JsonValueKind.Object ? $"{property.Name}{{{Shape(property.Value)}}}" : property.Name));
}
