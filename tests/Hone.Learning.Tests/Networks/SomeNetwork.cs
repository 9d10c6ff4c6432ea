using System.Text.Json;
using System.Text.Json.Serialization;
using Hone.Learning.Networks;

namespace Hone.Learning.Tests.Networks;

/// <summary>Valid descriptions for tests.</summary>
internal static class SomeNetwork
{
    /// <summary>Two convolutions with what stands around them, a module among it.</summary>
    public static NetworkDescription Cnn() => Of(
        [8, 8, 1],
        new ConvolutionDescription { Name = "conv1", Filters = 4, Activation = Activation.Relu },
        new MaxPoolDescription { Name = "pool1" },
        new ModuleDescription
        {
            Name = "middle",
            Layers =
            [
                new ConvolutionDescription { Name = "conv2", Filters = 6, Activation = Activation.Relu },
                new BatchNormDescription { Name = "norm" },
                new ResidualDescription { Name = "skip", Layers = [new ConvolutionDescription { Name = "conv3", Filters = 6 }] },
            ],
        },
        new FlattenDescription { Name = "flatten" },
        new DropoutDescription { Name = "dropout", Rate = 0.25 },
        new DenseDescription { Name = "dense", Units = 9, Activation = Activation.Relu },
        new DenseDescription { Name = "output", Units = 3 });

    /// <summary>Two recurrent layers over sequences.</summary>
    public static NetworkDescription Recurrent() => Of(
        [5, 3],
        new LstmDescription { Name = "lstm1", Units = 4, Sequence = true },
        new DropoutDescription { Name = "dropout", Rate = 0.1 },
        new LstmDescription { Name = "lstm2", Units = 6 },
        new DenseDescription { Name = "output", Units = 3 });

    public static NetworkDescription Of(int[] input, params LayerDescription[] layers) =>
        new() { Input = new TensorShape(input), Layers = layers };

    // Unlike a file that was saved, this one may leave out what has a default.
    private static readonly JsonSerializerOptions Lenient = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter() },
    };

    public static NetworkDescription Parse(string input, string layers) => JsonSerializer.Deserialize<NetworkDescription>(
        $$"""{"input":{{input}},"layers":{{layers}}}""", Lenient)!;
}
