namespace Hone.Pipelines.Files;

/// <summary>A file that is read once from its start, and must not change while it is.</summary>
internal sealed class SourceFile : IDisposable
{
    private readonly int _file;

    private SourceFile(int file, string path)
    {
        _file = file;
        Path = path;
        Stamp = Posix.Stat(file);
    }

    /// <summary>Its path.</summary>
    public string Path { get; }

    /// <summary>Its stamp from before it was read.</summary>
    public FileStamp Stamp { get; }

    /// <summary>The number of the open file.</summary>
    public int Number => _file;

    /// <summary>Opens a file; a link stands for what it points to.</summary>
    /// <exception cref="PipelineException">It is not there, is no regular file or may not be read.</exception>
    public static SourceFile Open(string path)
    {
        // A pipe would block the opening for ever.
        if (Posix.Stat(path, follow: true) is { IsFile: false, IsFolder: false })
        {
            throw new PipelineException($"cannot read '{path}': it is a pipe, a socket or a device; only files and folders can be tracked");
        }

        var file = Posix.OpenToRead(path);
        return file < 0 ? throw Posix.Failure("read", path) : new SourceFile(file, path);
    }

    /// <summary>Reads the next bytes; fewer than there is room for only at the end.</summary>
    public int Read(Span<byte> buffer) => Posix.Read(_file, buffer, Path);

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
