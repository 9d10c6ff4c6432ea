using System.Runtime.CompilerServices;
using System.Text.Json;
using Hone.Analysis;
using Hone.Analysis.Importance;
using Hone.Space;

namespace Hone.Tests.Analysis;

public sealed class FanovaTests
{
    // V1 = (3/2)^2 / 12, V2 = (1/2)^2 / 12, V12 = 1 / 144, V = 31 / 144.
    [Fact]
    public void Finds_the_variance_of_a_function_with_an_interaction()
    {
        var table = Table.Of(Table.Unit("x", "y", "idle"), 1000, 1, c => c["x"].Number + (c["x"].Number * c["y"].Number));

        var result = Fanova.Of(table, "loss");

        var raw = result.Parameters.ToDictionary(p => p.Parameter, p => p.Raw);
        Assert.Equal(27.0 / 31, raw["x"], 0.02);
        Assert.Equal(3.0 / 31, raw["y"], 0.02);
        Assert.Equal(0, raw["idle"], 0.005);
        Assert.Equal(("x", "y"), (result.Pairs[0].First, result.Pairs[0].Second));
        Assert.Equal(1.0 / 31, result.Pairs[0].Raw, 0.01);
        Assert.Equal(1, result.Parameters.Sum(p => p.Share), 1e-12);
        Assert.Equal("x", result.Parameters[0].Parameter);
    }

    [Fact]
    public void Gives_an_additive_function_its_shares_and_no_interaction()
    {
        var table = Table.Of(Table.Unit("a", "b", "c"), 600, 2, c => (4 * c["a"].Number) + (2 * c["b"].Number) - c["c"].Number);

        var result = Fanova.Of(table, "loss");

        // A forest splits the strongest parameter finest, and so gives it a little more than its part.
        Assert.Equal(16.0 / 21, result["a"], 0.05);
        Assert.Equal(4.0 / 21, result["b"], 0.05);
        Assert.Equal(1.0 / 21, result["c"], 0.05);
        Assert.All(result.Pairs, pair => Assert.InRange(pair.Raw, 0, 0.02));
    }

    [Fact]
    public void Measures_distances_on_a_log_scale()
    {
        var space = new SearchSpace([new FloatParameter("rate", 1e-4, 1e-1, log: true), new FloatParameter("x", 0, 3)]);

        var result = Fanova.Of(Table.Of(space, 600, 3, c => Math.Log10(c["rate"].Number) + c["x"].Number), "loss");

        Assert.Equal(0.5, result["rate"], 0.03);
    }

    // Optuna 3.1.0, scikit-learn 1.2.1, mean of five seeds; tests/oracles/importance.py.
    [Fact]
    public void Agrees_with_Optuna()
    {
        using var reference = JsonDocument.Parse(File.ReadAllText(Path()));
        var space = new SearchSpace([
            new FloatParameter("learning_rate", 1e-4, 1e-1, log: true), new FloatParameter("batch_size", 1, 512, log: true),
            new FloatParameter("layers", 1, 4), new CategoricalParameter("penalty", "l1", "l2", "none"), new FloatParameter("noise", 0, 1)]);
        var record = Table.Record(space, 1, 1, (_, _) => [new("loss", 0)]);
        var trials = reference.RootElement.GetProperty("trials").EnumerateArray().Select((row, i) =>
        {
            var loss = row.GetProperty("loss").GetDouble();
            return record.Trials[0] with
            {
                Number = i + 1,
                Metrics = [new("loss", loss)],
                Values = [loss],
                Parameters = [.. row.GetProperty("parameters").EnumerateObject().Select(p => KeyValuePair.Create(
                    p.Name, p.Value.ValueKind == JsonValueKind.String ? (ParameterValue)p.Value.GetString()! : p.Value.GetDouble()))],
            };
        });

        var result = Fanova.Of(StudyTable.Of(record with { Trials = [.. trials] }), "loss");

        foreach (var expected in reference.RootElement.GetProperty("fanova").EnumerateObject())
        {
            Assert.Equal(expected.Value.GetDouble(), result[expected.Name], 0.02);
        }
    }

    // Half of the trials have y = 10 and no momentum; the others 2 * momentum: V = 25 - 5 + 1/4 + 1/6, within 1/6.
    [Fact]
    public void Gives_the_parameter_that_activates_another_what_lies_between_the_branches()
    {
        var space = new SearchSpace([
            new CategoricalParameter("optimizer", "sgd", "adam"),
            new FloatParameter("momentum", 0, 1) { When = [new Condition("optimizer", ["sgd"])] }]);

        var result = Fanova.Of(
            Table.Of(space, 800, 4, c => c.TryGet("momentum", out var momentum) ? 2 * momentum.Number : 10), "loss");

        Assert.Equal(1.0 / 6 / (20.25 + (1.0 / 6)), result["momentum"], 0.003);
        Assert.Equal(result.Activation, result["optimizer"], 0.001);
    }

    [Fact]
    public void Is_the_same_for_the_same_seed_and_says_nothing_of_a_constant()
    {
        var table = Table.Of(Table.Unit("x", "y"), 50, 5, c => c["x"].Number);

        Assert.Equal(Fanova.Of(table, "loss").Parameters, Fanova.Of(table, "loss").Parameters);
        Assert.NotEqual(Fanova.Of(table, "loss").Parameters, Fanova.Of(table, "loss", new() { Seed = 1 }).Parameters);
        Assert.All(Fanova.Of(Table.Of(Table.Unit("x", "y"), 50, 5, _ => 3), "loss").Parameters, p => Assert.Equal(0, p.Share));
        Assert.Empty(Fanova.Of(Table.Of(Table.Unit("x", "y"), 3, 5, _ => 3), "loss").Pairs);
        Assert.Throws<ArgumentException>(() => Fanova.Of(table, "accuracy"));
    }

    private static string Path([CallerFilePath] string here = "") =>
        System.IO.Path.Combine(System.IO.Path.GetDirectoryName(here)!, "importance.json");
}
