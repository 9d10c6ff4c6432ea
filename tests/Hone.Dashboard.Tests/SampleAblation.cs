using Hone.Ablation;
using Hone.Analysis;
using Hone.Trials;
using Hone.Tuning;

namespace Hone.Dashboard.Tests;

/// <summary>A finished ablation of pairs: the first component matters, the last costs.</summary>
internal static class SampleAblation
{
    /// <summary>The page of the ablation.</summary>
    public static byte[] Page(string[] names)
    {
        var plan = new AblationPlan(
            [.. names.Select(name => new AblationComponent { Name = name })], new AblationOptions { Design = AblationDesign.Pairs, Seeds = 12, Racing = false }, []);
        var random = new SeededRandom(4);
        var trials = plan.Arms.SelectMany((arm, place) => Enumerable.Range(0, 12).Select(pair => new TrialRecord
        {
            Number = (place * 12) + pair + 1,
            State = TrialState.Complete,
            Parameters = [.. plan.Configuration(place, pair).Values],
            Metrics = [new("system/mean_step_seconds", 0.01 + (arm.LeftOut.Contains(names.Length - 1) ? 0 : 0.005) + (0.001 * random.NextDouble()))],
            Values = [0.9 + (0.01 * random.NextNormal()) - (arm.LeftOut.Contains(0) ? 0.1 : 0)],
        }));
        var study = new StudyRecord
        {
            Name = "parts",
            State = StudyState.Finished,
            Objectives = [new Objective("accuracy", Goal.Maximize)],
            Spent = new(),
            Trials = [.. trials],
        };
        var result = AblationResult.Of(plan, study, ["system/mean_step_seconds"]);
        using var output = new MemoryStream();
        AblationReport.Write("parts", result, output, new DateTimeOffset(2026, 3, 14, 12, 0, 0, TimeSpan.Zero));
        return output.ToArray();
    }
}
