using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Hone.Pipelines.Files;
using Hone.Pipelines.Objects;
using Hone.Pipelines.Repositories;

namespace Hone.Pipelines.Workspaces;

/// <summary>Finds out what files and folders of the workspace hold, reading only what the state does not know; and keeps them in the cache.</summary>
/// <remarks>Files are hashed and copied on all cores. Thread-safe.</remarks>
public sealed class ContentReader
{
    private const int Batch = 64;
    private readonly Repository _repository;
    private readonly ParallelOptions _parallel;

    /// <summary>A reader of a repository's workspace.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="cancellationToken">Ends the work between two files; what is kept by then stays.</param>
    public ContentReader(Repository repository, CancellationToken cancellationToken = default)
    {
        _repository = repository;
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken };
    }

    /// <summary>What a path holds now; null if there is nothing.</summary>
    /// <param name="path">Below the repository's root, with <c>/</c>.</param>
    /// <param name="isLegacy">Whether ids by DVC 2's rule are wanted.</param>
    /// <exception cref="PipelineException">Something cannot be read or is neither file nor folder.</exception>
    public Content? Read(string path, bool isLegacy = false) =>
        Look(
            path,
            stamp => _repository.State.TryGet(stamp, out var known, isLegacy) ? known : null,
            (full, _) => FileHash.Read(full, _repository.State, isLegacy).Id);

    /// <summary>What a path holds now, and puts all of it into the cache. The files themselves stay as they are.</summary>
    /// <exception cref="PipelineException">There is nothing, or it cannot be read or kept.</exception>
    public Content Keep(string path)
    {
        var content = Look(
            path,
            stamp => _repository.State.TryGet(stamp, out var known) && _repository.Cache.Has(known) ? known : null,
            (full, stamp) => _repository.Cache.Keep(full, stamp.IsFile).Id) ?? throw Posix.Failure("read", path, Posix.NoEntry);
        if (content.Manifest is { } manifest)
        {
            _repository.Cache.Write(manifest.Id, manifest.Json.Span);
        }

        return content;
    }

    /// <summary>Runs work over ranges of some hundred items on all cores; the first failure ends it and is thrown as it is.</summary>
    internal void EachBatch(int count, Action<Range> work)
    {
        if (count <= Batch)
        {
            work(..count);
            return;
        }

        try
        {
            Parallel.ForEach(Partitioner.Create(0, count, Batch), _parallel, range => work(range.Item1..range.Item2));
        }
        catch (AggregateException several) when (several.InnerExceptions.OfType<PipelineException>().FirstOrDefault() is { } first)
        {
            throw new PipelineException(first.Message, first.Kind, several);
        }
    }

    private Content? Look(string path, Func<FileStamp, ObjectId?> known, Func<string, FileStamp, ObjectId> read)
    {
        var full = Path.Combine(_repository.Root, path);
        if (Posix.Stat(full, follow: true) is not { } stamp)
        {
            return null;
        }

        if (!stamp.IsFolder)
        {
            return new Content(known(stamp) ?? read(full, stamp), stamp.Size, null, stamp.IsExecutable, null);
        }

        var files = TreeWalk.Files(_repository.Root, path);
        var folder = Posix.OpenToList(full);
        if (folder < 0)
        {
            throw Posix.Failure("list", full);
        }

        try
        {
            EachBatch(files.Count, range => Identify(CollectionsMarshal.AsSpan(files)[range], folder, full, known, read));
        }
        finally
        {
            Posix.Close(folder);
        }

        var entries = new ManifestEntry[files.Count];
        long size = 0;
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = new ManifestEntry(files[i].Path, files[i].Id);
            size += files[i].Stamp.Size;
        }

        var manifest = Manifest.Of(entries);
        return new Content(manifest.Id, size, entries.Length, false, manifest);
    }

    // Called once a file of every status: what is known by its stamp needs no path of its own.
    private static void Identify(Span<TreeFile> files, int folder, string full, Func<FileStamp, ObjectId?> known, Func<string, FileStamp, ObjectId> read)
    {
        foreach (ref var file in files)
        {
            file.Stamp = Posix.StatAt(folder, file.Path, follow: true)
                ?? throw new PipelineException($"'{full}/{file.Path}' vanished while it was read; run the command again");
            file.Id = known(file.Stamp) ?? read(string.Concat(full, "/", file.Path), file.Stamp);
        }
    }
}
