using Hone.Learning.Networks;

namespace Hone.Learning.Tests.Networks;

public sealed class LayerRemovalTests
{
    [Theory]
    [InlineData("pool1")]
    [InlineData("dropout")]
    [InlineData("dense")]
    [InlineData("conv2", "skip")]
    [InlineData("middle")]
    [InlineData("skip", "dense", "dropout")]
    public void What_follows_takes_what_then_comes_in(params string[] names)
    {
        var left = SomeNetwork.Cnn().Without(names);

        // The network works, and has no trace of what was removed.
        var network = new Network<float>(left, new SeededRandom(1));
        Assert.Equal(3, network.Outputs);
        Assert.DoesNotContain(left.All(), layer => names.Contains(layer.Name));
    }

    [Fact]
    public void Removing_nothing_leaves_the_network_as_it_is() =>
        Assert.Equal(Names(SomeNetwork.Cnn()), Names(SomeNetwork.Cnn().Without()));

    [Fact]
    public void The_order_of_removals_does_not_matter()
    {
        string[] removable = ["pool1", "norm", "conv3", "dropout", "dense"];
        for (var seed = 1UL; seed <= 40; seed++)
        {
            var random = new SeededRandom(seed);
            var chosen = removable.Where(_ => random.Next(2) == 0).ToArray();

            var together = SomeNetwork.Cnn().Without(chosen);
            var oneByOne = chosen.Reverse().Aggregate(SomeNetwork.Cnn(), (network, name) => network.Without(name));

            Assert.True(Names(together).SequenceEqual(Names(oneByOne)), $"seed {seed}");
            Assert.True(together.Shapes().OrderBy(p => p.Key).SequenceEqual(oneByOne.Shapes().OrderBy(p => p.Key)), $"seed {seed}");
        }
    }

    [Fact]
    public void A_module_whose_layers_are_all_gone_goes_too() =>
        Assert.DoesNotContain("middle", Names(SomeNetwork.Cnn().Without("conv2", "norm", "conv3")));

    [Fact]
    public void A_residual_block_whose_layers_are_all_gone_hands_its_input_on() =>
        Assert.Equal(Names(SomeNetwork.Cnn().Without("skip")), Names(SomeNetwork.Cnn().Without("conv3")));

    [Fact]
    public void The_recurrent_layer_before_the_last_one_hands_on_its_last_state_in_its_place()
    {
        var left = SomeNetwork.Recurrent().Without("lstm2");

        Assert.False(left.All().OfType<LstmDescription>().Single().Sequence);
        Assert.Equal(new TensorShape(4), left.Shapes()["lstm1"]);
    }

    [Theory]
    [InlineData("conv1", "'conv1' is the first layer of the network, which cannot be taken out. Name others.")]
    [InlineData("output", "'output' is the last layer of the network, which cannot be taken out. Name others.")]
    [InlineData("conv22", "The network has no layer 'conv22'. Did you mean 'conv2'?")]
    [InlineData("conv2", "Without conv2 the network does not fit together. Layer 'skip' (residual): its layers make 4 x 4 x 6 of 4 x 4 x 4, and its shortcut 4 x 4 x 4. Only equal shapes can be added: change a layer inside it, or the shortcut.")]
    [InlineData("flatten", "Without flatten the network does not fit together. Layer 'dense' (dense): 4 x 4 x 6 came in, and it takes a row of numbers. Put a flatten before it.")]
    public void Refuses_what_has_no_one_meaning(string name, string message) =>
        Assert.Equal(message, Assert.Throws<NetworkException>(() => SomeNetwork.Cnn().Without(name)).Message);

    [Fact]
    public void Refuses_a_module_that_holds_the_first_or_the_last_layer()
    {
        var network = SomeNetwork.Of(
            [4],
            new ModuleDescription { Name = "front", Layers = [new DenseDescription { Name = "a", Units = 3 }] },
            new ModuleDescription { Name = "back", Layers = [new DenseDescription { Name = "b", Units = 2 }] });

        Assert.Equal(
            "'front' holds the first layer of the network, which cannot be taken out. Name others.",
            Assert.Throws<NetworkException>(() => network.Without("front")).Message);
        Assert.Throws<NetworkException>(() => network.Without("b"));
    }

    private static string[] Names(NetworkDescription network) => [.. network.All().Select(layer => layer.Name)];
}
