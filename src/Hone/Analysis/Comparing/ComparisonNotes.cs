using System.Globalization;

namespace Hone.Analysis.Comparing;

/// <summary>What limits a comparison, in sentences.</summary>
internal static class ComparisonNotes
{
    // Demsar 2006: the chi-squared and F approximations hold from about ten blocks on.
    private const int EnoughBlocks = 10;

    public static IReadOnlyList<string> Of(StudyComparison comparison)
    {
        List<string> notes = [.. comparison.Dropped.Select(dropped => $"{char.ToUpperInvariant(dropped[0])}{dropped[1..]}.")];
        if (comparison.Tests is null)
        {
            notes.Add(OneBlock(comparison));
        }
        else
        {
            notes.AddRange(comparison.Kind switch
            {
                BlockKind.Folds => OfFolds(comparison),
                BlockKind.DataSets => OfRanks(comparison),
                _ => OfRanks(comparison).Append(
                    "Folds of one data set share training rows, and are counted here as if they did not: every p is too small. Without --blocks folds each data set counts once."),
            });
            if (comparison.Decisive is { P: 0 } && comparison.Kind == BlockKind.Folds)
            {
                notes.Add("The scores differ by the same amount on every fold, so that the test takes it for certain: look at how they were made.");
            }
        }

        string[] losses = [.. comparison.Contenders.Select(contender => contender.Loss).OfType<string>().Distinct(StringComparer.Ordinal)];
        if (losses.Length > 1 && comparison.Options.Metric.EndsWith("loss", StringComparison.Ordinal))
        {
            notes.Add($"'{comparison.Options.Metric}' is not one measure here, but each model's own loss ({string.Join(", ", losses)}): compare a score that all have, with --metric.");
        }

        notes.Add(Chosen(comparison));
        return notes;
    }

    private static string OneBlock(StudyComparison comparison) => comparison.Data.Count > 1 || comparison.Dropped.Count > 0
        ? "One block is left, with one score a model: nothing can be tested, and nothing follows from which is ahead."
        : $"'{comparison.Data[0]}' has one '{comparison.Options.Metric}' a model and none of single folds: nothing can be tested, and nothing follows from which is ahead. "
            + "Tune with folds, or compare on several data sets.";

    private static IEnumerable<string> OfFolds(StudyComparison comparison)
    {
        var ratio = string.Create(CultureInfo.InvariantCulture, $"{comparison.TestRatio:0.###}");
        var isKnown = comparison.Options.TestShare is not null || comparison.Contenders.Any(contender => contender.TestRatio is not null);
        yield return $"Folds share training rows: pairs are judged by the corrected resampled t, with {ratio} test rows for each training row"
            + (isKnown ? "." : ", as in k-fold cross-validation; --test-share says otherwise.")
            + (comparison.Models.Count > 2 ? " The test of all models at once takes folds for independent, and finds a difference too easily." : "");
        yield return $"One data set: nothing is said of others than '{comparison.Data[0]}'.";
    }

    private static IEnumerable<string> OfRanks(StudyComparison comparison)
    {
        var (blocks, models) = (comparison.Blocks.Count, comparison.Models.Count);
        var pairs = models * (models - 1) / 2;
        var what = comparison.Kind == BlockKind.DataSets ? "data sets" : "blocks";
        var least = pairs * StudyComparison.LeastP(blocks);
        if (least >= comparison.Options.Alpha)
        {
            var needed = blocks;
            while (pairs * StudyComparison.LeastP(needed) >= comparison.Options.Alpha)
            {
                needed++;
            }

            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"With {blocks} {what} no two models can be told apart at {comparison.Options.Alpha}: Wilcoxon's p cannot fall below {StudyComparison.LeastP(blocks):0.####}{(pairs > 1 ? $", nor Holm's over {pairs} pairs below {Math.Min(1, least):0.####}" : "")}. At least {needed} are needed.");
        }
        else if (blocks < EnoughBlocks)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{blocks} {what} are few: the tests by ranks are approximate, and miss all but large differences.");
        }

        yield return "Scores of different data sets have no common scale: ranks decide, and a mean over data sets means little.";
        if (comparison.Scores.Any(row => Array.Exists(row, score => score is < 0 or > 1)))
        {
            yield return $"Wilcoxon's test compares the sizes of differences across data sets, which '{comparison.Options.Metric}' does not have in common; compare a score from 0 to 1, or go by Nemenyi.";
        }
    }

    private static string Chosen(StudyComparison comparison)
    {
        var (fewest, most) = (comparison.Contenders.Min(c => c.Trials), comparison.Contenders.Max(c => c.Trials));
        var trials = string.Create(CultureInfo.InvariantCulture, $"{fewest}{(most > fewest ? $" to {most}" : "")} trial{(most == 1 ? "" : "s")} a study");
        return most == 1
            ? "Each study has one trial, which stands for its model."
            : $"Each model is its study's best trial ({trials}), chosen by the rows that compare it: its scores are a little too good{(most > fewest ? ", and more trials flatter more" : "")}.";
    }
}
