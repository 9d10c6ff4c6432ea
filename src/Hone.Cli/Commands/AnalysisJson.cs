using System.Text.Json;
using Hone.Analysis;
using Hone.Analysis.Effects;
using Hone.Analysis.Importance;
using Hone.Analysis.Statistics;

namespace Hone.Cli.Commands;

/// <summary>What the parameters of a study do, for programs.</summary>
internal static class AnalysisJson
{
    /// <summary>One object.</summary>
    public static string Line(StudyAnalysis analysis) => JsonResult.Line(json =>
    {
        json.WriteString("study", analysis.Study);
        json.WriteNumber("trials", analysis.Trials);
        json.WriteNumber("left_out", analysis.LeftOut);
        Array(json, "metrics", analysis.Metrics, metric => Write(json, metric));
        Array(json, "fronts", analysis.Fronts, front => Write(json, front));
    });

    private static void Write(Utf8JsonWriter json, MetricAnalysis metric)
    {
        json.WriteString("metric", metric.Metric);
        json.WriteNumber("trials", metric.Trials);
        Array(json, "parameters", metric.Effects, effect =>
        {
            json.WriteString("parameter", effect.Parameter);
            json.WriteDouble("ped_anova", metric.PedAnova[effect.Parameter]);
            Write(json, metric.Fanova.Parameters.FirstOrDefault(p => p.Parameter == effect.Parameter));
            Write(json, "spearman", effect.Spearman);
            Write(json, "kendall", effect.Kendall);
            Write(json, effect.Law);
            Array(json, "marginal", effect.Marginal.Bins, bin =>
            {
                json.WriteString("label", bin.Label);
                json.WriteDouble("from", bin.From);
                json.WriteDouble("to", bin.To);
                json.WriteNumber("trials", bin.Trials);
                Write(json, "mean", bin.Mean);
            });
        });
        Array(json, "pairs", metric.Fanova.Pairs, pair =>
        {
            json.WriteString("first", pair.First);
            json.WriteString("second", pair.Second);
            json.WriteDouble("variance", pair.Raw);
        });
    }

    private static void Write(Utf8JsonWriter json, ParameterImportance? importance)
    {
        json.WriteDouble("fanova", importance?.Share);
        json.WriteDouble("fanova_variance", importance?.Raw);
        json.WriteDouble("fanova_deviation", importance?.Deviation);
    }

    private static void Write(Utf8JsonWriter json, string name, Correlation? correlation)
    {
        if (correlation is not { } c)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteObject(name, () =>
        {
            json.WriteDouble("value", c.Value);
            json.WriteDouble("low", c.Low);
            json.WriteDouble("high", c.High);
            json.WriteDouble("p", c.P);
        });
    }

    private static void Write(Utf8JsonWriter json, Law? law)
    {
        if (law is null)
        {
            json.WriteNull("law");
            return;
        }

        json.WriteObject("law", () =>
        {
            json.WriteString("form", JsonResult.Word(law.Form));
            json.WriteString("formula", law.ToString());
            Write(json, "a", law.A);
            Write(json, "b", law.B);
            json.WriteBoolean("holds", law.Holds);
            json.WriteDouble("r2", law.R2);
            json.WriteDouble("residual_spread", law.ResidualSpread);
            json.WriteDouble("leave_one_out_error", law.LeaveOneOutError);
        });
    }

    private static void Write(Utf8JsonWriter json, string name, Interval interval) => json.WriteObject(name, () =>
    {
        json.WriteDouble("value", interval.Value);
        json.WriteDouble("low", interval.Low);
        json.WriteDouble("high", interval.High);
    });

    private static void Write(Utf8JsonWriter json, CostFront front)
    {
        json.WriteString("quality", front.Quality);
        json.WriteString("cost", front.Cost);
        Array(json, "points", front.Points, point =>
        {
            json.WriteNumber("trial", point.Trial);
            json.WriteDouble("quality", point.Quality);
            json.WriteDouble("cost", point.Cost);
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
}
