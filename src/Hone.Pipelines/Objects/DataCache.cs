using System.Buffers;
using Hone.Pipelines.Files;

namespace Hone.Pipelines.Objects;

/// <summary>The objects that a repository keeps, by their ids: <c>files/md5/xx/…</c>, and directly <c>xx/…</c> those of DVC 2.</summary>
/// <remarks>Objects are written to a temporary name and renamed, and read-only from then on. Thread-safe.</remarks>
public sealed class DataCache
{
    private const uint ObjectMode = 0x124;
    private const int SmallFile = 1 << 16;
    private const int MostOnStack = 512;

    // A slash, two digits, a slash, thirty digits, ".dir" and the zero.
    private const int ObjectNameBytes = 40;
    private readonly string _files;
    private readonly StateDatabase _state;
    private readonly CacheOptions _options;
    private readonly byte[] _rootBytes;
    private readonly byte[] _filesBytes;
    private readonly bool[] _hasFolder = new bool[256];

    /// <summary>The cache in a folder, which need not exist yet.</summary>
    public DataCache(string root, StateDatabase state, CacheOptions? options = null)
    {
        Root = root;
        _files = Path.Combine(root, "files", "md5");
        _rootBytes = Encode(root);
        _filesBytes = Encode(_files);
        _state = state;
        _options = options ?? CacheOptions.Default;
    }

    /// <summary>Its folder.</summary>
    public string Root { get; }

    /// <summary>How objects are handed out.</summary>
    public CacheOptions Options => _options;

    /// <summary>Where an object lies, or would.</summary>
    public string PathOf(ObjectId id, bool isLegacy = false)
    {
        var name = id.ToString();
        return string.Concat(isLegacy ? Root : _files, "/", name.AsSpan(0, 2), string.Concat("/", name.AsSpan(2)));
    }

    /// <summary>Whether there is an object.</summary>
    public bool Has(ObjectId id, bool isLegacy = false)
    {
        // Called once a file of every status: 10^5 times for a large folder. The path is put together in bytes, and allocates nothing.
        var folder = isLegacy ? _rootBytes : _filesBytes;
        Span<byte> path = stackalloc byte[MostOnStack];
        path = folder.Length + ObjectNameBytes <= path.Length ? path : new byte[folder.Length + ObjectNameBytes];
        folder.CopyTo(path);
        var length = folder.Length + id.WriteTo(path[folder.Length..]);
        path[length] = 0;
        return Posix.IsFile(path[..(length + 1)]);
    }

    /// <summary>Reads a folder's manifest; null if it is not in the cache.</summary>
    /// <exception cref="PipelineException">The object is not what its name says.</exception>
    public Manifest? ReadManifest(ObjectId id, bool isLegacy = false)
    {
        var path = PathOf(id, isLegacy);
        if (SafeFile.ReadBytes(path) is not { } json)
        {
            return null;
        }

        var manifest = Manifest.Read(json, path);
        return manifest.Id == id
            ? manifest
            : throw new PipelineException($"the object '{path}' is corrupt: its content is {manifest.Id}. Remove it and fetch it again with hone fetch");
    }

    /// <summary>Keeps bytes that were made here, such as a manifest; does nothing if they are there.</summary>
    public void Write(ObjectId id, ReadOnlySpan<byte> bytes)
    {
        if (Has(id))
        {
            return;
        }

        var path = Prepare(id);
        var temporary = SafeFile.TemporaryBeside(path);
        var file = Create(temporary);
        FileStamp kept;
        try
        {
            Posix.Write(file, bytes, path);
            kept = Finish(file);
        }
        catch (PipelineException)
        {
            Posix.Unlink(temporary);
            throw;
        }
        finally
        {
            Posix.Close(file);
        }

        Settle(temporary, path);
        Remember(kept, id);
    }

    /// <summary>Keeps a file: its bytes are copied while they are hashed, or shared where the file system can. The file stays as it is.</summary>
    /// <param name="path">The file; a link stands for what it points to.</param>
    /// <returns>Its id, and its stamp from before it was read.</returns>
    /// <exception cref="PipelineException">It cannot be read, changed meanwhile, or the cache cannot be written.</exception>
    public (ObjectId Id, FileStamp Stamp) Keep(string path) => Keep(path, isKnownAsFile: false);

    /// <summary>As the other, for a file whose stamp was just seen.</summary>
    internal (ObjectId Id, FileStamp Stamp) Keep(string path, bool isKnownAsFile)
    {
        var now = Posix.Now();
        using var source = SourceFile.Open(path, isKnownAsFile);
        if (_state.TryGet(source.Stamp, out var known) && Has(known))
        {
            return (known, source.Stamp);
        }

        var id = source.Stamp.Size < SmallFile ? KeepSmall(source) : KeepLarge(source);
        _state.Set(source.Stamp, id, now);
        return (id, source.Stamp);
    }

    /// <summary>Whether an object's bytes are what its name says; looked at only if the state does not know. False if there is none.</summary>
    public bool IsSound(ObjectId id, bool isLegacy = false)
    {
        var path = PathOf(id, isLegacy);
        if (Posix.Stat(path, follow: true) is not { IsFile: true } stamp)
        {
            return false;
        }

        var found = _state.TryGet(stamp, out var known, isLegacy) ? known : FileHash.Read(path, _state, isLegacy).Id;
        return new ObjectId(Bytes(found), id.IsFolder) == id;
    }

    /// <summary>Makes a file in the cache an object, if its bytes are what the name says.</summary>
    /// <returns>False, and the file stays, if they are not.</returns>
    internal bool TryTake(string temporary, ObjectId id, bool isLegacy)
    {
        using (var source = SourceFile.Open(temporary))
        {
            var found = isLegacy ? LegacyHash.Of(source) : FileHash.Of(source, -1, temporary);
            if (found != new ObjectId(Bytes(id)))
            {
                return false;
            }

            Posix.SetMode(source.Number, ObjectMode);
            _state.Set(source.Stamp, found, long.MaxValue, isLegacy);
        }

        Settle(temporary, PathOf(id, isLegacy));
        return true;
    }

    /// <summary>Remembers the content of an object that was just written: nobody but Hone had it under a name while it was.</summary>
    internal void Remember(in FileStamp stamp, ObjectId id) => _state.Set(stamp, new ObjectId(Bytes(id)), long.MaxValue);

    /// <summary>The path of an object whose folder is there.</summary>
    internal string Prepare(ObjectId id)
    {
        var path = PathOf(id);
        var first = (int)(id.High >> 56);
        if (!_hasFolder[first])
        {
            MakeFolder(Path.GetDirectoryName(path)!);
            _hasFolder[first] = true;
        }

        return path;
    }

    /// <summary>Gives a written object its name; if it has come to be meanwhile, that one stays.</summary>
    internal static void Settle(string temporary, string path)
    {
        if (Posix.Rename(temporary, path) is not 0 and var error)
        {
            Posix.Unlink(temporary);
            throw Posix.Failure("write", path, error);
        }
    }

    // A small file is hashed before it is written: what the cache has already costs no write.
    private ObjectId KeepSmall(SourceFile source)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(SmallFile);
        try
        {
            var bytes = buffer.AsSpan(0, source.Read(buffer.AsSpan(0, SmallFile)));
            source.CheckUnchanged();
            var id = ObjectId.Of(bytes);
            Write(id, bytes);
            return id;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private ObjectId KeepLarge(SourceFile source)
    {
        var temporary = SafeFile.TemporaryBeside(Prepare(source.Stamp));
        var file = Create(temporary);
        ObjectId id;
        FileStamp kept;
        try
        {
            id = _options.Links.Contains(LinkType.Reflink) && Posix.Clone(source.Number, file)
                ? FileHash.Of(source, -1, temporary)
                : FileHash.Of(source, file, temporary);
            source.CheckUnchanged();
            kept = Finish(file);
        }
        catch (PipelineException)
        {
            Posix.Unlink(temporary);
            throw;
        }
        finally
        {
            Posix.Close(file);
        }

        Settle(temporary, Prepare(id));
        Remember(kept, id);
        return id;
    }

    private static int Create(string temporary)
    {
        var file = Posix.Create(temporary, ObjectMode);
        return file < 0 ? throw Posix.Failure("write", temporary) : file;
    }

    // Read-only whatever the umask.
    private static FileStamp Finish(int file)
    {
        var stamp = Posix.Stat(file);
        if ((stamp.Mode & 0xFFF) != ObjectMode)
        {
            Posix.SetMode(file, ObjectMode);
        }

        return stamp;
    }

    private static byte[] Encode(string path)
    {
        var bytes = new byte[PathText.MostBytes(path)];
        return bytes[..PathText.Encode(path, bytes)];
    }

    private static byte[] Bytes(ObjectId id)
    {
        var md5 = new byte[16];
        id.CopyTo(md5);
        return md5;
    }

    // Until it is hashed, a file's object has no name: it is written into one of the 256 folders, so that threads do not wait for one another.
    private string Prepare(in FileStamp stamp)
    {
        Span<byte> any = stackalloc byte[16];
        any.Clear();
        any[0] = (byte)(stamp.Inode * 0x9D);
        return Prepare(new ObjectId(any));
    }

    private void MakeFolder(string path)
    {
        SafeFile.MakeFolders(path);
        if (_options.IsShared)
        {
            for (var at = path; at.Length >= Root.Length && at.StartsWith(Root, StringComparison.Ordinal); at = Path.GetDirectoryName(at)!)
            {
                Posix.SetMode(at, 0x5FD);
            }
        }
    }
}
