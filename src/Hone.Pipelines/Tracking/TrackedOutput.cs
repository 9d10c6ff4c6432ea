using Hone.Pipelines.Objects;

namespace Hone.Pipelines.Tracking;

/// <summary>A file or folder whose content is recorded: by a <c>.dvc</c> file, or by a stage in <c>dvc.lock</c>.</summary>
public sealed record TrackedOutput
{
    /// <summary>Below the repository's root, with <c>/</c> and without one at the end.</summary>
    public required string Path { get; init; }

    /// <summary>The name by which status tells of it: the <c>.dvc</c> file below the root, or the stage.</summary>
    public required string Owner { get; init; }

    /// <summary>The recorded content; null if none is.</summary>
    public ObjectId? Id { get; init; }

    /// <summary>Bytes, as recorded; null if not.</summary>
    public long? Size { get; init; }

    /// <summary>Files of a folder, as recorded; null if not.</summary>
    public int? FileCount { get; init; }

    /// <summary>Whether a file is to be executable.</summary>
    public bool IsExecutable { get; init; }

    /// <summary>Whether <see cref="Id"/> is by DVC 2's rule, and its object at DVC 2's place.</summary>
    public bool IsLegacy { get; init; }

    /// <summary>Whether the content is kept in the cache; false for <c>cache: false</c>.</summary>
    public bool IsCached { get; init; } = true;

    /// <summary>Whether it is pushed.</summary>
    public bool IsPushed { get; init; } = true;

    /// <summary>The remote that it goes to in place of the default one; null for that.</summary>
    public string? Remote { get; init; }

    /// <summary>Whether a stage makes it, so that a <c>.dvc</c> file has no say.</summary>
    public bool IsFromStage { get; init; }
}
