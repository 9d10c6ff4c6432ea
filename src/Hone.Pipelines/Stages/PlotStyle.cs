namespace Hone.Pipelines.Stages;

/// <summary>How a plot is to be drawn.</summary>
public sealed record PlotStyle
{
    /// <summary>The field along the x axis; null: the row's number.</summary>
    public string? X { get; init; }

    /// <summary>The fields drawn; none: the last one.</summary>
    public IReadOnlyList<string> Y { get; init; } = [];

    /// <summary>The heading; null: the file's path.</summary>
    public string? Title { get; init; }

    /// <summary>What stands along the x axis; null: the field's name.</summary>
    public string? XLabel { get; init; }

    /// <summary>What stands along the y axis; null: the field's name.</summary>
    public string? YLabel { get; init; }

    /// <summary>DVC's template, such as <c>linear</c>, <c>scatter</c> or <c>confusion</c>.</summary>
    public string Template { get; init; } = "linear";

    /// <summary>Whether a CSV or TSV file begins with its fields' names.</summary>
    public bool HasHeader { get; init; } = true;
}
