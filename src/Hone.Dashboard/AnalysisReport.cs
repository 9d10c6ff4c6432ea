using System.Globalization;
using System.Net;
using System.Text;
using Hone.Analysis;
using Hone.Analysis.Effects;

namespace Hone.Dashboard;

/// <summary>
/// The page of an analysis: which parameters matter for which metric, what each does, the laws, and the fronts. One HTML file that opens
/// offline.
/// </summary>
/// <remarks>
/// As safe and as repeatable as <see cref="StudyReport"/>. Where there are many trials, the plots show some 2,000 of them. Thread-safe.
/// </remarks>
public static class AnalysisReport
{
    private static readonly PageTemplate Page = new("analysis.html", "analysis.js");

    /// <summary>Writes the page.</summary>
    /// <param name="study">The study; histories are not needed.</param>
    /// <param name="analysis">Its analysis.</param>
    /// <param name="output">Gets the page in UTF-8. Left open.</param>
    /// <param name="now">When it is written; shown in its footer.</param>
    /// <exception cref="IOException">The output cannot be written.</exception>
    public static void Write(StudyRecord study, StudyAnalysis analysis, Stream output, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentNullException.ThrowIfNull(analysis);
        ArgumentNullException.ThrowIfNull(output);
        Page.Write(output, study.Name, now, new Dictionary<string, Action<Stream>>(StringComparer.Ordinal)
        {
            ["study"] = stream => AnalysisJson.Write(study, analysis, stream),
            ["summary"] = stream => PageTemplate.Put(stream, Summary(analysis)),
            ["tables"] = stream => PageTemplate.Put(stream, Tables(study, analysis)),
        });
    }

    private static string Summary(StudyAnalysis analysis)
    {
        var html = new StringBuilder();
        html.Append("<header><p class=\"kind\">What the parameters do</p><h1>").Append(Html(analysis.Study)).Append("</h1>\n<p class=\"meta\">");
        html.Append(CultureInfo.InvariantCulture, $"<span><b>{analysis.Trials}</b> complete trial{Plural(analysis.Trials)}</span>");
        if (analysis.LeftOut > 0)
        {
            html.Append(CultureInfo.InvariantCulture, $"<span><b>{analysis.LeftOut}</b> left out: stopped, failed or not ended</span>");
        }

        html.Append(CultureInfo.InvariantCulture, $"<span><b>{analysis.Metrics.Count}</b> metric{Plural(analysis.Metrics.Count)}</span></p></header>\n");
        foreach (var metric in analysis.Metrics.Take(1).Where(metric => metric.Fanova.Parameters.Any(p => p.Share > 0)))
        {
            var first = metric.Fanova.Parameters[0];
            html.Append("<p class=\"sentence\">For ").Append(Html(metric.Metric)).Append(", <b>").Append(Html(first.Parameter)).Append("</b> matters most: it explains <b>")
                .Append(Percent(first.Raw)).Append("</b> of the variance by itself (fANOVA)");
            var best = metric.PedAnova.Parameters[0];
            if (best.Share > 0)
            {
                html.Append(best.Parameter == first.Parameter ? ", and most decides which trials are among the best" : "; among the best trials, <b>")
                    .Append(best.Parameter == first.Parameter ? "" : Html(best.Parameter) + "</b> decides most").Append(" (PED-ANOVA)");
            }

            html.Append(".</p>\n");
        }

        return html.ToString();
    }

    private static string Tables(StudyRecord study, StudyAnalysis analysis)
    {
        var table = new HtmlTable("All numbers");
        table.Heads(["metric", "parameter", "PED-ANOVA", "fANOVA", "Spearman", "Kendall", "law, x the parameter", "R²", "residual spread"], texts: 2);
        foreach (var metric in analysis.Metrics)
        {
            var isObjective = study.Objectives.Any(objective => objective.Metric == metric.Metric);
            foreach (var effect in metric.Effects)
            {
                var law = effect.Law is { Holds: true } fitted ? fitted : null;
                table.Row(isObjective,
                [
                    metric.Metric, effect.Parameter, Percent(metric.PedAnova[effect.Parameter]), Percent(metric.Fanova[effect.Parameter]),
                    Show(effect.Spearman), Show(effect.Kendall), law?.ToString() ?? "–",
                    law is null ? "–" : law.R2.ToString("0.000", CultureInfo.InvariantCulture), law is null ? "–" : Words.Number(law.ResidualSpread),
                ]);
            }
        }

        return analysis.Metrics.Count == 0 ? "" : table.ToString(
        [
            "PED-ANOVA: the share of each parameter in what sets the best tenth of the trials apart. fANOVA: its share in the variance that single "
            + "parameters explain over the whole space. Correlations of ranks with 95 % intervals. A law is listed where it "
            + "explains at least a tenth of the variance.",
        ]);
    }

    private static string Show(Correlation? correlation) => correlation is { Value: not double.NaN } c
        ? string.Create(CultureInfo.InvariantCulture, $"{c.Value:0.00} [{c.Low:0.00}, {c.High:0.00}]")
        : "–";

    private static string Percent(double share) => $"{(100 * share).ToString("0.#", CultureInfo.InvariantCulture)} %";

    private static string Plural(int count) => count == 1 ? "" : "s";

    private static string Html(string text) => WebUtility.HtmlEncode(text);
}
