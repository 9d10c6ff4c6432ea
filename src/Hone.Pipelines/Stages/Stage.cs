namespace Hone.Pipelines.Stages;

/// <summary>One step of a pipeline, as <c>dvc.yaml</c> says it, with all variables replaced. Paths have <c>/</c> on every system.</summary>
public sealed class Stage
{
    /// <summary>The name: for one of several made by <c>foreach</c> or <c>matrix</c> the group, <c>@</c> and what sets it apart.</summary>
    public required string Name { get; init; }

    /// <summary>The name before <c>@</c>; null if the stage stands alone.</summary>
    public string? Group { get; init; }

    /// <summary>The <c>dvc.yaml</c> that says it, from the repository's root.</summary>
    public required string File { get; init; }

    /// <summary>The line of that file on which it begins.</summary>
    public int Line { get; init; }

    /// <summary>The folder in which its commands run, and from which its paths count, from the repository's root; empty for the root itself.</summary>
    public string Folder { get; init; } = "";

    /// <summary>The commands, run one by one by the shell until one fails.</summary>
    public required IReadOnlyList<string> Commands { get; init; }

    /// <summary>Whether the commands are written as a list; a list of one is not the same as a text.</summary>
    public bool IsCommandList { get; init; }

    /// <summary>The files and folders it reads, in the order of <c>dvc.yaml</c>.</summary>
    public IReadOnlyList<StagePath> Dependencies { get; init; } = [];

    /// <summary>The parameters it reads, a parameters file each, in the order of <c>dvc.yaml</c>.</summary>
    public IReadOnlyList<StageParameters> Parameters { get; init; } = [];

    /// <summary>What it writes: outputs, then metrics, then plots, each in the order of <c>dvc.yaml</c>.</summary>
    public IReadOnlyList<StageOutput> Outputs { get; init; } = [];

    /// <summary>Whether it is not to run, whatever its dependencies are.</summary>
    public bool IsFrozen { get; init; }

    /// <summary>Whether it is to run every time.</summary>
    public bool IsAlwaysChanged { get; init; }

    /// <summary>What it is for; empty if nobody said.</summary>
    public string Description { get; init; } = "";

    /// <summary>Whether it is no stage at all, but a <c>.dvc</c> file: data that others read, and that nothing makes.</summary>
    public bool IsTracked => Commands.Count == 0;

    /// <summary>Whether it has neither dependencies nor outputs: it runs every time.</summary>
    public bool IsCallback => !IsTracked && Dependencies.Count == 0 && Parameters.Count == 0 && Outputs.Count == 0;

    /// <summary>How it is called: its name, with the file before it unless that is the root's <c>dvc.yaml</c>.</summary>
    public string Address => IsTracked || File == PipelineFile.Name ? Name : $"{File}:{Name}";

    /// <summary>The lock file in which it is recorded, from the repository's root.</summary>
    public string LockFile => File[..^"yaml".Length] + "lock";

    /// <inheritdoc/>
    public override string ToString() => Address;
}

/// <summary>A file or folder that a stage reads.</summary>
/// <param name="Written">As it stands in <c>dvc.yaml</c>, from the stage's folder.</param>
/// <param name="Path">From the repository's root; whole for one outside of it.</param>
public sealed record StagePath(string Written, string Path);

/// <summary>Parameters of one file that a stage reads.</summary>
/// <param name="Written">The file as it stands in <c>dvc.yaml</c>, from the stage's folder.</param>
/// <param name="Path">The file from the repository's root.</param>
/// <param name="Names">The parameters, such as <c>train.lr</c>; none: all that the file holds.</param>
public sealed record StageParameters(string Written, string Path, IReadOnlyList<string> Names);

/// <summary>What an output is for.</summary>
public enum OutputUse
{
    /// <summary>Data or a model.</summary>
    Plain,

    /// <summary>A file of metrics.</summary>
    Metric,

    /// <summary>A table or an image to be drawn.</summary>
    Plot,
}

/// <summary>A file or folder that a stage writes.</summary>
/// <param name="Written">As it stands in <c>dvc.yaml</c>, from the stage's folder.</param>
/// <param name="Path">From the repository's root.</param>
public sealed record StageOutput(string Written, string Path)
{
    /// <summary>What it is for.</summary>
    public OutputUse Use { get; init; }

    /// <summary>Whether it is kept in the cache; otherwise Git keeps it.</summary>
    public bool IsCached { get; init; } = true;

    /// <summary>Whether it stays in place when the stage runs.</summary>
    public bool IsPersistent { get; init; }

    /// <summary>The remote it goes to; null for the usual one.</summary>
    public string? Remote { get; init; }

    /// <summary>Whether it is pushed at all.</summary>
    public bool IsPushed { get; init; } = true;

    /// <summary>How a plot is to be drawn; null for any other output.</summary>
    public PlotStyle? Plot { get; init; }
}
