namespace Hone.Pipelines.Files;

/// <summary>A file that is read once from its start, and must not change while it is.</summary>
internal sealed class SourceFile : IDisposable
{
    private readonly int _file;
    private long _left;

    private SourceFile(int file, string path)
    {
        _file = file;
        Path = path;
        Stamp = Posix.Stat(file);
        _left = Stamp.Size;
    }

    /// <summary>Its path.</summary>
    public string Path { get; }

    /// <summary>Its stamp from before it was read.</summary>
    public FileStamp Stamp { get; }

    /// <summary>The number of the open file.</summary>
    public int Number => _file;

    /// <summary>Opens a file; a link stands for what it points to.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="isKnownAsFile">Whether its stamp was just seen to be that of a regular file.</param>
    /// <exception cref="PipelineException">It is not there, is no regular file or may not be read.</exception>
    public static SourceFile Open(string path, bool isKnownAsFile = false)
    {
        // A pipe would block the opening for ever.
        if (!isKnownAsFile && Posix.Stat(path, follow: true) is { IsFile: false, IsFolder: false })
        {
            throw new PipelineException($"cannot read '{path}': it is a pipe, a socket or a device; only files and folders can be tracked");
        }

        var file = Posix.OpenToRead(path);
        return file < 0 ? throw Posix.Failure("read", path) : new SourceFile(file, path);
    }

    /// <summary>Reads the next bytes; fewer than there is room for only at the end.</summary>
    /// <remarks>No more than the size it had when it was opened: what is added meanwhile <see cref="CheckUnchanged"/> notices.</remarks>
    public int Read(Span<byte> buffer)
    {
        var length = Posix.Read(_file, buffer[..(int)Math.Min(buffer.Length, _left)], Path);
        _left -= length;
        return length;
    }

    /// <summary>Fails if the file is not as it was when it was opened.</summary>
    /// <exception cref="PipelineException">It changed.</exception>
    public void CheckUnchanged()
    {
        var now = Posix.Stat(_file);
        if (now.Size != Stamp.Size || now.ModifiedNanoseconds != Stamp.ModifiedNanoseconds)
        {
            throw new PipelineException($"'{Path}' changed while it was read; run the command again when nothing writes to it");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Posix.Close(_file);
}
