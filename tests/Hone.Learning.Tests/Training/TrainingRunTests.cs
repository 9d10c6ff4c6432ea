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

    [Fact]
    public void Uses_as_many_rows_as_are_asked_for_and_others_with_another_split_seed()
    {
        const string Some = "learner=logistic data=diabetes rows=100 test_share=0.2 batch_size=1 epochs=1 report_every=1000";

        Assert.Equal(80, Lines(Some)[^1].GetProperty("step").GetInt32());
        Assert.Equal(Lines(Some)[^1].ToString(), Lines(Some)[^1].ToString());
        Assert.NotEqual(Lines(Some)[^1].ToString(), Lines(Some + " split_seed=1")[^1].ToString());
        Assert.Equal(
            Lines("learner=logistic data=diabetes steps=10")[^1].ToString(), Lines("learner=logistic data=diabetes rows=768 steps=10")[^1].ToString());
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
        Assert.Equal(5, last.GetProperty("finished_folds").GetInt32());
        Assert.Equal(4 + 10 + 1, last.EnumerateObject().Count());
    }

    [Theory]
    [InlineData("linear", "pollen", Learner.Linear, 0)]
    [InlineData("svm", "diabetes", Learner.Svm, 0)]
    [InlineData("logistic", "diabetes", Learner.Logistic, 3)]
    public void Reports_the_metrics_that_it_says(string name, string data, Learner learner, int folds) =>
        Assert.Equal(
            ["step", .. TrainingRun.MetricsOf(learner, folds)],
            Lines($"learner={name} data={data} folds={folds} steps=1")[0].EnumerateObject().Select(p => p.Name));

    [Theory]
    [InlineData("learner=linear data=pollen scores=mae,rmse,r2")]
    [InlineData("learner=svm data=diabetes scores=f1,accuracy slices=age")]
    [InlineData("learner=logistic data=diabetes folds=2 repeats=2 scores=f1,roc_auc")]
    [InlineData("learner=mlp loss=cross_entropy data=diabetes")]
    [InlineData("learner=mlp data=diabetes loss=log early_stopping=gl")]
    public void Reports_the_metrics_that_it_says_its_options_give(string settings)
    {
        var reported = Lines(settings + " steps=1")[0].EnumerateObject().Select(p => p.Name)
            .Where(name => name != "step" && !name.StartsWith("slice/", StringComparison.Ordinal));

        Assert.Equal(TrainingRun.MetricsOf(Options(settings)).Order(), reported.Order());
    }

    [Fact]
    public void A_perceptron_learns_what_the_data_hold()
    {
        Assert.True(Lines("learner=mlp data=diabetes steps=1")[0].TryGetProperty("validation_accuracy", out _));
        Assert.True(Lines("learner=mlp data=pollen steps=1")[0].TryGetProperty("validation_rmse", out _));
        Assert.Contains("validation_rmse", TrainingRun.MetricsOf(Options("learner=mlp data=pollen")));
    }

    [Fact]
    public void Prints_the_same_for_a_seed_and_other_numbers_for_another()
    {
        const string Settings = "learner=svm data=diabetes steps=100 batch_size=8 seed=";

        Assert.Equal(Text(Settings + "1"), Text(Settings + "1"));
        Assert.NotEqual(Text(Settings + "1"), Text(Settings + "2"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" split=stratified")]
    [InlineData(" folds=3")]
    public void Another_split_seed_validates_on_other_rows_and_none_is_zero(string more)
    {
        string[] seeds = ["", " split_seed=0", " split_seed=1", " split_seed=2"];
        string[] losses = [.. seeds.Select(seed => Lines($"learner=logistic data=diabetes steps=20 report_every=20{more}{seed}")[^1].GetProperty("validation_loss").ToString())];

        Assert.Equal(losses[0], losses[1]);
        Assert.Equal(3, losses.Distinct().Count());
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
    [InlineData("learner=mlp hidden=16x8 data=diabetes learning_rate=0.05 optimizer=nesterov schedule=cosine", "validation_accuracy", 0.72, 0.82)]
    [InlineData("learner=mlp hidden=16 activation=tanh data=diabetes optimizer=adamw loss=cauchy_schwarz", "validation_accuracy", 0.68, 0.82)]
    [InlineData("learner=mlp data=pollen optimizer=adam schedule=step schedule_steps=500", "validation_rmse", 1.3, 1.6)]
    [InlineData("learner=linear loss=huber data=pollen learning_rate=0.1 penalty=elastic_net", "validation_rmse", 1.4, 1.5)]
    [InlineData("learner=logistic loss=cauchy_schwarz data=diabetes learning_rate=0.1 optimizer=momentum", "validation_accuracy", 0.73, 0.8)]
    public void Learns_with_every_kind_of_step(string settings, string score, double low, double high) =>
        Assert.InRange(Lines(settings + " steps=1000")[^1].GetProperty(score).GetDouble(), low, high);

    [Fact]
    public void Reports_scores_by_name_with_their_pooled_value_over_folds()
    {
        var plain = Lines("learner=logistic data=diabetes steps=100 scores=f1,roc_auc,log_loss")[0];
        Assert.Equal(
            ["step", "training_loss", "validation_loss", "validation_accuracy", "validation_f1", "validation_roc_auc", "validation_log_loss"],
            plain.EnumerateObject().Select(p => p.Name));
        Assert.Equal(plain.GetProperty("validation_loss").GetDouble(), plain.GetProperty("validation_log_loss").GetDouble(), 1e-5);
        Assert.InRange(plain.GetProperty("validation_roc_auc").GetDouble(), 0.8, 0.9);

        var folds = Lines("learner=logistic data=diabetes steps=100 folds=3 scores=accuracy,f1,roc_auc")[0];
        Assert.InRange(folds.GetProperty("validation_f1_tp_fp").GetDouble(), 0.5, 0.75);
        Assert.InRange(folds.GetProperty("validation_roc_auc_merge").GetDouble(), 0.75, 0.9);
        Assert.Equal(
            folds.GetProperty("validation_accuracy").GetDouble(), folds.GetProperty("validation_accuracy_tp_fp").GetDouble(), 0.01);
    }

    [Fact]
    public void Reports_each_slice_and_the_worst_of_them()
    {
        var line = Lines("learner=logistic data=diabetes steps=100 scores=accuracy slices=age")[0];

        var slices = line.EnumerateObject().Where(p => p.Name.StartsWith("slice/age=", StringComparison.Ordinal)).ToArray();
        Assert.Equal(4, slices.Length);
        Assert.Equal(slices.Min(p => p.Value.GetDouble()), line.GetProperty("worst_slice/accuracy").GetDouble());
    }

    [Theory]
    [InlineData("early_stopping=gl early_stopping_at=0.01", "Stopped early: validation_loss ")]
    [InlineData("early_stopping=pq early_stopping_strip=2", "Stopped early: ")]
    [InlineData("early_stopping=up early_stopping_at=1 early_stopping_strip=2", "Stopped early: validation_loss rose in 1 successive strips of 2 reports")]
    public void Stops_by_itself_and_says_why(string settings, string reason)
    {
        var lines = Text($"learner=mlp hidden=64 data=diabetes optimizer=adam steps=5000 report_every=20 {settings}").TrimEnd().Split('\n');

        Assert.StartsWith(reason, lines[^1], StringComparison.Ordinal);
        Assert.InRange(lines.Length, 3, 200);
    }

    [Theory]
    [InlineData("split=stratified", 1)]
    [InlineData("split=stratified folds=3", 3)]
    [InlineData("split=stratified folds=3 repeats=2", 6)]
    [InlineData("split=grouped group=pregnant", 1)]
    [InlineData("split=grouped group=pregnant folds=4", 4)]
    [InlineData("split=time time=age", 1)]
    [InlineData("split=time time=age folds=3", 3)]
    public void Parts_rows_in_every_way(string settings, int models)
    {
        var line = Lines($"learner=logistic data=diabetes steps=200 learning_rate=0.1 {settings}")[^1];

        Assert.Equal(models > 1 ? models : 0, line.EnumerateObject().Count(p => p.Name.EndsWith("/validation_loss", StringComparison.Ordinal)));
        Assert.InRange(line.GetProperty("validation_accuracy").GetDouble(), 0.55, 0.85);
    }

    [Theory]
    [InlineData("learner=logistic data=pollen", "pollen: column 'target' holds -1.385200023651123, which is not a whole number. Code the classes as whole numbers, or use a learner of numbers.")]
    [InlineData("learner=logistic data=nowhere.tsv", "nowhere.tsv: there is no such file, nor a data set of that name (diabetes, pbc, pollen).")]
    [InlineData("learner=logistic data=diabetes target=ages", "diabetes:1: there is no column 'ages' to learn; the columns are pregnant, glucose, pressure, triceps, insulin, mass, pedigree, age, target. Did you mean 'age'?")]
    [InlineData("learner=svm data=diabetes scores=log_loss", "--scores: 'log_loss' needs probabilities, which the loss Hinge does not give.")]
    [InlineData("learner=linear data=pollen scores=f1", "--scores: 'f1' is a score of classes, which this learner does not learn.")]
    [InlineData("learner=linear data=pollen split=stratified", "--split: 'stratified' is for classes, and this learner learns numbers.")]
    [InlineData("learner=logistic data=diabetes slices=age", "--slices: say with --scores which scores each slice gets.")]
    [InlineData("learner=logistic data=diabetes split=grouped group=pregnant folds=16", "--folds: 16 are more than the 14 groups for training. Give fewer.")]
    [InlineData("learner=logistic data=diabetes ignore=heigth", "diabetes:1: there is no column 'heigth' that a type is given for; the columns are pregnant, glucose, pressure, triceps, insulin, mass, pedigree, age, target.")]
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
