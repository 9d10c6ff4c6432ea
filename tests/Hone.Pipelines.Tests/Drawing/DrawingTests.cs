using FsCheck;
using FsCheck.Fluent;
using Hone.Pipelines.Drawing;

namespace Hone.Pipelines.Tests.Drawing;

public sealed class DrawingTests
{
    private static readonly PipelineDrawing Diamond = new(["top", "left", "right", "last"], [("top", "left"), ("top", "right"), ("left", "last"), ("right", "last"), ("top", "last")]);

    [Fact]
    public void A_pipeline_is_drawn_from_the_top_to_the_bottom_with_lines_between()
    {
        var drawn = BoxDrawing.Write(Diamond).Split('\n');

        var rows = Diamond.Nodes.Select(name => Array.FindIndex(drawn, line => line.Contains($"│ {name} │", StringComparison.Ordinal))).ToArray();
        Assert.True(rows[0] < rows[1] && rows[1] == rows[2] && rows[2] < rows[3], string.Join('\n', drawn));
        Assert.All(drawn, line => Assert.Equal(line.TrimEnd(), line));
    }

    [Fact]
    public void Every_node_of_any_pipeline_stands_in_every_drawing() => Prop.ForAll<byte[]>(numbers =>
    {
        // Arrows go from a smaller number to a greater one, so that there is no circle.
        var edges = numbers.Zip(numbers.Skip(1)).Where(pair => pair.First != pair.Second)
            .Select(pair => ($"n{Math.Min(pair.First, pair.Second)}", $"n{Math.Max(pair.First, pair.Second)}")).Distinct().ToList();
        string[] nodes = [.. numbers.Select(number => $"n{number}").Distinct()];
        var drawing = new PipelineDrawing(nodes, edges);
        var (text, svg, dot, mermaid) = (BoxDrawing.Write(drawing), GraphSvg.Write(drawing), drawing.Dot(), drawing.Mermaid());
        return nodes.All(node => text.Contains($"│ {node} │", StringComparison.Ordinal) && svg.Contains($">{node}</text>", StringComparison.Ordinal)
            && dot.Contains($"\"{node}\";", StringComparison.Ordinal) && mermaid.Contains($"[\"{node}\"]", StringComparison.Ordinal))
            && mermaid.Split("-->").Length - 1 == edges.Count;
    }).QuickCheckThrowOnFailure();
}
