using System.Text.Json;
using Hone.Analysis.Comparing;
using Hone.Analysis.Statistics;

namespace Hone.Cli.Commands;

/// <summary>Which models are better, for programs.</summary>
internal static class CompareJson
{
    /// <summary>One object.</summary>
    public static string Line(StudyComparison comparison) => JsonResult.Line(json =>
    {
        var tests = comparison.Tests;
        json.WriteString("metric", comparison.Options.Metric);
        json.WriteString("goal", JsonResult.Word(comparison.Options.Goal));
        json.WriteDouble("alpha", comparison.Options.Alpha);
        json.WriteString("blocks", comparison.Kind switch { BlockKind.Folds => "folds", BlockKind.DataSets => "data", _ => "folds_of_data" });
        Array(json, "models", comparison.Models.Index(), model =>
        {
            json.WriteString("model", model.Item);
            json.WriteDouble("mean_rank", tests?.MeanRanks[model.Index]);
            json.WriteDouble("mean_score", comparison.ScoresOf(model.Item).Average());
            Write(json, "shapiro_wilk", tests?.Normality[model.Index]);
        });
        Array(json, "scores", comparison.Blocks.Zip(comparison.Scores), row =>
        {
            json.WriteString("block", row.First);
            json.WriteObject("models", () => comparison.Models.Index().ToList().ForEach(model => json.WriteDouble(model.Item, row.Second[model.Index])));
        });
        Array(json, "studies", comparison.Contenders, contender =>
        {
            json.WriteString("study", contender.Study);
            json.WriteString("model", contender.Model);
            json.WriteString("data", contender.Data);
            json.WriteNumber("trial", contender.Best!.Number);
            json.WriteNumber("trials", contender.Trials);
        });
        Write(json, "bartlett", tests?.EqualVariances);
        Write(json, "friedman", tests?.Friedman.ChiSquared);
        Write(json, "iman_davenport", tests?.Friedman.F);
        Write(json, "anova", tests?.Anova);
        Write(json, "decisive", comparison.Decisive);
        json.WriteBoolean("different", comparison.IsDifferent);
        json.WriteDouble("critical_difference", tests?.CriticalDifference);
        json.WriteStartArray("not_told_apart");
        foreach (var run in tests?.Indistinct ?? [])
        {
            Texts(json, null, run);
        }

        json.WriteEndArray();
        json.WriteDouble("test_ratio", comparison.TestRatio);
        Array(json, "pairs", comparison.Pairs, pair => Write(json, pair));
        Texts(json, "notes", comparison.Notes);
    });

    private static void Write(Utf8JsonWriter json, PairVerdict pair)
    {
        json.WriteString("first", pair.Ranks.First);
        json.WriteString("second", pair.Ranks.Second);
        json.WriteDouble("mean_difference", pair.Ranks.MeanDifference);
        json.WriteDouble("nemenyi_p", pair.Ranks.NemenyiP);
        Write(json, "wilcoxon", pair.Ranks.Wilcoxon);
        Write(json, "corrected_resampled_t", pair.Resampled?.Test);
        json.WriteDouble("low", pair.Resampled?.Low);
        json.WriteDouble("high", pair.Resampled?.High);
        json.WriteDouble("p", pair.P);
        json.WriteDouble("holm_p", pair.AdjustedP);
        json.WriteString("better", pair.Better);
    }

    private static void Write(Utf8JsonWriter json, string name, TestResult? test)
    {
        if (test is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteObject(name, () =>
        {
            json.WriteString("test", test.Test);
            json.WriteDouble("statistic", test.Statistic);
            json.WriteDouble("p", test.P);
        });
    }

    private static void Array<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            write(item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Texts(Utf8JsonWriter json, string? name, IEnumerable<string> texts)
    {
        if (name is null)
        {
            json.WriteStartArray();
        }
        else
        {
            json.WriteStartArray(name);
        }

        texts.ToList().ForEach(json.WriteStringValue);
        json.WriteEndArray();
    }
}
