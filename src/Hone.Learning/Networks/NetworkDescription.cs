using System.Text.Json.Serialization;

namespace Hone.Learning.Networks;

/// <summary>
/// A network as data: what an example looks like, and the layers that it goes through. Nothing is computed from it until a
/// <see cref="Network{T}"/> is built; <see cref="Without"/> gives the network without some of its parts.
/// </summary>
public sealed record NetworkDescription
{
    /// <summary>What an example looks like: features; steps and features; or height, width and channels.</summary>
    public required TensorShape Input { get; init; }

    /// <summary>
    /// Whether a training puts a row of as many features as its data have in the place of <see cref="Input"/>, so that one description goes
    /// with any choice of features.
    /// </summary>
    [JsonIgnore]
    public bool TakesAnyFeatures { get; init; }

    /// <summary>The layers in order, at least one.</summary>
    public required IReadOnlyList<LayerDescription> Layers { get; init; }

    /// <summary>Every layer, those inside others too, each before what stands inside it.</summary>
    public IEnumerable<LayerDescription> All() => All(Layers);

    /// <summary>The names that begin with a prefix, in order; none of a layer whose module or residual block is already named.</summary>
    public IReadOnlyList<string> NamesWithPrefix(string prefix)
    {
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        return [.. NamesWithPrefix(Layers, prefix)];
    }

    /// <summary>Checks everything and says what every layer makes of an example.</summary>
    /// <returns>The shape behind each layer by its name, those inside others too.</returns>
    /// <exception cref="NetworkException">A layer does not go with what comes in, or a value lies outside its range. The message names the layer.</exception>
    public IReadOnlyDictionary<string, TensorShape> Shapes() => ShapeInference.Of(this);

    /// <summary>
    /// How many numbers each layer learns and remembers, by its name, those inside others too; a module or residual block has none of its
    /// own.
    /// </summary>
    /// <exception cref="NetworkException">A layer does not fit. The message names it.</exception>
    public IReadOnlyDictionary<string, long> NumbersOfLayers() => LayerCosts.Numbers(this);

    /// <summary>The network without some layers, modules or residual blocks.</summary>
    /// <param name="names">Which; a module or residual block goes with all that it holds.</param>
    /// <remarks>
    /// Shapes are found anew, so that a layer takes what now comes in. A module that has no layers left goes; so does a residual block
    /// whose layers are all gone: its shortcut is left, or nothing where it has none. Where the last recurrent layer
    /// of a row of them goes, the one before it hands on its last state in its place. Everything else that no longer fits is refused.
    /// </remarks>
    /// <exception cref="NetworkException">
    /// There is no layer of a name, or it is, or holds, the first or the last layer, or what is left does not fit together.
    /// </exception>
    public NetworkDescription Without(params IReadOnlyCollection<string> names) => LayerRemoval.From(this, names);

    internal static IEnumerable<LayerDescription> All(IEnumerable<LayerDescription> layers) =>
        layers.SelectMany(layer => All(layer.Inside).Prepend(layer));

    private static IEnumerable<string> NamesWithPrefix(IEnumerable<LayerDescription> layers, string prefix) =>
        layers.SelectMany(layer => layer.Name.StartsWith(prefix, StringComparison.Ordinal)
            ? [layer.Name]
            : NamesWithPrefix(layer.Inside, prefix));
}
