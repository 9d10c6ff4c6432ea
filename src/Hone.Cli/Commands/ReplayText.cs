using System.Globalization;
using Hone.Analysis.Replaying;
using Hone.Cli.Progress;
using Hone.Dashboard;

namespace Hone.Cli.Commands;

/// <summary>What a study would have come to under several rule sets, as a table for a person.</summary>
internal static class ReplayText
{
    /// <summary>Writes the table, and below it what must be known to read it.</summary>
    public static void Write(RuleComparison comparison, TextWriter output)
    {
        var results = comparison.Results;
        output.WriteLine(Head(comparison));
        output.WriteLine();
        var kinds = CostKind.All.Where(kind => results.Any(result => kind.Of(result.Recorded) is not null)).ToArray();
        var hasDifferences = comparison.HasRecordedStops;
        var hasUnknown = results.Any(result => result.RanPastRecord.Count > 0);
        var table = new TextTable(
        [
            "", "rules", "stopped", .. kinds.Select(kind => kind.Head), "regret", "relative", "would have won",
            .. hasUnknown ? ["end unknown"] : Array.Empty<string>(), .. hasDifferences ? ["differs"] : Array.Empty<string>(),
        ]);
        foreach (var result in results)
        {
            table.Add(
            [
                comparison.IsOnFrontier(result) ? "*" : "",
                result.Rules,
                Count(result.Decisions.Count),
                .. kinds.Select(kind => Saved(kind, result)),
                result.Regret is { } regret ? Figures.Number(regret) : "–",
                result.RelativeRegret is { } relative ? Percent(relative) : "–",
                Trials(result.WouldHaveWon),
                .. hasUnknown ? [Count(result.RanPastRecord.Count)] : Array.Empty<string>(),
                .. hasDifferences ? [Count(result.Differs.Count)] : Array.Empty<string>(),
            ]);
        }

        table.Write(output);
        output.WriteLine();
        foreach (var note in comparison.Notes)
        {
            output.WriteLine(note);
        }
    }

    private static string Head(RuleComparison comparison)
    {
        var first = comparison.Results[0];
        var best = first.Best is { } trial
            ? $"the best has {comparison.Study.Objectives[0].Metric} {Figures.Number(trial.Value)} (trial {Count(trial.Trial)})"
            : "no trial is complete, within the constraints and finite";
        var costs = CostKind.All.Where(kind => kind.Of(first.Recorded) is not null).Select(kind => $"{kind.Show(kind.Of(first.Recorded)!.Value)} {kind.Unit}");
        return $"{comparison.Study.Name}: {Count(first.Trials)} trials of {string.Join(", ", costs)}; {best}";
    }

    private static string Saved(CostKind kind, ReplayResult result) => kind.Of(result.Saved) is not { } saved ? "–"
        : kind.Of(result.SavedShare) is { } share ? $"{kind.Show(saved)} ({100 * share:0} %)".ToString(CultureInfo.InvariantCulture)
        : kind.Show(saved);

    // The numbers of a few trials; of many how many they are.
    private static string Trials(IReadOnlyList<int> trials) => trials.Count switch
    {
        0 => "none",
        <= 4 => string.Join(" ", trials.Select(number => $"#{Count(number)}")),
        _ => $"{Count(trials.Count)} trials",
    };

    private static string Percent(double share) => $"{Figures.Number(100 * share)} %";

    private static string Count(int count) => count.ToString(CultureInfo.InvariantCulture);
}
