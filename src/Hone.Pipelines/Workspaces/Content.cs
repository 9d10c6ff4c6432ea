using Hone.Pipelines.Objects;

namespace Hone.Pipelines.Workspaces;

/// <summary>What a tracked file or folder holds.</summary>
/// <param name="Id">The MD5 of the file, or of the folder's manifest.</param>
/// <param name="Size">Bytes of the file, or of all files of the folder.</param>
/// <param name="FileCount">Files of the folder; null for a file.</param>
/// <param name="IsExecutable">Whether the file may be executed; false for a folder.</param>
/// <param name="Manifest">The folder's files; null for a file.</param>
public sealed record Content(ObjectId Id, long Size, int? FileCount, bool IsExecutable, Manifest? Manifest);
