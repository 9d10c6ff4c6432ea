using System.Globalization;
using Hone.Trials;

namespace Hone.Learning.Scores;

/// <summary>Some examples that have something in common.</summary>
/// <param name="Column">The column that they share a value of.</param>
/// <param name="Value">The value, or the range of values, such as <c>29 to 41</c>.</param>
/// <param name="Examples">Their positions, from 0, ascending; at least one.</param>
public sealed record Slice(string Column, string Value, IReadOnlyList<int> Examples);

/// <summary>A score of a slice.</summary>
/// <param name="Slice">Which examples.</param>
/// <param name="Value">Their score; NaN where it is not defined for them, such as the ROC AUC of one class.</param>
public readonly record struct SliceScore(Slice Slice, double Value);

/// <summary>Cuts examples into slices, so that a score that is good on average cannot hide a group that it is bad for.</summary>
public static class Slices
{
    private const int MostValues = 10;

    /// <summary>
    /// The slices of a column: one for each value where it has at most ten different ones, otherwise four by its quartiles, which are
    /// positions ⌊n/4⌋, ⌊n/2⌋ and ⌊3n/4⌋ of the sorted values; equal values are never parted.
    /// </summary>
    /// <param name="column">Its name.</param>
    /// <param name="values">Its value for each example, unscaled; at least one.</param>
    /// <param name="show">How a value is written; null: as a number.</param>
    public static IReadOnlyList<Slice> Of(string column, ReadOnlySpan<double> values, Func<double, string>? show = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(values.Length, nameof(values));
        show ??= value => value.ToString("R", CultureInfo.InvariantCulture);
        var order = Enumerable.Range(0, values.Length).ToArray();
        var sorted = values.ToArray();
        Array.Sort(sorted, order);
        var starts = sorted.Distinct().ToArray();
        if (starts.Length > MostValues)
        {
            starts = [.. new[] { sorted[0], sorted[sorted.Length / 4], sorted[sorted.Length / 2], sorted[(int)(3L * sorted.Length / 4)] }.Distinct()];
        }

        var slices = new List<Slice>(starts.Length);
        var from = 0;
        for (var s = 0; s < starts.Length; s++)
        {
            var to = from;
            while (to < sorted.Length && (s + 1 == starts.Length || sorted[to].CompareTo(starts[s + 1]) < 0))
            {
                to++;
            }

            var examples = order[from..to];
            Array.Sort(examples);
            var (low, high) = (show(sorted[from]), show(sorted[to - 1]));
            slices.Add(new Slice(column, low == high ? low : $"{low} to {high}", examples));
            from = to;
        }

        return slices;
    }

    /// <summary>The score of each slice.</summary>
    public static IReadOnlyList<SliceScore> Score(Score score, Predictions predictions, IEnumerable<Slice> slices)
    {
        ArgumentNullException.ThrowIfNull(score);
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(slices);
        return [.. slices.Select(slice => new SliceScore(slice, score.Of(predictions.Select(slice.Examples))))];
    }

    /// <summary>The slice that is worst off, the first of equals; null where no slice has a score.</summary>
    public static SliceScore? Worst(IReadOnlyList<SliceScore> scores, Goal goal)
    {
        ArgumentNullException.ThrowIfNull(scores);
        SliceScore? worst = null;
        foreach (var score in scores)
        {
            if (!double.IsNaN(score.Value)
                && (worst is null || (goal == Goal.Maximize ? score.Value < worst.Value.Value : score.Value > worst.Value.Value)))
            {
                worst = score;
            }
        }

        return worst;
    }
}
