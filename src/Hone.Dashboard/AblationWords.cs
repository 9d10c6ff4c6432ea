using System.Globalization;
using Hone.Ablation;

namespace Hone.Dashboard;

/// <summary>The answers of an ablation in words, the same on a terminal and on a page.</summary>
public static class AblationWords
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>A verdict; an undecided one with what would decide it.</summary>
    public static string Verdict(ContrastResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result.Verdict switch
        {
            ContrastVerdict.Undecided when result.MoreSeeds is { } more => string.Create(Culture, $"undecided: about {more} more seed{(more == 1 ? "" : "s")} would decide"),
            ContrastVerdict.Undecided when result.Differences.Count < 2 => "undecided: too few pairs",
            ContrastVerdict.Undecided => "undecided: not to be decided with 1,000 more seeds",
            var known => Word(known),
        };
    }

    /// <summary>What a difference in cost says.</summary>
    /// <param name="result">The contrast of the cost.</param>
    /// <param name="alpha">The level.</param>
    public static string CostVerdict(ContrastResult result, double alpha)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result.AdjustedP > alpha ? "no difference shown" : result.Mean.Value < 0 ? "costs" : "saves";
    }

    /// <summary>An interval, or a dash where there is none.</summary>
    public static string Interval(double low, double high) => double.IsNaN(low) || double.IsNaN(high) ? "–" : $"{Words.Number(low)} to {Words.Number(high)}";

    /// <summary>A number, or a dash where there is none.</summary>
    public static string Number(double value) => double.IsNaN(value) ? "–" : Words.Number(value);

    /// <summary>What was compared, in a sentence.</summary>
    public static string Subject(AblationResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var most = result.Arms.Max(arm => arm.Pairs);
        return string.Create(
            Culture, $"{result.Plan.Components.Count} component{(result.Plan.Components.Count == 1 ? "" : "s")}, {result.Plan.Arms.Count} arms, {result.Trials} trials of at most {result.FixedTrials}, up to {most} seed{(most == 1 ? "" : "s")} an arm");
    }

    /// <summary>How the numbers are to be read.</summary>
    public static string Reading(AblationResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var margin = result.Contrasts.Where(c => !double.IsNaN(c.Margin)).Select(c => c.Margin).DefaultIfEmpty(double.NaN).Max();
        var harmless = double.IsNaN(margin) ? "" : $" Less than {Words.Number(margin)} counts as no difference{(result.Plan.Options.Margin is null ? ", one standard deviation of the first arm over its seeds" : "")}.";
        return $"Worth: by how much {result.Objective.Metric} is better with the component, on average over seeds that both arms ran; below 0 it harms.{harmless}";
    }

    /// <summary>A verdict in one word.</summary>
    public static string Word(ContrastVerdict verdict) => verdict.ToString().ToLowerInvariant();
}
