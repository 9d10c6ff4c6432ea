using Hone.Pipelines.Values;

namespace Hone.Pipelines.Stages;

/// <summary>Reads how plots are to be drawn.</summary>
internal static class PlotReader
{
    /// <summary>The settings of a plot.</summary>
    public static readonly string[] Keys = ["x", "y", "x_label", "y_label", "title", "template", "header"];

    /// <summary>The style that the options of an output say; DVC's usual one if there are none.</summary>
    public static PlotStyle Style(Section? options) => options is not { } given ? new PlotStyle() : new PlotStyle
    {
        X = given.Get("x")?.Text(),
        Y = given.Get("y") is { } y ? [.. y.Items(isLenient: true).Select(field => field.Text())] : [],
        XLabel = given.Get("x_label")?.Text(),
        YLabel = given.Get("y_label")?.Text(),
        Title = given.Get("title")?.Text(),
        Template = given.Get("template")?.Text() ?? "linear",
        HasHeader = given.Get("header")?.Flag() ?? true,
    };

    /// <summary>The plots beside the stages: a list of paths, of mappings, or one mapping.</summary>
    public static IReadOnlyList<PlotDefinition> Definitions(Section section, string folder, string file)
    {
        var found = new List<PlotDefinition>();
        foreach (var item in section.Items(isLenient: true))
        {
            if (item.Value is not ValueMap map)
            {
                found.Add(new PlotDefinition($"{file}::{item.Text()}", [], PipelinePaths.Combine(folder, item.Text()), new PlotStyle()));
                continue;
            }

            foreach (var id in map.Keys)
            {
                found.Add(Definition(id, item.Get(id)!.Value, folder, file));
            }
        }

        return found;
    }

    private static PlotDefinition Definition(string id, Section options, string folder, string file)
    {
        if (options.Value is NothingValue)
        {
            return new PlotDefinition($"{file}::{id}", [], PipelinePaths.Combine(folder, id), new PlotStyle());
        }

        options.Only(Keys);
        if (options.Get("y") is not { Value: ValueMap files } y)
        {
            var style = Style(options);
            return new PlotDefinition(style.Title ?? $"{file}::{id}", [], PipelinePaths.Combine(folder, id), style);
        }

        var others = new ValueMap([.. options.Map().Entries.Where(entry => entry.Key is not ("x" or "y"))]);
        var rest = Style(options with { Value = others });
        return new PlotDefinition(rest.Title ?? $"{file}::{id}", [.. Series(files, y, options.Get("x"), folder)], null, rest);
    }

    private static IEnumerable<PlotSeries> Series(ValueMap files, Section y, Section? x, string folder)
    {
        var xs = x is { Value: ValueMap map } perFile
            ? [.. map.Keys.SelectMany(file => perFile.Get(file)!.Value.Items(isLenient: true).Select(field => (File: file, Field: field.Text())))]
            : new List<(string File, string Field)>();
        var n = 0;
        foreach (var file in files.Keys)
        {
            foreach (var field in y.Get(file)!.Value.Items(isLenient: true))
            {
                var path = PipelinePaths.Combine(folder, file);
                yield return xs.Count > 0
                    ? new PlotSeries(path, field.Text(), PipelinePaths.Combine(folder, xs[Math.Min(n, xs.Count - 1)].File), xs[Math.Min(n, xs.Count - 1)].Field)
                    : new PlotSeries(path, field.Text(), path, x?.Text());
                n++;
            }
        }
    }
}
