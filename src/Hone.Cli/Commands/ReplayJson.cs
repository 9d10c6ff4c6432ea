using System.Text.Json;
using Hone.Analysis.Replaying;
using Hone.Dashboard;

namespace Hone.Cli.Commands;

/// <summary>What a study would have come to under a rule set, for programs.</summary>
internal static class ReplayJson
{
    /// <summary>One object.</summary>
    public static string Line(RuleComparison comparison, ReplayResult result) => JsonResult.Line(json =>
    {
        json.WriteString("study", comparison.Study.Name);
        json.WriteString("rules", result.Rules);
        json.WriteNumber("trials", result.Trials);
        json.WriteStartArray("stopped");
        foreach (var decision in result.Decisions)
        {
            json.WriteStartObject();
            json.WriteNumber("trial", decision.Trial);
            json.WriteNumber("step", decision.Step);
            json.WriteDouble("seconds", decision.SinceStart.TotalSeconds);
            json.WriteString("rule", decision.Rule);
            json.WriteString("reason", decision.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Write(json, "recorded", result.Recorded);
        Write(json, "spent", result.Spent);
        Write(json, "saved", result.Saved);
        json.WriteObject("saved_share", () =>
        {
            json.WriteDouble("steps", result.SavedShare.Steps);
            json.WriteDouble("wall_seconds", result.SavedShare.Wall);
            json.WriteDouble("cpu_seconds", result.SavedShare.Cpu);
            json.WriteDouble("megabyte_seconds", result.SavedShare.MegabyteSeconds);
            json.WriteDouble("energy_joules", result.SavedShare.Joules);
        });
        Write(json, "best", result.Best);
        Write(json, "best_found", result.BestFound);
        json.WriteDouble("regret", result.Regret);
        json.WriteDouble("relative_regret", result.RelativeRegret);
        Write(json, "would_have_won", result.WouldHaveWon);
        Write(json, "unknown", result.Unknown);
        Write(json, "ran_past_record", result.RanPastRecord);
        Write(json, "differs", result.Differs);
        Write(json, "repeated", result.Repeated);
        json.WriteBoolean("frontier", comparison.IsOnFrontier(result));
    });

    private static void Write(Utf8JsonWriter json, string name, Cost cost) => json.WriteObject(name, () =>
    {
        json.WriteDouble("steps", cost.Steps);
        json.WriteDouble("wall_seconds", cost.WallSeconds);
        json.WriteDouble("cpu_seconds", cost.CpuSeconds);
        json.WriteDouble("megabyte_seconds", cost.MegabyteSeconds);
        json.WriteDouble("energy_joules", cost.Joules);
    });

    private static void Write(Utf8JsonWriter json, string name, BestTrial? best)
    {
        if (best is not { } trial)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteObject(name, () =>
        {
            json.WriteNumber("trial", trial.Trial);
            json.WriteDouble("value", trial.Value);
        });
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<int> trials)
    {
        json.WriteStartArray(name);
        trials.ToList().ForEach(json.WriteNumberValue);
        json.WriteEndArray();
    }
}
