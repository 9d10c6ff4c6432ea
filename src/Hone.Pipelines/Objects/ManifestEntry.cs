namespace Hone.Pipelines.Objects;

/// <summary>One file of a folder.</summary>
/// <param name="Path">Below the folder, with <c>/</c>.</param>
/// <param name="Id">Its content.</param>
public readonly record struct ManifestEntry(string Path, ObjectId Id);
