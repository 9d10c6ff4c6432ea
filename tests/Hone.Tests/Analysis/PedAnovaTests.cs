using Hone.Analysis;
using Hone.Analysis.Importance;
using Hone.Space;
using Hone.Trials;

namespace Hone.Tests.Analysis;

public sealed class PedAnovaTests
{
    // The best tenth lies in a tenth of x: there the density is 10 times higher, so the divergence is near 9 (a little less, being
    // smoothed).
    [Fact]
    public void Gives_the_one_parameter_that_decides_nearly_everything()
    {
        var result = PedAnova.Of(Table.Of(Table.Unit("x", "noise"), 1000, 1, c => c["x"].Number), "loss");

        Assert.InRange(result["x"], 0.95, 1);
        Assert.InRange(result.Parameters[0].Raw * 100, 6, 9);
    }

    [Fact]
    public void Ranks_parameters_by_how_much_they_matter()
    {
        var result = PedAnova.Of(Table.Of(
            Table.Unit("a", "b", "c"), 2000, 2, c => (4 * c["a"].Number) + (2 * c["b"].Number) + (0.1 * c["c"].Number)), "loss");

        Assert.Equal(["a", "b", "c"], result.Parameters.Select(p => p.Parameter));
        Assert.InRange(result["c"], 0, 0.03);
    }

    [Fact]
    public void Looks_for_the_largest_values_of_a_metric_to_maximize()
    {
        var record = Table.Record(Table.Unit("x", "y"), 500, 3, (c, _) =>
            [new("loss", Math.Max(c["x"].Number, 0.5) + (c["x"].Number < 0.5 ? c["y"].Number : 0))]) with
        { Objectives = [new Objective("loss", Goal.Maximize)] };

        Assert.InRange(PedAnova.Of(StudyTable.Of(record), "loss")["y"], 0.5, 1);
    }

    [Fact]
    public void Knows_choices_and_inactive_parameters()
    {
        var space = new SearchSpace([
            new CategoricalParameter("optimizer", "sgd", "adam"),
            new FloatParameter("momentum", 0, 1) { When = [new Condition("optimizer", ["sgd"])] },
            new FloatParameter("noise", 0, 1)]);

        var branch = PedAnova.Of(Table.Of(space, 800, 4, c => (c.TryGet("momentum", out _) ? 0 : 10) + (c["noise"].Number * 1e-3)), "loss", 0.5);
        var value = PedAnova.Of(Table.Of(space, 800, 4, c => c.TryGet("momentum", out var m) ? m.Number : 10), "loss");

        Assert.Equal("optimizer", branch.Parameters[0].Parameter);
        Assert.InRange(branch["momentum"], 0, 0.05);
        Assert.Equal("momentum", value.Parameters[0].Parameter);
    }

    [Fact]
    public void Answers_for_system_metrics_as_for_any_other()
    {
        var space = new SearchSpace([new IntParameter("batch_size", 1, 512, log: true), new FloatParameter("rate", 1e-4, 1, log: true)]);
        var table = StudyTable.Of(Table.Record(space, 500, 5, (c, random) =>
            [new("loss", c["rate"].Number), new("system/step_seconds", 0.01 + (c["batch_size"].Number * 1e-4) + (1e-5 * random.NextDouble()))]));

        Assert.InRange(PedAnova.Of(table, "loss")["rate"], 0.9, 1);
        Assert.InRange(PedAnova.Of(table, "system/step_seconds")["batch_size"], 0.9, 1);
        Assert.Empty(table.Metrics.Except(["loss", "system/step_seconds"]));
    }
}
