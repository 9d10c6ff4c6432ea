using Hone.Pipelines.Files;
using Hone.Pipelines.Objects;

namespace Hone.Pipelines.Workspaces;

/// <summary>A file of a folder in the workspace.</summary>
/// <param name="path">Below the folder, with <c>/</c>.</param>
internal struct TreeFile(string path)
{
    /// <summary>Below the folder, with <c>/</c>.</summary>
    public readonly string Path = path;

    /// <summary>Its stamp; a link stands for what it points to.</summary>
    public FileStamp Stamp;

    /// <summary>Its content.</summary>
    public ObjectId Id;
}
