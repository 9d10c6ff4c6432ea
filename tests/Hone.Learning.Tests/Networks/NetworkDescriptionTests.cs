using Hone.Learning.Networks;

namespace Hone.Learning.Tests.Networks;

public sealed class NetworkDescriptionTests
{
    [Fact]
    public void Says_what_every_layer_makes_of_an_example()
    {
        var shapes = SomeNetwork.Cnn().Shapes();

        Assert.Equal(
            "conv1 8 x 8 x 4, pool1 4 x 4 x 4, conv2 4 x 4 x 6, norm 4 x 4 x 6, conv3 4 x 4 x 6, skip 4 x 4 x 6, middle 4 x 4 x 6, flatten 96, dropout 96, dense 9, output 3",
            string.Join(", ", shapes.Select(pair => $"{pair.Key} {pair.Value}")));
    }

    [Theory]
    [InlineData("[8,8,1]", """{"kind":"dense","name":"x","units":3}""", "Layer 'x' (dense): 8 x 8 x 1 came in, and it takes a row of numbers. Put a flatten before it.")]
    [InlineData("[5,3]", """{"kind":"dense","name":"x","units":3}""", "Layer 'x' (dense): 5 x 3 came in, and it takes a row of numbers. Put a flatten before it, or let the recurrent layer before it hand on its last state only (sequence: false).")]
    [InlineData("[64]", """{"kind":"convolution","name":"x","filters":3}""", "Layer 'x' (convolution): 64 came in, and it takes an image of height x width x channels. Move it before what makes a row of the image, or change the input.")]
    [InlineData("[2,2,1]", """{"kind":"convolution","name":"x","filters":3,"border":"Valid"}""", "Layer 'x' (convolution): 2 x 2 x 1 came in, and it takes at least 3 x 3 pixels. Make it smaller, or take a layer before it out.")]
    [InlineData("[1,4,1]", """{"kind":"max_pool","name":"x"}""", "Layer 'x' (max_pool): 1 x 4 x 1 came in, and it takes at least 2 x 2 pixels. Make it smaller, or take a layer before it out.")]
    [InlineData("[64]", """{"kind":"lstm","name":"x","units":3}""", "Layer 'x' (lstm): 64 came in, and it takes a sequence of steps x features. Let the layer before it hand on a sequence (sequence: true), or change the input.")]
    [InlineData("[64]", """{"kind":"dense","name":"x","units":0}""", "Layer 'x': units 0 is out of range. It takes 1 to 1048576.")]
    [InlineData("[1000000]", """{"kind":"dense","name":"x","units":1000000}""", "Layer 'x': it would learn 1000001000000 numbers of 1000000. It takes at most 268435456. Make it, or what comes in, smaller.")]
    [InlineData("[64]", """{"kind":"dropout","name":"x","rate":1}""", "Layer 'x': rate 1 is out of range. It takes a number from 0 to below 1.")]
    [InlineData("[8,8,1]", """{"kind":"convolution","name":"x","filters":3,"stride":0}""", "Layer 'x': stride 0 is out of range for 8 x 8 x 1. It takes 1 up to the image's size.")]
    [InlineData("[4]", """{"kind":"residual","name":"x","layers":[{"kind":"dense","name":"a","units":3}]}""", "Layer 'x' (residual): its layers make 3 of 4, and its shortcut 4. Only equal shapes can be added: change a layer inside it, or the shortcut.")]
    [InlineData("[4]", """{"kind":"module","name":"x","layers":[]}""", "Layer 'x': it holds no layers. It takes at least one.")]
    [InlineData("[4]", """{"kind":"module","name":"x","layers":[{"kind":"dense","name":"x","units":3}]}""", "Two layers have the name 'x'. Rename one.")]
    [InlineData("[4]", """{"kind":"flatten","name":" "}""", "A layer has no name. Give it one.")]
    public void Says_which_layer_does_not_fit_and_what_it_takes(string input, string layer, string message)
    {
        var network = SomeNetwork.Parse(input, $"[{layer}]");

        Assert.Equal(message, Assert.Throws<NetworkException>(() => network.Shapes()).Message);
        Assert.Equal(message, Assert.Throws<NetworkException>(() => new Network<float>(network, new SeededRandom(1))).Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3, -1)]
    [InlineData(1, 2, 3, 4)]
    [InlineData(1000000, 1000000, 1)]
    public void Refuses_what_is_no_shape(params int[] sizes) => Assert.Throws<NetworkException>(() => new TensorShape(sizes));

    [Fact]
    public void Counts_the_numbers_of_every_layer_as_the_network_has_them()
    {
        foreach (var description in new[] { SomeNetwork.Cnn(), SomeNetwork.Recurrent() })
        {
            var network = new Network<float>(description, new SeededRandom(1));

            var counts = description.NumbersOfLayers();

            Assert.Equal(network.Parameters.Sum(named => (long)named.Parameter.Count), counts.Values.Sum());
            Assert.All(network.Parameters.GroupBy(named => named.Name.Split('.')[0]), layer =>
                Assert.Equal(layer.Sum(named => named.Parameter.Count), counts[layer.Key]));
        }
    }

    [Fact]
    public void Names_of_a_prefix_leave_out_what_goes_with_its_module()
    {
        Assert.Equal(["conv1", "conv2", "conv3"], SomeNetwork.Cnn().NamesWithPrefix("conv"));
        Assert.Equal(["middle"], SomeNetwork.Cnn().NamesWithPrefix("mid"));
    }
}
