using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Hone.Cli.Tests.Processes;

/// <summary>The examples do what their comments and the README say.</summary>
public sealed class ExamplesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_first_example_tries_forty_configurations_stops_some_and_finds_a_good_one()
    {
        var result = await TuneAsync(Path.Combine(Examples(), "diabetes.study.yaml"));

        var trials = result.GetProperty("trials");
        Assert.Equal(40, trials.GetProperty("complete").GetInt32() + trials.GetProperty("stopped").GetInt32());
        Assert.True(trials.GetProperty("stopped").GetInt32() > 0);
        Assert.True(result.GetProperty("best").GetProperty("values").GetProperty("validation_accuracy").GetDouble() >= 0.76);
        Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(_folder.Store)!, "reports", "diabetes-logistic.html")));
    }

    [Theory]
    [InlineData("pollen.study.yaml")]
    [InlineData("python/plain.study.yaml")]
    [InlineData("python/digits.study.yaml")]
    public async Task Every_other_example_runs(string file)
    {
        foreach (var from in Directory.EnumerateFiles(Path.GetDirectoryName(Path.Combine(Examples(), file))!, "*.*"))
        {
            // The system's Python, which has scikit-learn, may not be the first on the path.
            var text = (await File.ReadAllTextAsync(from)).Replace("python3 ", "/usr/bin/python3 ", StringComparison.Ordinal);
            await File.WriteAllTextAsync(_folder.File(Path.GetFileName(from)), text);
        }

        var result = await TuneAsync(_folder.File(Path.GetFileName(file)), "--trials", "3");

        Assert.Equal(3, result.GetProperty("trials").GetProperty("complete").GetInt32());
    }

    [Fact]
    public async Task The_switches_of_the_example_are_told_apart()
    {
        var file = Path.Combine(Examples(), "python", "switches.ablation.yaml");

        var (exitCode, output, errors) = await HoneProcess.RunAsync(_folder.Path, "ablate", file, "--store", _folder.Store, "--json");

        Assert.True(exitCode == 0, errors);
        var verdicts = JsonElement.Parse(output).GetProperty("components").EnumerateArray()
            .ToDictionary(c => c.GetProperty("component").GetString()!, c => c.GetProperty("verdict").GetString());
        Assert.Equal(("matters", "matters", "harmless"), (verdicts["scaling"], verdicts["product"], verdicts["sine"]));
    }

    private async Task<JsonElement> TuneAsync(string file, params string[] options)
    {
        var (exitCode, output, errors) = await HoneProcess.RunAsync(_folder.Path, ["tune", file, "--store", _folder.Store, "--json", .. options]);
        Assert.True(exitCode == 0, errors);
        return JsonElement.Parse(output);
    }

    private static string Examples([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "examples"));
}
