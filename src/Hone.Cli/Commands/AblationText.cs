using System.Globalization;
using Hone.Ablation;
using Hone.Cli.Progress;
using Hone.Dashboard;

namespace Hone.Cli.Commands;

/// <summary>What components contribute, as tables for a person.</summary>
internal static class AblationText
{
    /// <summary>Writes the answers by the objective, pairs, the path, the costs, and what limits them.</summary>
    public static void Write(string name, AblationResult result, TextWriter output)
    {
        output.WriteLine($"{name}: {result.Objective.Metric}, to be {JsonResult.Word(result.Objective.Goal)}d; {AblationWords.Subject(result)}");
        output.WriteLine();
        if (result.Path.Count > 0)
        {
            Path(result, output);
            output.WriteLine();
        }

        foreach (var isInteraction in (bool[])[false, true])
        {
            ContrastResult[] family = [.. result.Contrasts.Where(c => c.Contrast.IsInteraction == isInteraction)];
            if (family.Length > 0)
            {
                Contrasts(isInteraction ? "together" : "without", isInteraction ? "redundancy" : "worth", family, result.Plan.Options.Alpha, output);
                output.WriteLine();
            }
        }

        if (result.Costs.Any(cost => cost.Contrasts.Count > 0))
        {
            Costs(result, output);
            output.WriteLine();
        }

        output.WriteLine(AblationWords.Reading(result));
        AblationNotes.Of(result).ToList().ForEach(output.WriteLine);
    }

    private static void Contrasts(string head, string worth, ContrastResult[] results, double alpha, TextWriter output)
    {
        var table = new TextTable(head, "pairs", worth, $"{100 * (1 - alpha):0.##} % interval", "median", "p", "adjusted p", "helps in", "verdict");
        foreach (var result in results)
        {
            table.Add(
                result.Contrast.Name, result.Differences.Count.ToString(CultureInfo.InvariantCulture), Number(result.Mean.Value),
                double.IsNaN(result.Mean.Low) ? "–" : $"[{Figures.Number(result.Mean.Low)}, {Figures.Number(result.Mean.High)}]",
                Number(result.Median), ComparisonWords.P(result.P), ComparisonWords.P(result.AdjustedP),
                double.IsNaN(result.Improvement) ? "–" : string.Create(CultureInfo.InvariantCulture, $"{100 * result.Improvement:0} %"), AblationWords.Verdict(result));
        }

        table.Write(output);
    }

    private static void Costs(AblationResult result, TextWriter output)
    {
        var table = new TextTable("cost", "of", "with all", "adds", $"{100 * (1 - result.Plan.Options.Alpha):0.##} % interval", "adjusted p", "verdict");
        foreach (var cost in result.Costs)
        {
            foreach (var contrast in cost.Contrasts.Where(c => !c.Contrast.IsInteraction))
            {
                table.Add(
                    cost.Metric, contrast.Contrast.Name, Number(cost.Base), Number(-contrast.Mean.Value),
                    double.IsNaN(contrast.Mean.Low) ? "–" : $"[{Figures.Number(-contrast.Mean.High)}, {Figures.Number(-contrast.Mean.Low)}]",
                    ComparisonWords.P(contrast.AdjustedP), AblationWords.CostVerdict(contrast, result.Plan.Options.Alpha));
            }
        }

        table.Write(output);
    }

    private static void Path(AblationResult result, TextWriter output)
    {
        var table = new TextTable("step", "adds", result.Objective.Metric, "gain", "interval", "p");
        foreach (var (i, step) in result.Path.Index())
        {
            var arm = result.Arms.First(a => a.Arm.Name == step.Arm.Name);
            table.Add(
                i.ToString(CultureInfo.InvariantCulture), step.Added ?? "(everything left out)", Number(arm.Mean), Number(step.Gain.Value),
                double.IsNaN(step.Gain.Low) ? "–" : $"[{Figures.Number(step.Gain.Low)}, {Figures.Number(step.Gain.High)}]", double.IsNaN(step.P) ? "–" : ComparisonWords.P(step.P));
        }

        table.Write(output);
    }

    private static string Number(double value) => double.IsNaN(value) ? "–" : Figures.Number(value);
}
