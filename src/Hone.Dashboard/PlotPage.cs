using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Hone.Dashboard;

/// <summary>A plot of a pipeline.</summary>
/// <param name="Title">The heading.</param>
/// <param name="XLabel">What stands along the x axis.</param>
/// <param name="YLabel">What stands along the y axis.</param>
/// <param name="Template">How to draw it: <c>linear</c>, <c>simple</c>, <c>smooth</c>, <c>scatter</c>, <c>bar_horizontal</c> or <c>confusion</c>; any other is a line.</param>
/// <param name="Lines">What to draw.</param>
public sealed record PlotChart(string Title, string XLabel, string YLabel, string Template, IReadOnlyList<PlotChartLine> Lines);

/// <summary>One line of a plot.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Points">Its points: numbers, texts, or null where there is none.</param>
public sealed record PlotChartLine(string Name, IReadOnlyList<(object? X, object? Y)> Points);

/// <summary>The page of a pipeline's plots. One HTML file that opens offline.</summary>
/// <remarks>As safe as <see cref="StudyReport"/>. Thread-safe.</remarks>
public static class PlotPage
{
    private static readonly PageTemplate Page = new("analysis.html", "plots.js");

    /// <summary>Writes the page.</summary>
    /// <param name="charts">The plots, in order.</param>
    /// <param name="output">Gets the page in UTF-8. Left open.</param>
    /// <param name="now">When it is written; shown in its footer.</param>
    /// <exception cref="IOException">The output cannot be written.</exception>
    public static void Write(IReadOnlyList<PlotChart> charts, Stream output, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(charts);
        ArgumentNullException.ThrowIfNull(output);
        Page.Write(output, "Plots", now, new Dictionary<string, Action<Stream>>(StringComparer.Ordinal)
        {
            ["study"] = stream => WriteJson(charts, stream),
            ["summary"] = stream => PageTemplate.Put(stream, Summary(charts)),
            ["tables"] = _ => { },
        });
    }

    private static string Summary(IReadOnlyList<PlotChart> charts) => charts.Count == 0
        ? "<header><h1>Plots</h1></header>\n<p class=\"sentence\">No file to be drawn is there yet: run the stages that write them.</p>\n"
        : string.Create(CultureInfo.InvariantCulture, $"<header><h1>Plots</h1><p class=\"meta\"><span><b>{charts.Count}</b> plots</span></p></header>\n")
            + string.Concat(charts.Select(chart => $"<noscript><p>{WebUtility.HtmlEncode(chart.Title)}</p></noscript>\n"));

    private static void WriteJson(IReadOnlyList<PlotChart> charts, Stream output)
    {
        // The usual encoder escapes what could end the script element.
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteStartArray("plots");
        foreach (var chart in charts)
        {
            json.WriteStartObject();
            json.WriteString("title", chart.Title);
            json.WriteString("x", chart.XLabel);
            json.WriteString("y", chart.YLabel);
            json.WriteString("template", chart.Template);
            json.WriteStartArray("lines");
            foreach (var line in chart.Lines)
            {
                json.WriteStartObject();
                json.WriteString("name", line.Name);
                json.WriteStartArray("points");
                foreach (var (x, y) in line.Points)
                {
                    json.WriteStartArray();
                    Cell(json, x);
                    Cell(json, y);
                    json.WriteEndArray();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Cell(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case double number:
                json.WriteNumberValue(number);
                break;
            default:
                json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }
}
