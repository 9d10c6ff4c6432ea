using System.Collections.Concurrent;
using Hone.Pipelines.Files;
using Hone.Pipelines.Objects;
using Hone.Pipelines.Repositories;
using Hone.Pipelines.Workspaces;

namespace Hone.Pipelines.Stages;

/// <summary>What lies where stages read and write, in the workspace and in the cache. Thread-safe.</summary>
/// <remarks>What was looked at is remembered until <see cref="Forget()"/>: a dependency of fifty stages is hashed once.</remarks>
internal sealed class StageData(Repository repository)
{
    private readonly ConcurrentDictionary<(string Path, bool IsLegacy), StageContent?> _seen = new();
    private readonly ContentReader _reader = new(repository);
    private readonly ConcurrentDictionary<string, bool> _cached = new(StringComparer.Ordinal);

    /// <summary>What lies at a path; null if nothing does.</summary>
    /// <param name="path">From the repository's root.</param>
    /// <param name="locked">Its record, which says by which rule to hash; null for the usual one.</param>
    public StageContent? Look(string path, LockedPath? locked = null)
    {
        var isLegacy = locked is { HasHashName: false, Id: not null };
        return _seen.GetOrAdd((path, isLegacy), key => Recorded(_reader.Read(key.Path, key.IsLegacy)));
    }

    /// <summary>Forgets what was looked at: something may have written there.</summary>
    public void Forget()
    {
        _seen.Clear();
        _cached.Clear();
    }

    /// <summary>Whether the cache has all of a recorded content.</summary>
    public bool IsCached(LockedPath locked) => locked.Id is { } text && ObjectId.TryParse(text, out var id) && _cached.GetOrAdd(
        text + (locked.HasHashName ? "" : "?"),
        _ => id.IsFolder
            ? repository.Cache.ReadManifest(id, !locked.HasHashName) is { } manifest
                && manifest.Entries.All(entry => repository.Cache.Has(entry.Id, !locked.HasHashName))
            : repository.Cache.Has(id, !locked.HasHashName));

    /// <summary>Keeps what lies at a path in the cache; null if nothing lies there.</summary>
    public StageContent? Keep(string path)
    {
        if (Posix.Stat(Absolute(path), follow: true) is null)
        {
            return null;
        }

        var content = Recorded(_reader.Keep(path.TrimEnd('/')))!;
        _seen[(path, false)] = content;
        _cached[content.Id] = true;
        return content;
    }

    /// <summary>Puts recorded contents where they belong, in place of what lies there.</summary>
    /// <exception cref="PipelineException">An object is missing or damaged; its output is as it was.</exception>
    public Task CheckOutAsync(IEnumerable<(StageOutput Output, LockedPath Locked)> outputs, TimeProvider time, CancellationToken cancellationToken) =>
        PutAsync(outputs, new CheckoutOptions { IsForced = true }, time, cancellationToken);

    /// <summary>Makes outputs links into the cache, where that is how the cache hands them out.</summary>
    public Task LinkAsync(IEnumerable<(StageOutput Output, LockedPath Locked)> outputs, TimeProvider time, CancellationToken cancellationToken) =>
        repository.Cache.Options.Links[0] is LinkType.Hardlink or LinkType.Symlink
            ? PutAsync(outputs, new CheckoutOptions { IsRelinking = true }, time, cancellationToken)
            : Task.CompletedTask;

    /// <summary>Deletes what lies at a path, if anything does.</summary>
    public void Remove(string path)
    {
        var absolute = Absolute(path);
        switch (Posix.Stat(absolute))
        {
            case { IsFolder: true }:
                Directory.Delete(absolute, recursive: true);
                break;
            case not null:
                File.Delete(absolute);
                break;
        }

        Forget(path);
    }

    /// <summary>The path as the system knows it.</summary>
    public string Absolute(string path) => Path.GetFullPath(path, repository.Root);

    private static StageContent? Recorded(Content? content) => content is null
        ? null
        : new StageContent(content.Id.ToString(), content.Size, content.FileCount, content.IsExecutable);

    private void Forget(string path)
    {
        foreach (var key in _seen.Keys.Where(key => PipelinePaths.IsWithin(key.Path, path) || PipelinePaths.IsWithin(path, key.Path)))
        {
            _seen.TryRemove(key, out _);
        }
    }

    private async Task PutAsync(
        IEnumerable<(StageOutput Output, LockedPath Locked)> outputs, CheckoutOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var tracked = outputs.Select(output => StageOutputs.Tracked(output.Output, output.Locked, "")).ToList();
        using var held = await RepositoryLock.TakeAsync(repository, time, Timeout.InfiniteTimeSpan, cancellationToken);
        var result = await Checkout.RunAsync(repository, tracked, options, time, cancellationToken);
        tracked.ForEach(output => Forget(output.Path));
        if (result.Failures.Count > 0)
        {
            throw new PipelineException(string.Join("; ", result.Failures));
        }
    }
}
