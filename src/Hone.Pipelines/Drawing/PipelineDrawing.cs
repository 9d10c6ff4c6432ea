using System.Text;
using Hone.Pipelines.Stages;

namespace Hone.Pipelines.Drawing;

/// <summary>Nodes and arrows of a pipeline, for any kind of drawing.</summary>
/// <param name="Nodes">The names, in the order of the files.</param>
/// <param name="Edges">From what is needed to what needs it.</param>
public sealed record PipelineDrawing(IReadOnlyList<string> Nodes, IReadOnlyList<(string From, string To)> Edges)
{
    /// <summary>The stages of a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="chosen">Those to draw, in order.</param>
    /// <param name="isCollapsed">Whether the members of a group are drawn as one.</param>
    public static PipelineDrawing OfStages(StageGraph graph, IReadOnlyList<Stage> chosen, bool isCollapsed = false)
    {
        string Name(Stage stage) => isCollapsed && stage.Group is { } group ? stage.Address[..^stage.Name.Length] + group : stage.Address;
        var all = chosen.ToHashSet();
        var edges = chosen.SelectMany(stage => graph.Upstream(stage).Where(all.Contains).Select(other => (From: Name(other), To: Name(stage))));
        return new PipelineDrawing([.. chosen.Select(Name).Distinct()], [.. edges.Where(edge => edge.From != edge.To).Distinct()]);
    }

    /// <summary>The outputs of the stages, and which of them went into which.</summary>
    public static PipelineDrawing OfOutputs(StageGraph graph, IReadOnlyList<Stage> chosen)
    {
        var all = chosen.ToHashSet();
        var nodes = new List<string>();
        var edges = new List<(string, string)>();
        foreach (var stage in chosen)
        {
            nodes.AddRange(stage.Outputs.Select(output => output.Path));
            var inputs = stage.Dependencies.Select(path => path.Path).ToList();
            foreach (var input in graph.Upstream(stage).Where(all.Contains).SelectMany(other => other.Outputs).Select(output => output.Path)
                .Where(path => inputs.Exists(read => PipelinePaths.IsWithin(path, read) || PipelinePaths.IsWithin(read, path))))
            {
                edges.AddRange(stage.Outputs.Select(output => (input, output.Path)));
            }
        }

        return new PipelineDrawing(nodes, [.. edges.Distinct()]);
    }

    /// <summary>In the language of Graphviz.</summary>
    public string Dot()
    {
        var text = new StringBuilder("strict digraph  {\n");
        foreach (var node in Nodes)
        {
            text.Append(Quoted(node)).Append(";\n");
        }

        foreach (var (from, to) in Edges)
        {
            text.Append(Quoted(from)).Append(" -> ").Append(Quoted(to)).Append(";\n");
        }

        return text.Append("}\n").ToString();
    }

    /// <summary>In the language of Mermaid: each connected part for itself, sorted by name.</summary>
    public string Mermaid()
    {
        var text = new StringBuilder("flowchart TD\n");
        var number = 0;
        foreach (var part in Parts())
        {
            var numbers = part.Order(StringComparer.Ordinal).ToDictionary(node => node, _ => ++number);
            foreach (var (node, place) in numbers.OrderBy(entry => entry.Value))
            {
                text.Append('\t').Append("node").Append(place).Append("[\"").Append(node.Replace("\"", "#quot;", StringComparison.Ordinal)).Append("\"]\n");
            }

            foreach (var (from, to) in Edges.Where(edge => numbers.ContainsKey(edge.From)).Select(edge => (numbers[edge.From], numbers[edge.To])).Order())
            {
                text.Append('\t').Append("node").Append(from).Append("-->node").Append(to).Append('\n');
            }
        }

        return text.ToString();
    }

    /// <summary>The nodes of each connected part, in order.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Parts()
    {
        var neighbours = Nodes.ToDictionary(node => node, _ => new List<string>());
        foreach (var (from, to) in Edges)
        {
            neighbours[from].Add(to);
            neighbours[to].Add(from);
        }

        var parts = new List<IReadOnlyList<string>>();
        var seen = new HashSet<string>();
        foreach (var start in Nodes.Where(seen.Add))
        {
            var part = new HashSet<string> { start };
            var open = new Stack<string>(part);
            while (open.TryPop(out var node))
            {
                neighbours[node].Where(other => seen.Add(other) | part.Add(other)).ToList().ForEach(open.Push);
            }

            parts.Add([.. Nodes.Where(part.Contains)]);
        }

        return parts;
    }

    private static string Quoted(string name) => $"\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
