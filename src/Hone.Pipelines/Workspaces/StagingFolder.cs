using System.Globalization;
using Hone.Pipelines.Files;
using Hone.Pipelines.Repositories;

namespace Hone.Pipelines.Workspaces;

/// <summary>A folder on the workspace's file system where files are made before they are moved to their places.</summary>
internal sealed class StagingFolder : IDisposable
{
    private static int _count;

    private StagingFolder(string path) => Path = path;

    /// <summary>Its path.</summary>
    public string Path { get; }

    /// <summary>Makes one for files that go into a folder, and clears away those of processes that were killed.</summary>
    public static StagingFolder Make(Repository repository, string destination)
    {
        var above = System.IO.Path.Combine(repository.HoneFolder, "staging");
        SafeFile.MakeFolders(above);
        RemoveAbandoned(above);
        if (Posix.Stat(above)?.Device != NearestDevice(destination))
        {
            above = System.IO.Path.GetDirectoryName(destination)!;
            SafeFile.MakeFolders(above);
        }

        var path = System.IO.Path.Combine(above, string.Create(
            CultureInfo.InvariantCulture, $".hone-{Environment.ProcessId}-{Interlocked.Increment(ref _count)}.tmp"));
        SafeFile.MakeFolders(path);
        return new StagingFolder(path);
    }

    /// <inheritdoc/>
    public void Dispose() => Tree.Remove(Path);

    private static ulong? NearestDevice(string path)
    {
        for (var at = System.IO.Path.GetDirectoryName(path); at is not null; at = System.IO.Path.GetDirectoryName(at))
        {
            if (Posix.Stat(at, follow: true) is { } stamp)
            {
                return stamp.Device;
            }
        }

        return null;
    }

    private static void RemoveAbandoned(string folder)
    {
        foreach (var entry in FolderReader.Read(folder) ?? [])
        {
            var process = entry.Name.Split('-') is [".hone", var id, ..] && int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
            if (process != Environment.ProcessId && !Directory.Exists($"/proc/{process.ToString(CultureInfo.InvariantCulture)}"))
            {
                Tree.Remove(System.IO.Path.Combine(folder, entry.Name));
            }
        }
    }
}
