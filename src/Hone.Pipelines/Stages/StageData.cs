using System.Collections.Concurrent;
using Hone.Pipelines.Files;
using Hone.Pipelines.Objects;
using Hone.Pipelines.Repositories;

namespace Hone.Pipelines.Stages;

/// <summary>What lies where stages read and write, in the workspace and in the cache. Thread-safe.</summary>
/// <remarks>What was looked at is remembered until <see cref="Forget()"/>: a dependency of fifty stages is hashed once.</remarks>
internal sealed class StageData(Repository repository)
{
    private readonly ConcurrentDictionary<(string Path, bool IsLegacy), StageContent?> _seen = new();
    private readonly ConcurrentDictionary<string, bool> _cached = new(StringComparer.Ordinal);

    /// <summary>What lies at a path; null if nothing does.</summary>
    /// <param name="path">From the repository's root.</param>
    /// <param name="locked">Its record, which says by which rule to hash; null for the usual one.</param>
    public StageContent? Look(string path, LockedPath? locked = null)
    {
        var isLegacy = locked is { HasHashName: false, Id: not null };
        return _seen.GetOrAdd((path, isLegacy), key => Hashed(Absolute(key.Path), keeps: false, key.IsLegacy));
    }

    /// <summary>Forgets what was looked at: something may have written there.</summary>
    public void Forget() => _seen.Clear();

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
        var content = Hashed(Absolute(path), keeps: true, isLegacy: false);
        _seen[(path, false)] = content;
        if (content is not null)
        {
            _cached[content.Id] = true;
        }

        return content;
    }

    /// <summary>Puts a recorded content where it belongs, in place of what lies there.</summary>
    public void CheckOut(string path, LockedPath locked)
    {
        if (Look(path, locked) is { } found && found.Id == locked.Id)
        {
            return;
        }

        _ = ObjectId.TryParse(locked.Id, out var id);
        Remove(path);
        var target = Absolute(path);
        if (!id.IsFolder)
        {
            Place(id, target, locked.IsExecutable);
        }
        else
        {
            SafeFile.MakeFolders(target);
            foreach (var entry in repository.Cache.ReadManifest(id)!.Entries)
            {
                Place(entry.Id, Path.Combine(target, entry.Path), isExecutable: false);
            }
        }

        Forget(path);
    }

    /// <summary>Deletes what lies at a path, if anything does.</summary>
    public void Remove(string path)
    {
        var absolute = Absolute(path);
        if (Posix.Stat(absolute) is { IsFolder: true })
        {
            Directory.Delete(absolute, recursive: true);
        }
        else
        {
            File.Delete(absolute);
        }

        Forget(path);
    }

    /// <summary>The path as the system knows it.</summary>
    public string Absolute(string path) => Path.GetFullPath(path, repository.Root);

    private void Forget(string path)
    {
        foreach (var key in _seen.Keys.Where(key => PipelinePaths.IsWithin(key.Path, path) || PipelinePaths.IsWithin(path, key.Path)))
        {
            _seen.TryRemove(key, out _);
        }
    }

    private void Place(ObjectId id, string target, bool isExecutable)
    {
        SafeFile.MakeFolders(Path.GetDirectoryName(target)!);
        var temporary = SafeFile.TemporaryBeside(target);
        File.Copy(repository.Cache.PathOf(id), temporary);
        Posix.SetMode(temporary, isExecutable ? 0x1EDu : 0x1A4u);
        File.Move(temporary, target, overwrite: true);
    }

    private StageContent? Hashed(string path, bool keeps, bool isLegacy)
    {
        if (Posix.Stat(path, follow: true) is not { } stamp)
        {
            return null;
        }

        if (!stamp.IsFolder)
        {
            var id = keeps ? repository.Cache.Keep(path).Id : FileHash.Of(path, repository.State, isLegacy);
            return new StageContent(id.ToString(), stamp.Size, null, stamp.IsExecutable);
        }

        var entries = new List<ManifestEntry>();
        var size = 0L;
        Walk(path, "", keeps, isLegacy, entries, ref size);
        var manifest = Manifest.Of(entries);
        if (keeps)
        {
            repository.Cache.Write(manifest.Id, manifest.Json.Span);
        }

        return new StageContent(manifest.Id.ToString(), size, entries.Count, IsExecutable: false);
    }

    private void Walk(string folder, string below, bool keeps, bool isLegacy, List<ManifestEntry> entries, ref long size)
    {
        foreach (var entry in FolderReader.Read(folder) ?? [])
        {
            var path = Path.Combine(folder, entry.Name);
            if (Posix.Stat(path, follow: true) is not { } stamp || SafeFile.IsTemporary(entry.Name))
            {
                continue;
            }

            if (stamp.IsFolder)
            {
                Walk(path, $"{below}{entry.Name}/", keeps, isLegacy, entries, ref size);
            }
            else
            {
                entries.Add(new ManifestEntry(below + entry.Name, keeps ? repository.Cache.Keep(path).Id : FileHash.Of(path, repository.State, isLegacy)));
                size += stamp.Size;
            }
        }
    }
}
