using System.Collections.Concurrent;
using System.Globalization;
using Hone.Pipelines.Files;
using Hone.Pipelines.Objects;
using Hone.Pipelines.Repositories;
using Hone.Pipelines.Tracking;

namespace Hone.Pipelines.Remotes;

/// <summary>Sends the objects of outputs to a remote, or gets them from there: those that are missing, several at once.</summary>
/// <remarks>Every object is looked at (by the state, or read) before it is sent, and after it is got; one that is not what its name says is told and goes nowhere.</remarks>
public sealed class Transfer
{
    private readonly Repository _repository;
    private readonly IRemote _remote;
    private readonly RemoteMemory _memory;
    private readonly int _atOnce;
    private readonly CancellationToken _cancellationToken;

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
        _atOnce = jobs > 0 ? jobs : remote is LocalRemote ? Environment.ProcessorCount : Environment.ProcessorCount * 4;
        _cancellationToken = cancellationToken;
    }

    /// <summary>Sends what the remote has not.</summary>
    /// <exception cref="PipelineException">The remote can only be read, or does not answer at all.</exception>
    public async Task<TransferResult> PushAsync(IEnumerable<Target> targets)
    {
        if (!_remote.CanWrite)
        {
            throw new PipelineException($"the remote '{_remote.Address}' can only be read; push to another one", PipelineFault.WrongInput);
        }

        using var failures = new TransferFailures(_cancellationToken);
        var files = new Dictionary<(ObjectId Id, bool IsLegacy), string>();
        var folders = new List<(Target Target, ObjectId Id)>();
        foreach (var target in targets.Where(target => target.Output is { Id: not null, IsCached: true, IsPushed: true }))
        {
            var id = target.Output.Id!.Value;
            if (!id.IsFolder)
            {
                files[(id, target.Output.IsLegacy)] = target.Output.Path;
            }
            else if (!_memory.Knows(id) || target.Part is not null || !await _remote.HasAsync(WantedObject.KeyOf(id, target.Output.IsLegacy), _cancellationToken))
            {
                AddFiles(target, id, files, failures);
                folders.Add((target, id));
            }
        }

        var missing = await Missing().OfAsync(Wanted(files));
        await SendAsync(missing, failures);
        foreach (var (target, id) in folders.Where(folder => folder.Target.Part is null))
        {
            await SendListAsync(target, id, failures);
        }

        return Result(failures, missing.Count + folders.Count, "push");
    }

    /// <summary>Gets what the cache has not.</summary>
    public async Task<TransferResult> FetchAsync(IEnumerable<Target> targets)
    {
        using var failures = new TransferFailures(_cancellationToken);
        var files = await FilesAsync(targets, failures);
        var missing = Wanted(files).Where(one => !_repository.Cache.Has(one.Id, one.IsLegacy)).ToList();
        if (_remote is SshRemote ssh && missing.Count > 0)
        {
            await GetAllAsync(ssh, missing, failures);
        }
        else
        {
            await EachAsync(missing, failures, (one, token) => GetAsync(one, failures, token));
        }

        return Result(failures, missing.Count, "command");
    }

    /// <summary>Compares the cache with the remote: a path and what it is there, for those that differ.</summary>
    /// <returns><c>new</c> for what only the cache has, <c>deleted</c> for what only the remote has, <c>missing</c> for what neither has.</returns>
    public async Task<IReadOnlyList<(string Path, string Word)>> CompareAsync(IEnumerable<Target> targets)
    {
        using var failures = new TransferFailures(_cancellationToken);
        var wanted = Wanted(await FilesAsync(targets.Where(target => target.Output.IsPushed), failures));
        if (failures.IsGivenUp || (wanted.Count == 0 && !failures.IsEmpty))
        {
            throw new PipelineException(failures.Messages[0]);
        }

        var notThere = (await Missing().OfAsync(wanted)).ToHashSet();
        var words = new List<(string Path, string Word)>();
        foreach (var one in wanted)
        {
            var isHere = _repository.Cache.Has(one.Id, one.IsLegacy);
            var isThere = !notThere.Contains(one);
            if (!isHere || !isThere)
            {
                words.Add((one.Path, isHere ? "new" : isThere ? "deleted" : "missing"));
            }
        }

        return [.. words.OrderBy(word => word.Path, StringComparer.Ordinal)];
    }

    private static TransferResult Result(TransferFailures failures, int count, string verb)
    {
        var left = count - failures.Done - failures.Count;
        return new TransferResult(failures.Done, failures.IsGivenUp && left > 0
            ? [.. failures.Messages, string.Create(CultureInfo.InvariantCulture, $"gave up, since nothing went through any more: {left} more objects are left. Run the {verb} again when the remote answers")]
            : failures.Messages);
    }

    private static List<WantedObject> Wanted(Dictionary<(ObjectId Id, bool IsLegacy), string> files) =>
        [.. files.Select(file => new WantedObject(file.Key.Id, file.Key.IsLegacy, file.Value))];

    private ParallelOptions InParallel(CancellationToken token) => new() { MaxDegreeOfParallelism = _atOnce, CancellationToken = token };

    private MissingObjects Missing() => new(_remote, _memory, _repository.Cache, InParallel(_cancellationToken));

    // Ends early, and without an exception, if the remote is gone: the failures tell.
    private async Task EachAsync(IEnumerable<WantedObject> objects, TransferFailures failures, Func<WantedObject, CancellationToken, ValueTask> work)
    {
        try
        {
            await Parallel.ForEachAsync(objects, InParallel(failures.End), work);
        }
        catch (OperationCanceledException) when (failures.IsGivenUp && !_cancellationToken.IsCancellationRequested)
        {
            // Told by the result.
        }
    }

    private async Task<Dictionary<(ObjectId Id, bool IsLegacy), string>> FilesAsync(IEnumerable<Target> targets, TransferFailures failures)
    {
        var files = new Dictionary<(ObjectId Id, bool IsLegacy), string>();
        foreach (var target in targets.Where(target => target.Output is { Id: not null, IsCached: true }))
        {
            var id = target.Output.Id!.Value;
            if (!id.IsFolder)
            {
                files[(id, target.Output.IsLegacy)] = target.Output.Path;
            }
            else if (await GetListAsync(target.Output, id, failures))
            {
                AddFiles(target, id, files, failures);
            }
        }

        return files;
    }

    private void AddFiles(Target target, ObjectId id, Dictionary<(ObjectId Id, bool IsLegacy), string> files, TransferFailures failures)
    {
        if (_repository.Cache.ReadManifest(id, target.Output.IsLegacy) is not { } manifest)
        {
            failures.Add($"{target.Output.Path}: its list of files {id} is not in the cache; get it with hone fetch");
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

    private async Task SendAsync(IReadOnlyList<WantedObject> missing, TransferFailures failures)
    {
        if (_remote is not SshRemote ssh)
        {
            await EachAsync(missing, failures, (one, token) => SendAsync(one, failures, token));
            return;
        }

        var sound = new ConcurrentQueue<string>();
        await EachAsync(missing, failures, (one, _) =>
        {
            if (IsSound(one, failures))
            {
                sound.Enqueue(one.Key);
            }

            return ValueTask.CompletedTask;
        });
        if (!sound.IsEmpty)
        {
            await TryAsync(failures, $"{sound.Count} objects", async () =>
            {
                await ssh.UploadAsync(_repository.Cache.Root, sound, failures.End);
                sound.ToList().ForEach(_ => failures.Succeed());
            });
        }
    }

    private bool IsSound(WantedObject one, TransferFailures failures)
    {
        if (_repository.Cache.IsSound(one.Id, one.IsLegacy))
        {
            return true;
        }

        failures.Add(_repository.Cache.Has(one.Id, one.IsLegacy)
            ? $"{one.Path}: the object '{_repository.Cache.PathOf(one.Id, one.IsLegacy)}' is corrupt and was not pushed; put it right with hone commit, or remove it and fetch it"
            : $"{one.Path}: the object {one.Id} is neither in the cache nor on the remote");
        return false;
    }

    private async ValueTask SendAsync(WantedObject one, TransferFailures failures, CancellationToken cancellationToken)
    {
        if (IsSound(one, failures))
        {
            await TryAsync(failures, one.Path, async () =>
            {
                await _remote.UploadAsync(one.Key, _repository.Cache.PathOf(one.Id, one.IsLegacy), cancellationToken);
                failures.Succeed();
            });
        }
    }

    // The list goes last: where it is, all its files are.
    private async Task SendListAsync(Target target, ObjectId id, TransferFailures failures)
    {
        if (!failures.IsEmpty)
        {
            return;
        }

        var list = new WantedObject(id, target.Output.IsLegacy, target.Output.Path);
        await TryAsync(failures, list.Path, async () =>
        {
            if (!await _remote.HasAsync(list.Key, failures.End))
            {
                await SendAsync(list, failures, failures.End);
            }
        });
        if (failures.IsEmpty)
        {
            _memory.Remember(id);
        }
    }

    private async Task<bool> GetListAsync(TrackedOutput output, ObjectId id, TransferFailures failures)
    {
        if (_repository.Cache.Has(id, output.IsLegacy))
        {
            return true;
        }

        await GetAsync(new WantedObject(id, output.IsLegacy, output.Path), failures, failures.End);
        return _repository.Cache.Has(id, output.IsLegacy);
    }

    private async ValueTask GetAsync(WantedObject one, TransferFailures failures, CancellationToken cancellationToken)
    {
        var target = _repository.Cache.PathOf(one.Id, one.IsLegacy);
        SafeFile.MakeFolders(Path.GetDirectoryName(target)!);
        var temporary = SafeFile.TemporaryBeside(target);
        try
        {
            await TryAsync(failures, one.Path, async () => Take(one, await _remote.DownloadAsync(one.Key, temporary, cancellationToken) ? temporary : null, failures));
        }
        finally
        {
            Posix.Unlink(temporary);
        }
    }

    // One command for all of them, into a folder in the cache, from which those that are right are taken.
    private async Task GetAllAsync(SshRemote ssh, List<WantedObject> missing, TransferFailures failures)
    {
        SafeFile.MakeFolders(_repository.Cache.Root);
        var folder = SafeFile.TemporaryBeside(Path.Combine(_repository.Cache.Root, "got"));
        SafeFile.MakeFolders(folder);
        try
        {
            await TryAsync(failures, $"{missing.Count} objects", async () =>
            {
                await ssh.DownloadAsync(missing.Select(one => one.Key), folder, failures.End);
                await EachAsync(missing, failures, (one, _) =>
                {
                    var got = Path.Combine(folder, one.Key);
                    SafeFile.MakeFolders(Path.GetDirectoryName(_repository.Cache.PathOf(one.Id, one.IsLegacy))!);
                    Take(one, Posix.Stat(got) is null ? null : got, failures);
                    return ValueTask.CompletedTask;
                });
            });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private void Take(WantedObject one, string? got, TransferFailures failures)
    {
        if (got is null)
        {
            failures.Add($"{one.Path}: the object {one.Id} is neither in the cache nor on the remote '{_remote.Address}'; whoever made it must push it");
        }
        else if (_repository.Cache.TryTake(got, one.Id, one.IsLegacy))
        {
            failures.Succeed();
        }
        else
        {
            failures.Add($"{one.Path}: the object {one.Id} on the remote '{_remote.Address}' is corrupt and was not kept; push it again from where it is sound");
            _memory.Forget(one.Id);
        }
    }

    private static async Task TryAsync(TransferFailures failures, string path, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (PipelineException failed)
        {
            failures.Fail(path, failed);
        }
    }
}
