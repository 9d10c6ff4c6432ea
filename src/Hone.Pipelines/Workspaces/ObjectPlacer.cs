using Hone.Pipelines.Files;
using Hone.Pipelines.Objects;

namespace Hone.Pipelines.Workspaces;

/// <summary>Puts objects under names of their own, by the first way of <c>cache.type</c> that works here, and looks whether they are sound as it does.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class ObjectPlacer(DataCache cache, StateDatabase state)
{
    // Index of the first way that has not failed for good: a file system that cannot share blocks never can.
    private int _way;
    private long _newest;

    /// <summary>When the newest file placed so far was written, in nanoseconds since 1970.</summary>
    public long NewestNanoseconds => Volatile.Read(ref _newest);

    /// <summary>Puts an object at a path where nothing is.</summary>
    /// <returns>The stamp of the new file.</returns>
    /// <exception cref="PipelineException">The object is missing or corrupt, or the file cannot be made.</exception>
    public FileStamp Place(ObjectId id, string path, bool isLegacy, bool isExecutable)
    {
        var source = cache.PathOf(id, isLegacy);
        for (; ; Interlocked.CompareExchange(ref _way, _way + 1, _way))
        {
            var ways = cache.Options.Links;
            var way = _way < ways.Count ? ways[_way] : LinkType.Copy;
            var error = way switch
            {
                LinkType.Hardlink => Linked(id, source, path, isLegacy, Posix.HardLink),
                LinkType.Symlink => Linked(id, source, path, isLegacy, Posix.SymbolicLink),
                _ => Copied(id, source, path, isLegacy, isExecutable, way == LinkType.Reflink),
            };
            if (error == 0)
            {
                return Posix.Stat(path, follow: true) ?? throw Posix.Failure("write", path, Posix.NoEntry);
            }

            if (way == LinkType.Copy || error is not (Posix.OtherDevice or Posix.TooManyLinks or NotPermitted or NotSupported))
            {
                throw Posix.Failure("write", path, error);
            }
        }
    }

    private const int NotPermitted = 1;
    private const int NotSupported = 95;

    private int Linked(ObjectId id, string source, string path, bool isLegacy, Func<string, string, int> link)
    {
        if (!cache.IsSound(id, isLegacy))
        {
            throw Unsound(id, source);
        }

        return link(source, path);
    }

    private int Copied(ObjectId id, string sourcePath, string path, bool isLegacy, bool isExecutable, bool mayShare)
    {
        var now = Posix.Now();
        using var source = Open(id, sourcePath);
        var file = Posix.Create(path, 0x1B6);
        if (file < 0)
        {
            return Posix.Error();
        }

        try
        {
            if (mayShare)
            {
                if (!Posix.Clone(source.Number, file))
                {
                    Posix.Unlink(path);
                    return NotSupported;
                }

                Check(id, sourcePath, state.TryGet(source.Stamp, out var known, isLegacy) ? known : Hash(source, isLegacy, -1, path));
            }
            else
            {
                var isKnown = isLegacy && state.TryGet(source.Stamp, out _, isLegacy);
                var found = Hash(source, isLegacy, file, path);
                Check(id, sourcePath, isLegacy && isKnown ? Md5(id) : found);
            }

            state.Set(source.Stamp, Md5(id), now, isLegacy);
            var stamp = Posix.Stat(file);
            if (isExecutable)
            {
                Posix.SetMode(file, (stamp.Mode & 0xFFF) | 0x40);
            }

            Note(stamp.ModifiedNanoseconds);
            return 0;
        }
        catch (PipelineException)
        {
            Posix.Unlink(path);
            throw;
        }
        finally
        {
            Posix.Close(file);
        }
    }

    // An id of DVC 2 is not that of the bytes: the object is read once for its id and once for the copy.
    private ObjectId Hash(SourceFile source, bool isLegacy, int file, string path)
    {
        var found = FileHash.Of(source, file, path);
        return isLegacy ? FileHash.Read(source.Path, state, isLegacy).Id : found;
    }

    private static SourceFile Open(ObjectId id, string path)
    {
        try
        {
            return SourceFile.Open(path, isKnownAsFile: true);
        }
        catch (PipelineException) when (Posix.Stat(path) is null)
        {
            throw new PipelineException($"the object {id} is not in the cache; get it with hone fetch");
        }
    }

    private static void Check(ObjectId id, string path, ObjectId found)
    {
        if (found != Md5(id))
        {
            throw Unsound(id, path);
        }
    }

    private static PipelineException Unsound(ObjectId id, string path) => new(
        Posix.Stat(path, follow: true) is null
            ? $"the object {id} is not in the cache; get it with hone fetch"
            : $"the object '{path}' is corrupt: its content is not {id}. Remove it and get it again with hone fetch");

    private static ObjectId Md5(ObjectId id)
    {
        Span<byte> md5 = stackalloc byte[16];
        id.CopyTo(md5);
        return new ObjectId(md5);
    }

    private void Note(long modified)
    {
        for (var seen = Volatile.Read(ref _newest); modified > seen;)
        {
            var was = Interlocked.CompareExchange(ref _newest, modified, seen);
            if (was == seen)
            {
                return;
            }

            seen = was;
        }
    }
}
