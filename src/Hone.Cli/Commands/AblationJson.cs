using System.Text.Json;
using Hone.Ablation;
using Hone.Dashboard;
using Hone.Tuning;

namespace Hone.Cli.Commands;

/// <summary>What components contribute, for programs.</summary>
internal static class AblationJson
{
    /// <summary>One object.</summary>
    public static string Line(StudyResult study, AblationResult result) => JsonResult.Line(json =>
    {
        json.WriteString("ablation", study.Study);
        json.WriteString("state", JsonResult.Word(study.State));
        json.WriteString("metric", result.Objective.Metric);
        json.WriteString("goal", JsonResult.Word(result.Objective.Goal));
        json.WriteString("design", JsonNamingPolicy.SnakeCaseLower.ConvertName(result.Plan.Options.Design.ToString()));
        json.WriteDouble("alpha", result.Plan.Options.Alpha);
        json.WriteBoolean("whole", result.IsWhole);
        json.WriteNumber("trials", result.Trials);
        json.WriteNumber("fixed_trials", result.FixedTrials);
        if (result.Plan.Options.Retune is { } retune)
        {
            json.WriteStartObject("retune");
            json.WriteNumber("trials", retune.Trials);
            json.WriteString("sampler", retune.Sampler.Name);
            json.WriteEndObject();
        }

        json.WriteSpent(study.Spent);
        Array(json, "arms", result.Arms, arm =>
        {
            json.WriteString("without", arm.Arm.Name);
            json.WriteNumber("seeds", arm.Pairs);
            json.WriteNumber("failed", arm.Failures);
            json.WriteDouble("mean", arm.Mean);
            json.WriteDouble("standard_deviation", arm.Deviation);
        });
        Array(json, "components", result.Contrasts.Where(c => !c.Contrast.IsInteraction), contrast => Write(json, contrast));
        Array(json, "interactions", result.Contrasts.Where(c => c.Contrast.IsInteraction), contrast => Write(json, contrast));
        Array(json, "path", result.Path, step =>
        {
            json.WriteString("adds", step.Added);
            json.WriteString("without", step.Arm.Name);
            json.WriteDouble("gain", step.Gain.Value);
            json.WriteDouble("low", step.Gain.Low);
            json.WriteDouble("high", step.Gain.High);
            json.WriteDouble("p", step.P);
        });
        Array(json, "costs", result.Costs.SelectMany(cost => cost.Contrasts.Select(contrast => (cost, contrast))), row =>
        {
            json.WriteString("metric", row.cost.Metric);
            json.WriteString("component", row.contrast.Contrast.Name);
            json.WriteDouble("base", row.cost.Base);
            json.WriteNumber("pairs", row.contrast.Differences.Count);
            json.WriteDouble("adds", -row.contrast.Mean.Value);
            json.WriteDouble("low", -row.contrast.Mean.High);
            json.WriteDouble("high", -row.contrast.Mean.Low);
            json.WriteDouble("p", row.contrast.P);
            json.WriteDouble("adjusted_p", row.contrast.AdjustedP);
            json.WriteString("verdict", AblationWords.CostVerdict(row.contrast, result.Plan.Options.Alpha));
        });
        json.WriteStartArray("notes");
        AblationNotes.Of(result).ToList().ForEach(json.WriteStringValue);
        json.WriteEndArray();
    });

    /// <summary>The arm with the best mean; null if no arm has one.</summary>
    public static ArmResult? Best(AblationResult result) => result.Arms.Where(arm => double.IsFinite(arm.Mean)).MinBy(arm => result.Objective.Signed(arm.Mean));

    /// <summary>What a stage's file of the best holds: which components the best arm does without, and how well it does.</summary>
    public static void WriteBest(Utf8JsonWriter json, ArmResult best)
    {
        json.WriteStartArray("without");
        best.Arm.Name.Split(',', StringSplitOptions.RemoveEmptyEntries).ToList().ForEach(json.WriteStringValue);
        json.WriteEndArray();
        json.WriteDouble("mean", best.Mean);
        json.WriteNumber("seeds", best.Pairs);
    }

    /// <summary>What a stage's file of metrics holds: each arm's mean, and by how much the objective is worse without each component.</summary>
    public static void WriteMetrics(Utf8JsonWriter json, AblationResult result)
    {
        json.WriteObject(result.Objective.Metric, () =>
        {
            foreach (var arm in result.Arms)
            {
                json.WriteDouble(arm.Arm.Name.Length == 0 ? "base" : "without " + arm.Arm.Name, arm.Mean);
            }
        });
        json.WriteObject("contributes", () =>
        {
            foreach (var contrast in result.Contrasts)
            {
                json.WriteDouble(contrast.Contrast.Name, contrast.Mean.Value);
            }
        });
        json.WriteNumber("trials", result.Trials);
    }

    private static void Write(Utf8JsonWriter json, ContrastResult result)
    {
        json.WriteString("component", result.Contrast.Name);
        json.WriteString("verdict", AblationWords.Word(result.Verdict));
        json.WriteNumber("pairs", result.Differences.Count);
        json.WriteDouble("mean", result.Mean.Value);
        json.WriteDouble("low", result.Mean.Low);
        json.WriteDouble("high", result.Mean.High);
        json.WriteDouble("median", result.Median);
        json.WriteDouble("p", result.P);
        json.WriteDouble("adjusted_p", result.AdjustedP);
        json.WriteDouble("equivalence_p", result.EquivalenceP);
        json.WriteDouble("margin", result.Margin);
        json.WriteDouble("improvement", result.Improvement);
        json.WriteDouble("more_seeds", result.MoreSeeds);
        json.WriteStartArray("differences");
        result.Differences.ToList().ForEach(json.WriteNumberValue);
        json.WriteEndArray();
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
