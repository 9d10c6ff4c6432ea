namespace Hone.Pipelines.Files;

/// <summary>Removes files and folders.</summary>
internal static class Tree
{
    /// <summary>Removes what is at a path, folders with all that is in them; links are removed, not followed. Nothing there is fine.</summary>
    /// <exception cref="PipelineException">Something cannot be removed.</exception>
    public static void Remove(string path)
    {
        if (Posix.Stat(path) is not { } stamp)
        {
            return;
        }

        if (!stamp.IsFolder)
        {
            RemoveFile(path);
            return;
        }

        foreach (var entry in FolderReader.Read(path) ?? [])
        {
            Remove(path + "/" + entry.Name);
        }

        if (Posix.RemoveEmptyFolder(path) is not (0 or Posix.NoEntry) and var error)
        {
            throw Posix.Failure("remove", path, error);
        }
    }

    /// <summary>Removes a folder that holds nothing but folders; false, and some of them may be gone, if it holds a file.</summary>
    public static bool TryRemoveEmpty(string path)
    {
        var isEmpty = true;
        foreach (var entry in FolderReader.Read(path) ?? [])
        {
            isEmpty &= entry.IsFolder && TryRemoveEmpty(path + "/" + entry.Name);
        }

        return isEmpty && Posix.RemoveEmptyFolder(path) is 0 or Posix.NoEntry;
    }

    /// <summary>Removes a file, and the folders above it that are empty then, up to a folder that stays.</summary>
    public static void RemoveFile(string path, string? stop = null)
    {
        if (Posix.Unlink(path) is not (0 or Posix.NoEntry) and var error)
        {
            throw Posix.Failure("remove", path, error);
        }

        for (var above = Path.GetDirectoryName(path); stop is not null && above is not null && above.Length > stop.Length; above = Path.GetDirectoryName(above))
        {
            if (Posix.RemoveEmptyFolder(above) != 0)
            {
                break;
            }
        }
    }
}
