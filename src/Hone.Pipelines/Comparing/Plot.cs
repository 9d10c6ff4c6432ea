using Hone.Pipelines.Stages;
using Hone.Pipelines.Values;

namespace Hone.Pipelines.Comparing;

/// <summary>A plot with its points.</summary>
/// <param name="Title">The heading.</param>
/// <param name="Style">How to draw it.</param>
/// <param name="Lines">What to draw.</param>
public sealed record Plot(string Title, PlotStyle Style, IReadOnlyList<PlotLine> Lines);

/// <summary>One line of a plot.</summary>
/// <param name="Name">The field, with the version where several are compared.</param>
/// <param name="Points">The values of x and y, in the order of the file.</param>
public sealed record PlotLine(string Name, IReadOnlyList<(Value X, Value Y)> Points);

/// <summary>Reads the tables that plots are drawn from.</summary>
public static class Plots
{
    /// <summary>The files that all plots of a pipeline need, from the repository's root.</summary>
    public static IReadOnlyList<string> Files(Pipeline pipeline) =>
        [.. Definitions(pipeline).SelectMany(plot => plot.Path is { } path ? [path] : plot.Series.SelectMany(line => new[] { line.File, line.XFile })).Distinct(StringComparer.Ordinal)];

    /// <summary>The plots of a pipeline with what some versions hold; those for which no version has anything are left out.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="versions">The versions to draw beside one another.</param>
    /// <param name="targets">The files to draw, from the repository's root; all if there are none.</param>
    /// <exception cref="PipelineException">A file is no table, or has not the field that is to be drawn.</exception>
    public static IReadOnlyList<Plot> Read(Pipeline pipeline, IReadOnlyList<Snapshot> versions, IReadOnlyCollection<string> targets)
    {
        var plots = new List<Plot>();
        foreach (var definition in Definitions(pipeline))
        {
            if (targets.Count > 0 && !(definition.Path is { } path && targets.Contains(path)) && !definition.Series.Any(line => targets.Contains(line.File)))
            {
                continue;
            }

            var lines = versions.SelectMany(version => Lines(definition, version, versions.Count > 1 ? $" ({version.Name})" : "")).ToList();
            if (lines.Count > 0)
            {
                plots.Add(new Plot(definition.Title, definition.Style, lines));
            }
        }

        return plots;
    }

    private static IEnumerable<PlotDefinition> Definitions(Pipeline pipeline)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        return pipeline.Graph.Stages.SelectMany(stage => stage.Outputs).Where(output => output.Plot is not null)
            .Select(output => new PlotDefinition(output.Plot!.Title ?? output.Path, [], output.Path, output.Plot))
            .Concat(pipeline.Files.SelectMany(file => file.Plots));
    }

    private static IEnumerable<PlotLine> Lines(PlotDefinition definition, Snapshot version, string suffix)
    {
        if (definition.Path is { } path)
        {
            if (Table(version, path, definition.Style) is not { } table)
            {
                return [];
            }

            var fields = definition.Style.Y.Count > 0 ? definition.Style.Y : table.Fields.Count > 0 ? [table.Fields[^1]] : [];
            return fields.Select(field => new PlotLine(field + suffix, Points(table, definition.Style.X, table, field)));
        }

        return definition.Series
            .Select(line => (Line: line, Y: Table(version, line.File, definition.Style), X: Table(version, line.XFile, definition.Style)))
            .Where(line => line.Y is not null && line.X is not null)
            .Select(line => new PlotLine($"{line.Line.Y}{(definition.Series.Count > 1 ? $" of {line.Line.File}" : "")}{suffix}", Points(line.X!, line.Line.X, line.Y!, line.Line.Y)));
    }

    private static List<(Value X, Value Y)> Points(PlotTable xs, string? x, PlotTable ys, string y)
    {
        var values = ys.Column(y);
        var places = x is null ? [.. values.Select((_, i) => new WholeValue(i))] : xs.Column(x);
        return [.. places.Zip(values)];
    }

    private static PlotTable? Table(Snapshot version, string path, PlotStyle style) => version.Text(path) is { } text ? PlotTable.Read(text, path, style.HasHeader) : null;
}
