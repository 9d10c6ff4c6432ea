namespace Hone.Pipelines.Files;

/// <summary>Finds what a pattern names.</summary>
internal static class GlobWalk
{
    /// <summary>The files and folders below a root whose path matches, in order; what is in a folder that matches is not looked at.</summary>
    /// <param name="root">The repository's root.</param>
    /// <param name="folder">Where to begin, below the root: no path outside of it can match.</param>
    /// <param name="pattern">The pattern of whole paths below the root.</param>
    public static IEnumerable<string> Matches(string root, string folder, string pattern)
    {
        foreach (var entry in (FolderReader.Read(Path.Combine(root, folder)) ?? []).OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            var path = folder.Length == 0 ? entry.Name : folder + "/" + entry.Name;
            if (entry.Name is ".dvc" or ".git" || entry.Name.EndsWith(".dvc", StringComparison.Ordinal) || entry.Name is ".gitignore" or ".dvcignore")
            {
                continue;
            }

            if (IgnorePattern.Matches(pattern, path))
            {
                yield return path;
            }
            else if (entry.IsFolder)
            {
                foreach (var below in Matches(root, path, pattern))
                {
                    yield return below;
                }
            }
        }
    }
}
