using Hone.Analysis;
using Hone.Space;
using Hone.Trials;

namespace Hone.Tests.Analysis;

public sealed class StudyTableTests
{
    private static readonly SearchSpace Everything = new([
        new FloatParameter("rate", 1e-4, 0.1, log: true),
        new FloatParameter("dropout", 0, 0.5, step: 0.1),
        new IntParameter("batch", 1, 512, log: true),
        new IntParameter("layers", 2, 8, step: 2),
        new OrdinalParameter("alpha", 1e-4, 1e-3, 0.01),
        new CategoricalParameter("optimizer", "sgd", "adam, tuned", "true"),
        new ConstantParameter("epochs", 3),
        new FloatParameter("momentum", 0, 0.99) { When = [new Condition("optimizer", ["sgd", "true"]), new Condition("layers", [2, 4])] }]);

    [Fact]
    public void Reads_the_axes_from_the_record_as_from_the_space()
    {
        // A comma in a choice cannot be told from one between choices: without it.
        var optimizer = new CategoricalParameter("optimizer", "sgd", "adam", "true");
        var space = new SearchSpace([.. Everything.Parameters.Select(p => p.Name == "optimizer" ? optimizer : p)]);
        var record = Table.Record(space, 100, 1, (_, _) => [new("loss", 1)]);

        var (read, declared) = (StudyTable.Of(record), StudyTable.Of(record, space));

        Assert.Equal(["rate", "dropout", "batch", "layers", "alpha", "optimizer", "momentum"], read.Axes.Select(axis => axis.Name));
        foreach (var (a, b) in read.Axes.Zip(declared.Axes))
        {
            Assert.Equal(b with { Levels = a.Levels, Parents = a.Parents }, a);
            Assert.Equal(b.Levels, a.Levels);
            Assert.Equal(b.Parents, a.Parents);
        }

        for (var axis = 0; axis < read.Axes.Count; axis++)
        {
            Assert.Equal(declared.Units(axis).ToArray(), read.Units(axis).ToArray());
            var active = record.Trials.Count(t => t.Parameters.Any(p => p.Key == read.Axes[axis].Name));
            Assert.Equal(active, read.Units(axis).ToArray().Count(unit => unit is >= 0 and <= 1));
        }
    }

    [Fact]
    public void Goes_by_the_values_where_the_lines_do_not_tell()
    {
        var record = Table.Record(Everything, 200, 2, (_, _) => [new("loss", 1)]);

        var table = StudyTable.Of(record with { Space = [.. record.Space.Where(line => !line.StartsWith("rate", StringComparison.Ordinal))] });

        var axes = table.Axes.ToDictionary(axis => axis.Name);
        Assert.Equal((AxisKind.Categorical, 3), (axes["optimizer"].Kind, axes["optimizer"].Levels.Count));
        Assert.Equal((AxisKind.Numeric, false), (axes["rate"].Kind, axes["rate"].Log));
        Assert.All(table.Units(0).ToArray(), unit => Assert.InRange(unit, 0, 1));
    }

    [Fact]
    public void Takes_complete_trials_alone_and_what_the_objective_takes()
    {
        var record = Table.Record(Table.Unit("x"), 3, 3, (_, _) => [new("loss", 5), new("system/memory_megabytes", 100)]);
        record = record with
        {
            Trials =
            [
                record.Trials[0] with { Values = [2] }, record.Trials[1] with { State = TrialState.Stopped },
                record.Trials[2] with { Metrics = [] },
            ],
        };

        var table = StudyTable.Of(record);

        Assert.Equal([1, 3], table.Trials);
        Assert.Equal([2, 5], table["loss"].ToArray());
        Assert.Equal([100, double.NaN], table["system/memory_megabytes"].ToArray());
    }
}
