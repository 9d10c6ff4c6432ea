using Hone.Learning.Data;

namespace Hone.Learning.Tests.Data;

public sealed class SplitTests
{
    // The rows of the reference scores, computed with NumPy from the rule in Permutation's docs.
    [Theory]
    [InlineData(768, 537, new[] { 626, 739, 46, 549, 135 }, new[] { 107, 446, 227, 402, 17 })]
    [InlineData(3848, 2693, new[] { 3841, 3251, 2308, 3846, 1794 }, new[] { 1579, 2774, 866, 1411, 1955 })]
    [InlineData(70000, 49000, new[] { 25109, 59472, 66637, 52003, 46656 }, new[] { 41134, 66415, 61766, 51050, 63508 })]
    public void Holds_out_the_rows_that_the_rule_says(int rows, int training, int[] firstTraining, int[] firstValidation)
    {
        var split = Split.HoldOut(rows);

        Assert.Equal(training, split.Training.Length);
        Assert.Equal(rows - training, split.Validation.Length);
        Assert.Equal(firstTraining, split.Training[..5]);
        Assert.Equal(firstValidation, split.Validation[..5]);
    }

    [Fact]
    public void Orders_an_epoch_as_the_rule_says() =>
        Assert.Equal([368, 269, 527, 140, 242, 215, 315, 288], Permutation.Of(1000, 537)[..8]);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1000)]
    [InlineData(100_000)]
    public void Orders_rows_by_the_outputs_of_split_mix(int count)
    {
        foreach (var seed in (ulong[])[0, 20231, ulong.MaxValue])
        {
            // SplitMix64 as published, with a general sort.
            var state = seed;
            var keys = new ulong[count];
            foreach (ref var key in keys.AsSpan())
            {
                var z = state += 0x9E3779B97F4A7C15;
                z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
                z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
                key = z ^ (z >> 31);
            }

            int[] rows = [.. Enumerable.Range(0, count)];
            Array.Sort(keys, rows);

            Assert.Equal(rows, Permutation.Of(seed, count));
        }
    }

    [Theory]
    [InlineData(2, 0.3)]
    [InlineData(10, 0.3)]
    [InlineData(11, 0.001)]
    [InlineData(11, 0.999)]
    [InlineData(1000, 0.5)]
    public void Holds_out_each_row_or_trains_on_it_and_leaves_no_part_empty(int rows, double share)
    {
        var split = Split.HoldOut(rows, share, seed: 3);

        Assert.NotEmpty(split.Training);
        Assert.NotEmpty(split.Validation);
        Assert.Equal(Enumerable.Range(0, rows), split.Training.Concat(split.Validation).Order());
    }

    [Theory]
    [InlineData(10, 7)]
    [InlineData(100, 70)]
    [InlineData(1000, 700)]
    [InlineData(9, 6)]
    public void Trains_on_seven_tenths_whatever_the_rounding_of_one_minus_the_share(int rows, int training) =>
        Assert.Equal(training, Split.HoldOut(rows).Training.Length);

    [Fact]
    public void Folds_validate_each_row_once_and_never_train_on_it()
    {
        for (var seed = 0UL; seed < 50; seed++)
        {
            var random = new SeededRandom(seed);
            var rows = Permutation.Of(seed, random.Next(2, 200));
            var folds = random.Next(2, rows.Length + 1);

            var splits = Split.Folds(rows, folds);

            Assert.Equal(folds, splits.Count);
            Assert.Equal(rows.Order(), splits.SelectMany(s => s.Validation).Order());
            Assert.All(splits, s => Assert.Equal(rows.Order(), s.Training.Concat(s.Validation).Order()));
            Assert.True(splits.Max(s => s.Validation.Length) - splits.Min(s => s.Validation.Length) <= 1, $"seed {seed}");
        }
    }

    [Fact]
    public void Another_seed_gives_another_order_of_the_same_rows()
    {
        Assert.NotEqual(Permutation.Of(1, 100), Permutation.Of(2, 100));
        Assert.Equal(Enumerable.Range(0, 100), Permutation.Of(2, 100).Order());
    }
}
