namespace Hone.Learning.Scores;

/// <summary>
/// Scores of an order: how far the examples of class 1 stand before those of class 0 when they are sorted by an output. Only the order
/// of the outputs matters, so that probabilities and decision values do alike. Equal outputs are taken together.
/// </summary>
public static class RankScores
{
    /// <summary>
    /// Area under the receiver operating characteristic: the probability that an example of class 1 has a larger output than one of
    /// class 0, a tie counting half (Mann and Whitney 1947). NaN where one of the classes is missing or an output is NaN.
    /// </summary>
    /// <param name="isPositive">Whether each example is of class 1.</param>
    /// <param name="outputs">One an example, larger for class 1.</param>
    public static double RocAuc(ReadOnlySpan<bool> isPositive, ReadOnlySpan<double> outputs)
    {
        var (below, pairs, positives) = (0.0, 0.0, 0.0);
        foreach (var (right, wrong) in Ties(isPositive, outputs))
        {
            // From the largest output down: each wrong one stands below the positives so far.
            pairs += wrong * (positives + (right / 2.0));
            positives += right;
            below += wrong;
        }

        return positives == 0 || below == 0 ? double.NaN : pairs / (positives * below);
    }

    /// <summary>
    /// Area under the curve of precision over recall as a sum of steps, the average precision: Σ (Rₙ - Rₙ₋₁) Pₙ over the thresholds from
    /// the largest output down. NaN where no example is of class 1 or an output is NaN.
    /// </summary>
    /// <param name="isPositive">Whether each example is of class 1.</param>
    /// <param name="outputs">One an example, larger for class 1.</param>
    public static double PrAuc(ReadOnlySpan<bool> isPositive, ReadOnlySpan<double> outputs)
    {
        var (sum, positives, all) = (0.0, 0.0, 0.0);
        foreach (var (right, wrong) in Ties(isPositive, outputs))
        {
            positives += right;
            all += right + wrong;
            sum += right * (positives / all);
        }

        return positives == 0 ? double.NaN : sum / positives;
    }

    /// <summary>How many are right and wrong at each different output, from the largest down; nothing where an output is NaN.</summary>
    private static List<(int Right, int Wrong)> Ties(ReadOnlySpan<bool> isPositive, ReadOnlySpan<double> outputs)
    {
        ArgumentOutOfRangeException.ThrowIfZero(outputs.Length, nameof(outputs));
        ArgumentOutOfRangeException.ThrowIfNotEqual(isPositive.Length, outputs.Length, nameof(isPositive));
        var keys = outputs.ToArray();
        var marks = isPositive.ToArray();
        Array.Sort(keys, marks);
        var ties = new List<(int Right, int Wrong)>();
        if (double.IsNaN(keys[0]))
        {
            return ties;
        }

        for (var i = keys.Length - 1; i >= 0;)
        {
            var (right, wrong, value) = (0, 0, keys[i]);
            for (; i >= 0 && keys[i] == value; i--)
            {
                (right, wrong) = marks[i] ? (right + 1, wrong) : (right, wrong + 1);
            }

            ties.Add((right, wrong));
        }

        return ties;
    }
}
