using System.Globalization;

namespace Hone.Ablation;

/// <summary>What limits the answers of a plan, in sentences.</summary>
public static class AblationNotes
{
    /// <summary>The sentences, the most important first.</summary>
    public static IReadOnlyList<string> Of(AblationResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return [.. Sentences(result)];
    }

    private static IEnumerable<string> Sentences(AblationResult result)
    {
        var options = result.Plan.Options;
        if (!result.IsWhole)
        {
            yield return "The plan is not finished: nothing is decided that needs trials to come. The same command goes on.";
        }

        ContrastResult[] effects = [.. result.Contrasts.Where(c => !c.Contrast.IsInteraction)];
        if (effects.Length > 0 && effects.All(e => e.Differences.Count == 0))
        {
            yield return "There is no pair yet: no component has a trial without it and one with it that both ended with a value.";
        }
        else if (effects.Length > 0 && effects.Max(e => e.Differences.Count) is < ContrastStatistics.LeastPairs and var pairs)
        {
            var least = Math.Ceiling(1 + Math.Log2(effects.Length / options.Alpha));
            yield return string.Create(
                CultureInfo.InvariantCulture, $"{pairs} pair{(pairs == 1 ? " is" : "s are")} too few for significance: no p can be below {Math.Pow(2, 1 - Math.Max(1, pairs)):0.####}. Give at least {least} seeds for {effects.Length} component{(effects.Length == 1 ? "" : "s")}.");
        }

        if (effects.Any(e => e.Differences.Count > 0) && !effects.Any(e => e.Verdict is ContrastVerdict.Matters or ContrastVerdict.Harmful))
        {
            var isAllHarmless = effects.All(e => e.Verdict == ContrastVerdict.Harmless);
            yield return isAllHarmless
                ? "No component makes a difference as large as the margin."
                : "No component was shown to matter or to harm. Where the verdict is undecided that shows nothing: a difference as large as the interval's ends may be there.";
        }

        foreach (var arm in result.Arms.Where(arm => arm.Failures > 0))
        {
            var name = arm.Arm.Name.Length == 0 ? "The whole" : $"Without {arm.Arm.Name}, it";
            yield return string.Create(CultureInfo.InvariantCulture, $"{name} failed with {arm.Failures} of {arm.Failures + arm.Pairs} seeds; those pairs are left out.");
        }

        if (result.Arms[0] is { Pairs: > 1, Deviation: 0 })
        {
            yield return "The first arm reached the same with every seed: if the program takes no seed from HONE_SEED, one pair tells as much as all, and p says nothing.";
        }

        if (options.Retune is { } retune)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture, $"Every arm was tuned anew with every seed: {retune.Trials} trials of {string.Join(", ", retune.Space.Parameters.Select(p => p.Name))} by {retune.Sampler.Name}, of which the best counts, its costs too. Values are too good by the choice, those of all arms alike.");
        }

        if (options.Design == AblationDesign.Fractional)
        {
            yield return "In a fraction, what pairs of components do together is mixed up, pair with pair, and not told.";
        }

        if (options.Design == AblationDesign.Path)
        {
            yield return "Each step of the path is the best of those tried, so its gain is too good and its p too small.";
        }
    }
}
