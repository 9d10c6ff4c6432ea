using System.Runtime.CompilerServices;
using Hone.Pipelines.Files;
using Hone.Pipelines.Objects;

namespace Hone.Pipelines.Remotes;

/// <summary>A folder as a remote: a mounted disk or a network drive.</summary>
/// <param name="root">The folder; it is made when something is kept, but what it lies in must be there.</param>
public sealed class LocalRemote(string root) : IRemote
{
    private const uint ObjectMode = 0x124;

    /// <inheritdoc/>
    public string Address => root;

    /// <inheritdoc/>
    public bool CanWrite => true;

    /// <inheritdoc/>
    public int KeysPerAnswer => 0;

    /// <inheritdoc/>
    public ValueTask<bool> HasAsync(string key, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Posix.Stat(PathOf(key), follow: true) is { IsFile: true });

    /// <inheritdoc/>
    public ValueTask UploadAsync(string key, string file, CancellationToken cancellationToken)
    {
        var path = PathOf(key);
        var temporary = SafeFile.TemporaryBeside(path);
        if (Posix.Stat(root, follow: true) is null && Path.GetDirectoryName(root) is { } above && Posix.Stat(above, follow: true) is null)
        {
            // A disk that is not mounted, more likely than a place to be made.
            throw new PipelineException($"the remote '{root}' is not there, nor is the folder '{above}' that it would lie in; mount it or make it");
        }

        Copy(file, temporary, key.StartsWith("files/", StringComparison.Ordinal) ? ObjectMode : 0x1A4);
        if (Posix.Rename(temporary, path) is not 0 and var error)
        {
            Posix.Unlink(temporary);
            throw Posix.Failure("write", path, error);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<bool> DownloadAsync(string key, string file, CancellationToken cancellationToken)
    {
        var path = PathOf(key);
        if (Posix.Stat(path, follow: true) is not { IsFile: true })
        {
            return ValueTask.FromResult(false);
        }

        Copy(path, file, 0x1B6);
        return ValueTask.FromResult(true);
    }

    /// <inheritdoc/>
    public ValueTask DeleteAsync(string key, CancellationToken cancellationToken)
    {
        Tree.RemoveFile(PathOf(key));
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> KeysAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var entry in FolderReader.Read(PathOf(prefix.TrimEnd('/'))) ?? [])
        {
            if (!entry.IsFolder)
            {
                yield return prefix + entry.Name;
                continue;
            }

            await foreach (var key in KeysAsync(prefix + entry.Name + "/", cancellationToken))
            {
                yield return key;
            }
        }
    }

    private string PathOf(string key) => string.Concat(root, "/", key);

    private static void Copy(string from, string to, uint mode)
    {
        using var source = SourceFile.Open(from, isKnownAsFile: true);
        var file = Posix.Create(to, mode);
        if (file < 0 && Posix.Error() == Posix.NoEntry)
        {
            SafeFile.MakeFolders(Path.GetDirectoryName(to)!);
            file = Posix.Create(to, mode);
        }

        if (file < 0)
        {
            throw Posix.Failure("write", to);
        }

        try
        {
            if (source.Stamp.Size == 0 || !Posix.Clone(source.Number, file))
            {
                FileHash.CopyBytes(source, file, to);
            }

            source.CheckUnchanged();
            Posix.SetMode(file, mode == ObjectMode ? mode : Posix.Stat(file).Mode & 0xFFF);
        }
        catch (PipelineException)
        {
            Posix.Unlink(to);
            throw;
        }
        finally
        {
            Posix.Close(file);
        }
    }
}
