namespace Hone.Analysis.Importance;

/// <summary>The analysis of variance of a random forest, grown on trials that all have the same active parameters.</summary>
/// <remarks>Breiman, "Random Forests", Machine Learning 45 (2001), with all parameters tried at every split.</remarks>
internal sealed class ForestVariance
{
    private readonly int[] _axes;

    public ForestVariance(StudyTable table, double[] y, int[] rows, FanovaOptions options)
    {
        Trials = rows.Length;
        Mean = rows.Average(row => y[row]);
        Mains = new double[table.Axes.Count];
        Deviations = new double[table.Axes.Count];
        _axes = [.. Enumerable.Range(0, table.Axes.Count).Where(axis => !double.IsNaN(table.Units(axis)[rows[0]]))];
        int[] levels = [.. _axes.Select(axis => LevelsOf(table.Axes[axis]))];
        double[][] x = [.. _axes.Select(axis => rows.Select(row => table.Units(axis)[row]).ToArray())];
        Fill(Trees(x, [.. rows.Select(row => y[row])], levels, options), options.PairsOf);
    }

    public int Trials { get; }

    public double Mean { get; }

    /// <summary>The variance over the box, on average over the trees.</summary>
    public double Total { get; private set; }

    /// <summary>The share of each axis of the table; 0 for one that is not active.</summary>
    public double[] Mains { get; }

    public double[] Deviations { get; }

    public Dictionary<(int First, int Second), double> Pairs { get; } = [];

    private static int LevelsOf(Axis axis) =>
        axis.Kind == AxisKind.Categorical && axis.Levels.Count <= RegressionTree.MostLevels ? axis.Levels.Count : 0;

    private static List<TreeVariance> Trees(double[][] x, double[] y, int[] levels, FanovaOptions options)
    {
        var trees = new List<TreeVariance>(options.Trees);
        var sample = new int[Math.Min(y.Length, options.MostTrials)];
        for (var i = 0; i < options.Trees; i++)
        {
            var random = new SeededRandom(SeededRandom.Derive((ulong)options.Seed, (ulong)i));
            for (var j = 0; j < sample.Length; j++)
            {
                sample[j] = random.Next(y.Length);
            }

            var tree = new RegressionTree(x, y, levels);
            trees.Add(new TreeVariance(tree, tree.Grow(sample), levels));
        }

        return trees;
    }

    // A tree without variance says nothing of who has what share of it.
    private void Fill(List<TreeVariance> trees, int pairsOf)
    {
        Total = trees.Average(tree => tree.Total);
        var telling = trees.Where(tree => tree.Total > 0).ToArray();
        if (telling.Length == 0)
        {
            return;
        }

        for (var i = 0; i < _axes.Length; i++)
        {
            double[] shares = [.. telling.Select(tree => tree.Mains[i] / tree.Total)];
            var mean = Mains[_axes[i]] = shares.Average();
            Deviations[_axes[i]] = Math.Sqrt(shares.Sum(share => (share - mean) * (share - mean)) / shares.Length);
        }

        int[] strongest = [.. Enumerable.Range(0, _axes.Length).OrderByDescending(i => Mains[_axes[i]]).Take(pairsOf).Order()];
        foreach (var first in strongest)
        {
            foreach (var second in strongest.Where(i => i > first))
            {
                Pairs[(_axes[first], _axes[second])] = telling.Average(tree => tree.Pair(first, second) / tree.Total);
            }
        }
    }
}
