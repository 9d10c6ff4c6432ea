namespace Hone.Pipelines.Verbs;

/// <summary>How outputs differ between two times. Paths are below the root; those of folders end in a slash.</summary>
/// <param name="Added">Paths that are there only later.</param>
/// <param name="Deleted">Paths that were there only before.</param>
/// <param name="Modified">Paths with another content.</param>
/// <param name="Renamed">Contents that moved: the path before and the path later.</param>
/// <param name="NotInCache">Folders whose list is not in the cache, so that their files cannot be compared.</param>
public sealed record Difference(
    IReadOnlyList<string> Added, IReadOnlyList<string> Deleted, IReadOnlyList<string> Modified, IReadOnlyList<(string Old, string New)> Renamed, IReadOnlyList<string> NotInCache)
{
    /// <summary>Whether nothing differs.</summary>
    public bool IsEmpty => Added.Count + Deleted.Count + Modified.Count + Renamed.Count + NotInCache.Count == 0;
}
