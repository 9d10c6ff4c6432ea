using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Hone.Analysis.Comparing;
using Hone.Trials;

namespace Hone.Dashboard;

/// <summary>The page of a comparison of models: the critical difference, the scores, the pairs. One HTML file that opens offline.</summary>
/// <remarks>As safe and as repeatable as <see cref="StudyReport"/>. Thread-safe.</remarks>
public static class ComparisonReport
{
    private static readonly PageTemplate Page = new("analysis.html", "analysis.js");

    /// <summary>Writes the page.</summary>
    /// <param name="comparison">The comparison.</param>
    /// <param name="output">Gets the page in UTF-8. Left open.</param>
    /// <param name="now">When it is written; shown in its footer.</param>
    /// <exception cref="IOException">The output cannot be written.</exception>
    public static void Write(StudyComparison comparison, Stream output, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        ArgumentNullException.ThrowIfNull(output);
        Page.Write(output, $"Comparison by {comparison.Options.Metric}", now, new Dictionary<string, Action<Stream>>(StringComparer.Ordinal)
        {
            ["study"] = stream => WriteJson(comparison, stream),
            ["summary"] = stream => PageTemplate.Put(stream, Summary(comparison)),
            ["tables"] = stream => PageTemplate.Put(stream, Pairs(comparison) + Scores(comparison) + Studies(comparison)),
        });
    }

    private static void WriteJson(StudyComparison comparison, Stream output)
    {
        using var json = new Utf8JsonWriter(output);
        var tests = comparison.Tests;
        json.WriteStartObject();
        json.WriteString("kind", "comparison");
        json.WriteString("metric", comparison.Options.Metric);
        json.WriteBoolean("minimize", comparison.Options.Goal == Goal.Minimize);
        json.WriteNumber("alpha", comparison.Options.Alpha);
        json.WriteBoolean("folds", comparison.Kind == BlockKind.Folds);
        json.WriteStartArray("models");
        foreach (var (index, model) in comparison.Models.Index())
        {
            json.WriteStartObject();
            json.WriteString("name", model);
            json.WritePropertyName("rank");
            JsonSerializer.Serialize(json, tests?.MeanRanks[index]);
            json.WritePropertyName("scores");
            JsonSerializer.Serialize(json, comparison.ScoresOf(model));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WritePropertyName("blocks");
        JsonSerializer.Serialize(json, comparison.Blocks);
        json.WritePropertyName("critical");
        JsonSerializer.Serialize(json, tests?.CriticalDifference);
        json.WritePropertyName("runs");
        JsonSerializer.Serialize(json, (tests?.Indistinct ?? []).Select(run => new[] { IndexOf(comparison, run[0]), IndexOf(comparison, run[^1]) }));
        json.WriteEndObject();
    }

    private static int IndexOf(StudyComparison comparison, string model) => comparison.Models.TakeWhile(other => other != model).Count();

    private static string Summary(StudyComparison comparison)
    {
        var html = new StringBuilder();
        html.Append("<header><p class=\"kind\">Comparison of models</p><h1>").Append(Html(comparison.Options.Metric)).Append("</h1>\n<p class=\"meta\">");
        html.Append("<span>").Append(Html(ComparisonWords.Subject(comparison))).Append("</span>");
        html.Append(CultureInfo.InvariantCulture, $"<span><b>{comparison.Options.Goal.ToString().ToLowerInvariant()}</b></span><span>level <b>{comparison.Options.Alpha}</b></span></p></header>\n");
        html.Append("<p class=\"sentence\">").Append(Html(ComparisonWords.Decision(comparison))).Append("</p>\n");
        foreach (var pair in comparison.Pairs.Where(pair => pair.Better is not null).Take(6))
        {
            html.Append("<p class=\"sentence\"><b>").Append(Html(pair.Better!)).Append("</b> is better than <b>")
                .Append(Html(pair.Better == pair.Ranks.First ? pair.Ranks.Second : pair.Ranks.First)).Append("</b>, p ")
                .Append(Html(ComparisonWords.P(pair.AdjustedP))).Append(" by Holm.</p>\n");
        }

        if (ComparisonWords.Assumptions(comparison) is { Count: > 0 } assumptions)
        {
            html.Append("<p class=\"sentence note\">Assumptions: ").Append(Html(string.Join("; ", assumptions))).Append(".</p>\n");
        }

        return html.ToString();
    }

    private static string Pairs(StudyComparison comparison)
    {
        if (comparison.Pairs.Count == 0)
        {
            return "";
        }

        var byMeans = comparison.TestRatio is not null;
        var table = new HtmlTable("Pairs");
        table.Heads(
            ["better by rank", "other", "verdict", "mean difference", .. byMeans ? [string.Create(CultureInfo.InvariantCulture, $"{100 * (1 - comparison.Options.Alpha):0.##} % interval"), "corrected t p"] : (string[])["Wilcoxon p"], "Holm p", "Nemenyi p"],
            texts: 3);
        foreach (var pair in comparison.Pairs)
        {
            table.Row(pair.Better is not null,
            [
                pair.Ranks.First, pair.Ranks.Second, ComparisonWords.Verdict(pair), Words.Number(pair.Ranks.MeanDifference),
                .. pair.Resampled is { } t ? [$"{Words.Number(t.Low)} to {Words.Number(t.High)}"] : Array.Empty<string>(),
                ComparisonWords.P(pair.P), ComparisonWords.P(pair.AdjustedP), ComparisonWords.P(pair.Ranks.NemenyiP),
            ]);
        }

        return table.ToString(comparison.Notes);
    }

    private static string Scores(StudyComparison comparison)
    {
        var table = new HtmlTable("Scores");
        table.Heads([ComparisonWords.Block(comparison), .. comparison.Models], texts: 1);
        foreach (var (name, row) in comparison.Blocks.Zip(comparison.Scores))
        {
            table.Row(isMarked: false, [name, .. row.Select(Words.Number)]);
        }

        string[] means = [.. comparison.Models.Select(model => Words.Number(comparison.ScoresOf(model).Average()))];
        table.Row(isMarked: true, [comparison.Kind == BlockKind.Folds ? "mean" : "mean (no common scale)", .. means]);
        if (comparison.Tests is { } tests)
        {
            table.Row(isMarked: true, ["mean rank", .. tests.MeanRanks.Select(Words.Number)]);
        }

        return table.ToString(comparison.Tests is null ? comparison.Notes : []);
    }

    private static string Studies(StudyComparison comparison)
    {
        var table = new HtmlTable("Studies");
        table.Heads(["model", "data set", "study", "best trial", "trials"], texts: 3);
        foreach (var contender in comparison.Contenders)
        {
            table.Row(isMarked: false, [contender.Model, contender.Data, contender.Study, Words.Count(contender.Best!.Number), Words.Count(contender.Trials)]);
        }

        return table.ToString([]);
    }

    private static string Html(string text) => WebUtility.HtmlEncode(text);
}
