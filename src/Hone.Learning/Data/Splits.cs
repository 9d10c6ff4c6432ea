namespace Hone.Learning.Data;

/// <summary>Which rows may stand in training and which in validation.</summary>
public enum SplitKind
{
    /// <summary>Any.</summary>
    Plain,

    /// <summary>Each class has the same share of both, as nearly as can be.</summary>
    Stratified,

    /// <summary>All rows of a group, such as a patient, stand on one side.</summary>
    Grouped,

    /// <summary>Training comes before validation in time.</summary>
    TimeOrdered,
}

/// <summary>Splits for data whose rows are not all alike. All are fixed by their seed, as <see cref="Permutation"/> states.</summary>
public static class Splits
{
    /// <summary>
    /// Orders rows so that <see cref="Split.Folds"/> of them are stratified: shuffled, then class by class, the classes ascending. Row p
    /// goes to part p mod k, so that the parts' counts of a class differ by one at most.
    /// </summary>
    /// <param name="rows">Row numbers.</param>
    /// <param name="labels">The class of every row of the table.</param>
    /// <param name="seed">Fixes the order within a class.</param>
    public static int[] OrderByClass(ReadOnlySpan<int> rows, ReadOnlySpan<int> labels, ulong seed = Split.DefaultSeed)
    {
        var shuffled = Shuffle(rows, seed);
        var keys = new int[shuffled.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = labels[shuffled[i]];
        }

        return [.. shuffled.Zip(keys).OrderBy(pair => pair.Second).Select(pair => pair.First)];
    }

    /// <summary>Holds out a share of each class; every class of two rows or more has one on each side.</summary>
    /// <param name="labels">The class of each row.</param>
    /// <param name="heldOut">Above 0 and below 1.</param>
    /// <param name="seed">Fixes the rows.</param>
    public static Split HoldOutStratified(ReadOnlySpan<int> labels, double heldOut = 0.3, ulong seed = Split.DefaultSeed)
    {
        CheckShare(heldOut);
        ArgumentOutOfRangeException.ThrowIfLessThan(labels.Length, 2, nameof(labels));
        var training = new List<int>();
        var validation = new List<int>();
        var of = labels.ToArray();
        foreach (var group in Permutation.Of(seed, labels.Length).GroupBy(row => of[row]).OrderBy(group => group.Key))
        {
            var rows = group.ToArray();
            var kept = rows.Length == 1 ? 1 : Math.Clamp((int)Math.Round((1 - heldOut) * rows.Length), 1, rows.Length - 1);
            training.AddRange(rows[..kept]);
            validation.AddRange(rows[kept..]);
        }

        if (validation.Count == 0)
        {
            validation.Add(training[^1]);
            training.RemoveAt(training.Count - 1);
        }

        return new Split(Shuffle([.. training], seed), Shuffle([.. validation], seed));
    }

    /// <summary>Splits groups into k parts; each group, the largest first, goes to the part with the fewest rows so far.</summary>
    /// <param name="rows">Row numbers.</param>
    /// <param name="groups">The group of every row of the table.</param>
    /// <param name="folds">At least 2, and no more than there are groups among the rows.</param>
    public static IReadOnlyList<Split> GroupFolds(ReadOnlySpan<int> rows, IReadOnlyList<double> groups, int folds)
    {
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        var all = rows.ToArray();
        var byGroup = all.GroupBy(row => groups[row]).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).ToArray();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(folds, byGroup.Length);
        var sizes = new int[folds];
        var home = new Dictionary<double, int>();
        foreach (var group in byGroup)
        {
            var fold = Array.IndexOf(sizes, sizes.Min());
            sizes[fold] += group.Count();
            home[group.Key] = fold;
        }

        return [.. Enumerable.Range(0, folds).Select(fold => new Split(
            [.. all.Where(row => home[groups[row]] != fold)], [.. all.Where(row => home[groups[row]] == fold)]))];
    }

    /// <summary>Holds out whole groups, in shuffled order, until they hold at least the share of the rows.</summary>
    /// <param name="groups">The group of each row; at least two different ones.</param>
    /// <param name="heldOut">Above 0 and below 1.</param>
    /// <param name="seed">Fixes the groups.</param>
    public static Split HoldOutGroups(IReadOnlyList<double> groups, double heldOut = 0.3, ulong seed = Split.DefaultSeed)
    {
        ArgumentNullException.ThrowIfNull(groups);
        CheckShare(heldOut);
        var order = Permutation.Of(seed, groups.Count);
        var names = order.Select(row => groups[row]).Distinct().ToArray();
        ArgumentOutOfRangeException.ThrowIfLessThan(names.Length, 2, nameof(groups));
        var counts = groups.GroupBy(group => group).ToDictionary(group => group.Key, group => group.Count());
        var held = new HashSet<double>();
        var rows = 0;
        foreach (var name in names[1..])
        {
            if (rows < heldOut * groups.Count)
            {
                held.Add(name);
                rows += counts[name];
            }
        }

        return new Split([.. order.Where(row => !held.Contains(groups[row]))], [.. order.Where(row => held.Contains(groups[row]))]);
    }

    /// <summary>Holds out the latest rows. Rows of one time stand in the order of the table.</summary>
    /// <param name="times">One a row.</param>
    /// <param name="heldOut">Above 0 and below 1.</param>
    public static Split HoldOutLatest(IReadOnlyList<double> times, double heldOut = 0.3)
    {
        ArgumentNullException.ThrowIfNull(times);
        CheckShare(heldOut);
        ArgumentOutOfRangeException.ThrowIfLessThan(times.Count, 2, nameof(times));
        var order = InTime([.. Enumerable.Range(0, times.Count)], times);
        var training = Math.Clamp((int)Math.Floor(((1 - heldOut) * order.Length) + 1e-9), 1, order.Length - 1);
        return new Split(order[..training], order[training..]);
    }

    /// <summary>Cuts rows in time into k + 1 parts; part i + 1 judges what was learned from all parts up to i.</summary>
    /// <param name="rows">Row numbers.</param>
    /// <param name="times">The time of every row of the table.</param>
    /// <param name="folds">k, at least 2, and below the number of rows.</param>
    public static IReadOnlyList<Split> TimeFolds(ReadOnlySpan<int> rows, IReadOnlyList<double> times, int folds)
    {
        ArgumentNullException.ThrowIfNull(times);
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(folds, rows.Length);
        var order = InTime(rows.ToArray(), times);
        int End(int part) => (int)((long)order.Length * part / (folds + 1));
        return [.. Enumerable.Range(1, folds).Select(fold => new Split(order[..End(fold)], order[End(fold)..End(fold + 1)]))];
    }

    /// <summary>The rows in the order of a seed.</summary>
    public static int[] Shuffle(ReadOnlySpan<int> rows, ulong seed)
    {
        var of = rows.ToArray();
        return Array.ConvertAll(Permutation.Of(seed, of.Length), position => of[position]);
    }

    private static int[] InTime(int[] rows, IReadOnlyList<double> times) => [.. rows.OrderBy(row => times[row]).ThenBy(row => row)];

    private static void CheckShare(double heldOut)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(heldOut, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(heldOut, 1);
    }
}
