using System.Globalization;
using System.Text;

namespace Hone.Pipelines.Files;

/// <summary>Writes files so that a crash leaves the old one or the new one: into a temporary name, then renamed.</summary>
internal static class SafeFile
{
    private static int _count;

    /// <summary>A name in the same folder that nobody else uses; those left by a killed process are recognised by <see cref="IsTemporary"/>.</summary>
    public static string TemporaryBeside(string path) => Path.Combine(
        Path.GetDirectoryName(path)!,
        string.Create(CultureInfo.InvariantCulture, $".hone-{Environment.ProcessId}-{Environment.TickCount64:x}-{Interlocked.Increment(ref _count):x}.tmp"));

    /// <summary>Whether a name is one that <see cref="TemporaryBeside"/> gives.</summary>
    public static bool IsTemporary(ReadOnlySpan<char> name) =>
        name.StartsWith(".hone-", StringComparison.Ordinal) && name.EndsWith(".tmp", StringComparison.Ordinal);

    /// <summary>Reads a text; null if there is no such file.</summary>
    /// <exception cref="PipelineException">It cannot be read.</exception>
    public static string? ReadText(string path) => ReadBytes(path) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    /// <summary>Reads a whole file; null if there is none.</summary>
    /// <exception cref="PipelineException">It cannot be read.</exception>
    public static byte[]? ReadBytes(string path)
    {
        var file = Posix.OpenToRead(path);
        if (file < 0)
        {
            return Posix.Error() is Posix.NoEntry or Posix.NotFolder ? null : throw Posix.Failure("read", path);
        }

        try
        {
            var bytes = new byte[Posix.Stat(file).Size];
            var length = Posix.Read(file, bytes, path);
            return length == bytes.Length ? bytes : bytes[..length];
        }
        finally
        {
            Posix.Close(file);
        }
    }

    /// <summary>Writes a text if the file does not hold it already.</summary>
    /// <returns>Whether it was written.</returns>
    public static bool WriteText(string path, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (ReadBytes(path) is { } old && old.AsSpan().SequenceEqual(bytes))
        {
            return false;
        }

        WriteBytes(path, bytes, 0x1B6);
        return true;
    }

    /// <summary>Writes a file, over one that is there; the rights of that one stay.</summary>
    /// <param name="path">Its path; a symbolic link is followed, so that it stays one.</param>
    /// <param name="bytes">Its content.</param>
    /// <param name="mode">The rights of a new file, less the umask.</param>
    public static void WriteBytes(string path, ReadOnlySpan<byte> bytes, uint mode)
    {
        var target = Posix.LinkTarget(path) is { } link ? Path.Combine(Path.GetDirectoryName(path)!, link) : path;
        var temporary = TemporaryBeside(target);
        var file = Posix.Create(temporary, mode);
        if (file < 0)
        {
            throw Posix.Failure("write", path);
        }

        try
        {
            if (Posix.Stat(target) is { IsFile: true } old)
            {
                Posix.SetMode(file, old.Mode & 0xFFF);
            }

            Posix.Write(file, bytes, path);
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

        if (Posix.Rename(temporary, target) is not 0 and var error)
        {
            Posix.Unlink(temporary);
            throw Posix.Failure("write", path, error);
        }
    }

    /// <summary>Makes a folder with all folders above it.</summary>
    /// <exception cref="PipelineException">It cannot be made.</exception>
    public static void MakeFolders(string path)
    {
        var error = Posix.MakeFolder(path);
        if (error == Posix.NoEntry && Path.GetDirectoryName(path) is { Length: > 0 } above)
        {
            MakeFolders(above);
            error = Posix.MakeFolder(path);
        }

        if (error != 0 && !(error == Posix.Exists && Posix.Stat(path, follow: true) is { IsFolder: true }))
        {
            throw Posix.Failure("make the folder", path, error);
        }
    }
}
