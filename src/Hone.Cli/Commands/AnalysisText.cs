using System.Globalization;
using Hone.Analysis;
using Hone.Analysis.Effects;
using Hone.Analysis.Importance;
using Hone.Cli.Progress;

namespace Hone.Cli.Commands;

/// <summary>What the parameters of a study do, as tables for a person.</summary>
internal static class AnalysisText
{
    private const int MostFrontPoints = 5;
    private static readonly int FewestTrials = new FanovaOptions().FewestTrials;

    /// <summary>What makes the analysis weak, in words.</summary>
    public static List<string> Warnings(StudyTable table, StudyAnalysis analysis)
    {
        var warnings = new List<string>();
        if (table.Axes.Count == 0)
        {
            warnings.Add("no parameter takes two values in the complete trials: there is no effect to find");
        }

        if (analysis.Trials < FewestTrials)
        {
            warnings.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"only {analysis.Trials} complete trial{(analysis.Trials == 1 ? "" : "s")}: fANOVA needs {FewestTrials}, a law {Laws.FewestPoints}, and conclusions some tens"));
        }

        return warnings;
    }

    /// <summary>Writes the tables: one a metric, then the fronts.</summary>
    public static void Write(StudyRecord study, StudyTable table, StudyAnalysis analysis, TextWriter output)
    {
        var leftOut = analysis.LeftOut > 0
            ? string.Create(CultureInfo.InvariantCulture, $"; {analysis.LeftOut} left out: stopped, failed or not ended")
            : "";
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{study.Name}: {analysis.Trials} complete trial{(analysis.Trials == 1 ? "" : "s")}{leftOut}"));
        foreach (var metric in analysis.Metrics)
        {
            output.WriteLine();
            Write(table, metric, output);
        }

        var fronts = analysis.Fronts.Where(front => front.Points.Count > 0 && analysis.Metrics.Any(m => m.Metric == front.Cost || m.Metric == front.Quality)).ToArray();
        if (fronts.Length > 0)
        {
            output.WriteLine();
            output.WriteLine("What a better result costs: trials that no other beats in both, the cheapest first");
            fronts.ToList().ForEach(front => Write(front, output));
        }
    }

    private static void Write(StudyTable table, MetricAnalysis metric, TextWriter output)
    {
        var goal = table.Objectives.FirstOrDefault(objective => objective.Metric == metric.Metric) is { } found ? $", to be {JsonResult.Word(found.Goal)}d" : "";
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{metric.Metric}{goal}; {metric.Trials} trial{(metric.Trials == 1 ? "" : "s")}"));
        if (metric.Trials < Laws.FewestPoints)
        {
            output.WriteLine("too few to say anything");
            return;
        }

        if (Constant(table, metric.Metric) is { } value)
        {
            output.WriteLine($"always {Figures.Number(value)}");
            return;
        }

        var rows = new TextTable("parameter", "PED-ANOVA", "fANOVA", "Spearman (95 %)", "Kendall (95 %)", "law, x the parameter", "R²", "residual spread");
        foreach (var effect in metric.Effects.OrderByDescending(e => metric.Fanova[e.Parameter]).ThenByDescending(e => metric.PedAnova[e.Parameter]))
        {
            var law = effect.Law is { Holds: true } fitted ? fitted : null;
            rows.Add(
                effect.Parameter,
                Percent(metric.PedAnova[effect.Parameter]),
                metric.Fanova.Trials < FewestTrials ? "–" : Percent(metric.Fanova[effect.Parameter]),
                Show(effect.Spearman),
                Show(effect.Kendall),
                law?.ToString() ?? "–",
                law is null ? "–" : law.R2.ToString("0.000", CultureInfo.InvariantCulture),
                law is null ? "–" : Figures.Number(law.ResidualSpread));
        }

        if (metric.Effects.Count > 0)
        {
            rows.Write(output);
        }

        var pairs = metric.Fanova.Pairs.Where(pair => pair.Raw >= 0.01).Take(3).Select(pair => $"{pair.First} × {pair.Second} {Percent(pair.Raw)}").ToArray();
        if (pairs.Length > 0)
        {
            output.WriteLine($"together, beyond what each does (fANOVA, of the whole variance): {string.Join(", ", pairs)}");
        }
    }

    private static double? Constant(StudyTable table, string metric)
    {
        double[] values = [.. table[metric].ToArray().Where(double.IsFinite)];
        return values.Length > 0 && Array.TrueForAll(values, value => value == values[0]) ? values[0] : null;
    }

    private static void Write(CostFront front, TextWriter output)
    {
        var shown = Spread(front.Points).Select(point => string.Create(
            CultureInfo.InvariantCulture, $"{Figures.Number(point.Quality)} at {Figures.Number(point.Cost)} (#{point.Trial})"));
        var more = front.Points.Count > MostFrontPoints
            ? string.Create(CultureInfo.InvariantCulture, $"; {front.Points.Count} in all")
            : "";
        output.WriteLine($"  {front.Quality} against {front.Cost}: {string.Join(", ", shown)}{more}");
    }

    // A few of many, the cheapest and the best among them.
    private static IEnumerable<FrontPoint> Spread(IReadOnlyList<FrontPoint> points)
    {
        var count = Math.Min(points.Count, MostFrontPoints);
        return Enumerable.Range(0, count).Select(i => points[count == 1 ? 0 : i * (points.Count - 1) / (count - 1)]);
    }

    private static string Show(Correlation? correlation) => correlation is { Value: not double.NaN } c
        ? string.Create(CultureInfo.InvariantCulture, $"{c.Value:0.00} [{c.Low:0.00}, {c.High:0.00}]")
        : "–";

    private static string Percent(double share) => $"{(100 * share).ToString("0.#", CultureInfo.InvariantCulture)} %";
}
