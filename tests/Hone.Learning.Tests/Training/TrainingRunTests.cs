using System.Text.Json;
using Hone.Learning.Training;

namespace Hone.Learning.Tests.Training;

public sealed class TrainingRunTests
{
    [Fact]
    public void Reports_a_classifier_every_so_many_steps_and_at_the_end()
    {
        var lines = Lines("learner=logistic data=diabetes steps=250 report_every=100");

        Assert.Equal([100, 200, 250], lines.Select(line => line.GetProperty("step").GetInt32()));
        Assert.All(lines, line => Assert.Equal(
            ["step", "training_loss", "validation_loss", "validation_accuracy"], line.EnumerateObject().Select(p => p.Name)));
        Assert.True(lines[^1].GetProperty("validation_loss").GetDouble() < lines[0].GetProperty("validation_loss").GetDouble());
    }

    [Fact]
    public void Reports_the_root_mean_squared_error_of_a_learner_of_numbers()
    {
        var last = Lines("learner=linear data=pollen learning_rate=0.1 alpha=0.001 epochs=20")[^1];

        Assert.Equal(20 * 85, last.GetProperty("step").GetInt32());
        Assert.InRange(last.GetProperty("validation_rmse").GetDouble(), 1.40, 1.50);
        Assert.Equal(
            Math.Pow(last.GetProperty("validation_rmse").GetDouble(), 2) / 2, last.GetProperty("validation_loss").GetDouble(), 1e-9);
    }

    [Theory]
    [InlineData("logistic", "log")]
    [InlineData("logistic", "cross_entropy")]
    [InlineData("svm", "hinge")]
    [InlineData("svm", "squared_hinge")]
    public void Learns_diabetes_with_every_loss(string learner, string loss)
    {
        var last = Lines($"learner={learner} loss={loss} data=diabetes learning_rate=0.05 steps=500")[^1];

        Assert.InRange(last.GetProperty("validation_accuracy").GetDouble(), 0.73, 0.80);
    }

    [Fact]
    public void Reports_the_means_over_folds_that_step_together_and_each_fold()
    {
        var last = Lines("learner=logistic data=diabetes folds=5 steps=200")[^1];

        Assert.Equal(200, last.GetProperty("step").GetInt32());
        var folds = Enumerable.Range(1, 5).Select(k => last.GetProperty($"fold_{k}/validation_accuracy").GetDouble()).ToArray();
        Assert.Equal(folds.Average(), last.GetProperty("validation_accuracy").GetDouble(), 1e-12);
        Assert.Equal(4 + 10, last.EnumerateObject().Count());
    }

    [Theory]
    [InlineData("linear", "pollen", Learner.Linear, 0)]
    [InlineData("svm", "diabetes", Learner.Svm, 0)]
    [InlineData("logistic", "diabetes", Learner.Logistic, 3)]
    public void Reports_the_metrics_that_it_says(string name, string data, Learner learner, int folds) =>
        Assert.Equal(
            ["step", .. TrainingRun.MetricsOf(learner, folds)],
            Lines($"learner={name} data={data} folds={folds} steps=1")[0].EnumerateObject().Select(p => p.Name));

    [Fact]
    public void Prints_the_same_for_a_seed_and_other_numbers_for_another()
    {
        const string Settings = "learner=svm data=diabetes steps=100 batch_size=8 seed=";

        Assert.Equal(Text(Settings + "1"), Text(Settings + "1"));
        Assert.NotEqual(Text(Settings + "1"), Text(Settings + "2"));
    }

    [Fact]
    public void Ends_well_when_training_diverged_with_a_last_report_that_says_so()
    {
        var text = Text("learner=linear data=pollen learning_rate=1000 steps=100000");

        var last = text.TrimEnd().Split('\n')[^1];
        Assert.Contains("NaN", last, StringComparison.Ordinal);
        Assert.StartsWith("{\"step\":100,", last, StringComparison.Ordinal);
    }

    [Fact]
    public void Takes_all_rows_where_the_batch_is_larger() =>
        Assert.Equal(
            Text("learner=logistic data=diabetes steps=100 batch_size=537"), Text("learner=logistic data=diabetes steps=100 batch_size=1e6"));

    [Fact]
    public void Leaves_the_rows_held_out_alone_when_it_cross_validates()
    {
        // Without a hold-out there are more rows in each fold, so the numbers differ.
        const string Settings = "learner=logistic data=diabetes folds=3 steps=100 test_share=";

        Assert.NotEqual(Text(Settings + "0.3"), Text(Settings + "0"));
    }

    [Theory]
    [InlineData("learner=logistic data=pollen", "pollen: column 'target' holds -1.385200023651123, which is not a whole number. Code the classes as whole numbers, or use a learner of numbers.")]
    [InlineData("learner=logistic data=nowhere.tsv", "nowhere.tsv: there is no such file, nor a data set of that name (diabetes, pollen).")]
    [InlineData("learner=logistic data=diabetes target=ages", "diabetes:1: there is no column 'ages' to learn; the columns are pregnant, glucose, pressure, triceps, insulin, mass, pedigree, age, target. Did you mean 'age'?")]
    [InlineData("learner=logistic data=diabetes folds=538", "--folds: 538 are more than the 537 rows for training. Give fewer.")]
    public void Says_what_is_wrong_and_returns_2(string settings, string message)
    {
        var errors = new StringWriter();

        Assert.Equal(2, TrainingRun.Run(Options(settings), TextWriter.Null, errors));
        Assert.Equal(message + Environment.NewLine, errors.ToString());
    }

    private static JsonElement[] Lines(string settings) =>
        [.. Text(settings).TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement)];

    private static string Text(string settings)
    {
        var output = new StringWriter();
        Assert.Equal(0, TrainingRun.Run(Options(settings), output));
        return output.ToString();
    }

    private static TrainOptions Options(string settings) =>
        TrainSettings.Parse(settings.Split(' ').Select(s => s.Split('=')).ToDictionary(s => s[0], s => s[1]));
}
