namespace Hone.Pipelines.Stages;

/// <summary>Paths as pipelines write them: from the repository's root, with <c>/</c>, without <c>.</c> and <c>..</c>.</summary>
public static class PipelinePaths
{
    /// <summary>The path that a text means in a folder; one that leaves the repository begins with <c>../</c> or <c>/</c>.</summary>
    /// <param name="folder">From the repository's root; empty for the root.</param>
    /// <param name="written">As the user wrote it.</param>
    public static string Combine(string folder, string written)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(written);
        if (written.StartsWith('/'))
        {
            return Path.GetFullPath(written);
        }

        var parts = new List<string>();
        foreach (var part in $"{folder}/{written}".Split('/'))
        {
            if (part == ".." && parts.Count > 0 && parts[^1] != "..")
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part.Length > 0 && part != ".")
            {
                parts.Add(part);
            }
        }

        return string.Join('/', parts);
    }

    /// <summary>Whether a path lies outside of the repository.</summary>
    public static bool IsOutside(string path) => path == ".." || path.StartsWith("../", StringComparison.Ordinal) || path.StartsWith('/');

    /// <summary>The folder of a file; empty for the root.</summary>
    public static string Folder(string file) => file.LastIndexOf('/') is >= 0 and var at ? file[..at] : "";

    /// <summary>Whether the first path is the second, or lies within it. The empty path is the root, and holds all.</summary>
    public static bool IsWithin(string path, string folder) =>
        folder.Length == 0 || (path.StartsWith(folder, StringComparison.Ordinal) && (path.Length == folder.Length || path[folder.Length] == '/'));

    /// <summary>A path of the repository as it looks from one of its folders.</summary>
    public static string Relative(string folder, string path) =>
        folder.Length == 0 || IsOutside(path) ? path : Path.GetRelativePath("/" + folder, "/" + path).Replace('\\', '/');
}
