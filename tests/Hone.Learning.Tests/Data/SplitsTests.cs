using Hone.Learning.Data;

namespace Hone.Learning.Tests.Data;

public sealed class SplitsTests
{
    [Fact]
    public void Every_kind_of_split_uses_each_row_once()
    {
        for (var seed = 1UL; seed <= 30; seed++)
        {
            var random = new SeededRandom(seed);
            var rows = random.Next(12, 80);
            var labels = Enumerable.Range(0, rows).Select(_ => random.Next(3)).ToArray();
            var values = Enumerable.Range(0, rows).Select(i => (double)(i % 6 == 0 ? i % 3 : random.Next(8))).ToArray();
            var all = Enumerable.Range(0, rows).ToArray();
            Split[] splits =
            [
                Splits.HoldOutStratified(labels, 0.3, seed), Splits.HoldOutLatest(values), Splits.HoldOutGroups(values, 0.3, seed),
                .. Split.Folds(Splits.OrderByClass(all, labels, seed), 3), .. Splits.GroupFolds(all, values, 2),
            ];

            Assert.All(splits, split => Assert.Equal(all, split.Training.Concat(split.Validation).Order()));
            Assert.All(splits, split => Assert.True(split.Training.Length > 0 && split.Validation.Length > 0, $"seed {seed}"));
        }
    }

    [Fact]
    public void Stratified_parts_have_each_class_in_its_share()
    {
        int[] labels = [.. Enumerable.Repeat(0, 70), .. Enumerable.Repeat(1, 20), .. Enumerable.Repeat(2, 10)];

        var split = Splits.HoldOutStratified(labels, 0.3);
        Assert.Equal([49, 14, 7], Counts(split.Training));

        foreach (var fold in Split.Folds(Splits.OrderByClass([.. Enumerable.Range(0, 100)], labels), 5))
        {
            Assert.Equal([14, 4, 2], Counts(fold.Validation));
        }

        int[] Counts(int[] rows) => [.. Enumerable.Range(0, 3).Select(k => rows.Count(row => labels[row] == k))];
    }

    [Fact]
    public void No_group_stands_on_both_sides()
    {
        var random = new SeededRandom(3);
        var groups = Enumerable.Range(0, 200).Select(_ => (double)random.Next(17)).ToArray();

        foreach (var split in (Split[])[Splits.HoldOutGroups(groups), .. Splits.GroupFolds([.. Enumerable.Range(0, 200)], groups, 4)])
        {
            Assert.Empty(split.Training.Select(row => groups[row]).Intersect(split.Validation.Select(row => groups[row])));
        }

        Assert.All(Splits.GroupFolds([.. Enumerable.Range(0, 200)], groups, 4), fold => Assert.InRange(fold.Validation.Length, 35, 65));
    }

    [Fact]
    public void Training_ends_before_validation_begins_in_time()
    {
        double[] times = [.. Enumerable.Range(0, 50).Select(i => (double)(i * 37 % 50))];

        foreach (var split in (Split[])[Splits.HoldOutLatest(times, 0.2), .. Splits.TimeFolds([.. Enumerable.Range(0, 50)], times, 4)])
        {
            Assert.True(split.Training.Max(row => times[row]) < split.Validation.Min(row => times[row]));
        }

        Assert.Equal([10, 20, 30, 40], Splits.TimeFolds([.. Enumerable.Range(0, 50)], times, 4).Select(fold => fold.Training.Length));
    }
}
