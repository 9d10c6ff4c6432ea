using Hone.Space;
using Hone.Tests.Sampling;

namespace Hone.Tests.Space;

public sealed class SearchSpaceTests
{
    private static readonly CategoricalParameter Optimizer = new("optimizer", "sgd", "adam");

    public static TheoryData<Parameter[], string> Bad { get; } = new()
    {
        { [], "The search space is empty. Declare at least one parameter." },
        { [Optimizer, Optimizer], "Parameter 'optimizer' is declared twice. Rename one." },
        {
            [new FloatParameter("momentum", 0, 1) { When = [new("optimiser", ["sgd"])] }],
            "Parameter 'momentum' depends on 'optimiser', which is not declared. Declare it, or correct the name."
        },
        {
            [new FloatParameter("rate", 0, 1), new FloatParameter("momentum", 0, 1) { When = [new("rate", [0.5])] }],
            "Parameter 'momentum' depends on 'rate', which is continuous. Only an int, values, choice or constant parameter can decide."
        },
        {
            [Optimizer, new FloatParameter("momentum", 0, 1) { When = [new("optimizer", [])] }],
            "Parameter 'momentum' depends on no value of 'optimizer'. List at least one."
        },
        {
            [Optimizer, new FloatParameter("momentum", 0, 1) { When = [new("optimizer", ["lion"])] }],
            "Parameter 'momentum' depends on 'optimizer' being lion, which it never is: it is choice [sgd, adam]."
        },
        {
            [new IntParameter("a", 0, 1) { When = [new("b", [1])] }, new IntParameter("b", 0, 1) { When = [new("a", [1])] }],
            "Parameters 'a', 'b' depend on one another in a circle. Break it."
        },
    };

    [Theory]
    [MemberData(nameof(Bad), DisableDiscoveryEnumeration = true)]
    public void A_space_that_cannot_be_is_refused_and_says_why(Parameter[] parameters, string message) =>
        Assert.Equal(message, Assert.Throws<SearchSpaceException>(() => new SearchSpace(parameters)).Message);

    [Fact]
    public void Parents_come_before_their_children_in_the_order()
    {
        var space = Spaces.Conditional();
        var order = space.Order.ToList();

        Assert.Equal(Enumerable.Range(0, space.Parameters.Count), order.Order());
        Assert.All(order, i => Assert.All(space.ParentsOf(i), parent => Assert.True(order.IndexOf(parent) < order.IndexOf(i))));
    }

    [Fact]
    public void A_sample_gives_every_active_parameter_a_value_and_no_other()
    {
        var space = Spaces.Conditional();
        var random = new SeededRandom(1);
        for (var i = 0; i < 1000; i++)
        {
            var configuration = space.Sample(random);
            var names = configuration.Values.Select(v => v.Key).ToHashSet();
            var algorithm = configuration["algorithm"].ToString();

            Assert.Equal(algorithm == "forest", names.Contains("leaf"));
            Assert.Equal(algorithm == "machine", names.Contains("kernel"));
            Assert.Equal(algorithm == "machine" && configuration["kernel"] == "radial", names.Contains("gamma"));
            Assert.Equal(algorithm == "nearest", names.Contains("neighbours"));
            Assert.Contains("share", names);
        }
    }

    [Fact]
    public void Describes_itself_with_the_conditions()
    {
        var space = new SearchSpace([Optimizer, new FloatParameter("momentum", 0, 0.99) { When = [new("optimizer", ["sgd"])] }]);

        Assert.Equal(["optimizer: choice [sgd, adam]", "momentum: float [0, 0.99] when optimizer in [sgd]"], space.Describe());
    }
}
