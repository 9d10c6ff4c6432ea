using Hone.Learning.Scores;
using Hone.Trials;

namespace Hone.Learning.Tests.Scores;

public sealed class SlicesTests
{
    [Fact]
    public void A_column_of_few_values_has_a_slice_for_each()
    {
        var slices = Slices.Of("sex", [1, 0, 0, 1, 1]);

        Assert.Equal(["0", "1"], slices.Select(slice => slice.Value));
        Assert.Equal([1, 2], slices[0].Examples);
        Assert.Equal([0, 3, 4], slices[1].Examples);
    }

    [Fact]
    public void A_column_of_many_values_is_cut_at_its_quartiles()
    {
        var slices = Slices.Of("age", [.. Enumerable.Range(0, 20).Select(i => 19.0 - i)]);

        Assert.Equal(["0 to 4", "5 to 9", "10 to 14", "15 to 19"], slices.Select(slice => slice.Value));
        Assert.Equal([15, 16, 17, 18, 19], slices[0].Examples);
    }

    [Fact]
    public void Slices_hold_every_example_once_and_never_part_equal_values()
    {
        for (var seed = 1UL; seed <= 50; seed++)
        {
            var random = new SeededRandom(seed);
            var values = Enumerable.Range(0, random.Next(1, 60)).Select(_ => (double)random.Next(0, random.Next(1, 30))).ToArray();

            var slices = Slices.Of("x", values);

            Assert.Equal(Enumerable.Range(0, values.Length), slices.SelectMany(slice => slice.Examples).Order());
            var homes = slices.SelectMany((slice, s) => slice.Examples.Select(i => (values[i], s))).Distinct().ToArray();
            Assert.Equal(values.Distinct().Count(), homes.Length);
        }
    }

    [Fact]
    public void The_worst_slice_is_found_in_the_direction_of_the_score()
    {
        var predictions = FoldScoresTests.Binary([1, 0, 1, 0], [0.9, 0.1, 0.2, 0.3]);
        var slices = Slices.Of("site", [7, 7, 8, 8]);

        var accuracy = Slices.Score(Score.Find("accuracy")!, predictions, slices);
        Assert.Equal([1, 0.5], accuracy.Select(score => score.Value));
        Assert.Equal("8", Slices.Worst(accuracy, Goal.Maximize)!.Value.Slice.Value);
        Assert.Equal("7", Slices.Worst(accuracy, Goal.Minimize)!.Value.Slice.Value);
    }

    [Fact]
    public void A_slice_without_a_score_is_not_the_worst_one()
    {
        var predictions = FoldScoresTests.Binary([1, 1, 1, 0], [0.9, 0.1, 0.2, 0.3]);

        var scores = Slices.Score(Score.Find("roc_auc")!, predictions, Slices.Of("site", [7, 7, 8, 8]));

        Assert.True(double.IsNaN(scores[0].Value));
        Assert.Equal("8", Slices.Worst(scores, Goal.Maximize)!.Value.Slice.Value);
        Assert.Null(Slices.Worst([scores[0]], Goal.Maximize));
    }
}
