namespace Hone.Pipelines.Drawing;

/// <summary>Puts the nodes of one connected part into layers, each below all that it needs, with few crossings of arrows.</summary>
/// <remarks>
/// Sugiyama, Tagawa and Toda, "Methods for visual understanding of hierarchical system structures", IEEE Trans. SMC 11, 1981: layers by the
/// longest path, a node without a name wherever an arrow passes a layer, and orders by the mean place of the neighbours.
/// </remarks>
public sealed class LayeredLayout
{
    private const int Sweeps = 8;
    private readonly List<List<Node>> _layers = [];

    private LayeredLayout()
    {
    }

    /// <summary>The layers from the top, each from the left.</summary>
    public IReadOnlyList<IReadOnlyList<Node>> Layers => _layers;

    /// <summary>Lays out a part.</summary>
    /// <param name="nodes">Its nodes.</param>
    /// <param name="edges">All arrows between them; without circles.</param>
    public static LayeredLayout Of(IReadOnlyList<string> nodes, IReadOnlyList<(string From, string To)> edges)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        ArgumentNullException.ThrowIfNull(edges);
        var layout = new LayeredLayout();
        var depth = Depths(nodes, edges);
        var named = nodes.ToDictionary(name => name, name => new Node(name));
        foreach (var name in nodes.OrderBy(name => depth[name]))
        {
            layout.Layer(depth[name]).Add(named[name]);
        }

        foreach (var (from, to) in edges)
        {
            var above = named[from];
            for (var layer = depth[from] + 1; layer < depth[to]; layer++)
            {
                var passing = new Node(null);
                layout.Layer(layer).Add(passing);
                Join(above, passing);
                above = passing;
            }

            Join(above, named[to]);
        }

        layout.Untangle();
        return layout;
    }

    private static void Join(Node above, Node below)
    {
        above.Below.Add(below);
        below.Above.Add(above);
    }

    private static Dictionary<string, int> Depths(IReadOnlyList<string> nodes, IReadOnlyList<(string From, string To)> edges)
    {
        var needs = edges.ToLookup(edge => edge.To, edge => edge.From);
        var needed = edges.ToLookup(edge => edge.From, edge => edge.To);
        var waiting = nodes.ToDictionary(name => name, name => needs[name].Count());
        var depth = nodes.ToDictionary(name => name, _ => 0);
        var free = new Queue<string>(nodes.Where(name => waiting[name] == 0));
        while (free.TryDequeue(out var name))
        {
            foreach (var other in needed[name])
            {
                depth[other] = Math.Max(depth[other], depth[name] + 1);
                if (--waiting[other] == 0)
                {
                    free.Enqueue(other);
                }
            }
        }

        return depth;
    }

    private List<Node> Layer(int depth)
    {
        while (_layers.Count <= depth)
        {
            _layers.Add([]);
        }

        return _layers[depth];
    }

    private void Untangle()
    {
        _layers.ForEach(Number);
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            var isDown = sweep % 2 == 0;
            foreach (var layer in isDown ? _layers : _layers.AsEnumerable().Reverse())
            {
                var sorted = layer.OrderBy(node => Mean(isDown ? node.Above : node.Below, node.Place)).ToList();
                layer.Clear();
                layer.AddRange(sorted);
                Number(layer);
            }
        }
    }

    private static double Mean(List<Node> neighbours, double alone) => neighbours.Count == 0 ? alone : neighbours.Average(node => node.Place);

    private static void Number(List<Node> layer)
    {
        for (var i = 0; i < layer.Count; i++)
        {
            layer[i].Place = i - (layer.Count / 2.0);
        }
    }

    /// <summary>A node, or where an arrow passes a layer.</summary>
    /// <param name="name">Null for an arrow that passes.</param>
    public sealed class Node(string? name)
    {
        /// <summary>Null for an arrow that passes.</summary>
        public string? Name { get; } = name;

        /// <summary>What its arrows come from, in the layer above.</summary>
        public List<Node> Above { get; } = [];

        /// <summary>What its arrows go to, in the layer below.</summary>
        public List<Node> Below { get; } = [];

        internal double Place { get; set; }
    }
}
