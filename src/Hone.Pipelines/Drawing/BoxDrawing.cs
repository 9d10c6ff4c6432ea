using System.Text;

namespace Hone.Pipelines.Drawing;

/// <summary>Draws a pipeline with the letters of a terminal: boxes from the top to the bottom, and lines between them.</summary>
public static class BoxDrawing
{
    private const int Gap = 3;

    // By what meets in a letter: up 1, right 2, down 4, left 8.
    private const string Lines = " ╵╶└╷│┌├╴┘─┴┐┤┬┼";

    /// <summary>The drawing, in lines without blanks at their ends.</summary>
    public static string Write(PipelineDrawing drawing)
    {
        ArgumentNullException.ThrowIfNull(drawing);
        var text = new StringBuilder();
        foreach (var part in drawing.Parts())
        {
            var members = part.ToHashSet();
            text.Append(Part(LayeredLayout.Of(part, [.. drawing.Edges.Where(edge => members.Contains(edge.From))])));
        }

        return text.ToString();
    }

    private static string Part(LayeredLayout layout)
    {
        var centers = Centers(layout, out var width);
        var canvas = new Canvas(width);
        var top = 0;
        for (var i = 0; i < layout.Layers.Count; i++)
        {
            foreach (var node in layout.Layers[i])
            {
                Draw(canvas, node, centers[node], top);
            }

            top = i + 1 < layout.Layers.Count ? Join(canvas, layout.Layers[i], centers, top + 3) : top + 3;
        }

        return canvas.ToString();
    }

    private static void Draw(Canvas canvas, LayeredLayout.Node node, int center, int top)
    {
        if (node.Name is null)
        {
            canvas.Down(center, top, top + 2);
            return;
        }

        var (left, right) = (center - ((Width(node) - 1) / 2), center + (Width(node) / 2));
        canvas.Across(top, left, right);
        canvas.Across(top + 2, left, right);
        canvas.Down(left, top, top + 2);
        canvas.Down(right, top, top + 2);
        canvas.Text(left + 2, top + 1, node.Name);
    }

    // The lines from a layer to the next, each source in a row of its own where rows would touch. Returns the row of the next layer.
    private static int Join(Canvas canvas, IReadOnlyList<LayeredLayout.Node> layer, Dictionary<LayeredLayout.Node, int> centers, int top)
    {
        var rows = new List<int>();
        var spans = layer.Where(node => node.Below.Count > 0).Select(node =>
        {
            var ends = node.Below.Select(below => centers[below]).Append(centers[node]).ToList();
            return (Node: node, From: ends.Min(), To: ends.Max());
        }).OrderBy(span => span.From).ToList();
        var placed = new List<(int Row, LayeredLayout.Node Node)>();
        foreach (var span in spans)
        {
            var row = span.From == span.To ? 0 : rows.FindIndex(end => end < span.From);
            if (row < 0)
            {
                rows.Add(0);
                row = rows.Count - 1;
            }

            if (span.From != span.To)
            {
                rows[row] = span.To;
            }

            placed.Add((row, span.Node));
        }

        var height = Math.Max(1, rows.Count);
        foreach (var (row, node) in placed)
        {
            var at = top + row;
            canvas.Down(centers[node], top - 1, at);
            foreach (var below in node.Below)
            {
                canvas.Across(at, Math.Min(centers[node], centers[below]), Math.Max(centers[node], centers[below]));
                canvas.Down(centers[below], at, top + height);
            }
        }

        return top + height;
    }

    private static int Width(LayeredLayout.Node node) => node.Name is null ? 1 : node.Name.Length + 4;

    private static Dictionary<LayeredLayout.Node, int> Centers(LayeredLayout layout, out int width)
    {
        var widths = layout.Layers.Select(layer => layer.Sum(Width) + (Gap * (layer.Count - 1))).ToList();
        width = widths.Max();
        var centers = new Dictionary<LayeredLayout.Node, int>();
        for (var i = 0; i < layout.Layers.Count; i++)
        {
            var left = (width - widths[i]) / 2;
            foreach (var node in layout.Layers[i])
            {
                centers.Add(node, left + ((Width(node) - 1) / 2));
                left += Width(node) + Gap;
            }
        }

        return centers;
    }

    private sealed class Canvas(int width)
    {
        private readonly List<char[]> _letters = [];
        private readonly List<byte[]> _lines = [];

        public void Across(int row, int from, int to)
        {
            for (var x = from; x <= to; x++)
            {
                Row(row)[x] |= (byte)((x < to ? 2 : 0) | (x > from ? 8 : 0));
            }
        }

        public void Down(int column, int from, int to)
        {
            for (var y = from; y <= to; y++)
            {
                Row(y)[column] |= (byte)((y < to ? 4 : 0) | (y > from ? 1 : 0));
            }
        }

        public void Text(int column, int row, string text)
        {
            Row(row);
            text.CopyTo(0, _letters[row], column, text.Length);
        }

        public override string ToString()
        {
            var text = new StringBuilder();
            for (var y = 0; y < _lines.Count; y++)
            {
                var line = new char[width];
                for (var x = 0; x < width; x++)
                {
                    line[x] = _letters[y][x] != '\0' ? _letters[y][x] : Lines[_lines[y][x]];
                }

                text.Append(new string(line).TrimEnd()).Append('\n');
            }

            return text.ToString();
        }

        private byte[] Row(int row)
        {
            while (_lines.Count <= row)
            {
                _lines.Add(new byte[width]);
                _letters.Add(new char[width]);
            }

            return _lines[row];
        }
    }
}
