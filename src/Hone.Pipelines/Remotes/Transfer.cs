using System.Collections.Concurrent;
using Hone.Pipelines.Files;
using Hone.Pipelines.Objects;
using Hone.Pipelines.Repositories;
using Hone.Pipelines.Tracking;

namespace Hone.Pipelines.Remotes;

/// <summary>Sends the objects of outputs to a remote, or gets them from there: those that are missing, several at once.</summary>
/// <remarks>Every object is looked at (by the state, or read) before it is sent, and after it is got; one that is not what its name says is told and goes nowhere.</remarks>
public sealed class Transfer
{
    private const int ShownFailures = 10;
    private readonly Repository _repository;
    private readonly IRemote _remote;
    private readonly RemoteMemory _memory;
    private readonly ParallelOptions _parallel;
    private readonly ConcurrentQueue<string> _failures = new();
    private int _count;

    /// <summary>A transfer between a repository and a remote.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="remote">The remote.</param>
    /// <param name="jobs">How many objects at once; 0 for four a core.</param>
    /// <param name="cancellationToken">Ends the work between two objects; what was transferred stays.</param>
    public Transfer(Repository repository, IRemote remote, int jobs = 0, CancellationToken cancellationToken = default)
    {
        _repository = repository;
        _remote = remote;
        _memory = new RemoteMemory(repository, remote);
        var atOnce = jobs > 0 ? jobs : remote is LocalRemote ? Environment.ProcessorCount : Environment.ProcessorCount * 4;
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellationToken };
    }

    private TransferResult Result => new(_count, [.. _failures.Take(ShownFailures), .. _failures.Count > ShownFailures ? [$"… and {_failures.Count - ShownFailures} more"] : Array.Empty<string>()]);

    /// <summary>Sends what the remote has not.</summary>
    public async Task<TransferResult> PushAsync(IEnumerable<Target> targets)
    {
        if (!_remote.CanWrite)
        {
            throw new PipelineException($"the remote '{_remote.Address}' can only be read; push to another one", PipelineFault.WrongInput);
        }

        var files = new Dictionary<(ObjectId Id, bool IsLegacy), string>();
        var folders = new List<(Target Target, ObjectId Id)>();
        foreach (var target in targets.Where(target => target.Output is { Id: not null, IsCached: true, IsPushed: true }))
        {
            var id = target.Output.Id!.Value;
            if (!id.IsFolder)
            {
                files[(id, target.Output.IsLegacy)] = target.Output.Path;
            }
            else if (!_memory.Knows(id) || target.Part is not null || !await _remote.HasAsync(Key(id, target.Output.IsLegacy), _parallel.CancellationToken))
            {
                AddFiles(target, id, files);
                folders.Add((target, id));
            }
        }

        await Parallel.ForEachAsync(files, _parallel, (file, token) => SendAsync(file.Key.Id, file.Key.IsLegacy, file.Value, token));
        foreach (var (target, id) in folders.Where(folder => folder.Target.Part is null))
        {
            await SendListAsync(target, id);
        }

        return Result;
    }

    /// <summary>Gets what the cache has not.</summary>
    public async Task<TransferResult> FetchAsync(IEnumerable<Target> targets)
    {
        var files = new Dictionary<(ObjectId Id, bool IsLegacy), string>();
        foreach (var target in targets.Where(target => target.Output is { Id: not null, IsCached: true }))
        {
            var id = target.Output.Id!.Value;
            if (!id.IsFolder)
            {
                files[(id, target.Output.IsLegacy)] = target.Output.Path;
            }
            else if (await GetListAsync(target.Output, id))
            {
                AddFiles(target, id, files);
            }
        }

        var missing = files.Where(file => !_repository.Cache.Has(file.Key.Id, file.Key.IsLegacy)).ToList();
        await Parallel.ForEachAsync(missing, _parallel, (file, token) => GetAsync(file.Key.Id, file.Key.IsLegacy, file.Value, token));
        return Result;
    }

    /// <summary>Compares the cache with the remote: a path and what it is there, for those that differ.</summary>
    /// <returns><c>new</c> for what only the cache has, <c>deleted</c> for what only the remote has, <c>missing</c> for what neither has.</returns>
    public async Task<IReadOnlyList<(string Path, string Word)>> CompareAsync(IEnumerable<Target> targets)
    {
        var files = new Dictionary<(ObjectId Id, bool IsLegacy), string>();
        foreach (var target in targets.Where(target => target.Output is { Id: not null, IsCached: true, IsPushed: true }))
        {
            var id = target.Output.Id!.Value;
            if (!id.IsFolder)
            {
                files[(id, target.Output.IsLegacy)] = target.Output.Path;
            }
            else if (await GetListAsync(target.Output, id))
            {
                AddFiles(target, id, files);
            }
        }

        var words = new ConcurrentBag<(string Path, string Word)>();
        await Parallel.ForEachAsync(files, _parallel, async (file, token) =>
        {
            var isHere = _repository.Cache.Has(file.Key.Id, file.Key.IsLegacy);
            var isThere = await _remote.HasAsync(Key(file.Key.Id, file.Key.IsLegacy), token);
            if (!isHere || !isThere)
            {
                words.Add((file.Value, isHere ? "new" : isThere ? "deleted" : "missing"));
            }
        });
        return [.. words.OrderBy(word => word.Path, StringComparer.Ordinal)];
    }

    /// <summary>The key of an object.</summary>
    internal static string Key(ObjectId id, bool isLegacy)
    {
        var name = id.ToString();
        return string.Concat(isLegacy ? "" : "files/md5/", name.AsSpan(0, 2), "/", name.AsSpan(2));
    }

    private void AddFiles(Target target, ObjectId id, Dictionary<(ObjectId Id, bool IsLegacy), string> files)
    {
        if (_repository.Cache.ReadManifest(id, target.Output.IsLegacy) is not { } manifest)
        {
            _failures.Enqueue($"{target.Output.Path}: its list of files {id} is not in the cache; get it with hone fetch");
            return;
        }

        foreach (var entry in manifest.Entries)
        {
            var path = string.Concat(target.Output.Path, "/", entry.Path);
            if (target.Includes(path))
            {
                files.TryAdd((entry.Id, target.Output.IsLegacy), path);
            }
        }
    }

    private async ValueTask SendAsync(ObjectId id, bool isLegacy, string path, CancellationToken cancellationToken)
    {
        try
        {
            if (await _remote.HasAsync(Key(id, isLegacy), cancellationToken))
            {
                return;
            }

            var source = _repository.Cache.PathOf(id, isLegacy);
            if (!_repository.Cache.IsSound(id, isLegacy))
            {
                _failures.Enqueue(_repository.Cache.Has(id, isLegacy)
                    ? $"{path}: the object '{source}' is corrupt and was not pushed; put it right with hone commit, or remove it and fetch it"
                    : $"{path}: the object {id} is neither in the cache nor on the remote");
                return;
            }

            await _remote.UploadAsync(Key(id, isLegacy), source, cancellationToken);
            Interlocked.Increment(ref _count);
        }
        catch (PipelineException failed)
        {
            _failures.Enqueue($"{path}: {failed.Message}");
        }
    }

    // The list goes last: where it is, all its files are.
    private async Task SendListAsync(Target target, ObjectId id)
    {
        if (_failures.IsEmpty)
        {
            await SendAsync(id, target.Output.IsLegacy, target.Output.Path, _parallel.CancellationToken);
            if (_failures.IsEmpty)
            {
                _memory.Remember(id);
            }
        }
    }

    private async Task<bool> GetListAsync(TrackedOutput output, ObjectId id)
    {
        if (_repository.Cache.Has(id, output.IsLegacy))
        {
            return true;
        }

        var before = _failures.Count;
        await GetAsync(id, output.IsLegacy, output.Path, _parallel.CancellationToken);
        return _failures.Count == before;
    }

    private async ValueTask GetAsync(ObjectId id, bool isLegacy, string path, CancellationToken cancellationToken)
    {
        var target = _repository.Cache.PathOf(id, isLegacy);
        SafeFile.MakeFolders(Path.GetDirectoryName(target)!);
        var temporary = SafeFile.TemporaryBeside(target);
        try
        {
            if (!await _remote.DownloadAsync(Key(id, isLegacy), temporary, cancellationToken))
            {
                _failures.Enqueue($"{path}: the object {id} is neither in the cache nor on the remote '{_remote.Address}'; whoever made it must push it");
                return;
            }

            if (_repository.Cache.TryTake(temporary, id, isLegacy))
            {
                Interlocked.Increment(ref _count);
            }
            else
            {
                _failures.Enqueue($"{path}: the object {id} on the remote '{_remote.Address}' is corrupt and was not kept; push it again from where it is sound");
                _memory.Forget(id);
            }
        }
        catch (PipelineException failed)
        {
            _failures.Enqueue($"{path}: {failed.Message}");
        }
        finally
        {
            Posix.Unlink(temporary);
        }
    }
}
