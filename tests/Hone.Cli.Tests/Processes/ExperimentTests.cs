using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Hone.Cli.StudyFiles;

namespace Hone.Cli.Tests.Processes;

/// <summary>The experiment of <c>experiments/lempinen</c>: its study files are valid, and its command does what it says.</summary>
public sealed class ExperimentTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_study_file_is_a_whole_grid_in_which_nothing_is_stopped()
    {
        var files = Directory.GetFiles(Path.Combine(Experiment(), "studies"));

        Assert.Equal(20, files.Length);
        Assert.All(files, path =>
        {
            var study = StudyFileReader.Parse(File.ReadAllText(path), path).Study;
            Assert.Equal("lempinen-" + Path.GetFileName(path).Replace(".study.yaml", "", StringComparison.Ordinal), study.Name);
            Assert.Empty(study.Rules);
            Assert.Equal(["alpha", "batch_size", "learning_rate"], study.Space.Parameters.Select(parameter => parameter.Name));
            Assert.Equal(study.Budget.Trials, (int)study.Space.Parameters.Aggregate(1L, (count, parameter) => count * parameter.Count!.Value));
        });
    }

    [Fact]
    public async Task The_study_files_are_those_that_their_script_writes()
    {
        var (exitCode, _, errors) = await RunAsync("make_studies", "--check");

        Assert.True(exitCode == 0, errors);
    }

    [Fact]
    public async Task A_tiny_size_records_analyses_and_fills_in_the_pages_and_goes_on_where_it_was()
    {
        string[] command = ["--tiny", "--hone", HoneProcess.Program, "--out", _folder.File("out")];
        var (exitCode, output, errors) = await RunAsync("run", command);
        Assert.True(exitCode == 0, output + errors);

        var results = JsonElement.Parse(await File.ReadAllTextAsync(_folder.File("out/results.json")));
        Assert.Equal(1, results.GetProperty("laws").GetArrayLength());
        Assert.Equal(2, results.GetProperty("studies").GetArrayLength());
        Assert.True(results.GetProperty("rules").GetArrayLength() >= 12);
        Assert.Equal(["diabetes", "pbc"], results.GetProperty("left_out").EnumerateArray().Select(row => row.GetProperty("data").GetString()));
        Assert.All(["quiet", "pinned", "free"], mode => Assert.Equal(1, results.GetProperty("busy").GetProperty(mode).GetArrayLength()));
        Assert.Contains("| diabetes | logistic |", await File.ReadAllTextAsync(_folder.File("out/docs/rq1.md")), StringComparison.Ordinal);
        Assert.Contains("| asha 1/3 from 5%", await File.ReadAllTextAsync(_folder.File("out/docs/rq2.md")), StringComparison.Ordinal);
        Assert.All(
            ["step-time", "memory", "busy-diabetes-logistic", "saving-and-regret"],
            picture => Assert.Contains("</svg>", File.ReadAllText(_folder.File($"out/docs/{picture}.svg")), StringComparison.Ordinal));

        (exitCode, output, errors) = await RunAsync("run", [.. command, "--phase", "laws", "--phase", "grids"]);
        Assert.True(exitCode == 0, output + errors);
        Assert.DoesNotContain("complete", output, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo("python3", ["-B", Path.Combine(Experiment(), script), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }

    private static string Experiment([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "experiments", "lempinen"));
}
