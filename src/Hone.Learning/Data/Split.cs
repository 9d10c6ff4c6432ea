namespace Hone.Learning.Data;

/// <summary>Row numbers to learn from, and row numbers to judge by. They share no row.</summary>
/// <param name="Training">To learn from, in order.</param>
/// <param name="Validation">To judge by, in order.</param>
public sealed record Split(int[] Training, int[] Validation)
{
    /// <summary>The seed of the split that Hone uses unless told otherwise, so that all trials are judged by the same rows.</summary>
    public const ulong DefaultSeed = 20231;

    /// <summary>Holds out a share of the rows for validation.</summary>
    /// <param name="rows">How many rows there are; at least 2.</param>
    /// <param name="heldOut">The share of rows for validation, above 0 and below 1; each part gets at least one row.</param>
    /// <param name="seed">Fixes the rows: training gets the first floor((1 - share) n) of <see cref="Permutation.Of"/>.</param>
    public static Split HoldOut(int rows, double heldOut = 0.3, ulong seed = DefaultSeed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 2);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(heldOut, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(heldOut, 1);
        var order = Permutation.Of(seed, rows);

        // 1 - 0.3 is 0.7 less a rounding, and 0.7 x 10 must be 7.
        var training = Math.Clamp((int)Math.Floor(((1 - heldOut) * rows) + 1e-9), 1, rows - 1);
        return new Split(order[..training], order[training..]);
    }

    /// <summary>Splits rows into k parts, each of which validates once: the row at position p goes to part p mod k.</summary>
    /// <param name="rows">Row numbers in shuffled order, such as <see cref="Training"/> of a hold-out.</param>
    /// <param name="folds">k: at least 2, and no more than there are rows.</param>
    public static IReadOnlyList<Split> Folds(ReadOnlySpan<int> rows, int folds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(folds, rows.Length);
        var splits = new List<Split>(folds);
        for (var fold = 0; fold < folds; fold++)
        {
            var training = new List<int>(rows.Length);
            var validation = new List<int>((rows.Length / folds) + 1);
            for (var p = 0; p < rows.Length; p++)
            {
                (p % folds == fold ? validation : training).Add(rows[p]);
            }

            splits.Add(new Split([.. training], [.. validation]));
        }

        return splits;
    }
}
