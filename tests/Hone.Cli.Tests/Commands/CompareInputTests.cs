using System.Text.RegularExpressions;
using Hone.Tracking.Store;
using Hone.Trials;

namespace Hone.Cli.Tests.Commands;

/// <summary>Studies of all kinds that do not compare, in one store.</summary>
public sealed class OddStudies : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    public string Store => _folder.Store;

    public async ValueTask InitializeAsync()
    {
        await using var open = await StudyStore.OpenAsync(Store, TimeProvider.System);
        await StoredStudy.AddAsync(Store, "a", "x", "accuracy", 0.9, 0.8, 1.0);
        await StoredStudy.AddAsync(Store, "b", "x", "accuracy", 0.8, 0.7, 0.9);
        await StoredStudy.AddAsync(Store, "a", "y", "accuracy", 0.9, 0.8, 1.0);
        await StoredStudy.AddAsync(Store, "c", "x", "accuracy", 0.8, 0.7, 0.8, 0.9);
        await StoredStudy.AddAsync(Store, "again", Max("accuracy"), StoredStudy.Origin("a", "x"), StoredStudy.Report("accuracy", 0.7));
        await StoredStudy.AddAsync(Store, "loss", new Objective("accuracy"), StoredStudy.Origin("d", "x"), StoredStudy.Report("accuracy", 0.7));
        await StoredStudy.AddAsync(Store, "share", Max("accuracy"), StoredStudy.Origin("e", "x"), StoredStudy.Report("accuracy", 0.7, 0.6, 0.8));
        await StoredStudy.AddAsync(Store, "other", Max("other"), StoredStudy.Origin("f", "x"), [[[new("other", 1), new("size", 3), new("accuracy", 0.8), new("fold_1/accuracy", double.NaN), new("fold_2/accuracy", 0.9)]]]);
        await StoredStudy.AddAsync(Store, "made", Max("accuracy"), null, StoredStudy.Report("accuracy", 0.7, 0.6, 0.8));
        await StoredStudy.AddAsync(Store, "failed", Max("accuracy"), StoredStudy.Origin("g", "x"), [[]]);
        await StoredStudy.AddAsync(Store, "five", Max("accuracy"), StoredStudy.Origin("logistic", "x", ("folds", "5")), StoredStudy.Report("accuracy", 0.7));
        await StoredStudy.AddAsync(Store, "ten", Max("accuracy"), StoredStudy.Origin("svm", "x", ("folds", "10")), StoredStudy.Report("accuracy", 0.7));
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private static Objective Max(string metric) => new(metric, Goal.Maximize);
}

public sealed class CompareInputTests(OddStudies odd) : IClassFixture<OddStudies>
{
    [Theory]
    [InlineData(2, "there is no study 'x-q' in STORE; did you mean 'x-a'?", "x-q", "x-b")]
    [InlineData(2, "there is no study 'z*' in STORE; it has again, failed, five, loss, made, other, share, ten, x-a, x-b, …", "z*")]
    [InlineData(2, "there is only one model, 'a': two or more are needed to compare", "x-a", "y-a")]
    [InlineData(2, "there is only one model, 'a': two or more are needed to compare", "x-a")]
    [InlineData(2, "'x-a' and 'again' are both 'a' on 'x'. Leave one out, or call one of the models something else.", "x-a", "again", "x-b")]
    [InlineData(2, "every model needs a score on every block: there is no study of 'b' on 'y'. Add what is missing, or leave incomplete blocks out with --complete-only.", "x-a", "x-b", "y-a")]
    [InlineData(2, "'x-c' has 'accuracy' of 3 folds and 'x-a' of 2: they are not judged by the same rows of 'x'. Tune both with the same folds.", "x-a", "x-c")]
    [InlineData(2, "'x-a' has 'accuracy' of 2 folds and 'loss' of 0: they are not judged by the same rows of 'x'. Tune both with the same folds.", "x-a", "loss", "--goal", "maximize")]
    [InlineData(2, "some studies minimize 'accuracy' and some maximize it; expected --goal minimize or --goal maximize", "loss", "share")]
    [InlineData(2, "the studies have different objectives, accuracy and other: expected --metric with what to compare", "x-a", "other")]
    [InlineData(2, "is 'size' better small or large?; expected --goal minimize or --goal maximize", "x-a", "other", "--metric", "size")]
    [InlineData(2, "no best trial has the metric 'acuracy'; did you mean 'accuracy'?", "x-a", "x-b", "--metric", "acuracy")]
    [InlineData(2, "every model needs a score on every block: the best trial of 'x-a' has no 'other'. Add what is missing, or leave incomplete blocks out with --complete-only.", "x-a", "other", "--metric", "other")]
    [InlineData(2, "no data set has a score of every model: the best trial of 'x-a' has no 'other'", "x-a", "other", "--metric", "other", "--complete-only")]
    [InlineData(2, "every model needs a score on every block: the 'accuracy' of 'f' on fold 1 is NaN. Add what is missing, or leave incomplete blocks out with --complete-only.", "x-a", "other", "--metric", "accuracy")]
    [InlineData(2, "on which data was 'made' tuned? The store does not know it; expected --data made=NAME, or --data NAME for all studies", "x-a", "made")]
    [InlineData(3, "no trial of 'failed' is complete, within the constraints and finite: go on with it, or leave its block out with --complete-only", "x-a", "failed")]
    [InlineData(2, "'five' and 'ten' are not judged by the same rows of 'x': folds is 5 and 10. Compare studies that part the rows alike.", "five", "ten")]
    [InlineData(2, "--alpha: '5' is out of place; expected a number above 0 and below 1", "x-a", "x-b", "--alpha", "5")]
    [InlineData(2, "--test-share: 'NaN' is out of place; expected a number above 0 and below 1", "x-a", "x-b", "--test-share", "NaN")]
    [InlineData(2, "--blocks: 'fold' is not known here; did you mean 'folds'?", "x-a", "x-b", "--blocks", "fold")]
    [InlineData(2, "--goal: 'up' is not known here; expected minimize or maximize", "x-a", "x-b", "--goal", "up")]
    [InlineData(2, "--model 'b': expected STUDY=NAME, such as x-a=b", "x-a", "x-b", "--model", "b")]
    [InlineData(2, "--model 'x-q=b': 'x-q' is none of the studies; did you mean 'x-a'?", "x-a", "x-b", "--model", "x-q=b")]
    [InlineData(2, "--model 'x-a=': the name is empty", "x-a", "x-b", "--model", "x-a=")]
    [InlineData(2, "--data 'x-a=z': 'x-a' is named twice", "x-a", "x-b", "--data", "x-a=y", "--data", "x-a=z")]
    [InlineData(2, "--data 'z': the data set of all studies is named twice", "x-a", "x-b", "--data", "y", "--data", "z")]
    [InlineData(2, "the report cannot be written to /dev/null/x.html: *", "x-a", "x-b", "--out", "/dev/null/x.html")]
    public async Task What_does_not_compare_is_told_with_what_to_do(int code, string message, params string[] arguments)
    {
        var (exitCode, output, errors) = await Hone.RunAsync(["compare", .. arguments, "--store", odd.Store]);

        Assert.Equal((code, ""), (exitCode, output));
        var pattern = Regex.Escape(message.Replace("STORE", odd.Store, StringComparison.Ordinal)).Replace("\\*", ".*", StringComparison.Ordinal);
        Assert.Matches($"^hone: {pattern}$", errors.TrimEnd());
    }

    [Fact]
    public async Task A_fold_that_diverged_may_be_left_out_and_the_only_one_left_tests_nothing()
    {
        var (exitCode, output, _) = await Hone.RunAsync("compare", "x-a", "other", "--metric", "accuracy", "--complete-only", "--store", odd.Store);

        Assert.Equal(0, exitCode);
        Assert.Contains("Fold 1 is left out: the 'accuracy' of 'f' on fold 1 is NaN.\nOne block is left, with one score a model: nothing can be tested", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_study_the_argument_is_named()
    {
        var (exitCode, _, errors) = await Hone.RunAsync("compare", "--store", odd.Store);

        Assert.Equal(2, exitCode);
        Assert.StartsWith("hone compare: STUDY is missing: Names of the studies", errors, StringComparison.Ordinal);
    }
}
