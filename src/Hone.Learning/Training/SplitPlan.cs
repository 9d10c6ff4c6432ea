using Hone.Learning.Data;
using Hone.Learning.Descent;

namespace Hone.Learning.Training;

/// <summary>Parts the rows of a table as the options say.</summary>
internal static class SplitPlan
{
    // Repeats of a cross-validation have the streams from 1 on.
    private const ulong DrawStream = 1UL << 32;

    /// <param name="options">How.</param>
    /// <param name="data">The table, the group's column included.</param>
    /// <param name="loss">Of the training.</param>
    /// <exception cref="TrainOptionsException">There are fewer rows or groups than parts.</exception>
    /// <exception cref="DataException">A column is missing, or there is one row only.</exception>
    public static IReadOnlyList<Split> Of(TrainOptions options, Dataset<float> data, TrainingLoss loss)
    {
        var rows = data.Features.Rows;
        if (rows < 2)
        {
            throw new DataException($"{data.Name}: there is one row only. At least two were expected, to learn from one and validate on the other.");
        }

        var values = options.Split switch
        {
            SplitKind.Grouped => Column(data, options.Group!, "--group"),
            SplitKind.TimeOrdered => Column(data, options.Time!, "--time"),
            _ => [],
        };
        if (options.Split == SplitKind.Stratified && loss.IsForNumbers())
        {
            throw new TrainOptionsException("--split: 'stratified' is for classes, and this learner learns numbers.");
        }

        var labels = options.Split == SplitKind.Stratified ? data.Labels() : [];
        var heldOut = options.TestShare > 0 ? HoldOut(options, rows, labels, values) : new Split(Permutation.Of(SeedOf(options), rows), []);
        if (options.Folds == 0)
        {
            return [heldOut];
        }

        var training = heldOut.Training;
        if (options.Folds > training.Length)
        {
            throw new TrainOptionsException($"--folds: {options.Folds} are more than the {training.Length} rows for training. Give fewer.");
        }

        return [.. Enumerable.Range(0, options.Repeats).SelectMany(repeat => Folds(options, training, labels, values, (ulong)repeat))];
    }

    /// <summary>The rows that are used at all, in the order of the table.</summary>
    public static Dataset<float> Draw(TrainOptions options, Dataset<float> data)
    {
        if (options.Rows is not { } most || most >= data.Features.Rows)
        {
            return data;
        }

        var rows = Permutation.Of(SeededRandom.Derive(SeedOf(options), DrawStream), data.Features.Rows)[..most];
        Array.Sort(rows);
        return data.Take(rows);
    }

    private static Split HoldOut(TrainOptions options, int rows, int[] labels, double[] values)
    {
        if (options.Split == SplitKind.Grouped && values.Distinct().Take(2).Count() < 2)
        {
            throw new TrainOptionsException($"--group: column '{options.Group}' holds one group only. At least two were expected.");
        }

        return options.Split switch
        {
            SplitKind.Stratified => Splits.HoldOutStratified(labels, options.TestShare, SeedOf(options)),
            SplitKind.Grouped => Splits.HoldOutGroups(values, options.TestShare, SeedOf(options)),
            SplitKind.TimeOrdered => Splits.HoldOutLatest(values, options.TestShare),
            _ => Split.HoldOut(rows, options.TestShare, SeedOf(options)),
        };
    }

    private static ulong SeedOf(TrainOptions options) =>
        options.SplitSeed == 0 ? Split.DefaultSeed : SeededRandom.Derive(Split.DefaultSeed, 0, (ulong)options.SplitSeed);

    // The first repeat takes the rows in the order of the hold-out, so that one repeat is what none is.
    private static IReadOnlyList<Split> Folds(TrainOptions options, int[] training, int[] labels, double[] values, ulong repeat)
    {
        var rows = repeat == 0 ? training : Splits.Shuffle(training, SeededRandom.Derive(SeedOf(options), repeat));
        switch (options.Split)
        {
            case SplitKind.Stratified:
                return Split.Folds(Splits.OrderByClass(rows, labels, SeededRandom.Derive(SeedOf(options), repeat)), options.Folds);
            case SplitKind.TimeOrdered when options.Folds < rows.Length:
                return Splits.TimeFolds(rows, values, options.Folds);
            case SplitKind.Grouped:
                var groups = rows.Select(row => values[row]).Distinct().Count();
                return groups >= options.Folds
                    ? Splits.GroupFolds(rows, values, options.Folds)
                    : throw new TrainOptionsException($"--folds: {options.Folds} are more than the {groups} groups for training. Give fewer.");
            default:
                return Split.Folds(rows, options.Folds);
        }
    }

    private static double[] Column(Dataset<float> data, string name, string option) => data.Column(name)
        ?? throw new TrainOptionsException($"{option}: there is no column '{name}' beside the target. There are {string.Join(", ", data.Columns.Take(10))}.");
}
