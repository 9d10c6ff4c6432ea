using Hone.Tracking.Store;

namespace Hone.Tracking.Mlflow;

/// <summary>Writes keys and values as files of their names.</summary>
internal static class ExportedPairs
{
    /// <summary>Writes the rows of a statement, a key and a value each.</summary>
    public static void Write(Statement rows, string folder, ImportLog log)
    {
        while (rows.Step())
        {
            Write(folder, rows.Text(0)!, rows.Text(1) ?? "", log);
        }
    }

    /// <summary>Writes one value.</summary>
    public static void Write(string folder, string key, string value, ImportLog log)
    {
        if (PlaceOf(folder, key, log) is { } path)
        {
            File.WriteAllText(path, value);
        }
    }

    /// <summary>The file of a key, whose folder is there; null, and told to the log, if none can have its name.</summary>
    public static string? PlaceOf(string folder, string key, ImportLog log)
    {
        var path = Path.GetFullPath(Path.Combine(folder, key));
        if (!path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal) || key.EndsWith('/') || key.Contains('\0', StringComparison.Ordinal))
        {
            log.Skip(Path.Combine(folder, key), "the name is none that a file can have");
            return null;
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (!Directory.Exists(path))
            {
                return path;
            }

            log.Skip(path, "another name goes on where this one ends, and a file cannot be a folder too");
        }
        catch (IOException failure)
        {
            log.Skip(path, failure.Message);
        }

        return null;
    }
}
