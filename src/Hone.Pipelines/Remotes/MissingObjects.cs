using System.Collections.Concurrent;
using Hone.Pipelines.Objects;

namespace Hone.Pipelines.Remotes;

/// <summary>Finds out which objects a remote lacks, and asks as little as it can.</summary>
/// <remarks>
/// What stands in a folder's list that is there is there: lists are sent last and removed first. Of the others each is asked for, unless
/// listing all that there is takes fewer requests; how much there is follows from one 256th of it, since keys are hashes.
/// </remarks>
internal sealed class MissingObjects(IRemote remote, RemoteMemory memory, DataCache cache, ParallelOptions parallel)
{
    private const string Objects = "files/md5/";
    private const int FewRequests = 8;

    /// <summary>Those that the remote lacks.</summary>
    /// <param name="wanted">The objects, each with what messages call it.</param>
    /// <exception cref="PipelineException">The remote does not answer.</exception>
    public async Task<IReadOnlyList<WantedObject>> OfAsync(IReadOnlyCollection<WantedObject> wanted)
    {
        if (wanted.Count == 0)
        {
            return [];
        }

        var known = remote.KeysPerAnswer > 0 && wanted.Count > FewRequests ? await KnownAsync() : [];
        var open = wanted.Where(one => one.IsLegacy || !known.Contains(one.Id)).ToList();
        if (await ListedAsync(open.Count) is { } listed)
        {
            return [.. open.Where(one => !listed.ContainsKey(one.Key))];
        }

        var missing = new ConcurrentQueue<WantedObject>();
        await Parallel.ForEachAsync(open, parallel, async (one, token) =>
        {
            if (!await remote.HasAsync(one.Key, token))
            {
                missing.Enqueue(one);
            }
        });
        return [.. missing];
    }

    private async Task<HashSet<ObjectId>> KnownAsync()
    {
        var known = new HashSet<ObjectId>();
        foreach (var folder in memory.Latest(FewRequests))
        {
            if (cache.ReadManifest(folder) is { } manifest && await remote.HasAsync(WantedObject.KeyOf(folder, isLegacy: false), parallel.CancellationToken))
            {
                known.UnionWith(manifest.Entries.Select(entry => entry.Id));
            }
        }

        return known;
    }

    // Null where asking for each is cheaper.
    private async Task<ConcurrentDictionary<string, byte>?> ListedAsync(int count)
    {
        if (remote.KeysPerAnswer == 0 || count <= FewRequests)
        {
            return null;
        }

        var listed = new ConcurrentDictionary<string, byte>(StringComparer.Ordinal);
        if (remote.KeysPerAnswer == int.MaxValue)
        {
            await ListAsync(Objects, listed, parallel.CancellationToken);
            return listed;
        }

        await ListAsync(Objects + "00/", listed, parallel.CancellationToken);
        var answers = 1 + (256L * listed.Count / remote.KeysPerAnswer);
        if (answers > count)
        {
            return null;
        }

        if (answers <= FewRequests)
        {
            await ListAsync(Objects, listed, parallel.CancellationToken);
        }
        else
        {
            await Parallel.ForEachAsync(Enumerable.Range(1, 255), parallel, async (prefix, token) => await ListAsync($"{Objects}{prefix:x2}/", listed, token));
        }

        return listed;
    }

    private async Task ListAsync(string prefix, ConcurrentDictionary<string, byte> listed, CancellationToken cancellationToken)
    {
        await foreach (var key in remote.KeysAsync(prefix, cancellationToken))
        {
            listed[key] = 0;
        }
    }
}
