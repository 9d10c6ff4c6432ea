using System.Globalization;

namespace Hone.Cli.Tests.Processes;

/// <summary><c>hone data show</c>, <c>hone train --save</c> and <c>hone predict</c>, one after the other as a user would.</summary>
public sealed class ModelVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments) => HoneProcess.RunAsync(_folder.Path, arguments);

    [Fact]
    public async Task A_data_set_is_summarised()
    {
        var (exitCode, output, _) = await RunAsync("data", "show", "diabetes");

        Assert.Equal(0, exitCode);
        Assert.StartsWith("diabetes: 768 rows x 8 features; 'target' is one of 2 classes\n  class 0: 500 rows (65.1 %)", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_saved_model_predicts_a_line_a_row()
    {
        Assert.Equal(0, (await RunAsync("train", "--learner", "logistic", "--data", "diabetes", "--steps", "500", "--save", "model.json")).ExitCode);

        var (exitCode, output, _) = await RunAsync("predict", "model.json", "diabetes");

        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal((0, 769, "target\tprobability_0\tprobability_1"), (exitCode, lines.Length, lines[0]));
        Assert.All(lines[1..], line => Assert.Equal(1, line.Split('\t')[1..].Sum(p => double.Parse(p, CultureInfo.InvariantCulture)), 6));
    }

    [Theory]
    [InlineData("hone: nosuch: there is no such file, nor a data set of that name (diabetes, pbc, pollen).", "data", "show", "nosuch")]
    [InlineData("hone: nofile: cannot be read: ", "predict", "nofile", "diabetes")]
    public async Task What_is_not_there_is_an_input_error(string message, params string[] arguments)
    {
        var (exitCode, output, errors) = await RunAsync(arguments);

        Assert.Equal((2, ""), (exitCode, output));
        Assert.StartsWith(message, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_study_file_may_name_scores_and_data_sets_that_are_not_shipped()
    {
        var file = _folder.Write("scores.study.yaml", """
            study: scores
            objective: { metric: validation_f1, goal: maximize }
            space: { learning_rate: { float: [0.01, 0.1] } }
            budget: { trials: 2 }
            train: { learner: logistic, data: diabetes, steps: 50, report_every: 50, scores: f1 }
            """);

        var (exitCode, _, errors) = await RunAsync("tune", file, "--store", _folder.Store, "--no-report");

        Assert.True(exitCode == 0, errors);
    }
}
