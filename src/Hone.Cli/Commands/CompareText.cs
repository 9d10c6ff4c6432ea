using System.Globalization;
using Hone.Analysis.Comparing;
using Hone.Cli.Progress;
using Hone.Dashboard;
using Hone.Trials;

namespace Hone.Cli.Commands;

/// <summary>Which models are better, as tables for a person.</summary>
internal static class CompareText
{
    private const int MostBlocks = 30;

    /// <summary>Writes ranks, scores, assumptions, the decision, the critical difference, pairs, and what must be known to read them.</summary>
    public static void Write(StudyComparison comparison, TextWriter output)
    {
        output.WriteLine($"{comparison.Options.Metric}, to be {JsonResult.Word(comparison.Options.Goal)}d: {ComparisonWords.Subject(comparison)}");
        output.WriteLine();
        Models(comparison, output);
        output.WriteLine();
        Scores(comparison, output);
        output.WriteLine();
        var assumptions = ComparisonWords.Assumptions(comparison);
        assumptions.ToList().ForEach(output.WriteLine);
        if (assumptions.Count > 0)
        {
            output.WriteLine();
        }

        output.WriteLine(ComparisonWords.Decision(comparison));
        output.WriteLine();
        if (comparison.Tests is { } tests && comparison.Models.Count > 2)
        {
            CriticalDifferenceText.Write(tests, output);
            output.WriteLine();
        }

        if (comparison.Pairs.Count > 0)
        {
            Pairs(comparison, output);
            output.WriteLine();
        }

        comparison.Notes.ToList().ForEach(output.WriteLine);
    }

    private static void Models(StudyComparison comparison, TextWriter output)
    {
        var table = new TextTable("model", "mean rank", comparison.Kind == BlockKind.Folds ? "mean" : "mean (no common scale)", "from", "to", "best on");
        foreach (var (model, i) in comparison.Models.Select((model, i) => (model, i)))
        {
            var scores = comparison.ScoresOf(model);
            table.Add(
                model,
                comparison.Tests is { } tests ? tests.MeanRanks[i].ToString("0.000", CultureInfo.InvariantCulture) : "–",
                Figures.Number(scores.Average()),
                Figures.Number(scores.Min()),
                Figures.Number(scores.Max()),
                string.Create(CultureInfo.InvariantCulture, $"{comparison.Scores.Count(row => row[i] == Best(comparison, row))} of {comparison.Blocks.Count}"));
        }

        table.Write(output);
    }

    private static void Scores(StudyComparison comparison, TextWriter output)
    {
        var table = new TextTable([ComparisonWords.Block(comparison), .. comparison.Models]);
        foreach (var (name, row) in comparison.Blocks.Zip(comparison.Scores).Take(MostBlocks))
        {
            var best = Best(comparison, row);
            table.Add([name, .. row.Select(score => (score == best ? "*" : "") + Figures.Number(score))]);
        }

        table.Write(output);
        if (comparison.Blocks.Count > MostBlocks)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"and {comparison.Blocks.Count - MostBlocks} more; --json has all"));
        }
    }

    private static double Best(StudyComparison comparison, double[] row) => comparison.Options.Goal == Goal.Minimize ? row.Min() : row.Max();

    private static void Pairs(StudyComparison comparison, TextWriter output)
    {
        var byMeans = comparison.TestRatio is not null;
        var table = new TextTable("pair", "mean difference", byMeans ? $"{100 * (1 - comparison.Options.Alpha):0.##} % interval" : "Nemenyi p", byMeans ? "corrected t p" : "Wilcoxon p", "Holm p", "verdict");
        foreach (var pair in comparison.Pairs)
        {
            table.Add(
                $"{pair.Ranks.First} – {pair.Ranks.Second}",
                Figures.Number(pair.Ranks.MeanDifference),
                pair.Resampled is { } t ? $"[{Figures.Number(t.Low)}, {Figures.Number(t.High)}]" : ComparisonWords.P(pair.Ranks.NemenyiP),
                ComparisonWords.P(pair.P),
                ComparisonWords.P(pair.AdjustedP),
                ComparisonWords.Verdict(pair));
        }

        table.Write(output);
    }
}
