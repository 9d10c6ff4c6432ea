using Hone.Pipelines.Files;
using Hone.Pipelines.Objects;
using Hone.Pipelines.Repositories;
using Hone.Pipelines.Tracking;

namespace Hone.Pipelines.Workspaces;

/// <summary>Makes the workspace hold the recorded contents of outputs.</summary>
/// <remarks>
/// Files are made apart and moved to their places when all of an output are there and sound, so that an output is as it was or as it
/// should be, whenever the process ends. A content that is nowhere else is not overwritten unless that is asked for.
/// </remarks>
public sealed class Checkout
{
    private const int ShownFiles = 3;
    private const int SmallPlan = 100;
    private static readonly TimeSpan ClockTick = TimeSpan.FromMilliseconds(27);
    private readonly Repository _repository;
    private readonly CheckoutOptions _options;
    private readonly ContentReader _reader;
    private readonly ObjectPlacer _placer;
    private readonly TimeProvider _time;
    private readonly List<string> _added = [];
    private readonly List<string> _modified = [];
    private readonly List<string> _deleted = [];
    private readonly List<string> _failures = [];

    private Checkout(Repository repository, CheckoutOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        _repository = repository;
        _options = options;
        _time = time;
        _reader = new ContentReader(repository, cancellationToken);
        _placer = new ObjectPlacer(repository.Cache, repository.State);
    }

    /// <summary>Puts outputs into the workspace, one after the other; one that fails does not keep the others from it.</summary>
    /// <param name="repository">The repository; its lock is held by the caller.</param>
    /// <param name="outputs">What to put there; outputs without a recorded content or outside of the cache are passed over.</param>
    /// <param name="options">How.</param>
    /// <param name="time">The clock of the waiting for the file system's clock.</param>
    /// <param name="cancellationToken">Ends the work between two files; an output that is not whole by then stays as it was.</param>
    public static async Task<CheckoutResult> RunAsync(
        Repository repository, IEnumerable<TrackedOutput> outputs, CheckoutOptions options, TimeProvider time, CancellationToken cancellationToken = default)
    {
        var checkout = new Checkout(repository, options, time, cancellationToken);
        foreach (var output in outputs.Where(output => output is { Id: not null, IsCached: true }))
        {
            try
            {
                await checkout.PutAsync(output, output.Id!.Value, cancellationToken);
            }
            catch (PipelineException failed)
            {
                checkout._failures.Add($"{output.Path}: {failed.Message}");
            }
        }

        return new CheckoutResult(checkout._added, checkout._modified, checkout._deleted, checkout._failures);
    }

    private async Task PutAsync(TrackedOutput output, ObjectId id, CancellationToken cancellationToken)
    {
        var manifest = id.IsFolder ? Manifest(output, id) : null;
        IReadOnlyList<ManifestEntry> wanted = manifest?.Entries ?? [new ManifestEntry("", id)];
        var full = Path.Combine(_repository.Root, output.Path);
        var present = Posix.Stat(full);
        var stands = Posix.Stat(full, follow: true);
        var isSameKind = stands is { } stamp && stamp.IsFolder == id.IsFolder && !(stamp.IsFolder && present!.Value.IsLink);
        var files = stands is null ? [] : Present(output);
        var plan = FilePlan.Of(wanted, isSameKind ? files : [], _options, output.Path);
        if (!isSameKind)
        {
            plan.Delete.AddRange(files);
        }

        plan = Available(output, plan);
        if (plan.IsEmpty && present is not null)
        {
            SetExecutable(output, full, stands);
            return;
        }

        RunningStages.CheckFree(_repository, output.Path, isToBeWritten: true);
        Guard(output, plan);
        await MakeAsync(output, plan, full, isSameKind, present is not null, cancellationToken);
        (present is null ? _added : _modified).Add(output.Path + (id.IsFolder ? "/" : ""));
    }

    private Manifest Manifest(TrackedOutput output, ObjectId id) => _repository.Cache.ReadManifest(id, output.IsLegacy)
        ?? throw new PipelineException($"its list of files {id} is not in the cache; get it with hone fetch {output.Path}");

    private List<ManifestEntry> Present(TrackedOutput output)
    {
        var content = _reader.Read(output.Path, output.IsLegacy)!;
        return content.Manifest is { } manifest ? [.. manifest.Entries] : [new ManifestEntry("", content.Id)];
    }

    // An object that is missing is found out before anything is made.
    private FilePlan Available(TrackedOutput output, FilePlan plan)
    {
        var missing = plan.Write.Where(entry => !_repository.Cache.Has(entry.Id, output.IsLegacy)).ToList();
        return missing.Count == 0 ? plan
            : _options.AllowsMissing && output.Id!.Value.IsFolder ? plan with { Write = [.. plan.Write.Except(missing)] }
            : throw new PipelineException($"{Count(missing.Count, "object")} not in the cache ({Names(missing)}); get them with hone fetch {output.Path}");
    }

    private void Guard(TrackedOutput output, FilePlan plan)
    {
        if (_options.IsForced)
        {
            return;
        }

        var lost = plan.Delete.Concat(plan.Overwritten).Where(entry => !_repository.Cache.Has(entry.Id, output.IsLegacy) && !_repository.Cache.Has(entry.Id)).ToList();
        if (lost.Count > 0)
        {
            throw new PipelineException(
                $"{Count(lost.Count, "file")} would be lost ({Names(lost)}): the present content is not in the cache. Keep it with hone commit, or give --force");
        }
    }

    private async Task MakeAsync(TrackedOutput output, FilePlan plan, string full, bool isSameKind, bool isThere, CancellationToken cancellationToken)
    {
        var isFolder = output.Id!.Value.IsFolder;
        using var staging = StagingFolder.Make(_repository, full);
        var made = Path.Combine(staging.Path, "made");
        if (isFolder)
        {
            SafeFile.MakeFolders(made);
        }

        var stamps = Place(output, plan.Write, made);
        await PassTickAsync(cancellationToken);
        var now = Posix.Now();
        Move(output, plan, full, made, isSameKind, isThere);
        for (var i = 0; i < stamps.Length; i++)
        {
            _repository.State.Set(stamps[i], plan.Write[i].Id, now, output.IsLegacy);
        }
    }

    private FileStamp[] Place(TrackedOutput output, List<ManifestEntry> entries, string made)
    {
        var stamps = new FileStamp[entries.Count];
        var isFolder = output.Id!.Value.IsFolder;
        var last = "";
        foreach (var entry in entries.Where(entry => DvcFile.FolderOf(entry.Path) != last))
        {
            last = DvcFile.FolderOf(entry.Path);
            SafeFile.MakeFolders(Path.Combine(made, last));
        }

        _reader.EachBatch(entries.Count, range =>
        {
            for (var i = range.Start.Value; i < range.End.Value; i++)
            {
                var path = isFolder ? string.Concat(made, "/", entries[i].Path) : made;
                stamps[i] = _placer.Place(entries[i].Id, path, output.IsLegacy, output.IsExecutable && !isFolder);
            }
        });
        return stamps;
    }

    // A change within the same tick of the file system's clock could not be told from what was just written: the tick ends before the files are seen.
    private async Task PassTickAsync(CancellationToken cancellationToken)
    {
        var left = ClockTick - TimeSpan.FromMicroseconds((Posix.Now() - _placer.NewestNanoseconds) / 1000.0);
        if (left > TimeSpan.Zero && left <= ClockTick)
        {
            await Task.Delay(left, _time, cancellationToken);
        }
    }

    private static void Move(TrackedOutput output, FilePlan plan, string full, string made, bool isSameKind, bool isThere)
    {
        if (!isThere || !isSameKind || !output.Id!.Value.IsFolder)
        {
            SafeFile.MakeFolders(Path.GetDirectoryName(full)!);
            if (isThere && !isSameKind)
            {
                ClearAway(full, plan);
            }

            Rename(made, full);
            return;
        }

        var blocked = plan.Delete.Where(entry => plan.Write.Exists(write => write.Path.StartsWith(entry.Path + "/", StringComparison.Ordinal)
            || entry.Path.StartsWith(write.Path + "/", StringComparison.Ordinal)));
        foreach (var entry in plan.Delete.Count < SmallPlan ? blocked : plan.Delete)
        {
            Tree.RemoveFile(Path.Combine(full, entry.Path), full);
        }

        foreach (var entry in plan.Write)
        {
            var target = string.Concat(full, "/", entry.Path);
            var error = Posix.Rename(string.Concat(made, "/", entry.Path), target);
            if (error is Posix.NoEntry or Posix.NotFolder or IsFolder)
            {
                MakeWay(full, entry.Path);
                error = Posix.Rename(string.Concat(made, "/", entry.Path), target);
            }

            if (error != 0)
            {
                throw Posix.Failure("write", target, error);
            }
        }

        foreach (var entry in plan.Delete.Where(entry => Posix.Stat(Path.Combine(full, entry.Path)) is { IsFolder: false }))
        {
            Tree.RemoveFile(Path.Combine(full, entry.Path), full);
        }
    }

    private const int IsFolder = 21;

    // A file where a folder must be, or a folder where a file must be; what they held is in the cache, or was given up.
    private static void MakeWay(string full, string path)
    {
        for (var end = path.IndexOf('/', StringComparison.Ordinal); end >= 0; end = path.IndexOf('/', end + 1))
        {
            var above = Path.Combine(full, path[..end]);
            if (Posix.Stat(above) is { IsFolder: false })
            {
                Posix.Unlink(above);
            }
        }

        SafeFile.MakeFolders(Path.GetDirectoryName(Path.Combine(full, path))!);
        if (Posix.Stat(Path.Combine(full, path)) is { IsFolder: true })
        {
            ClearFolder(Path.Combine(full, path));
        }
    }

    // What the plan deletes is in the cache, or was given up; what it does not know of, such as ignored files, stays.
    private static void ClearAway(string full, FilePlan plan)
    {
        if (Posix.Stat(full) is { IsFolder: false })
        {
            Posix.Unlink(full);
            return;
        }

        foreach (var entry in plan.Delete)
        {
            Tree.RemoveFile(Path.Combine(full, entry.Path), full);
        }

        ClearFolder(full);
    }

    private static void ClearFolder(string path)
    {
        if (!Tree.TryRemoveEmpty(path))
        {
            throw new PipelineException($"the folder '{path}' must give way to a file, but holds files that are not tracked; move them away");
        }
    }

    private static void Rename(string from, string to)
    {
        if (Posix.Rename(from, to) is not 0 and var error)
        {
            throw Posix.Failure("write", to, error);
        }
    }

    private static void SetExecutable(TrackedOutput output, string full, FileStamp? stands)
    {
        if (output.IsExecutable && stands is { IsFile: true, IsExecutable: false, Links: 1 } file)
        {
            Posix.SetMode(full, (file.Mode & 0xFFF) | 0x40);
        }
    }

    private static string Count(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";

    private static string Names(List<ManifestEntry> entries) =>
        string.Join(", ", entries.Take(ShownFiles).Select(entry => entry.Path.Length == 0 ? entry.Id.ToString() : entry.Path)) + (entries.Count > ShownFiles ? ", …" : "");
}
