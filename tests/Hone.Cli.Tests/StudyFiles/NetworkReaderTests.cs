using Hone.Cli.StudyFiles;
using Hone.Learning.Networks;

namespace Hone.Cli.Tests.StudyFiles;

public sealed class NetworkReaderTests
{
    private const string Every = """
        network: every-kind
        input: [12, 12, 1]
        layers:
          - convolution: { name: conv, filters: 4, size: 5, stride: 2, border: valid, activation: leaky_relu }
          - max_pool: { name: pool, size: 2, stride: 1 }
          - residual:
              name: block
              layers:
                - convolution: { filters: 6 }
                - batch_norm
              shortcut: [ convolution: { filters: 6, size: 1 } ]
          - average_pool
          - layer_norm: { epsilon: 1e-3 }
          - flatten
          - module:
              name: head
              layers:
                - dense: { name: hidden, units: 8 }
                - activation: { function: tanh }
                - dropout: { rate: 0.2 }
          - dense: { name: output, units: 3 }
        """;

    [Fact]
    public void Reads_every_kind_of_layer_and_names_those_without_a_name()
    {
        var network = NetworkReader.Parse(Every, "every.network.yaml");

        Assert.Equal(
            "conv pool block convolution_2 batch_norm_1 convolution_3 average_pool_1 layer_norm_1 flatten_1 head hidden activation_1 dropout_1 output",
            string.Join(' ', network.All().Select(layer => layer.Name)));
        var first = Assert.IsType<ConvolutionDescription>(network.Layers[0]);
        Assert.Equal((4, 5, 2, Border.Valid, Activation.LeakyRelu), (first.Filters, first.Size, first.Stride, first.Border, first.Activation!.Value));
        Assert.Equal(new TensorShape(3), network.Shapes()["output"]);
    }

    [Fact]
    public void Reads_sequences()
    {
        var network = NetworkReader.Parse(
            "input: [20]\nlayers:\n  - embedding: { vocabulary: 100, features: 8 }\n  - lstm: { units: 5, sequence: true }\n  - gru: { units: 4 }\n", "s.yaml");

        Assert.Equal(new TensorShape(20, 5), network.Shapes()["lstm_1"]);
        Assert.Equal(new TensorShape(4), network.Shapes()["gru_1"]);
    }

    [Fact]
    public void An_input_of_the_data_takes_as_many_features_as_they_have()
    {
        var network = NetworkReader.Parse("input: data\nlayers:\n  - dense: { name: hidden, units: 5 }\n  - dense: { name: output, units: 2 }\n", "d.yaml");

        Assert.True(network.TakesAnyFeatures);
        Assert.Equal(new TensorShape(5), network.Shapes()["hidden"]);
        Assert.False(NetworkReader.Parse(Every, "every.network.yaml").TakesAnyFeatures);
    }

    [Theory]
    [InlineData("input: [4]\nlayers:\n  - dens: { units: 3 }", "n.yaml:3:5: layers[1].dens: unknown key; did you mean 'dense'?")]
    [InlineData("input: [4]\nlayers:\n  - dense: { units: 3, activate: relu }", "n.yaml:3:24: layers[1].dense.activate: unknown key; did you mean 'activation'?")]
    [InlineData("input: [4]\nlayers:\n  - dense: { name: a }", "n.yaml:3:12: layers[1].dense: the key 'units' is missing; expected a whole number from 1 up")]
    [InlineData("input: [4]\nlayers:\n  - dense: { units: many }", "n.yaml:3:21: layers[1].dense.units: 'many' is no whole number; expected one from 1 to 1048576")]
    [InlineData("input: [4]\nlayers:\n  - dense: { units: 3, activation: rely }", "n.yaml:3:36: layers[1].dense.activation: 'rely' is not known here; did you mean 'relu'?")]
    [InlineData("input: [4]\nlayers:\n  - flattn", "n.yaml:3:5: layers[1]: 'flattn' is not known here; did you mean 'flatten'?")]
    [InlineData("input: [4, 4, 4, 4]\nlayers: [flatten]", "n.yaml:1:8: input: [4, 4, 4, 4] is no shape. It takes one to three numbers from 1 up: features; steps and features; or height, width and channels.")]
    [InlineData("input: [8, 8, 1]\nlayers:\n  - flatten\n  - max_pool: { name: pool }", "n.yaml:4:15: layers[2].max_pool: Layer 'pool' (max_pool): 64 came in, and it takes an image of height x width x channels. Move it before what makes a row of the image, or change the input.")]
    [InlineData("layers: [flatten]", "n.yaml:1:1: file: the key 'input' is missing; expected a shape such as [28, 28, 1], or data")]
    [InlineData("input: [4]\nlayers: []", "n.yaml:2:9: layers: an empty list; expected a list of layers, such as - dense: { units: 10 }")]
    [InlineData("", "n.yaml:1:1: file: nothing stands in it; expected the keys input and layers")]
    [InlineData("input: [4]\nlayers:\n  - dense: { units: 3 }\n    flatten: {}", "n.yaml:3:5: layers[1]: a layer has one kind, and 2 stand here; expected dense, convolution, max_pool, average_pool, flatten, activation, dropout, batch_norm, layer_norm, embedding, lstm, gru, residual or module")]
    public void Tells_a_mistake_with_its_place_and_what_was_expected(string text, string problem) =>
        Assert.Equal([problem], Assert.Throws<StudyFileException>(() => NetworkReader.Parse(text, "n.yaml")).Problems);
}
