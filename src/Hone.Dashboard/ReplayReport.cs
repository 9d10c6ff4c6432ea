using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Hone.Analysis.Replaying;

namespace Hone.Dashboard;

/// <summary>The page of a replay: saving against regret for every rule set, and a table. One HTML file that opens offline.</summary>
/// <remarks>As safe and as repeatable as <see cref="StudyReport"/>. Thread-safe.</remarks>
public static class ReplayReport
{
    private static readonly PageTemplate Page = new("analysis.html", "analysis.js");

    /// <summary>Writes the page.</summary>
    /// <param name="comparison">The replays.</param>
    /// <param name="output">Gets the page in UTF-8. Left open.</param>
    /// <param name="now">When it is written; shown in its footer.</param>
    /// <exception cref="IOException">The output cannot be written.</exception>
    public static void Write(RuleComparison comparison, Stream output, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        ArgumentNullException.ThrowIfNull(output);
        Page.Write(output, comparison.Study.Name, now, new Dictionary<string, Action<Stream>>(StringComparer.Ordinal)
        {
            ["study"] = stream => WriteJson(comparison, stream),
            ["summary"] = stream => PageTemplate.Put(stream, Summary(comparison)),
            ["tables"] = stream => PageTemplate.Put(stream, Table(comparison)),
        });
    }

    private static void WriteJson(RuleComparison comparison, Stream output)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("kind", "replay");
        json.WriteString("cost", comparison.Cost.Name);
        json.WriteString("objective", comparison.Study.Objectives[0].Metric);
        json.WriteStartArray("costs");
        foreach (var kind in Kinds(comparison))
        {
            json.WriteStartObject();
            json.WriteString("name", kind.Name);
            json.WriteString("label", kind.Label);
            json.WriteString("unit", kind.Unit);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("sets");
        comparison.Results.ToList().ForEach(result => WriteJson(json, comparison, result));
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteJson(Utf8JsonWriter json, RuleComparison comparison, ReplayResult result)
    {
        json.WriteStartObject();
        json.WriteString("rules", result.Rules);
        json.WriteNumber("stopped", result.Decisions.Count);
        json.WriteNumber("trials", result.Trials);
        Number(json, "regret", result.Regret);
        Number(json, "relative", result.RelativeRegret);
        json.WriteNumber("won", result.WouldHaveWon.Count);
        json.WriteNumber("unknown", result.RanPastRecord.Count);
        json.WriteStartArray("saved");
        foreach (var kind in Kinds(comparison))
        {
            json.WriteStartArray();
            Number(json, null, kind.Of(result.Saved));
            Number(json, null, kind.Of(result.SavedShare));
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Number(Utf8JsonWriter json, string? name, double? value)
    {
        if (name is not null)
        {
            json.WritePropertyName(name);
        }

        if (value is { } number && double.IsFinite(number))
        {
            json.WriteNumberValue(number);
        }
        else
        {
            json.WriteNullValue();
        }
    }

    private static IEnumerable<CostKind> Kinds(RuleComparison comparison) =>
        CostKind.All.Where(kind => comparison.Results.Any(result => kind.Of(result.SavedShare) is not null));

    private static string Summary(RuleComparison comparison)
    {
        var html = new StringBuilder();
        html.Append("<header><p class=\"kind\">Replay under other stopping rules</p><h1>").Append(Html(comparison.Study.Name)).Append("</h1>\n<p class=\"meta\">");
        html.Append(CultureInfo.InvariantCulture, $"<span><b>{comparison.Results[0].Trials}</b> trial{Plural(comparison.Results[0].Trials)}</span><span><b>{comparison.Results.Count}</b> rule set{Plural(comparison.Results.Count)}</span>");
        foreach (var kind in CostKind.All)
        {
            if (kind.Of(comparison.Results[0].Recorded) is { } amount)
            {
                html.Append(CultureInfo.InvariantCulture, $"<span>recorded <b>{kind.Show(amount)} {kind.Unit}</b></span>");
            }
        }

        html.Append("</p></header>\n");
        if (comparison.Frontier is [var most, ..])
        {
            html.Append("<p class=\"sentence\"><b>").Append(Html(most.Rules)).Append("</b> saves most: <b>")
                .Append(Percent(comparison.Cost.Of(most.SavedShare))).Append("</b> of the ").Append(comparison.Cost.Label).Append(" at a regret of <b>")
                .Append(Words.Number(most.Regret!.Value)).Append("</b>");
            if (comparison.Frontier[^1] is var least && least != most)
            {
                html.Append("; <b>").Append(Html(least.Rules)).Append("</b> has the least regret, <b>").Append(Words.Number(least.Regret!.Value))
                    .Append("</b>, and saves <b>").Append(Percent(comparison.Cost.Of(least.SavedShare))).Append("</b>");
            }

            html.Append(".</p>\n");
        }

        return html.ToString();
    }

    private static string Table(RuleComparison comparison)
    {
        var table = new HtmlTable("Rule sets");
        var kinds = Kinds(comparison).ToArray();
        table.Heads(["rules", "stopped", .. kinds.Select(kind => kind.Head), "regret", "relative regret", "would have won", "end unknown", "differs"], texts: 1);
        foreach (var result in comparison.Results)
        {
            table.Row(comparison.IsOnFrontier(result),
            [
                (comparison.IsOnFrontier(result) ? "* " : "") + result.Rules,
                Words.Count(result.Decisions.Count),
                .. kinds.Select(kind => kind.Of(result.Saved) is { } saved ? $"{kind.Show(saved)} ({Percent(kind.Of(result.SavedShare))})" : "–"),
                result.Regret is { } regret ? Words.Number(regret) : "–",
                Percent(result.RelativeRegret),
                result.WouldHaveWon.Count == 0 ? "none" : string.Join(" ", result.WouldHaveWon.Take(8)) + (result.WouldHaveWon.Count > 8 ? " …" : ""),
                Words.Count(result.RanPastRecord.Count),
                Words.Count(result.Differs.Count),
            ]);
        }

        return table.ToString(comparison.Notes);
    }

    private static string Percent(double? share) =>
        share is { } part ? $"{(100 * part).ToString("0.##", CultureInfo.InvariantCulture)} %" : "–";

    private static string Plural(int count) => count == 1 ? "" : "s";

    private static string Html(string text) => WebUtility.HtmlEncode(text);
}
