namespace Hone.Analysis.Importance;

/// <summary>
/// The analysis of variance of one tree over the unit box: what share of its variance each axis and each pair of axes has.
/// </summary>
/// <remarks>
/// A tree is constant on boxes, so its mean over all other axes is constant between neighbouring cuts of an axis, and the variance of that
/// mean is a finite sum.
/// </remarks>
internal sealed class TreeVariance
{
    private readonly RegressionTree _tree;
    private readonly IReadOnlyList<Leaf> _leaves;
    private readonly double[] _volumes;
    private readonly Cut[] _cuts;
    private readonly double _mean;

    /// <param name="tree">The tree.</param>
    /// <param name="leaves">Its leaves.</param>
    /// <param name="levels">For each axis the number of its levels without order; 0 for an interval.</param>
    public TreeVariance(RegressionTree tree, IReadOnlyList<Leaf> leaves, int[] levels)
    {
        _tree = tree;
        _leaves = leaves;
        _cuts = [.. levels.Select((count, axis) => count == 0 ? Cut.Intervals(leaves, axis) : Cut.Even(leaves, axis, count))];
        _volumes = [.. leaves.Select(VolumeOf)];
        for (var i = 0; i < leaves.Count; i++)
        {
            _mean += _volumes[i] * leaves[i].Value;
        }

        for (var i = 0; i < leaves.Count; i++)
        {
            Total += _volumes[i] * (leaves[i].Value - _mean) * (leaves[i].Value - _mean);
        }

        Mains = [.. Enumerable.Range(0, levels.Length).Select(Main)];
    }

    /// <summary>The whole variance.</summary>
    public double Total { get; }

    /// <summary>The variance of the mean over all other axes, axis by axis.</summary>
    public double[] Mains { get; }

    /// <summary>The variance that two axes have together, without what each has by itself.</summary>
    public double Pair(int first, int second)
    {
        var (a, b) = (_cuts[first], _cuts[second]);
        var width = b.Count + 1;
        var changes = new double[(a.Count + 1) * width];
        for (var i = 0; i < _leaves.Count; i++)
        {
            var weight = _volumes[i] / _tree.Extent(_leaves[i], first) / _tree.Extent(_leaves[i], second) * (_leaves[i].Value - _mean);
            foreach (var (fromA, toA) in a.Ranges[i])
            {
                foreach (var (fromB, toB) in b.Ranges[i])
                {
                    changes[(fromA * width) + fromB] += weight;
                    changes[(fromA * width) + toB] -= weight;
                    changes[(toA * width) + fromB] -= weight;
                    changes[(toA * width) + toB] += weight;
                }
            }
        }

        return Math.Max(0, SumOfSquares(changes, a, b) - Mains[first] - Mains[second]);
    }

    private double VolumeOf(Leaf leaf)
    {
        var volume = 1.0;
        for (var axis = 0; axis < _cuts.Length; axis++)
        {
            volume *= _tree.Extent(leaf, axis);
        }

        return volume;
    }

    // Running sums along both axes turn the changes at the corners of the boxes into the mean of each cell.
    private static double SumOfSquares(double[] changes, Cut a, Cut b)
    {
        var width = b.Count + 1;
        var sum = 0.0;
        for (var p = 0; p < a.Count; p++)
        {
            var row = 0.0;
            for (var q = 0; q < b.Count; q++)
            {
                row += changes[(p * width) + q];
                var mean = changes[(p * width) + q] = row + (p == 0 ? 0 : changes[((p - 1) * width) + q]);
                sum += a.Widths[p] * b.Widths[q] * mean * mean;
            }
        }

        return sum;
    }

    private double Main(int axis)
    {
        var cut = _cuts[axis];
        var changes = new double[cut.Count + 1];
        for (var i = 0; i < _leaves.Count; i++)
        {
            var weight = _volumes[i] / _tree.Extent(_leaves[i], axis) * (_leaves[i].Value - _mean);
            foreach (var (from, to) in cut.Ranges[i])
            {
                changes[from] += weight;
                changes[to] -= weight;
            }
        }

        var (mean, sum) = (0.0, 0.0);
        for (var cell = 0; cell < cut.Count; cell++)
        {
            mean += changes[cell];
            sum += cut.Widths[cell] * mean * mean;
        }

        return sum;
    }

    /// <summary>The cells of an axis, within which no leaf begins or ends, and the ranges of cells that each leaf covers.</summary>
    private sealed class Cut
    {
        private Cut(double[] widths, (int From, int To)[][] ranges) => (Widths, Ranges) = (widths, ranges);

        public double[] Widths { get; }

        public (int From, int To)[][] Ranges { get; }

        public int Count => Widths.Length;

        public static Cut Intervals(IReadOnlyList<Leaf> leaves, int axis)
        {
            double[] bounds = [.. leaves.Select(leaf => leaf.Low[axis]).Append(1).Distinct().Order()];
            double[] widths = [.. bounds.Skip(1).Select((bound, i) => bound - bounds[i])];
            return new Cut(widths, [.. leaves.Select(leaf => new[]
            {
                (Array.BinarySearch(bounds, leaf.Low[axis]), Array.BinarySearch(bounds, leaf.High[axis])),
            })]);
        }

        public static Cut Even(IReadOnlyList<Leaf> leaves, int axis, int count) => new(
            [.. Enumerable.Repeat(1.0 / count, count)],
            [.. leaves.Select(leaf => Enumerable.Range(0, count).Where(level => (leaf.Levels[axis] >> level & 1) != 0)
                .Select(level => (level, level + 1)).ToArray())]);
    }
}
