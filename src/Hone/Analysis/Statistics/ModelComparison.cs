using Hone.Trials;

namespace Hone.Analysis.Statistics;

/// <summary>Two models, compared on the same blocks.</summary>
/// <param name="First">Name of the better one by mean rank.</param>
/// <param name="Second">Name of the other one.</param>
/// <param name="MeanDifference">Of their scores, first minus second, in the score's unit.</param>
/// <param name="NemenyiP">By the difference of mean ranks, already adjusted for all pairs; depends on which other models are
/// compared.</param>
/// <param name="Wilcoxon">Signed ranks of the differences, not adjusted.</param>
/// <param name="HolmP">Wilcoxon's p by Holm over all pairs: the one to go by.</param>
/// <param name="FinnerP">Wilcoxon's p by Finner over all pairs.</param>
public sealed record PairComparison(
    string First, string Second, double MeanDifference, double NemenyiP, TestResult Wilcoxon, double HolmP, double FinnerP);

/// <summary>Which of several models are better than others, over the same blocks: data sets, or folds of one.</summary>
/// <remarks>
/// The method of Fernandez-Lozano et al., "A methodology for the design of experiments in computational intelligence with multiple
/// regression models", PeerJ 4 (2016): normality (Shapiro-Wilk) and equal variances (Bartlett) are checked; where both hold, analysis of
/// variance of repeated measures decides whether there is a difference at all, otherwise Friedman's test by Iman and Davenport. Then pairs.
/// Pairs by Wilcoxon and Holm are preferred to Nemenyi, as Benavoli, Corani and Mangili, JMLR 17 (2016), argue. Folds of one data set share
/// training rows: for two models on one, see <see cref="CorrectedResampledT"/>.
/// </remarks>
public sealed record ModelComparison
{
    /// <summary>The models, the best mean rank first.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>Mean rank of each model, beside <see cref="Models"/>; 1 is the best of every block.</summary>
    public required IReadOnlyList<double> MeanRanks { get; init; }

    /// <summary>Mean score of each model, beside <see cref="Models"/>.</summary>
    public required IReadOnlyList<double> MeanScores { get; init; }

    /// <summary>How many blocks there are.</summary>
    public required int Blocks { get; init; }

    /// <summary>The level of all decisions.</summary>
    public required double Alpha { get; init; }

    /// <summary>
    /// Shapiro-Wilk of each model's scores, beside <see cref="Models"/>; null with fewer than 3 or more than 5,000 blocks, or if all scores are equal.
    /// </summary>
    public required IReadOnlyList<TestResult?> Normality { get; init; }

    /// <summary>Bartlett's test of the models' scores; null where a variance is 0.</summary>
    public required TestResult? EqualVariances { get; init; }

    /// <summary>Whether scores may be taken for normal with equal variances.</summary>
    public bool IsParametric =>
        Normality.Append(EqualVariances).All(assumption => assumption is { } test && !test.IsSignificant(Alpha));

    /// <summary>Friedman's test.</summary>
    public required FriedmanResult Friedman { get; init; }

    /// <summary>Analysis of variance of repeated measures; null where scores have no variance beside the models'.</summary>
    public required TestResult? Anova { get; init; }

    /// <summary>The test that decides whether there is a difference at all.</summary>
    public TestResult Decisive => IsParametric && Anova is { } anova ? anova : Friedman.F;

    /// <summary>Whether there is.</summary>
    public bool IsDifferent => Decisive.IsSignificant(Alpha);

    /// <summary>Nemenyi's: mean ranks that differ by less are not told apart.</summary>
    public required double CriticalDifference { get; init; }

    /// <summary>
    /// The bars of the critical difference diagram: the largest runs of models, best first, whose mean ranks lie within the critical
    /// difference.
    /// </summary>
    public required IReadOnlyList<IReadOnlyList<string>> Indistinct { get; init; }

    /// <summary>All pairs of models, in the order of the ranks.</summary>
    public required IReadOnlyList<PairComparison> Pairs { get; init; }

    /// <summary>Compares models.</summary>
    /// <param name="models">Names, at least two.</param>
    /// <param name="blocks">At least two rows, each with one finite score a model.</param>
    /// <param name="goal">Which scores are better.</param>
    /// <param name="alpha">Level, in (0, 1).</param>
    /// <exception cref="ArgumentException">Names and scores don't fit, or there are too few.</exception>
    public static ModelComparison Of(IReadOnlyList<string> models, IReadOnlyList<double[]> blocks, Goal goal, double alpha = 0.05)
    {
        ArgumentNullException.ThrowIfNull(models);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(alpha, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(alpha, 1);
        var (n, k) = Statistics.Blocks.Check(blocks);
        if (models.Count != k)
        {
            throw new ArgumentException($"{models.Count} names for {k} models. Name each.", nameof(models));
        }

        double[][] signed = [.. blocks.Select(block => block.Select(score => goal == Goal.Minimize ? score : -score).ToArray())];
        var ranks = Statistics.Friedman.Of(signed).MeanRanks;
        int[] order = [.. Enumerable.Range(0, k).OrderBy(j => ranks[j])];
        double[][] columns = [.. order.Select(j => blocks.Select(block => block[j]).ToArray())];
        double[][] sorted = [.. signed.Select(block => order.Select(j => block[j]).ToArray())];
        string[] names = [.. order.Select(j => models[j])];
        var friedman = Statistics.Friedman.Of(sorted);
        var critical = Statistics.Friedman.CriticalDifference(k, n, alpha);
        var anova = VarianceTests.RepeatedAnova(sorted);
        return new ModelComparison
        {
            Models = names,
            MeanRanks = friedman.MeanRanks,
            MeanScores = [.. columns.Select(column => column.Average())],
            Blocks = n,
            Alpha = alpha,
            Normality = [.. columns.Select(column => n is >= 3 and <= 5000 && Varies(column) ? ShapiroWilk.Of(column) : null)],
            EqualVariances = columns.All(Varies) ? VarianceTests.Bartlett(columns) : null,
            Friedman = friedman,
            Anova = double.IsFinite(anova.Statistic) ? anova : null,
            CriticalDifference = critical,
            Indistinct = Runs(names, friedman.MeanRanks, critical),
            Pairs = PairsOf(names, columns, friedman.MeanRanks),
        };
    }

    private static bool Varies(double[] values) => values.Max() > values.Min();

    private static List<IReadOnlyList<string>> Runs(string[] names, IReadOnlyList<double> ranks, double critical)
    {
        var runs = new List<IReadOnlyList<string>>();
        var covered = 0;
        for (var from = 0; from < names.Length; from++)
        {
            var to = from;
            while (to < names.Length && ranks[to] - ranks[from] <= critical)
            {
                to++;
            }

            if (to - from > 1 && to > covered)
            {
                runs.Add(names[from..to]);
                covered = to;
            }
        }

        return runs;
    }

    private static IReadOnlyList<PairComparison> PairsOf(string[] names, double[][] columns, IReadOnlyList<double> ranks)
    {
        var (k, n) = (names.Length, columns[0].Length);
        var pairs = Enumerable.Range(0, k).SelectMany(i => Enumerable.Range(i + 1, k - i - 1).Select(j => (First: i, Second: j))).ToArray();
        double[][] differences = [.. pairs.Select(pair => columns[pair.First].Zip(columns[pair.Second], (a, b) => a - b).ToArray())];
        TestResult[] tests = [.. differences.Select(d => Wilcoxon.Of(d))];
        double[] p = [.. tests.Select(test => test.P)];
        var (holm, finner) = (Adjustment.Holm(p), Adjustment.Finner(p));
        return [.. pairs.Select((pair, i) => new PairComparison(
            names[pair.First], names[pair.Second], differences[i].Average(),
            Statistics.Friedman.NemenyiP(ranks[pair.Second] - ranks[pair.First], k, n), tests[i], holm[i], finner[i]))];
    }
}
