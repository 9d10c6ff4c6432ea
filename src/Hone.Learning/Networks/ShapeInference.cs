using System.Globalization;
using System.Runtime.CompilerServices;
using Hone.Learning.Networks.Layers;

namespace Hone.Learning.Networks;

/// <summary>Finds what every layer makes of an example, and whether it can.</summary>
internal sealed class ShapeInference
{
    private const int LargestSide = 1 << 20;
    private const int MostDeep = 64;
    private const long MostNumbers = 1 << 28;
    private readonly Dictionary<string, TensorShape> _shapes = new(StringComparer.Ordinal);

    private ShapeInference() { }

    /// <summary>The shape behind each layer by its name.</summary>
    /// <exception cref="NetworkException">Something does not fit.</exception>
    public static IReadOnlyDictionary<string, TensorShape> Of(NetworkDescription network)
    {
        ArgumentNullException.ThrowIfNull(network.Input);
        if (network.Layers is not { Count: > 0 })
        {
            throw new NetworkException("The network has no layers. It takes at least one.");
        }

        var inference = new ShapeInference();
        inference.Behind(network.Layers, network.Input, 0);
        return inference._shapes;
    }

    private TensorShape Behind(IReadOnlyList<LayerDescription> layers, TensorShape input, int depth)
    {
        if (depth > MostDeep)
        {
            throw new NetworkException($"Layers stand more than {MostDeep} deep inside one another.");
        }

        foreach (var layer in layers)
        {
            if (layer is null || string.IsNullOrWhiteSpace(layer.Name))
            {
                throw new NetworkException("A layer has no name. Give it one.");
            }

            var output = Behind(layer, input, depth);
            if (LayerCosts.Of(layer, input) is > MostNumbers and var numbers)
            {
                throw new NetworkException(string.Create(
                    CultureInfo.InvariantCulture, $"Layer '{layer.Name}': it would learn {numbers} numbers of {input}. It takes at most {MostNumbers}. Make it, or what comes in, smaller."));
            }

            if (!_shapes.TryAdd(layer.Name, output))
            {
                throw new NetworkException($"Two layers have the name '{layer.Name}'. Rename one.");
            }

            input = output;
        }

        return input;
    }

    private TensorShape Behind(LayerDescription layer, TensorShape input, int depth) => layer switch
    {
        DenseDescription dense => Dense(dense, input),
        ConvolutionDescription convolution => Convolved(convolution, input),
        MaxPoolDescription pool => Pooled(layer, input, pool.Size, pool.Stride ?? pool.Size),
        AveragePoolDescription pool => Pooled(layer, input, pool.Size, pool.Stride ?? pool.Size),
        FlattenDescription => new TensorShape(input.Count),
        DropoutDescription dropout => InRange(layer, dropout.Rate, "rate", dropout.Rate is >= 0 and < 1, "from 0 to below 1", input),
        BatchNormDescription norm => InRange(layer, norm.Epsilon, "epsilon", norm.Epsilon > 0, "above 0", input),
        LayerNormDescription norm => InRange(layer, norm.Epsilon, "epsilon", norm.Epsilon > 0, "above 0", input),
        ActivationDescription => input,
        EmbeddingDescription embedding => Embedded(embedding, input),
        LstmDescription lstm => Recurrent(layer, input, lstm.Units, lstm.Sequence),
        GruDescription gru => Recurrent(layer, input, gru.Units, gru.Sequence),
        ResidualDescription residual => Added(residual, input, depth),
        ModuleDescription module => Behind(SomeLayers(layer, module.Layers), input, depth + 1),
        _ => throw new NetworkException($"Layer '{layer.Name}': {layer.GetType().Name} is not a layer that Hone knows."),
    };

    private TensorShape Added(ResidualDescription residual, TensorShape input, int depth)
    {
        var body = Behind(SomeLayers(residual, residual.Layers), input, depth + 1);
        var shortcut = Behind(residual.Shortcut ?? throw new NetworkException($"Layer '{residual.Name}': its shortcut is missing."), input, depth + 1);
        return body.Equals(shortcut) ? body : throw new NetworkException(
            $"Layer '{residual.Name}' (residual): its layers make {body} of {input}, and its shortcut {shortcut}. " +
            "Only equal shapes can be added: change a layer inside it, or the shortcut.");
    }

    private static IReadOnlyList<LayerDescription> SomeLayers(LayerDescription layer, IReadOnlyList<LayerDescription>? layers) =>
        layers is { Count: > 0 } ? layers : throw new NetworkException($"Layer '{layer.Name}': it holds no layers. It takes at least one.");

    private static TensorShape Row(LayerDescription layer, TensorShape input) => input.Sizes.Count == 1
        ? input
        : throw Unfit(layer, input, "a row of numbers", input.Sizes.Count == 2 && layer is DenseDescription
            ? "Put a flatten before it, or let the recurrent layer before it hand on its last state only (sequence: false)."
            : "Put a flatten before it.");

    private static TensorShape Dense(DenseDescription layer, TensorShape input)
    {
        Row(layer, input);
        return new TensorShape(Positive(layer, layer.Units));
    }

    private static TensorShape Image(LayerDescription layer, TensorShape input) => input.Sizes.Count == 3
        ? input
        : throw Unfit(layer, input, "an image of height x width x channels", "Move it before what makes a row of the image, or change the input.");

    private static TensorShape Convolved(ConvolutionDescription layer, TensorShape input)
    {
        var (size, stride) = (Side(layer, Image(layer, input), layer.Size, "size"), Side(layer, input, layer.Stride, "stride"));
        Positive(layer, layer.Filters);
        var height = ConvolutionGeometry.OutputSize(input.Sizes[0], size, stride, layer.Border);
        var width = ConvolutionGeometry.OutputSize(input.Sizes[1], size, stride, layer.Border);
        return Whole(layer, input, size, height, width, layer.Filters);
    }

    private static TensorShape Pooled(LayerDescription layer, TensorShape input, int size, int stride)
    {
        Side(layer, Image(layer, input), size, "size");
        Side(layer, input, stride, "stride");
        var height = ConvolutionGeometry.OutputSize(input.Sizes[0], size, stride, Border.Valid);
        var width = ConvolutionGeometry.OutputSize(input.Sizes[1], size, stride, Border.Valid);
        return Whole(layer, input, size, height, width, input.Features);
    }

    private static TensorShape Whole(LayerDescription layer, TensorShape input, int size, int height, int width, int channels) =>
        height > 0 && width > 0
            ? new TensorShape(height, width, channels)
            : throw Unfit(layer, input, string.Create(CultureInfo.InvariantCulture, $"at least {size} x {size} pixels"), "Make it smaller, or take a layer before it out.");

    private static TensorShape Embedded(EmbeddingDescription layer, TensorShape input)
    {
        Positive(layer, layer.Vocabulary);
        return new TensorShape(Row(layer, input).Count, Positive(layer, layer.Features));
    }

    private static TensorShape Recurrent(LayerDescription layer, TensorShape input, int units, bool isSequence)
    {
        Positive(layer, units);
        if (input.Sizes.Count != 2)
        {
            throw Unfit(layer, input, "a sequence of steps x features", "Let the layer before it hand on a sequence (sequence: true), or change the input.");
        }

        return isSequence ? new TensorShape(input.Sizes[0], units) : new TensorShape(units);
    }

    private static int Positive(LayerDescription layer, int count, [CallerArgumentExpression(nameof(count))] string what = "") =>
        count is >= 1 and <= LargestSide ? count : throw new NetworkException(string.Create(
            CultureInfo.InvariantCulture, $"Layer '{layer.Name}': {Last(what)} {count} is out of range. It takes 1 to {LargestSide}."));

    private static int Side(LayerDescription layer, TensorShape input, int side, string what) =>
        side >= 1 && side <= Math.Max(64, Math.Max(input.Sizes[0], input.Sizes[1])) ? side : throw new NetworkException(string.Create(
            CultureInfo.InvariantCulture, $"Layer '{layer.Name}': {what} {side} is out of range for {input}. It takes 1 up to the image's size."));

    private static TensorShape InRange(LayerDescription layer, double value, string what, bool isInRange, string range, TensorShape input) =>
        isInRange && double.IsFinite(value) ? input : throw new NetworkException(string.Create(
            CultureInfo.InvariantCulture, $"Layer '{layer.Name}': {what} {value:R} is out of range. It takes a number {range}."));

    // dense.Units is units in a file.
    private static string Last(string expression) => expression[(expression.LastIndexOf('.') + 1)..].ToLowerInvariant();

    private static NetworkException Unfit(LayerDescription layer, TensorShape input, string needed, string remedy) =>
        new($"Layer '{layer.Name}' ({KindOf(layer)}): {input} came in, and it takes {needed}. {remedy}");

    private static string KindOf(LayerDescription layer) => layer switch
    {
        DenseDescription => "dense",
        ConvolutionDescription => "convolution",
        MaxPoolDescription => "max_pool",
        AveragePoolDescription => "average_pool",
        EmbeddingDescription => "embedding",
        LstmDescription => "lstm",
        _ => "gru",
    };
}
