using Hone.Pipelines.Stages;
using Hone.Pipelines.Values;

namespace Hone.Pipelines.Comparing;

/// <summary>Which files of a pipeline hold parameters and metrics, and what became of them.</summary>
public static class Measures
{
    /// <summary>All parameters files: those that stages read, those named beside stages, and the usual one.</summary>
    public static IReadOnlyList<string> ParametersFiles(Pipeline pipeline)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        return [.. pipeline.Graph.Stages.SelectMany(stage => stage.Parameters).Select(parameters => parameters.Path)
            .Concat(pipeline.Files.SelectMany(file => file.Parameters))
            .Concat(pipeline.Files.Select(file => PipelinePaths.Combine(PipelinePaths.Folder(file.Path), ParametersFile.Usual)))
            .Distinct(StringComparer.Ordinal)];
    }

    /// <summary>All metrics files: those that stages write, and those named beside stages.</summary>
    public static IReadOnlyList<string> MetricsFiles(Pipeline pipeline)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        return [.. pipeline.Graph.Stages.SelectMany(stage => stage.Outputs).Where(output => output.Use == OutputUse.Metric).Select(output => output.Path)
            .Concat(pipeline.Files.SelectMany(file => file.Metrics)).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>What changed in some files.</summary>
    /// <param name="files">The files, from the repository's root.</param>
    /// <param name="before">The first version.</param>
    /// <param name="after">The second.</param>
    /// <param name="isAll">Whether to list also what did not change.</param>
    /// <returns>By file; files in which nothing changed are left out.</returns>
    public static IReadOnlyList<(string File, IReadOnlyList<ValueChange> Changes)> Compare(
        IEnumerable<string> files, Snapshot before, Snapshot after, bool isAll)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        return [.. files.Select(file => (file, ValueChange.Between(before.Value(file), after.Value(file), isAll))).Where(file => file.Item2.Count > 0)];
    }

    /// <summary>The changes as DVC's JSON: by file and name, <c>old</c>, <c>new</c>, and <c>diff</c> for numbers.</summary>
    public static ValueMap ToValue(IEnumerable<(string File, IReadOnlyList<ValueChange> Changes)> files) =>
        new([.. files.Select(file => KeyValuePair.Create<string, Value>(file.File, new ValueMap([.. file.Changes.Select(Entry)])))]);

    private static KeyValuePair<string, Value> Entry(ValueChange change)
    {
        var entries = new List<KeyValuePair<string, Value>> { new("old", change.Old ?? new NothingValue()), new("new", change.New ?? new NothingValue()) };
        if (change.Difference is { } difference)
        {
            entries.Add(new("diff", difference));
        }

        return new(change.Name, new ValueMap(entries));
    }
}
