using System.Text.Json;
using Hone.Learning.Scores;

namespace Hone.Learning.Tests.Scores;

/// <summary>Expected values by scikit-learn 1.2.1: <c>oracles/scores.py</c> made <c>oracles/scores.json</c>.</summary>
public sealed class ScoreOracleTests
{
    private static readonly JsonElement Oracle = Oracles.Read("scores.json");

    [Fact]
    public void Scores_of_classes_are_those_of_scikit_learn()
    {
        foreach (var example in Oracle.GetProperty("classes").EnumerateArray())
        {
            var predictions = Predictions.OfClasses(
                example.GetProperty("classes").GetInt32(), example.Whole("labels"), example.Whole("predicted"),
                example.Numbers("outputs"), areProbabilities: true);
            AssertScores(example, predictions);
        }
    }

    [Fact]
    public void Scores_of_numbers_are_those_of_scikit_learn()
    {
        foreach (var example in Oracle.GetProperty("numbers").EnumerateArray())
        {
            AssertScores(example, Predictions.OfNumbers(example.Numbers("targets"), example.Numbers("numbers")));
        }
    }

    [Fact]
    public void Confusion_matrices_are_those_of_scikit_learn()
    {
        foreach (var example in Oracle.GetProperty("classes").EnumerateArray())
        {
            var classes = example.GetProperty("classes").GetInt32();
            var matrix = ConfusionMatrix.Of(classes, example.Whole("labels"), example.Whole("predicted"));
            var expected = example.Whole("confusion");
            for (var i = 0; i < expected.Length; i++)
            {
                Assert.Equal(expected[i], matrix[i / classes, i % classes]);
            }
        }
    }

    [Fact]
    public void Every_score_has_an_oracle()
    {
        var known = Oracle.GetProperty("classes").EnumerateArray().Concat(Oracle.GetProperty("numbers").EnumerateArray())
            .SelectMany(example => example.GetProperty("scores").EnumerateObject().Select(score => score.Name)).ToHashSet();

        Assert.All(Score.All, score => Assert.Contains(score.Name, known));
    }

    private static void AssertScores(JsonElement example, Predictions predictions)
    {
        foreach (var expected in example.GetProperty("scores").EnumerateObject())
        {
            var actual = Score.Find(expected.Name)!.Of(predictions);
            var value = expected.Value.GetDouble();
            Assert.True(Math.Abs(value - actual) <= 1e-9 * Math.Max(1, Math.Abs(value)), $"{expected.Name}: {value} expected, {actual} found");
        }
    }
}
