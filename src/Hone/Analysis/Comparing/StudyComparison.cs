using Hone.Analysis.Statistics;
using Hone.Trials;

namespace Hone.Analysis.Comparing;

/// <summary>Which of several models, each tuned by a study of its own on each data set, is better.</summary>
/// <remarks>
/// <para>
/// The best trial of each study stands for its model. With one data set its folds are the blocks: all models at once are tested by the
/// method of <see cref="ModelComparison"/>, and each pair by the <see cref="CorrectedResampledT"/>, because folds share training rows. With
/// several data sets each is a block, or each fold of each; ranks decide (Friedman, then Wilcoxon and Holm), because scores of different data
/// sets have no common scale, whatever the tests of normality and variance say of them (Demsar, JMLR 7, 2006).
/// </para>
/// <para>Two models have one pair: its test decides. Of more, pairs are judged only where the test of all finds a difference.</para>
/// </remarks>
public sealed record StudyComparison
{
    /// <summary>What was asked.</summary>
    public required ComparisonOptions Options { get; init; }

    /// <summary>What the blocks are.</summary>
    public required BlockKind Kind { get; init; }

    /// <summary>The models, the best mean rank first; with one block the best score first.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>The data sets that count, in the order given.</summary>
    public required IReadOnlyList<string> Data { get; init; }

    /// <summary>The names of the blocks.</summary>
    public required IReadOnlyList<string> Blocks { get; init; }

    /// <summary>The scores: a row a block, beside <see cref="Blocks"/>, with one a model, in the order of <see cref="Models"/>.</summary>
    public required IReadOnlyList<double[]> Scores { get; init; }

    /// <summary>The studies that count: for each data set one a model.</summary>
    public required IReadOnlyList<Contender> Contenders { get; init; }

    /// <summary>What was left out and why, a sentence without its full stop each.</summary>
    public required IReadOnlyList<string> Dropped { get; init; }

    /// <summary>All tests by blocks; null with one block, which leaves nothing to test.</summary>
    public ModelComparison? Tests { get; init; }

    /// <summary>Rows that a fold is judged by, over those that it learns from, of the corrected resampled t; null with several data sets or one block.</summary>
    public double? TestRatio { get; init; }

    /// <summary>The test that decides whether there is a difference at all; null with one block.</summary>
    public TestResult? Decisive { get; init; }

    /// <summary>Whether there is.</summary>
    public bool IsDifferent => Decisive is { } test && test.IsSignificant(Options.Alpha);

    /// <summary>All pairs of models in the order of the ranks; empty with one block.</summary>
    public IReadOnlyList<PairVerdict> Pairs { get; init; } = [];

    /// <summary>What must be known to read the results, a sentence each.</summary>
    public IReadOnlyList<string> Notes => ComparisonNotes.Of(this);

    /// <summary>Compares.</summary>
    /// <param name="contenders">The studies: at least two models, each once on each data set.</param>
    /// <param name="options">What to compare, and how.</param>
    /// <exception cref="StudyComparisonException">They cannot be compared; the message says why.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A level or share is out of its range.</exception>
    public static StudyComparison Of(IReadOnlyList<Contender> contenders, ComparisonOptions options)
    {
        ArgumentNullException.ThrowIfNull(contenders);
        ArgumentNullException.ThrowIfNull(options);
        Check(options.Alpha);
        Check(options.TestShare ?? 0.5);
        var table = new BlockTable(contenders, options);
        double[][] rows = [.. table.Rows.Select(row => row.Scores)];
        var tests = rows.Length > 1 ? ModelComparison.Of(table.Models, rows, options.Goal, options.Alpha) : null;
        var models = tests?.Models ?? [.. table.Models.Index().OrderBy(model => options.Goal == Goal.Minimize ? rows[0][model.Index] : -rows[0][model.Index]).Select(model => model.Item)];
        int[] places = [.. models.Select(model => table.Models.Index().First(m => m.Item == model).Index)];
        var comparison = new StudyComparison
        {
            Options = options,
            Kind = table.Kind,
            Models = models,
            Data = table.Data,
            Blocks = [.. table.Rows.Select(row => row.Name)],
            Scores = [.. rows.Select(row => places.Select(place => row[place]).ToArray())],
            Contenders = table.Contenders,
            Dropped = table.Dropped,
            Tests = tests,
        };
        return tests is null ? comparison : comparison.Judge(tests);
    }

    /// <summary>The scores of a model, a block each.</summary>
    public IReadOnlyList<double> ScoresOf(string model)
    {
        var place = Models.Index().First(m => m.Item == model).Index;
        return [.. Scores.Select(row => row[place])];
    }

    private static void Check(double share)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(share, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(share, 1);
    }

    private StudyComparison Judge(ModelComparison tests)
    {
        var ratio = Kind == BlockKind.Folds ? Ratio() : (double?)null;
        double[][] differences = [.. tests.Pairs.Select(pair => ScoresOf(pair.First).Zip(ScoresOf(pair.Second), (a, b) => a - b).ToArray())];
        DifferenceResult?[] resampled = [.. differences.Select(d => ratio is { } r ? CorrectedResampledT.Of(d, r, 1 - Options.Alpha) : null)];
        double[] p = [.. tests.Pairs.Select((pair, i) => resampled[i]?.Test.P ?? Math.Max(pair.Wilcoxon.P, LeastP(differences[i].Count(d => d != 0))))];
        var adjusted = Adjustment.Holm(p);
        var decisive = Models.Count == 2 ? (resampled[0]?.Test ?? tests.Pairs[0].Wilcoxon with { P = p[0] })
            : Kind == BlockKind.Folds ? tests.Decisive
            : tests.Friedman.F;
        var isDifferent = decisive.IsSignificant(Options.Alpha);
        return this with
        {
            TestRatio = ratio,
            Decisive = decisive,
            Pairs = [.. tests.Pairs.Select((pair, i) => new PairVerdict(
                pair, resampled[i], p[i], adjusted[i], isDifferent && adjusted[i] < Options.Alpha ? Better(pair, differences[i], ratio is not null) : null))],
        };
    }

    /// <summary>No exact two-sided test of n differences by their signs has a smaller p.</summary>
    internal static double LeastP(int differences) => Math.Min(1, Math.Pow(2, 1 - differences));

    // By the mean where means were tested, by the larger rank sum where ranks were.
    private string Better(PairComparison pair, double[] differences, bool byMeans)
    {
        var ranks = Ranks.Of([.. differences.Select(Math.Abs)]);
        var balance = byMeans ? differences.Average() : differences.Zip(ranks, (d, rank) => Math.Sign(d) * rank).Sum();
        return balance < 0 == (Options.Goal == Goal.Minimize) ? pair.First : pair.Second;
    }

    private double Ratio() =>
        Options.TestShare is { } share ? share / (1 - share)
        : Contenders.Select(contender => contender.TestRatio).FirstOrDefault(ratio => ratio is not null)
        ?? 1.0 / (Scores.Count - 1);
}
