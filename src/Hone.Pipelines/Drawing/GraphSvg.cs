using System.Globalization;
using System.Net;
using System.Text;

namespace Hone.Pipelines.Drawing;

/// <summary>Draws a pipeline as SVG: boxes from the top to the bottom, and curves between them.</summary>
public static class GraphSvg
{
    private const double LetterWidth = 7.6;
    private const double BoxHeight = 30;
    private const double LayerHeight = 74;
    private const double Gap = 22;
    private const double Margin = 12;

    /// <summary>An <c>svg</c> element. Colours are those of the page: <c>currentColor</c>.</summary>
    public static string Write(PipelineDrawing drawing)
    {
        ArgumentNullException.ThrowIfNull(drawing);
        var body = new StringBuilder();
        var (width, top) = (2 * Margin, Margin);
        foreach (var part in drawing.Parts())
        {
            var members = part.ToHashSet();
            var layout = LayeredLayout.Of(part, [.. drawing.Edges.Where(edge => members.Contains(edge.From))]);
            width = Math.Max(width, (2 * Margin) + Part(body, layout, top));
            top += (layout.Layers.Count * LayerHeight) - (LayerHeight - BoxHeight) + Gap;
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-label=\"The pipeline\" width=\"{width:0}\" height=\"{top:0}\" viewBox=\"0 0 {width:0} {top:0}\" font-family=\"ui-monospace, monospace\" font-size=\"12.5\" fill=\"none\" stroke=\"currentColor\">{body}</svg>");
    }

    private static double Part(StringBuilder body, LayeredLayout layout, double top)
    {
        var widths = layout.Layers.Select(layer => layer.Sum(Width) + (Gap * (layer.Count - 1))).ToList();
        var width = widths.Max();
        var centers = new Dictionary<LayeredLayout.Node, (double X, double Y)>();
        for (var i = 0; i < layout.Layers.Count; i++)
        {
            var left = Margin + ((width - widths[i]) / 2);
            foreach (var node in layout.Layers[i])
            {
                centers.Add(node, (left + (Width(node) / 2), top + (i * LayerHeight)));
                left += Width(node) + Gap;
            }
        }

        foreach (var (node, (x, y)) in centers)
        {
            node.Below.ForEach(below => Curve(body, x, y + BoxHeight, centers[below]));
            Box(body, node, x, y);
        }

        return width;
    }

    private static void Box(StringBuilder body, LayeredLayout.Node node, double x, double y)
    {
        if (node.Name is null)
        {
            body.Append(CultureInfo.InvariantCulture, $"<path d=\"M{x:0.#} {y:0.#}V{y + BoxHeight:0.#}\" opacity=\".55\"/>");
            return;
        }

        body.Append(CultureInfo.InvariantCulture, $"<rect x=\"{x - (Width(node) / 2):0.#}\" y=\"{y:0.#}\" width=\"{Width(node):0.#}\" height=\"{BoxHeight}\" rx=\"6\"/>");
        body.Append(CultureInfo.InvariantCulture, $"<text x=\"{x:0.#}\" y=\"{y + 19:0.#}\" text-anchor=\"middle\" fill=\"currentColor\" stroke=\"none\">{WebUtility.HtmlEncode(node.Name)}</text>");
    }

    private static void Curve(StringBuilder body, double x, double y, (double X, double Y) to)
    {
        var middle = (y + to.Y) / 2;
        body.Append(CultureInfo.InvariantCulture, $"<path d=\"M{x:0.#} {y:0.#}C{x:0.#} {middle:0.#} {to.X:0.#} {middle:0.#} {to.X:0.#} {to.Y:0.#}\" opacity=\".55\"/>");
    }

    private static double Width(LayeredLayout.Node node) => node.Name is null ? 1 : (node.Name.Length * LetterWidth) + 20;
}
