using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Hone.Cli.Tests.Processes;

/// <summary>Pipelines by the real program: the example, and what a kill leaves behind.</summary>
public sealed class PipelineProcessTests
{
    private const int Interrupt = 2;

    [Fact]
    public async Task The_example_of_stock_prices_runs_once_and_then_has_nothing_to_do()
    {
        using var folder = new TemporaryFolder();
        Copy(Example(), folder.Path);
        Environment.SetEnvironmentVariable("PATH", $"{Path.GetDirectoryName(HoneProcess.Program)}:{Environment.GetEnvironmentVariable("PATH")}");

        var first = await HoneProcess.RunAsync(folder.Path, "repro", "-j", "2");
        var second = await HoneProcess.RunAsync(folder.Path, "repro");
        var (_, metrics, _) = await HoneProcess.RunAsync(folder.Path, "metrics", "show", "metrics.json", "--json");
        var plots = await HoneProcess.RunAsync(folder.Path, "plots", "show");

        Assert.True(first.ExitCode == 0, first.Errors);
        Assert.Equal("stages: 6 ran\n", first.Output);
        Assert.Equal((0, "Data and pipelines are up to date.\n"), (second.ExitCode, second.Output));
        var figures = JsonDocument.Parse(metrics).RootElement.GetProperty("").GetProperty("data").GetProperty("metrics.json").GetProperty("data");
        Assert.Equal(491, figures.GetProperty("days").GetInt32());
        Assert.InRange(
            figures.GetProperty("rmse_percent").GetDouble(), 0.5 * figures.GetProperty("rmse_percent_like_today").GetDouble(), 1.2 * figures.GetProperty("rmse_percent_like_today").GetDouble());
        Assert.True(plots.ExitCode == 0, plots.Errors);
        Assert.Contains("The next day", await File.ReadAllTextAsync(folder.File("dvc_plots/index.html")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Killed_at_any_moment_it_has_lost_at_most_the_stages_that_ran()
    {
        using var folder = Chain(6);
        var random = new Random(11);
        for (var attempt = 0; attempt < 12; attempt++)
        {
            await using var hone = HoneProcess.Start(folder.Path, "repro", "-j", "2");
            var stages = 1 + random.Next(6);
            await hone.SaysAsync($"Running stage 's{stages}'");
            KillIfItRuns(hone.Id);
            await hone.EndAsync();
            var lockFile = folder.File("dvc.lock");
            if (File.Exists(lockFile))
            {
                Assert.StartsWith("schema: '2.0'\nstages:\n", await File.ReadAllTextAsync(lockFile), StringComparison.Ordinal);
            }

            File.WriteAllText(folder.File("f0"), $"{attempt}");
        }

        var (exitCode, _, errors) = await HoneProcess.RunAsync(folder.Path, "repro", "-j", "2");
        Assert.True(exitCode == 0, errors);
        Assert.Equal("11", await File.ReadAllTextAsync(folder.File("f6")));
        Assert.Equal((0, "{}\n"), await StatusAsync(folder));
    }

    [Fact]
    public async Task Interrupted_it_ends_what_runs_and_goes_on_later()
    {
        using var folder = new TemporaryFolder();
        Repository(folder, """
            stages:
              done: { cmd: echo 1 > done, outs: [done] }
              long: { cmd: "until [ -e go ]; do sleep 0.05; done; cp done long", deps: [done], outs: [long] }
            """);
        await using var hone = HoneProcess.Start(folder.Path, "repro", "-j", "2");
        Assert.True(await hone.SaysAsync("Running stage 'long'"));

        hone.Signal(Interrupt);
        Assert.Equal(130, await hone.EndAsync());
        Assert.Contains("done:", await File.ReadAllTextAsync(folder.File("dvc.lock")), StringComparison.Ordinal);
        folder.Write("go", "");

        var (exitCode, output, errors) = await HoneProcess.RunAsync(folder.Path, "repro");
        Assert.True(exitCode == 0, errors);
        Assert.Equal("stages: 1 ran, 1 unchanged\n", output);
    }

    [Fact]
    public async Task Output_of_stages_that_run_at_once_has_their_names_before_it()
    {
        using var folder = new TemporaryFolder();
        Repository(folder, """
            stages:
              one: { cmd: "touch 1; until [ -e 2 ]; do sleep 0.05; done; echo from one; echo 1 > a", outs: [a] }
              other: { cmd: "touch 2; until [ -e 1 ]; do sleep 0.05; done; echo from other; echo 1 > b", outs: [b] }
            """);

        var (exitCode, output, errors) = await HoneProcess.RunAsync(folder.Path, "repro", "-j", "2");

        Assert.True(exitCode == 0, errors);
        Assert.Equal(["one   | from one", "other | from other", "stages: 2 ran"], output.TrimEnd('\n').Split('\n').Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("repro", "no-such-stage", "hone: there is no stage, group or output 'no-such-stage'; the stages of 'dvc.yaml' are s1, s2")]
    [InlineData("repro", "--jobs=0", "hone: --jobs: '0' is out of range; expected a whole number of at least 1")]
    [InlineData("dag", "no-such-stage", "hone: there is no stage, group or output 'no-such-stage'; the stages of 'dvc.yaml' are s1, s2")]
    [InlineData("freeze", "no-such-stage", "hone: there is no stage, group or output 'no-such-stage'; the stages of 'dvc.yaml' are s1, s2")]
    public async Task What_cannot_be_done_is_told_in_a_line(string verb, string argument, string message)
    {
        using var folder = Chain(2);

        var (exitCode, output, errors) = await HoneProcess.RunAsync(folder.Path, verb, argument);

        Assert.Equal((2, "", message), (exitCode, output, errors));
    }

    [Fact]
    public async Task A_stage_can_be_added_frozen_and_listed_and_the_file_keeps_its_comments()
    {
        using var folder = new TemporaryFolder();
        Repository(folder, "# by hand\nstages:\n  a:\n    cmd: echo 1 > a  # why not\n    outs:\n    - a\n");

        await HoneProcess.RunAsync(folder.Path, "stage", "add", "-n", "b", "-d", "a", "-O", "b", "-p", "x,y", "-p", "q.json:z", "--", "cp a b");
        await HoneProcess.RunAsync(folder.Path, "freeze", "a");

        Assert.Equal(
            """
            # by hand
            stages:
              a:
                cmd: echo 1 > a  # why not
                outs:
                - a
                frozen: true
              b:
                cmd: cp a b
                deps:
                - a
                params:
                - x
                - y
                - q.json:
                  - z
                outs:
                - b:
                    cache: false

            """,
            await File.ReadAllTextAsync(folder.File("dvc.yaml")));
        var (_, list, _) = await HoneProcess.RunAsync(folder.Path, "stage", "list");
        Assert.Equal("a  Outputs a\nb  Outputs b\n", list);
    }

    private static void KillIfItRuns(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            // It was done before.
        }
    }

    private static async Task<(int, string)> StatusAsync(TemporaryFolder folder)
    {
        var (exitCode, output, _) = await HoneProcess.RunAsync(folder.Path, "status", "--json");
        return (exitCode, output);
    }

    private static TemporaryFolder Chain(int stages)
    {
        var folder = new TemporaryFolder();
        Repository(folder, "stages:\n" + string.Concat(Enumerable.Range(1, stages).Select(i => $"  s{i}: {{ cmd: sleep 0.02; cp f{i - 1} f{i}, deps: [f{i - 1}], outs: [f{i}] }}\n")));
        folder.Write("f0", "0");
        return folder;
    }

    private static void Repository(TemporaryFolder folder, string pipeline)
    {
        Directory.CreateDirectory(folder.File(".dvc"));
        folder.Write(".dvc/config", "[core]\n    no_scm = True\n");
        folder.Write("dvc.yaml", pipeline);
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(file => !file.Contains("/.dvc/tmp", StringComparison.Ordinal)))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private static string Example([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "examples", "google-stock"));
}
