using System.Numerics;

namespace Hone.Analysis.Importance;

/// <summary>
/// A leaf of a tree: the box that it covers and its value. A listed axis is covered by a set of levels, other axes by an interval.
/// </summary>
/// <param name="Value">The mean of the trials in the leaf.</param>
/// <param name="Low">Lower ends.</param>
/// <param name="High">Upper ends.</param>
/// <param name="Levels">The levels covered, a bit each; 0 for an axis that is an interval.</param>
internal sealed record Leaf(double Value, double[] Low, double[] High, ulong[] Levels);

/// <summary>Splits the unit box by least squares, down to single values, as a tree of a random forest does.</summary>
/// <remarks>
/// Breiman et al., "Classification and Regression Trees" (1984). Levels without an order are split by the order of their means, which
/// finds the best of all subsets. Only the leaves are kept: the analysis of variance needs no more.
/// </remarks>
/// <param name="x">The coordinates, axis by axis.</param>
/// <param name="y">The values.</param>
/// <param name="levels">For each axis the number of its levels without order, at most 64; 0 for an interval.</param>
internal sealed class RegressionTree(double[][] x, double[] y, int[] levels)
{
    private const int MostDepth = 64;
    private readonly List<Leaf> _leaves = [];
    private readonly double[] _keys = new double[y.Length];
    private readonly int[] _sorted = new int[y.Length];

    /// <summary>The most levels without order that an axis can have.</summary>
    public const int MostLevels = 64;

    /// <summary>Grows a tree on some rows, each as often as it stands there.</summary>
    public IReadOnlyList<Leaf> Grow(int[] rows)
    {
        _leaves.Clear();
        var everything = levels.Select(count => count == 0 ? 0 : count == MostLevels ? ulong.MaxValue : (1UL << count) - 1).ToArray();
        Grow(rows, new Leaf(0, new double[x.Length], [.. Enumerable.Repeat(1.0, x.Length)], everything), 0);
        return [.. _leaves];
    }

    private void Grow(Span<int> rows, Leaf box, int depth)
    {
        if (depth == MostDepth || Best(rows) is not { } split)
        {
            var sum = 0.0;
            foreach (var row in rows)
            {
                sum += y[row];
            }

            _leaves.Add(box with { Value = sum / rows.Length });
            return;
        }

        var left = Partition(rows, split);
        Grow(rows[..left], Lower(box, split), depth + 1);
        Grow(rows[left..], Upper(box, split), depth + 1);
    }

    private static Leaf Lower(Leaf box, Split split) => split.Levels == 0
        ? box with { High = With(box.High, split.Axis, split.Threshold) }
        : box with { Levels = With(box.Levels, split.Axis, box.Levels[split.Axis] & split.Levels) };

    private static Leaf Upper(Leaf box, Split split) => split.Levels == 0
        ? box with { Low = With(box.Low, split.Axis, split.Threshold) }
        : box with { Levels = With(box.Levels, split.Axis, box.Levels[split.Axis] & ~split.Levels) };

    private static T[] With<T>(T[] values, int index, T value)
    {
        var copy = (T[])values.Clone();
        copy[index] = value;
        return copy;
    }

    private int Partition(Span<int> rows, Split split)
    {
        var left = 0;
        for (var i = 0; i < rows.Length; i++)
        {
            if (GoesLeft(rows[i], split))
            {
                (rows[left], rows[i]) = (rows[i], rows[left]);
                left++;
            }
        }

        return left;
    }

    private bool GoesLeft(int row, Split split) => split.Levels == 0
        ? x[split.Axis][row] <= split.Threshold
        : (split.Levels >> Level(split.Axis, row) & 1) != 0;

    private int Level(int axis, int row) => Math.Min((int)(x[axis][row] * levels[axis]), levels[axis] - 1);

    private Split? Best(Span<int> rows)
    {
        var (gain, best) = (0.0, (Split?)null);
        for (var axis = 0; axis < x.Length; axis++)
        {
            var split = levels[axis] == 0 ? BestOfInterval(rows, axis) : BestOfLevels(rows, axis);
            if (split is { } found && found.Gain > gain)
            {
                (gain, best) = (found.Gain, found);
            }
        }

        return best;
    }

    private Split? BestOfInterval(Span<int> rows, int axis)
    {
        var keys = _keys.AsSpan(0, rows.Length);
        var sorted = _sorted.AsSpan(0, rows.Length);
        rows.CopyTo(sorted);
        for (var i = 0; i < rows.Length; i++)
        {
            keys[i] = x[axis][rows[i]];
        }

        keys.Sort(sorted);
        if (keys[0] == keys[^1])
        {
            return null;
        }

        return BestCut(keys, sorted) is { } cut ? new Split(axis, (keys[cut.At] + keys[cut.At + 1]) / 2, 0, cut.Gain) : null;
    }

    private Split? BestOfLevels(Span<int> rows, int axis)
    {
        Span<double> sums = stackalloc double[MostLevels];
        Span<int> counts = stackalloc int[MostLevels];
        foreach (var row in rows)
        {
            sums[Level(axis, row)] += y[row];
            counts[Level(axis, row)]++;
        }

        // The key of a row is the mean of its level, and the level itself where two levels have equal means.
        Span<double> means = stackalloc double[levels[axis]];
        Span<int> order = stackalloc int[levels[axis]];
        for (var level = 0; level < levels[axis]; level++)
        {
            means[level] = counts[level] == 0 ? double.PositiveInfinity : sums[level] / counts[level];
            order[level] = level;
        }

        means.Sort(order);
        Span<int> rank = stackalloc int[levels[axis]];
        for (var i = 0; i < rank.Length; i++)
        {
            rank[order[i]] = i;
        }

        var keys = _keys.AsSpan(0, rows.Length);
        var sorted = _sorted.AsSpan(0, rows.Length);
        rows.CopyTo(sorted);
        for (var i = 0; i < rows.Length; i++)
        {
            keys[i] = rank[Level(axis, rows[i])];
        }

        keys.Sort(sorted);
        if (keys[0] == keys[^1] || BestCut(keys, sorted) is not { } cut)
        {
            return null;
        }

        var below = 0UL;
        for (var i = 0; i <= (int)keys[cut.At]; i++)
        {
            below |= 1UL << order[i];
        }

        return new Split(axis, 0, below, cut.Gain);
    }

    // Where to cut sorted rows so that the sum of squares falls most; null if it does not fall.
    private (int At, double Gain)? BestCut(ReadOnlySpan<double> keys, ReadOnlySpan<int> sorted)
    {
        var total = 0.0;
        foreach (var row in sorted)
        {
            total += y[row];
        }

        var (left, best, at) = (0.0, 0.0, -1);
        var mean = total / sorted.Length;
        for (var i = 0; i < sorted.Length - 1; i++)
        {
            // Counted from the mean: then the gain is a difference of small numbers.
            left += y[sorted[i]] - mean;
            var gain = left * left * ((1.0 / (i + 1)) + (1.0 / (sorted.Length - i - 1)));
            if (keys[i] < keys[i + 1] && gain > best)
            {
                (best, at) = (gain, i);
            }
        }

        return at >= 0 && best > 1e-24 * ((mean * mean) + 1e-300) ? (at, best) : null;
    }

    private readonly record struct Split(int Axis, double Threshold, ulong Levels, double Gain);

    /// <summary>The share of an axis that a leaf covers.</summary>
    public double Extent(Leaf leaf, int axis) => levels[axis] == 0
        ? leaf.High[axis] - leaf.Low[axis]
        : (double)BitOperations.PopCount(leaf.Levels[axis]) / levels[axis];
}
