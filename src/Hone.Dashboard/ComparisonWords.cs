using System.Globalization;
using Hone.Analysis.Comparing;
using Hone.Analysis.Statistics;

namespace Hone.Dashboard;

/// <summary>What a comparison of models has come to, in sentences for a person.</summary>
public static class ComparisonWords
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>What was compared on what, such as <c>3 models on the 5 folds of 'diabetes'</c>.</summary>
    public static string Subject(StudyComparison comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        var (models, blocks) = (comparison.Models.Count, comparison.Blocks.Count);
        return comparison.Kind switch
        {
            BlockKind.Folds when blocks == 1 => string.Create(Culture, $"{models} models on '{comparison.Data[0]}'"),
            BlockKind.Folds => string.Create(Culture, $"{models} models on the {blocks} folds of '{comparison.Data[0]}'"),
            BlockKind.DataSets => string.Create(Culture, $"{models} models on {blocks} data set{(blocks == 1 ? "" : "s")}"),
            _ => string.Create(Culture, $"{models} models on {blocks} blocks, the folds of {comparison.Data.Count} data sets"),
        };
    }

    /// <summary>What a block is, as the head of a column.</summary>
    public static string Block(StudyComparison comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        return comparison.Kind switch
        {
            BlockKind.Folds when comparison.Tests is not null => "fold",
            BlockKind.FoldsOfDataSets => "block",
            _ => "data set",
        };
    }

    /// <summary>Whether the scores may be taken for normal with equal variances, and what follows; empty where nothing was tested.</summary>
    public static IReadOnlyList<string> Assumptions(StudyComparison comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        if (comparison.Tests is not { } tests)
        {
            return [];
        }

        var normal = tests.Models.Zip(tests.Normality).ToArray();
        string[] unknown = [.. normal.Where(model => model.Second is null).Select(model => model.First)];
        string[] skewed = [.. normal.Where(model => model.Second?.IsSignificant(comparison.Options.Alpha) == true).Select(model => $"{model.First} is not (p {P(model.Second!.P)})")];
        var normality = unknown.Length == normal.Length ? "not known: that needs three blocks whose scores differ"
            : skewed.Length == 0 && unknown.Length == 0 ? $"nothing speaks against it, the smallest p is {P(normal.Min(model => model.Second!.P))}"
            : string.Join(", ", skewed.Concat(unknown.Length > 0 ? [$"not known of {string.Join(" and ", unknown)}"] : []));
        var variances = tests.EqualVariances is not { } bartlett ? "not known: some scores never vary"
            : bartlett.IsSignificant(comparison.Options.Alpha) ? $"no, p {P(bartlett.P)}"
            : $"nothing speaks against it, p {P(bartlett.P)}";
        return [$"normal scores (Shapiro–Wilk): {normality}", $"equal variances (Bartlett): {variances}", $"so {Consequence(comparison, tests)}"];
    }

    /// <summary>What the decisive test says; a sentence that nothing could be tested where it was not.</summary>
    public static string Decision(StudyComparison comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        if (comparison.Decisive is not { } test)
        {
            return "Nothing was tested: there is one score a model.";
        }

        var alpha = comparison.Options.Alpha.ToString(Culture);
        var evidence = $"{Name(test)}, {Statistic(test)}, p {P(test.P)}";
        return comparison.IsDifferent
            ? $"The models differ: {evidence}, below {alpha}."
            : $"No difference is found: {evidence}, not below {alpha}. That is not to say that the models are equally good.";
    }

    /// <summary>Which of a pair is better.</summary>
    public static string Verdict(PairVerdict pair)
    {
        ArgumentNullException.ThrowIfNull(pair);
        return pair.Better is { } better ? $"{better} is better" : "not told apart";
    }

    /// <summary>A probability, to three significant digits.</summary>
    public static string P(double p) => p switch
    {
        < 1e-4 => "< 0.0001",
        _ => p.ToString("G3", Culture),
    };

    private static string Consequence(StudyComparison comparison, ModelComparison tests) => comparison switch
    {
        { Kind: BlockKind.Folds, Models.Count: 2 } => "the corrected resampled t decides in any case: it heeds that folds share training rows",
        { Kind: not BlockKind.Folds } => "ranks decide in any case: scores of different data sets have no common scale",
        _ when tests.IsParametric && tests.Anova is not null => "means decide",
        _ => "ranks decide",
    };

    private static string Name(TestResult test) => test.Test switch
    {
        "iman-davenport" => "Friedman’s test by Iman and Davenport",
        "repeated anova" => "analysis of variance of repeated measures",
        "corrected resampled t" => "corrected resampled t",
        _ => "Wilcoxon’s signed ranks",
    };

    private static string Statistic(TestResult test)
    {
        var symbol = test.Test switch { "iman-davenport" or "repeated anova" => "F", "corrected resampled t" => "t", _ => "W" };
        var value = double.IsInfinity(test.Statistic) ? test.Statistic > 0 ? "∞" : "−∞" : test.Statistic.ToString("0.###", Culture);
        return $"{symbol} {value}";
    }
}
