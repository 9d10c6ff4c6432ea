namespace Hone.Pipelines.Stages;

/// <summary>What a <c>dvc.yaml</c> says, with all variables replaced and groups taken apart.</summary>
/// <param name="Path">The file, from the repository's root.</param>
/// <param name="Stages">In the order in which they stand.</param>
/// <param name="Parameters">Parameters files named beside the stages, from the repository's root.</param>
/// <param name="Metrics">Metrics files named beside the stages, from the repository's root.</param>
/// <param name="Plots">Plots defined beside the stages.</param>
public sealed record PipelineFile(
    string Path,
    IReadOnlyList<Stage> Stages,
    IReadOnlyList<string> Parameters,
    IReadOnlyList<string> Metrics,
    IReadOnlyList<PlotDefinition> Plots)
{
    /// <summary>The name of every such file.</summary>
    public const string Name = "dvc.yaml";
}

/// <summary>A plot that <c>dvc.yaml</c> defines beside its stages.</summary>
/// <param name="Title">The heading.</param>
/// <param name="Series">The lines, by file and field; none: the file named by <paramref name="Path"/>, drawn by <paramref name="Style"/>.</param>
/// <param name="Path">The file or folder, from the repository's root; null if the series name theirs.</param>
/// <param name="Style">How to draw it.</param>
public sealed record PlotDefinition(string Title, IReadOnlyList<PlotSeries> Series, string? Path, PlotStyle Style);

/// <summary>One line of a plot.</summary>
/// <param name="File">Where the y values are, from the repository's root.</param>
/// <param name="Y">Their field.</param>
/// <param name="XFile">Where the x values are.</param>
/// <param name="X">Their field; null: the row's number.</param>
public sealed record PlotSeries(string File, string Y, string XFile, string? X);
