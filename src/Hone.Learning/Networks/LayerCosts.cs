namespace Hone.Learning.Networks;

/// <summary>Counts the numbers of layers without building them.</summary>
internal static class LayerCosts
{
    /// <summary>What each layer learns and remembers, by its name; a module or residual block has none of its own.</summary>
    public static IReadOnlyDictionary<string, long> Numbers(NetworkDescription network)
    {
        var shapes = network.Shapes();
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        Count(network.Layers, network.Input, shapes, counts);
        return counts;
    }

    private static void Count(
        IReadOnlyList<LayerDescription> layers, TensorShape input, IReadOnlyDictionary<string, TensorShape> shapes, Dictionary<string, long> counts)
    {
        foreach (var layer in layers)
        {
            counts[layer.Name] = Of(layer, input);
            switch (layer)
            {
                case ModuleDescription module:
                    Count(module.Layers, input, shapes, counts);
                    break;
                case ResidualDescription residual:
                    Count(residual.Layers, input, shapes, counts);
                    Count(residual.Shortcut, input, shapes, counts);
                    break;
                default:
                    break;
            }

            input = shapes[layer.Name];
        }
    }

    /// <summary>What a layer learns and remembers itself, of what comes in.</summary>
    public static long Of(LayerDescription layer, TensorShape input) => layer switch
    {
        DenseDescription dense => (input.Count + 1L) * dense.Units,
        ConvolutionDescription convolution => (((long)convolution.Size * convolution.Size * input.Features) + 1) * convolution.Filters,
        EmbeddingDescription embedding => (long)embedding.Vocabulary * embedding.Features,
        LstmDescription lstm => 4L * lstm.Units * (input.Features + lstm.Units + 1L),
        GruDescription gru => (3L * gru.Units * (input.Features + gru.Units + 1L)) + gru.Units,
        BatchNormDescription => 4L * input.Features,
        LayerNormDescription => 2L * input.Features,
        _ => 0,
    };
}
