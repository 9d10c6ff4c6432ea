using Hone.Pipelines.Files;
using Hone.Pipelines.Objects;
using Hone.Pipelines.Repositories;

namespace Hone.Pipelines.Verbs;

/// <summary>Removes objects that no record names. What the workspace's records name is always used.</summary>
public static class Garbage
{
    /// <summary>Looks for unused objects, and removes them unless it is dry.</summary>
    /// <param name="repository">The repository; its lock is held by the caller.</param>
    /// <param name="options">What is used, and what to do.</param>
    /// <param name="cancellationToken">Ends the work between two objects.</param>
    /// <exception cref="PipelineException">A record cannot be read, so that nobody knows what is used; or a folder's list is missing. Nothing is removed then.</exception>
    public static async Task<GarbageResult> RunAsync(Repository repository, GarbageOptions options, CancellationToken cancellationToken = default)
    {
        var named = RecordedIds.InWorkspace(repository).ToHashSet();
        await AddHistoryAsync(repository, options, named, cancellationToken);
        var used = Expand(repository, named, options);
        var (objects, bytes) = Clean(repository, used, options.IsDry, cancellationToken);
        var removed = options.Remote is { } remote ? await CleanRemoteAsync(remote, used, options.IsDry, cancellationToken) : 0;
        return new GarbageResult(objects, bytes, removed, used.Count);
    }

    private static async Task AddHistoryAsync(Repository repository, GarbageOptions options, HashSet<ObjectId> named, CancellationToken cancellationToken)
    {
        if (!options.KeepsBranches && !options.KeepsTags && !options.KeepsCommits)
        {
            return;
        }

        var git = Git.Of(repository) ?? throw new PipelineException("this repository lives without Git: there are no branches, tags or commits to keep", PipelineFault.WrongInput);
        foreach (var revision in await git.RevisionsAsync(options.KeepsBranches, options.KeepsTags, options.KeepsCommits, cancellationToken))
        {
            foreach (var (path, text) in await git.FilesAsync(revision, RecordedIds.IsRecord, cancellationToken))
            {
                named.UnionWith(RecordedIds.In(text, $"{path} in {revision}"));
            }
        }
    }

    private static HashSet<string> Expand(Repository repository, HashSet<ObjectId> named, GarbageOptions options)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var id in named)
        {
            used.Add(id.ToString());
            if (!id.IsFolder)
            {
                continue;
            }

            var manifest = repository.Cache.ReadManifest(id) ?? repository.Cache.ReadManifest(id, isLegacy: true);
            if (manifest is null && !options.SkipsMissing && HasAnyObject(repository))
            {
                throw new PipelineException(
                    $"the list of files {id} is not in the cache, so that nobody knows which files it needs. Get it with hone fetch, or give --skip-missing. Nothing was removed");
            }

            used.UnionWith(manifest?.Entries.Select(entry => entry.Id.ToString()) ?? []);
        }

        return used;
    }

    private static bool HasAnyObject(Repository repository) => Objects(repository.Cache.Root).Any();

    private static (int Objects, long Bytes) Clean(Repository repository, HashSet<string> used, bool isDry, CancellationToken cancellationToken)
    {
        var (objects, bytes) = (0, 0L);
        foreach (var (path, name) in Objects(repository.Cache.Root).ToList())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (used.Contains(name) || Posix.Stat(path) is not { } stamp)
            {
                continue;
            }

            if (!SafeFile.IsTemporary(Path.GetFileName(path)))
            {
                objects++;
                bytes += stamp.Size;
            }

            if (!isDry)
            {
                Tree.RemoveFile(path);
            }
        }

        foreach (var left in isDry ? [] : (FolderReader.Read(repository.Cache.Root) ?? []).Where(entry => entry.IsFolder && SafeFile.IsTemporary(entry.Name)))
        {
            // What a killed fetch has left.
            Directory.Delete(Path.Combine(repository.Cache.Root, left.Name), recursive: true);
        }

        return (objects, bytes);
    }

    private static async Task<int> CleanRemoteAsync(Remotes.IRemote remote, HashSet<string> used, bool isDry, CancellationToken cancellationToken)
    {
        var count = 0;
        var unused = new List<string>();
        await foreach (var key in remote.KeysAsync("files/md5/", cancellationToken))
        {
            if (!used.Contains(key["files/md5/".Length..].Replace("/", "", StringComparison.Ordinal)))
            {
                unused.Add(key);
            }
        }

        // Lists first: where one is, all its files are.
        foreach (var key in unused.OrderByDescending(key => key.EndsWith(".dir", StringComparison.Ordinal)))
        {
            count++;
            if (!isDry)
            {
                await remote.DeleteAsync(key, cancellationToken);
            }
        }

        return count;
    }

    // Folders of two hexadecimal digits, at DVC's present place and at DVC 2's.
    private static IEnumerable<(string Path, string Name)> Objects(string cache)
    {
        foreach (var top in new[] { Path.Combine(cache, "files", "md5"), cache })
        {
            foreach (var folder in (FolderReader.Read(top) ?? []).Where(folder => folder.IsFolder && folder.Name.Length == 2 && folder.Name.All(char.IsAsciiHexDigitLower)))
            {
                foreach (var entry in (FolderReader.Read(Path.Combine(top, folder.Name)) ?? []).Where(entry => !entry.IsFolder))
                {
                    yield return (Path.Combine(top, folder.Name, entry.Name), folder.Name + entry.Name);
                }
            }
        }
    }
}
