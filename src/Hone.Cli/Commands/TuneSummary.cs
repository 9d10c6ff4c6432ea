using System.Globalization;
using System.Text;
using System.Text.Json;
using Hone.Cli.Progress;
using Hone.Tuning;

namespace Hone.Cli.Commands;

/// <summary>What a study has come to, for a person and for a program.</summary>
internal static class TuneSummary
{
    /// <summary>The one object that <c>hone tune --json</c> ends with.</summary>
    public static string Json(Study study, StudyResult result) => JsonResult.Line(json =>
    {
        json.WriteString("study", result.Study);
        json.WriteString("state", JsonResult.Word(result.State));
        json.WriteObject("trials", () =>
        {
            json.WriteNumber("complete", result.Complete);
            json.WriteNumber("stopped", result.Stopped);
            json.WriteNumber("failed", result.Failed);
            json.WriteNumber("vetoed", result.Vetoed);
        });
        json.WriteTrial("best", study.Objectives, result.Best is { } best ? (best.Number, best.Values, best.Configuration.Values) : null);
        json.WriteSpent(result.Spent);
        json.WriteObject("saved", () =>
        {
            json.WriteNumber("steps", result.SavedSteps);
            json.WriteDouble("cpu_seconds", result.SavedCpuSeconds);
        });
        json.WriteDouble("utilization", result.Utilization);
    });

    /// <summary>What a stage's file of metrics holds: the best trial's objectives, and how many trials ended how.</summary>
    public static void WriteMetrics(Utf8JsonWriter json, Study study, StudyResult result)
    {
        if (result.Best is { } best)
        {
            json.WriteObject("best", () =>
            {
                json.WriteNumber("trial", best.Number);
                for (var i = 0; i < study.Objectives.Count && i < best.Values.Count; i++)
                {
                    json.WriteDouble(study.Objectives[i].Metric, best.Values[i]);
                }
            });
        }

        json.WriteObject("trials", () =>
        {
            json.WriteNumber("complete", result.Complete);
            json.WriteNumber("stopped", result.Stopped);
            json.WriteNumber("failed", result.Failed);
            json.WriteNumber("vetoed", result.Vetoed);
        });
    }

    /// <summary>A few lines: the best trial, what became of the others, what was spent and saved, and how to see more.</summary>
    /// <param name="study">The study.</param>
    /// <param name="result">What it has come to.</param>
    /// <param name="report">Where the report lies; null if there is none.</param>
    public static string Text(Study study, StudyResult result, string? report)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{result.Study} {(result.State == StudyState.Finished ? "is finished" : "can go on")}: {result.Reason}\n");
        Best(text, study, result);
        Line(text, "trials", string.Join(", ", Counts(result)));
        Line(text, "spent", string.Join(", ", Spent(result)));
        if (result.SavedSteps > 0)
        {
            var cpu = result.SavedCpuSeconds > 0 ? $" and {Figures.Duration(TimeSpan.FromSeconds(result.SavedCpuSeconds))} of CPU" : "";
            Line(text, "saved", string.Create(CultureInfo.InvariantCulture, $"about {result.SavedSteps} steps{cpu} by stopping early"));
        }

        if (result.Utilization > 0)
        {
            Line(text, "workers", string.Create(CultureInfo.InvariantCulture, $"{100 * result.Utilization:0.#} % busy to the last start"));
        }

        if (report is not null)
        {
            Line(text, "report", report);
        }

        Line(text, "more", $"hone trials {Quoted(result.Study)}, hone best {Quoted(result.Study)}, hone report {Quoted(result.Study)}");
        return text.ToString().TrimEnd('\n');
    }

    private static void Best(StringBuilder text, Study study, StudyResult result)
    {
        if (result.Best is not { } best)
        {
            Line(text, "best", "no trial is complete, within the constraints and finite");
            return;
        }

        var values = study.Objectives.Select((objective, i) => $"{objective.Metric} {Figures.Number(best.Values[i])}");
        Line(text, "best", string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", values)} in trial {best.Number}"));
        Line(text, "", best.Configuration.ToString());
        if (result.Front.Count > 1)
        {
            Line(text, "", $"{result.Front.Count} trials are beaten by no other in all objectives; hone best shows them");
        }
    }

    private static IEnumerable<string> Counts(StudyResult result)
    {
        (int Count, string Name)[] counts =
            [(result.Complete, "complete"), (result.Stopped, "stopped"), (result.Failed, "failed"), (result.Vetoed, "vetoed")];
        return counts.Where(c => c.Count > 0 || c.Name == "complete").Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Count} {c.Name}"));
    }

    private static IEnumerable<string> Spent(StudyResult result)
    {
        yield return Figures.Duration(result.Spent.Wall);
        if (result.Spent.CpuSeconds is { } cpu)
        {
            yield return $"{Figures.Duration(TimeSpan.FromSeconds(cpu))} of CPU";
        }

        if (result.Spent.GpuSeconds is { } gpu)
        {
            yield return $"{Figures.Duration(TimeSpan.FromSeconds(gpu))} of GPU";
        }

        if (result.Spent.EnergyJoules is { } joules)
        {
            yield return Figures.Joules(joules);
        }

        yield return string.Create(CultureInfo.InvariantCulture, $"{result.Spent.Steps} steps");
    }

    private static void Line(StringBuilder text, string name, string value) => text.Append($"{name,-8}  ").Append(value).Append('\n');

    private static string Quoted(string study) =>
        study.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/') ? study : $"'{study.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
