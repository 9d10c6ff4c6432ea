namespace Hone.Analysis.Importance;

/// <summary>How <see cref="Fanova"/> works.</summary>
public sealed record FanovaOptions
{
    /// <summary>Trees of the forest; at least 1.</summary>
    public int Trees { get; init; } = 64;

    /// <summary>Pairs are taken of this many of the most important parameters; 0: no pairs.</summary>
    public int PairsOf { get; init; } = 8;

    /// <summary>The fewest trials with the same active parameters that a forest is grown on; groups with fewer are left out.</summary>
    public int FewestTrials { get; init; } = 8;

    /// <summary>The most trials that one tree is grown on, drawn from all; more trees see more of a large study.</summary>
    public int MostTrials { get; init; } = 2000;

    /// <summary>Fixes which trials each tree is grown on.</summary>
    public int Seed { get; init; }
}

/// <summary>fANOVA: what share of a metric's variance over the whole space is due to each parameter, and to each pair of them.</summary>
/// <remarks>
/// <para>
/// Hutter, Hoos and Leyton-Brown, "An Efficient Approach for Assessing Hyperparameter Importance", ICML 2014. A random forest is grown on
/// the trials; a tree's mean over all parameters but some is had exactly from its leaves. V_j = Var(E[f | x_j]), V_jk = Var(E[f | x_j,
/// x_k]) - V_j - V_k, each over the tree's whole variance, averaged over the trees. Volumes are on each parameter's own scale, so a log
/// scale counts as such.
/// </para>
/// <para>
/// Where parameters are conditional, trials are grouped by which are active; each group has its forest, and counts with its share of the
/// trials times its variance. The variance between the groups' means goes to the parameters that decide what is active.
/// </para>
/// <para>
/// Trees are grown down to single values, so noise of the metric shows as importance of interactions rather than of single parameters. A
/// listed parameter with more than 64 levels without order is taken in the order of its list.
/// </para>
/// </remarks>
public static class Fanova
{
    /// <summary>The importance of every parameter for a metric.</summary>
    /// <param name="table">The study.</param>
    /// <param name="metric">The metric, of learning or of the system.</param>
    /// <param name="options">How; null: the defaults.</param>
    /// <exception cref="ArgumentException">No complete trial has the metric.</exception>
    public static ImportanceResult Of(StudyTable table, string metric, FanovaOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        options ??= new FanovaOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Trees, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MostTrials, 1, nameof(options));
        var y = table[metric].ToArray();
        var groups = table.RowsWith(metric)
            .GroupBy(row => ActiveAt(table, row))
            .Select(rows => rows.ToArray())
            .Where(rows => rows.Length >= options.FewestTrials)
            .Select(rows => new ForestVariance(table, y, rows, options))
            .ToArray();
        return Combine(table, metric, groups);
    }

    private static string ActiveAt(StudyTable table, int row) =>
        string.Concat(Enumerable.Range(0, table.Axes.Count).Select(axis => double.IsNaN(table.Units(axis)[row]) ? '0' : '1'));

    private static ImportanceResult Combine(StudyTable table, string metric, ForestVariance[] groups)
    {
        var count = groups.Sum(group => group.Trials);
        var mean = groups.Sum(group => group.Trials * group.Mean) / Math.Max(1, count);
        var between = groups.Sum(group => group.Trials * (group.Mean - mean) * (group.Mean - mean)) / Math.Max(1, count);
        var total = between + (groups.Sum(group => group.Trials * group.Total) / Math.Max(1, count));
        double Weight(ForestVariance group) => total > 0 ? group.Trials * group.Total / count / total : 0;

        var activation = groups.Length > 1 && total > 0 ? between / total : 0;
        var deciding = table.Axes.Select(axis => axis.Name).Intersect(table.Axes.SelectMany(axis => axis.Parents)).ToArray();
        return new ImportanceResult
        {
            Metric = metric,
            Method = "fanova",
            Trials = count,
            Activation = activation,
            Parameters = ImportanceResult.Ranked(table.Axes.Select((axis, i) => (
                axis.Name,
                groups.Sum(group => Weight(group) * group.Mains[i]) + (deciding.Contains(axis.Name) ? activation / deciding.Length : 0),
                Math.Sqrt(groups.Sum(group => Math.Pow(Weight(group) * group.Deviations[i], 2)))))),
            Pairs = [.. groups.SelectMany(group => group.Pairs.Select(pair => (pair.Key, Value: Weight(group) * pair.Value)))
                .GroupBy(pair => pair.Key)
                .Select(pair => new PairImportance(
                    table.Axes[pair.Key.First].Name, table.Axes[pair.Key.Second].Name, pair.Sum(p => p.Value)))
                .OrderByDescending(pair => pair.Raw)],
        };
    }
}
