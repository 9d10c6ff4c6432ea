using System.Numerics;
using Hone.Learning.Networks.Layers;

namespace Hone.Learning.Networks;

/// <summary>Builds the layers of a description, whose shapes were found, with weights drawn in their order.</summary>
internal sealed class NetworkBuilder<T>(IReadOnlyDictionary<string, TensorShape> shapes, Random random)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Builds layers one after the other. A flatten only changes the shape and leaves nothing to do.</summary>
    public SequenceLayer<T> Sequence(string name, IReadOnlyList<LayerDescription> layers, TensorShape input)
    {
        var built = new List<NetworkLayer<T>>();
        var output = input;
        foreach (var layer in layers)
        {
            var behind = shapes[layer.Name];
            if (layer is ModuleDescription module)
            {
                built.Add(Sequence(layer.Name, module.Layers, output));
            }
            else if (layer is not FlattenDescription)
            {
                built.Add(Build(layer, output, behind));
            }

            output = behind;
        }

        return new SequenceLayer<T>(name, input, output, [.. built]);
    }

    private NetworkLayer<T> Build(LayerDescription layer, TensorShape input, TensorShape output) => layer switch
    {
        DenseDescription dense => new DenseLayer<T>(layer.Name, input, dense.Units, dense.Activation, random),
        ConvolutionDescription convolution => new ConvolutionLayer<T>(
            layer.Name, new ConvolutionGeometry(input, convolution.Size, convolution.Stride, convolution.Border), output,
            convolution.Activation, random),
        MaxPoolDescription pool => new MaxPoolLayer<T>(
            layer.Name, input, output, new PoolingWindow(input, output, pool.Size, pool.Stride ?? pool.Size)),
        AveragePoolDescription pool => new AveragePoolLayer<T>(
            layer.Name, input, output, new PoolingWindow(input, output, pool.Size, pool.Stride ?? pool.Size)),
        ActivationDescription activation => new ActivationLayer<T>(layer.Name, input, activation.Function),
        DropoutDescription dropout => new DropoutLayer<T>(layer.Name, input, dropout.Rate, random),
        BatchNormDescription norm => new BatchNormLayer<T>(layer.Name, input, norm.Epsilon),
        LayerNormDescription norm => new LayerNormLayer<T>(layer.Name, input, norm.Epsilon),
        EmbeddingDescription embedding => new EmbeddingLayer<T>(layer.Name, input, embedding.Vocabulary, embedding.Features, random),
        LstmDescription => new LstmLayer<T>(layer.Name, input, output, random),
        GruDescription => new GruLayer<T>(layer.Name, input, output, random),
        ResidualDescription residual => new ResidualLayer<T>(
            layer.Name, Sequence(layer.Name, residual.Layers, input), Sequence(layer.Name, residual.Shortcut, input)),
        _ => throw new NetworkException($"Layer '{layer.Name}': {layer.GetType().Name} cannot be built."),
    };
}
