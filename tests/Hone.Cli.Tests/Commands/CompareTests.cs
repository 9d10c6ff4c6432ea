using System.Text.Json;
using Hone.Tracking.Store;
using Hone.Trials;

namespace Hone.Cli.Tests.Commands;

public sealed class CompareTests : IDisposable
{
    // Demsar, "Statistical Comparisons of Classifiers over Multiple Data Sets", JMLR 7 (2006), table 6: AUC of four variants of C4.5.
    private static readonly string[] Variants = ["C4.5", "C4.5+m", "C4.5+cf", "C4.5+m+cf"];
    private static readonly (string Data, double[] Auc)[] Demsar =
    [
        ("adult", [0.763, 0.768, 0.771, 0.798]), ("breast cancer", [0.599, 0.591, 0.590, 0.569]), ("wisconsin", [0.954, 0.971, 0.968, 0.967]),
        ("cmc", [0.628, 0.661, 0.654, 0.657]), ("ionosphere", [0.882, 0.888, 0.886, 0.898]), ("iris", [0.936, 0.931, 0.916, 0.931]),
        ("liver", [0.661, 0.668, 0.609, 0.685]), ("lung", [0.583, 0.583, 0.563, 0.625]), ("lymphography", [0.775, 0.838, 0.866, 0.875]),
        ("mushroom", [1.000, 1.000, 1.000, 1.000]), ("tumor", [0.940, 0.962, 0.965, 0.962]), ("rheum", [0.619, 0.666, 0.614, 0.669]),
        ("voting", [0.972, 0.981, 0.9751, 0.975]), ("wine", [0.957, 0.978, 0.946, 0.970]),
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Demsars_example_comes_out_of_a_store_as_printed()
    {
        await StoreDemsarAsync(14);

        var (exitCode, output, errors) = await Hone.RunAsync("compare", "*", "--store", _folder.Store, "--alpha", "0.1");
        var json = await JsonAsync("*", "--alpha", "0.1");

        Assert.Equal((0, ""), (exitCode, errors));
        Approved.Is("CompareDemsar", output);

        // The mean ranks and the critical difference 1.12 are printed in the paper; the rest is scipy 1.10.1's, with the statistic of Iman
        // and Davenport computed from scipy's chi-squared.
        Assert.Equal(
            [("C4.5+m+cf", 1.964), ("C4.5+m", 2.0), ("C4.5+cf", 2.893), ("C4.5", 3.143)],
            json.GetProperty("models").EnumerateArray().Select(model => (model.GetProperty("model").GetString()!, Math.Round(model.GetProperty("mean_rank").GetDouble(), 3))));
        Assert.Equal(1.12, json.GetProperty("critical_difference").GetDouble(), 0.005);
        AssertTest(json.GetProperty("friedman"), 10.228346456692925, 0.016721580328441323);
        AssertTest(json.GetProperty("iman_davenport"), 4.1851301115241695, 0.011620659515310954);
        AssertTest(json.GetProperty("decisive"), 4.1851301115241695, 0.011620659515310954);
        AssertTest(json.GetProperty("bartlett"), 0.08686921233360935, 0.9933652018728614);
        AssertTest(Pair(json, "C4.5+m", "C4.5").GetProperty("wilcoxon"), 6.5, 0.01075713311978963);
        AssertTest(Pair(json, "C4.5+m+cf", "C4.5").GetProperty("wilcoxon"), 11, 0.015874359307532084);
        AssertTest(Pair(json, "C4.5+m+cf", "C4.5+cf").GetProperty("wilcoxon"), 14.5, 0.030225938304358376);
        AssertTest(Pair(json, "C4.5+m", "C4.5+cf").GetProperty("wilcoxon"), 18, 0.05432871367198416);
        Assert.Equal(6 * 0.01075713311978963, Pair(json, "C4.5+m", "C4.5").GetProperty("holm_p").GetDouble(), 1e-6);
        Assert.Equal(5 * 0.015874359307532084, Pair(json, "C4.5+m+cf", "C4.5").GetProperty("holm_p").GetDouble(), 1e-6);
        Assert.Equal("C4.5+m", Pair(json, "C4.5+m", "C4.5").GetProperty("better").GetString());
        Assert.Equal(JsonValueKind.Null, Pair(json, "C4.5+m+cf", "C4.5+cf").GetProperty("better").ValueKind);
        Assert.Equal(
            "metric goal alpha blocks models scores studies bartlett{test statistic p} friedman{test statistic p} iman_davenport{test statistic p} "
            + "anova{test statistic p} decisive{test statistic p} different critical_difference not_told_apart test_ratio pairs notes",
            VerbTests.Shape(json));
    }

    [Fact]
    public async Task Few_data_sets_tell_what_cannot_be_concluded()
    {
        await StoreDemsarAsync(4);

        var notes = Notes(await JsonAsync("*"));

        Assert.Contains(
            "With 4 data sets no two models can be told apart at 0.05: Wilcoxon's p cannot fall below 0.125, nor Holm's over 6 pairs below 0.75. At least 8 are needed.", notes);
    }

    // scipy 1.10.1: t = mean / sqrt((1/5 + 1/4) s^2) with 4 degrees of freedom.
    [Fact]
    public async Task Two_models_on_the_folds_of_one_data_set_are_judged_by_the_corrected_resampled_t()
    {
        await StoreFoldsAsync(3);

        var (exitCode, output, errors) = await Hone.RunAsync("compare", "digits-a", "digits-b", "--store", _folder.Store, "--metric", "accuracy");
        var json = await JsonAsync("digits-a", "digits-b", "--metric", "accuracy");

        Assert.Equal((0, ""), (exitCode, errors));
        Approved.Is("CompareTwo", output);
        AssertTest(json.GetProperty("decisive"), 2.8284271247461903, 0.04742065558431957);
        Assert.Equal(0.0005513525778365891, json.GetProperty("pairs")[0].GetProperty("low").GetDouble(), 1e-9);
        Assert.Equal(0.059448647422163464, json.GetProperty("pairs")[0].GetProperty("high").GetDouble(), 1e-9);
        Assert.Equal("a", json.GetProperty("pairs")[0].GetProperty("better").GetString());
    }

    [Fact]
    public async Task Several_models_on_folds_are_ranked_drawn_and_paired()
    {
        await StoreFoldsAsync(3);

        var (_, output, _) = await Hone.RunAsync("compare", "digits-*", "--store", _folder.Store, "--metric", "accuracy", "--test-share", "0.3");

        Approved.Is("CompareFolds", output);
    }

    [Fact]
    public async Task Learners_that_were_tuned_are_compared_without_being_named()
    {
        foreach (var learner in (string[])["logistic", "svm"])
        {
            var file = _folder.Write($"{learner}.study.yaml", $$"""
                study: real {{learner}}
                objective: { metric: validation_loss }
                space: { learning_rate: { values: [0.01, 0.1] } }
                sampler: grid
                train: { learner: {{learner}}, data: diabetes, folds: 3, steps: 40 }
                """);
            var tuned = await Hone.RunAsync("tune", file, "--store", _folder.Store, "--quiet", "--no-report");
            Assert.True(tuned.ExitCode == 0, tuned.Errors);
        }

        var json = await JsonAsync("real svm", "real logistic", "--metric", "validation_accuracy");

        Assert.Equal(("folds", "maximize", 0.5), (json.GetProperty("blocks").GetString(), json.GetProperty("goal").GetString(), json.GetProperty("test_ratio").GetDouble()));
        Assert.Equal(["real svm svm diabetes", "real logistic logistic diabetes"], json.GetProperty("studies").EnumerateArray()
            .Select(study => $"{study.GetProperty("study").GetString()} {study.GetProperty("model").GetString()} {study.GetProperty("data").GetString()}"));
        foreach (var study in json.GetProperty("studies").EnumerateArray())
        {
            await using var store = await StudyStore.OpenAsync(_folder.Store, TimeProvider.System, TestContext.Current.CancellationToken);
            var best = (await store.ReadBestAsync(study.GetProperty("study").GetString()!, cancellationToken: TestContext.Current.CancellationToken))!.Trials[0];
            Assert.Equal(
                Enumerable.Range(1, 3).Select(fold => best.Metrics.First(m => m.Metric == $"fold_{fold}/validation_accuracy").Value),
                json.GetProperty("scores").EnumerateArray().Select(row => row.GetProperty("models").GetProperty(study.GetProperty("model").GetString()!).GetDouble()));
        }

        Assert.Contains(
            "'validation_loss' is not one measure here, but each model's own loss (cross_entropy, hinge): compare a score that all have, with --metric.",
            Notes(await JsonAsync("real *")));
    }

    [Fact]
    public async Task Programs_are_compared_by_the_names_they_are_given_and_by_what_the_objective_takes()
    {
        MetricValue[][] Curve(params double[] errors) => [.. errors.Select(error => new MetricValue[] { new("error", error), new("fold_1/error", error), new("fold_2/error", error + 1) })];
        var objective = new Objective("error", Goal.Minimize, Aggregate.Min);
        await StoredStudy.AddAsync(_folder.Store, "a=b", objective, null, Curve(3, 1, 2));
        await StoredStudy.AddAsync(_folder.Store, "a", objective, null, Curve(2, 3, 4), Curve(6, 5, 5));

        var json = await JsonAsync("a=b", "a", "--data", "tea", "--model", "a=b=kettle");

        Assert.Equal(["kettle", "a"], json.GetProperty("models").EnumerateArray().Select(model => model.GetProperty("model").GetString()));
        Assert.Equal(
            """[{"block":"fold 1","models":{"kettle":1,"a":2}},{"block":"fold 2","models":{"kettle":2,"a":3}}]""", json.GetProperty("scores").GetRawText());
        Assert.Equal(["tea", "tea"], json.GetProperty("studies").EnumerateArray().Select(study => study.GetProperty("data").GetString()));
    }

    [Fact]
    public async Task Every_fold_of_several_data_sets_may_be_a_block_with_a_warning()
    {
        foreach (var (data, score) in new[] { ("x", 0.5), ("y", 0.7) })
        {
            await StoredStudy.AddAsync(_folder.Store, "a", data, "accuracy", score, score - 0.1, score + 0.1);
            await StoredStudy.AddAsync(_folder.Store, "b", data, "accuracy", score, score, score);
        }

        var folds = await JsonAsync("*", "--blocks", "folds");
        var data2 = await JsonAsync("*");

        Assert.Equal(["x fold 1", "x fold 2", "y fold 1", "y fold 2"], folds.GetProperty("scores").EnumerateArray().Select(row => row.GetProperty("block").GetString()));
        Assert.Equal(("folds_of_data", "data"), (folds.GetProperty("blocks").GetString(), data2.GetProperty("blocks").GetString()));
        Assert.Contains(Notes(folds), note => note.StartsWith("Folds of one data set share training rows, and are counted here as if they did not", StringComparison.Ordinal));
        Assert.Equal(2, data2.GetProperty("scores").GetArrayLength());
        Assert.False(data2.GetProperty("different").GetBoolean());
    }

    [Fact]
    public async Task One_score_a_model_is_shown_and_nothing_is_concluded()
    {
        await StoredStudy.AddAsync(_folder.Store, "a", "x", "accuracy", 0.9);
        await StoredStudy.AddAsync(_folder.Store, "b", "x", "accuracy", 0.8);

        var (exitCode, output, errors) = await Hone.RunAsync("compare", "*", "--store", _folder.Store, "--out", _folder.File("one.html"));
        var json = await JsonAsync("*");

        Assert.Equal((0, ""), (exitCode, errors));
        Approved.Is("CompareOne", output);
        Assert.Equal((JsonValueKind.Null, false), (json.GetProperty("decisive").ValueKind, json.GetProperty("different").GetBoolean()));
        Assert.Contains("nothing can be tested", await File.ReadAllTextAsync(_folder.File("one.html"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Incomplete_blocks_are_left_out_if_that_is_asked_for()
    {
        await StoreDemsarAsync(5);
        await StoredStudy.AddAsync(_folder.Store, "C4.5", "extra", "auc", 0.5);
        await StoredStudy.AddAsync(_folder.Store, "C4.5+m", "extra", "auc", double.NaN);

        var json = await JsonAsync("*", "--complete-only");

        Assert.Equal(5, json.GetProperty("scores").GetArrayLength());
        Assert.Equal(
            "'extra' is left out: there is no study of 'C4.5+cf' on 'extra'; no trial of 'extra-C4.5+m' is complete, within the constraints and finite; there is no study of 'C4.5+m+cf' on 'extra'.",
            Notes(json)[0]);
    }

    [Fact]
    public async Task A_page_is_written()
    {
        await StoreFoldsAsync(3);

        var (exitCode, _, _) = await Hone.RunAsync("compare", "*", "--store", _folder.Store, "--metric", "accuracy", "--out", _folder.File("pages/models.html"));

        Assert.Equal(0, exitCode);
        Assert.Contains("Comparison of models", await File.ReadAllTextAsync(_folder.File("pages/models.html"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private async Task StoreDemsarAsync(int dataSets)
    {
        await using var open = await StudyStore.OpenAsync(_folder.Store, TimeProvider.System);
        foreach (var (data, auc) in Demsar.Take(dataSets))
        {
            foreach (var (variant, score) in Variants.Zip(auc))
            {
                await StoredStudy.AddAsync(_folder.Store, variant, data, "auc", score);
            }
        }
    }

    private async Task StoreFoldsAsync(int models)
    {
        double[][] folds = [[0.78, 0.81, 0.75, 0.80, 0.79], [0.74, 0.78, 0.74, 0.75, 0.77], [0.70, 0.79, 0.71, 0.74, 0.77]];
        foreach (var (model, scores) in ((string[])["a", "b", "c"]).Take(models).Zip(folds))
        {
            await StoredStudy.AddAsync(_folder.Store, model, "digits", "accuracy", scores.Average(), scores);
        }
    }

    private async Task<JsonElement> JsonAsync(params string[] arguments)
    {
        var (exitCode, output, errors) = await Hone.RunAsync(["compare", .. arguments, "--store", _folder.Store, "--json"]);
        Assert.True(exitCode == 0, errors);
        return JsonDocument.Parse(Assert.Single(output.TrimEnd().Split('\n'))).RootElement;
    }

    private static JsonElement Pair(JsonElement json, string first, string second) => json.GetProperty("pairs").EnumerateArray()
        .Single(pair => pair.GetProperty("first").GetString() == first && pair.GetProperty("second").GetString() == second);

    private static List<string> Notes(JsonElement json) => [.. json.GetProperty("notes").EnumerateArray().Select(note => note.GetString()!)];

    private static void AssertTest(JsonElement test, double statistic, double p)
    {
        Assert.Equal(statistic, test.GetProperty("statistic").GetDouble(), 1e-6);
        Assert.Equal(p, test.GetProperty("p").GetDouble(), 1e-6);
    }
}
