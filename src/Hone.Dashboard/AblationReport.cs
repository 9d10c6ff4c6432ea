using System.Net;
using System.Text;
using System.Text.Json;
using Hone.Ablation;
using Hone.Trials;

namespace Hone.Dashboard;

/// <summary>
/// The page of an ablation: a forest plot of what components contribute, what pairs do together, and what components cost. One HTML file
/// that opens offline.
/// </summary>
/// <remarks>As safe and as repeatable as <see cref="StudyReport"/>. Thread-safe.</remarks>
public static class AblationReport
{
    private static readonly PageTemplate Page = new("analysis.html", "analysis.js");

    /// <summary>Writes the page.</summary>
    /// <param name="name">Name of the ablation.</param>
    /// <param name="result">What it has come to.</param>
    /// <param name="output">Gets the page in UTF-8. Left open.</param>
    /// <param name="now">When it is written; shown in its footer.</param>
    /// <exception cref="IOException">The output cannot be written.</exception>
    public static void Write(string name, AblationResult result, Stream output, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(output);
        Page.Write(output, name, now, new Dictionary<string, Action<Stream>>(StringComparer.Ordinal)
        {
            ["study"] = stream => WriteJson(result, stream),
            ["summary"] = stream => PageTemplate.Put(stream, Summary(name, result)),
            ["tables"] = stream => PageTemplate.Put(stream, Contrasts(result) + Path(result) + Costs(result) + Arms(result)),
        });
    }

    private static void WriteJson(AblationResult result, Stream output)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("kind", "ablation");
        json.WriteString("metric", result.Objective.Metric);
        json.WriteBoolean("minimize", result.Objective.Goal == Goal.Minimize);
        json.WriteNumber("level", 100 * (1 - result.Plan.Options.Alpha));
        Number(json, "margin", result.Contrasts.Where(c => !double.IsNaN(c.Margin)).Select(c => c.Margin).DefaultIfEmpty(double.NaN).Max());
        json.WriteStartArray("contrasts");
        foreach (var contrast in result.Contrasts)
        {
            json.WriteStartObject();
            json.WriteString("name", contrast.Contrast.Name);
            json.WritePropertyName("parts");
            JsonSerializer.Serialize(json, contrast.Contrast.Components);
            json.WriteString("verdict", AblationWords.Word(contrast.Verdict));
            json.WriteString("words", AblationWords.Verdict(contrast));
            json.WriteNumber("pairs", contrast.Differences.Count);
            Number(json, "mean", contrast.Mean.Value);
            Number(json, "low", contrast.Mean.Low);
            Number(json, "high", contrast.Mean.High);
            json.WriteNumber("p", contrast.AdjustedP);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WritePropertyName("components");
        JsonSerializer.Serialize(json, result.Plan.Components.Select(component => component.Name));
        json.WriteStartArray("costs");
        foreach (var cost in result.Costs.Where(cost => cost.Contrasts.Count > 0))
        {
            json.WriteStartObject();
            json.WriteString("metric", cost.Metric);
            json.WriteStartArray("adds");
            foreach (var contrast in cost.Contrasts)
            {
                json.WriteStartArray();
                Number(json, null, -contrast.Mean.Value);
                Number(json, null, -contrast.Mean.High);
                Number(json, null, -contrast.Mean.Low);
                json.WriteEndArray();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Number(Utf8JsonWriter json, string? name, double value)
    {
        if (name is not null)
        {
            json.WritePropertyName(name);
        }

        if (double.IsFinite(value))
        {
            json.WriteNumberValue(value);
        }
        else
        {
            json.WriteNullValue();
        }
    }

    private static string Summary(string name, AblationResult result)
    {
        var html = new StringBuilder();
        html.Append("<header><p class=\"kind\">Ablation</p><h1>").Append(Html(name)).Append("</h1>\n<p class=\"meta\"><span>")
            .Append(Html(AblationWords.Subject(result))).Append("</span><span>").Append(Html(result.Objective.Metric)).Append(", <b>")
            .Append(Html(result.Objective.Goal.ToString().ToLowerInvariant())).Append("</b></span></p></header>\n");
        foreach (var group in result.Contrasts.Where(c => c.Verdict != ContrastVerdict.Undecided).GroupBy(c => c.Verdict))
        {
            html.Append("<p class=\"sentence\"><b>").Append(Html(string.Join(", ", group.Select(c => c.Contrast.Name)))).Append("</b>: ")
                .Append(Html(AblationWords.Word(group.Key))).Append(".</p>\n");
        }

        foreach (var note in AblationNotes.Of(result))
        {
            html.Append("<p class=\"sentence note\">").Append(Html(note)).Append("</p>\n");
        }

        return html.ToString();
    }

    private static string Contrasts(AblationResult result)
    {
        if (result.Contrasts.Count == 0)
        {
            return "";
        }

        var table = new HtmlTable("What components contribute");
        table.Heads(["without", "verdict", "pairs", "worth", "interval", "median", "p", "adjusted p", "p of a difference beyond the margin", "helps in"], texts: 2);
        foreach (var contrast in result.Contrasts)
        {
            table.Row(contrast.Verdict is ContrastVerdict.Matters or ContrastVerdict.Harmful,
            [
                contrast.Contrast.Name, AblationWords.Verdict(contrast), Words.Count(contrast.Differences.Count), AblationWords.Number(contrast.Mean.Value),
                AblationWords.Interval(contrast.Mean.Low, contrast.Mean.High), AblationWords.Number(contrast.Median), ComparisonWords.P(contrast.P),
                ComparisonWords.P(contrast.AdjustedP), ComparisonWords.P(contrast.EquivalenceP), AblationWords.Number(contrast.Improvement),
            ]);
        }

        return table.ToString([AblationWords.Reading(result), "Of a pair: what is lost without both beyond what is lost without each."]);
    }

    private static string Path(AblationResult result)
    {
        if (result.Path.Count == 0)
        {
            return "";
        }

        var table = new HtmlTable("The path");
        table.Heads(["adds", result.Objective.Metric, "gain", "interval", "p"], texts: 1);
        foreach (var step in result.Path)
        {
            var arm = result.Arms.First(a => a.Arm.Name == step.Arm.Name);
            table.Row(isMarked: false,
            [
                step.Added ?? "(everything left out)", AblationWords.Number(arm.Mean), AblationWords.Number(step.Gain.Value),
                AblationWords.Interval(step.Gain.Low, step.Gain.High), double.IsNaN(step.P) ? "–" : ComparisonWords.P(step.P),
            ]);
        }

        return table.ToString([]);
    }

    private static string Costs(AblationResult result)
    {
        if (!result.Costs.Any(cost => cost.Contrasts.Count > 0))
        {
            return "";
        }

        var table = new HtmlTable("What components cost");
        table.Heads(["metric", "component", "verdict", "in the first arm", "adds", "interval", "adjusted p"], texts: 3);
        foreach (var cost in result.Costs)
        {
            foreach (var contrast in cost.Contrasts.Where(c => !c.Contrast.IsInteraction))
            {
                table.Row(isMarked: false,
                [
                    cost.Metric, contrast.Contrast.Name, AblationWords.CostVerdict(contrast, result.Plan.Options.Alpha), AblationWords.Number(cost.Base),
                    AblationWords.Number(-contrast.Mean.Value), AblationWords.Interval(-contrast.Mean.High, -contrast.Mean.Low), ComparisonWords.P(contrast.AdjustedP),
                ]);
            }
        }

        return table.ToString(["Costs that another program's trials on the same machine disturb are noisy: step times most, processor time of a step least."]);
    }

    private static string Arms(AblationResult result)
    {
        var table = new HtmlTable("Arms");
        table.Heads(["without", "seeds", "failed", $"mean {result.Objective.Metric}", "standard deviation"], texts: 1);
        foreach (var arm in result.Arms.Where(arm => arm.Pairs + arm.Failures > 0))
        {
            table.Row(isMarked: arm.Arm.Name.Length == 0,
            [
                arm.Arm.Name.Length == 0 ? "(nothing)" : arm.Arm.Name, Words.Count(arm.Pairs), Words.Count(arm.Failures), AblationWords.Number(arm.Mean), AblationWords.Number(arm.Deviation),
            ]);
        }

        return table.ToString([]);
    }

    private static string Html(string text) => WebUtility.HtmlEncode(text);
}
