using System.Text.Json;
using Hone.Learning.Training;

namespace Hone.Learning.Tests.Training;

public sealed class FoldOrderTests
{
    private const string Settings = "learner=logistic data=diabetes folds=3 steps=200 report_every=100 scores=f1,roc_auc";

    [Fact]
    public void Folds_in_turn_go_on_counting_steps_and_say_how_many_are_finished()
    {
        var lines = Lines(Settings + " fold_order=turns");

        Assert.Equal([100, 200, 300, 400, 500, 600], lines.Select(line => Number(line, "step")));
        Assert.Equal([0, 1, 1, 2, 2, 3], lines.Select(line => Number(line, "finished_folds")));
    }

    [Fact]
    public void A_report_gives_the_running_fold_alone_and_its_mean_with_those_finished()
    {
        var lines = Lines(Settings + " fold_order=turns");

        string[] folds = [.. lines.SelectMany(line => line.EnumerateObject().Where(p => p.Name.EndsWith("/validation_loss", StringComparison.Ordinal)).Select(p => p.Name))];
        Assert.Equal(["fold_1/validation_loss", "fold_1/validation_loss", "fold_2/validation_loss", "fold_2/validation_loss", "fold_3/validation_loss", "fold_3/validation_loss"], folds);
        Assert.Equal(
            (Number(lines[1], "fold_1/validation_loss") + Number(lines[3], "fold_2/validation_loss") + Number(lines[4], "fold_3/validation_loss")) / 3,
            Number(lines[4], "validation_loss"), 1e-12);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" repeats=2 split=stratified")]
    [InlineData(" slices=age")]
    [InlineData(" early_stopping=gl early_stopping_at=0.5")]
    public void The_models_come_out_the_same_in_either_order(string more)
    {
        var (together, turns) = (Lines(Settings + more)[^1], Lines(Settings + more + " fold_order=turns")[^1]);

        foreach (var metric in turns.EnumerateObject().Select(p => p.Name).Where(name => name is not ("step" or "training_loss" or "best_step")))
        {
            // Early stopping decides for all folds at once, or for each.
            Assert.Equal(Number(together, metric), Number(turns, metric), more.Contains("early", StringComparison.Ordinal) ? 0.05 : 1e-12);
        }
    }

    [Fact]
    public void The_fold_in_turn_that_diverges_is_the_last()
    {
        var lines = Lines("learner=linear data=pollen folds=3 learning_rate=1000 steps=200 fold_order=turns");

        Assert.Equal((100.0, 1.0), (Number(lines[^1], "step"), Number(lines[^1], "finished_folds")));
        Assert.True(double.IsNaN(Number(lines[^1], "validation_loss")));
    }

    [Fact]
    public void Each_fold_in_turn_stops_by_itself_and_the_next_begins()
    {
        var lines = Lines(
            "learner=mlp hidden=64 data=diabetes optimizer=adam steps=5000 report_every=20 folds=3 fold_order=turns early_stopping=gl early_stopping_at=1");

        Assert.Equal([0, 1, 2, 3], lines.Select(line => Number(line, "finished_folds")).Distinct());
        Assert.True(Number(lines[^1], "step") < 3 * 5000);
    }

    [Fact]
    public void A_learner_that_stops_itself_keeps_its_best_weights_and_says_of_which_step()
    {
        var path = Path.GetTempFileName();
        try
        {
            var lines = Lines(
                "learner=mlp hidden=64 data=diabetes optimizer=adam steps=5000 report_every=20 scores=brier early_stopping=gl early_stopping_at=5 save=" + path);

            var best = lines[..^1].MinBy(line => Number(line, "validation_loss"));
            Assert.Equal(Number(best, "step"), Number(lines[^1], "best_step"));
            Assert.True(Number(best, "step") < Number(lines[^1], "step"));
            Assert.Equal(Number(best, "validation_loss"), Number(lines[^1], "validation_loss"));
            Assert.Equal(Number(best, "validation_brier"), Number(lines[^1], "validation_brier"));

            // What is saved is what the last line tells of.
            var saved = SavedModel.Load(path);
            var again = new StringWriter();
            saved.Predict("diabetes", again);
            var plain = Path.GetTempFileName();
            Lines($"learner=mlp hidden=64 data=diabetes optimizer=adam steps={Number(best, "step")} report_every=20 save={plain}");
            var expected = new StringWriter();
            SavedModel.Load(plain).Predict("diabetes", expected);
            File.Delete(plain);
            Assert.Equal(expected.ToString(), again.ToString());
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_learner_that_runs_to_its_last_step_keeps_its_best_weights_too()
    {
        var lines = Lines("learner=mlp hidden=64 data=diabetes optimizer=adam steps=600 report_every=20 early_stopping=gl early_stopping_at=1e9");

        Assert.Equal(600, Number(lines[^1], "step"));
        Assert.Equal(lines.Min(line => Number(line, "validation_loss")), Number(lines[^1], "validation_loss"));
        Assert.True(Number(lines[^1], "best_step") < 600);
    }

    private static double Number(JsonElement line, string name) => line.GetProperty(name) is { ValueKind: JsonValueKind.Number } number
        ? number.GetDouble() : double.NaN;

    private static JsonElement[] Lines(string settings)
    {
        var output = new StringWriter();
        var options = TrainSettings.Parse(settings.Split(' ').Select(s => s.Split('=')).ToDictionary(s => s[0], s => s[1]));
        Assert.Equal(0, TrainingRun.Run(options, output));

        // Numbers that are not finite are no JSON to this reader.
        return [.. output.ToString().TrimEnd().Split('\n').Where(line => line.StartsWith('{'))
            .Select(line => JsonDocument.Parse(line.Replace("NaN", "null", StringComparison.Ordinal)).RootElement)];
    }
}
