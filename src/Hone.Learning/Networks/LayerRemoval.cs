namespace Hone.Learning.Networks;

/// <summary>Takes parts out of a network, and repairs what has one meaning.</summary>
internal static class LayerRemoval
{
    /// <summary>As <see cref="NetworkDescription.Without"/>.</summary>
    public static NetworkDescription From(NetworkDescription network, IReadOnlyCollection<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        var shapes = network.Shapes();
        foreach (var name in names)
        {
            if (!shapes.ContainsKey(name))
            {
                var hint = Spelling.Nearest(name, shapes.Keys) is { } nearest
                    ? $"Did you mean '{nearest}'?"
                    : $"There are {string.Join(", ", shapes.Keys)}.";
                throw new NetworkException($"The network has no layer '{name}'. {hint}");
            }
        }

        var removed = names.ToHashSet(StringComparer.Ordinal);
        Guard(network, removed);
        var isLastRecurrent = LastRecurrent(network.Layers) is { } last && IsRemoved(network.Layers, last, removed);
        var left = Without(network.Layers, removed);
        if (isLastRecurrent && LastRecurrent(left) is { } heir && IsSequence(heir) && !IsSequence(LastRecurrent(network.Layers)!))
        {
            left = Replace(left, heir);
        }

        var edited = network with { Layers = left };
        try
        {
            edited.Shapes();
        }
        catch (NetworkException unfit)
        {
            throw new NetworkException($"Without {string.Join(", ", names)} the network does not fit together. {unfit.Message}");
        }

        return edited;
    }

    // What comes in and what goes out is given by the data: without these layers it would be another problem.
    private static void Guard(NetworkDescription network, HashSet<string> removed)
    {
        foreach (var (isFirst, word) in ((bool, string)[])[(true, "first"), (false, "last")])
        {
            var layers = network.Layers;
            while (layers.Count > 0)
            {
                var edge = isFirst ? layers[0] : layers[^1];
                if (removed.Contains(edge.Name))
                {
                    throw new NetworkException(
                        $"'{edge.Name}' {(edge.Inside.Count > 0 ? "holds" : "is")} the {word} layer of the network, which cannot be taken out. Name others.");
                }

                layers = edge switch
                {
                    ResidualDescription residual => residual.Layers,
                    _ => edge.Inside,
                };
            }
        }
    }

    private static List<LayerDescription> Without(IReadOnlyList<LayerDescription> layers, HashSet<string> removed)
    {
        var left = new List<LayerDescription>();
        foreach (var layer in layers.Where(layer => !removed.Contains(layer.Name)))
        {
            switch (layer)
            {
                case ModuleDescription module when Without(module.Layers, removed) is { Count: > 0 } inside:
                    left.Add(module with { Layers = inside });
                    break;
                case ResidualDescription residual when Without(residual.Layers, removed) is { Count: > 0 } inside:
                    left.Add(residual with { Layers = inside, Shortcut = Without(residual.Shortcut, removed) });
                    break;
                case ResidualDescription residual:
                    left.AddRange(Without(residual.Shortcut, removed));
                    break;
                case ModuleDescription:
                    break;
                default:
                    left.Add(layer);
                    break;
            }
        }

        return left;
    }

    private static LayerDescription? LastRecurrent(IEnumerable<LayerDescription> layers) =>
        NetworkDescription.All(layers).LastOrDefault(layer => layer is LstmDescription or GruDescription);

    private static bool IsSequence(LayerDescription layer) => layer is LstmDescription { Sequence: true } or GruDescription { Sequence: true };

    private static bool IsRemoved(IEnumerable<LayerDescription> layers, LayerDescription sought, HashSet<string> removed) =>
        layers.Any(layer => NetworkDescription.All([layer]).Contains(sought)
            && (removed.Contains(layer.Name) || IsRemoved(layer.Inside, sought, removed)));

    private static List<LayerDescription> Replace(IEnumerable<LayerDescription> layers, LayerDescription heir) => [.. layers.Select(layer => layer switch
    {
        LstmDescription lstm when ReferenceEquals(lstm, heir) => lstm with { Sequence = false },
        GruDescription gru when ReferenceEquals(gru, heir) => gru with { Sequence = false },
        ModuleDescription module => module with { Layers = Replace(module.Layers, heir) },
        ResidualDescription residual => residual with { Layers = Replace(residual.Layers, heir) },
        _ => layer,
    })];
}
