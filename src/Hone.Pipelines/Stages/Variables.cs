using Hone.Pipelines.Values;

namespace Hone.Pipelines.Stages;

/// <summary>The values that <c>${}</c> can name, and where each comes from. Immutable.</summary>
internal sealed class Variables
{
    private readonly Branch _root;

    private Variables(Branch root) => _root = root;

    public static Variables None { get; } = new(new Branch([]));

    /// <summary>These and those of a mapping: mappings are merged, two values of one name are an error.</summary>
    /// <param name="values">What to add.</param>
    /// <param name="source">Where it comes from, for messages.</param>
    /// <exception cref="PipelineException">A name has a value already.</exception>
    public Variables With(ValueMap values, string source) => new(Merge(_root, values, source, ""));

    /// <summary>These, with a value that goes before any other of its name.</summary>
    public Variables Over(string name, Value value)
    {
        var content = new Dictionary<string, Node>(_root.Content, StringComparer.Ordinal) { [name] = new Leaf(value, "") };
        return new Variables(new Branch(content));
    }

    /// <summary>The value of a path such as <c>a.b[0]</c>; null if there is none.</summary>
    public Value? Find(IReadOnlyList<string> path)
    {
        Node node = _root;
        for (var i = 0; i < path.Count; i++)
        {
            if (node is Leaf leaf)
            {
                return Inside(leaf.Value, path, i);
            }

            if (!((Branch)node).Content.TryGetValue(path[i], out var next))
            {
                return null;
            }

            node = next;
        }

        return ValueOf(node);
    }

    /// <summary>All first names, for hints.</summary>
    public IEnumerable<string> Names => _root.Content.Keys;

    private static Value? Inside(Value value, IReadOnlyList<string> path, int from)
    {
        for (var i = from; i < path.Count; i++)
        {
            var next = value switch
            {
                ValueMap map => map.Find(path[i]),
                ValueList list when int.TryParse(path[i], out var index) && index >= 0 && index < list.Items.Count => list.Items[index],
                _ => null,
            };
            if (next is null)
            {
                return null;
            }

            value = next;
        }

        return value;
    }

    private static Value ValueOf(Node node) => node switch
    {
        Leaf leaf => leaf.Value,
        Branch branch => new ValueMap([.. branch.Content.Select(entry => KeyValuePair.Create(entry.Key, ValueOf(entry.Value)))]),
        _ => throw new InvalidOperationException(),
    };

    private static Branch Merge(Branch into, ValueMap values, string source, string path)
    {
        var content = new Dictionary<string, Node>(into.Content, StringComparer.Ordinal);
        foreach (var (key, value) in values.Entries)
        {
            var name = path.Length == 0 ? key : $"{path}.{key}";
            var known = content.GetValueOrDefault(key);
            content[key] = (known, value) switch
            {
                (null, ValueMap map) => Merge(new Branch([]), map, source, name),
                (null, _) => new Leaf(value, source),
                (Branch branch, ValueMap map) => Merge(branch, map, source, name),
                _ => throw new PipelineException($"{source}: '{name}' has a value already, from {Source(known)}; rename one of the two", PipelineFault.WrongInput),
            };
        }

        return new Branch(content);
    }

    private static string Source(Node node) => node switch
    {
        Leaf leaf => leaf.Source,
        Branch { Content.Count: > 0 } branch => Source(branch.Content.Values.First()),
        _ => "elsewhere",
    };

    private abstract record Node;

    private sealed record Leaf(Value Value, string Source) : Node;

    private sealed record Branch(Dictionary<string, Node> Content) : Node;
}
