using System.Buffers;
using System.Security.Cryptography;
using Hone.Tracking.Runs;
using Hone.Tracking.Store;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Win32.SafeHandles;

namespace Hone.Tracking.Artifacts;

/// <summary>The files of runs and models in a folder of this machine.</summary>
/// <remarks>
/// Paths are those of <see cref="ArtifactPath"/>. Nothing is reached through a symbolic link, so that one that lies in the folder leads
/// nowhere; who can put one there between the check and the opening can read the file anyway. A file is seen when it is whole, and never before.
/// </remarks>
internal sealed class ArtifactFolder(string folder) : IArtifactStore
{
    private const int BufferBytes = 256 << 10;
    private const int MostAttempts = 8;

    private readonly string _root = Path.GetFullPath(folder);

    /// <summary>The folder beside a store, where files lie unless another one is named.</summary>
    public static string Beside(string store) => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(store))!, "artifacts");

    /// <inheritdoc/>
    public Task<ArtifactFile> OpenAsync(string path, CancellationToken cancellationToken) => Task.FromResult<ArtifactFile>(new FolderFile(Open(path)));

    /// <inheritdoc/>
    public Task<List<ArtifactEntry>> ListAsync(string path, CancellationToken cancellationToken) => Task.FromResult(List(path));

    /// <inheritdoc/>
    public Task DeleteAsync(string path, CancellationToken cancellationToken)
    {
        Delete(path);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nothing is held open between calls.
    }

    private SafeFileHandle Open(string path)
    {
        var full = Locate(path);
        try
        {
            return File.Exists(full)
                ? File.OpenHandle(full, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.Asynchronous)
                : throw Missing(path);
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Missing(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Failed(path, failure);
        }
    }

    private List<ArtifactEntry> List(string path)
    {
        var folder = new DirectoryInfo(Locate(path));
        var entries = new List<ArtifactEntry>();
        try
        {
            if (folder.Exists)
            {
                foreach (var entry in folder.EnumerateFileSystemInfos())
                {
                    if (entry.LinkTarget is null && !(path.Length == 0 && entry.Name == ArtifactPath.Reserved))
                    {
                        entries.Add(new ArtifactEntry(entry.Name, (entry as FileInfo)?.Length));
                    }
                }
            }
        }
        catch (Exception gone) when (gone is DirectoryNotFoundException or FileNotFoundException)
        {
            // Deleted meanwhile: what was found is as true as nothing.
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Failed(path, failure);
        }

        entries.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return entries;
    }

    private void Delete(string path)
    {
        if (path.Length == 0)
        {
            throw TrackingException.Invalid("Invalid path: '': name a file or a folder to delete.");
        }

        var full = Locate(path);
        try
        {
            if (Directory.Exists(full))
            {
                Directory.Delete(full, recursive: true);
            }
            else if (File.Exists(full))
            {
                File.Delete(full);
            }
            else
            {
                throw Missing(path);
            }
        }
        catch (DirectoryNotFoundException)
        {
            throw Missing(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Failed(path, failure);
        }
    }

    /// <inheritdoc/>
    public async Task<ArtifactChecksum> WriteAsync(
        string path, Stream body, long? length, ExpectedDigests expected, CancellationToken cancellationToken)
    {
        var full = Locate(path);
        CheckFree(path, full);
        var uploads = Path.Combine(_root, ArtifactPath.Reserved);
        var part = Path.Combine(uploads, Guid.NewGuid().ToString("N"));
        try
        {
            Directory.CreateDirectory(uploads);
            var sha256 = await CopyAsync(body, part, length, expected, cancellationToken);
            var written = new FileInfo(part);
            var checksum = new ArtifactChecksum(path, written.Length, written.LastWriteTimeUtc.Ticks, sha256);
            Place(part, path, full);
            return checksum;
        }
        catch (Exception failure) when (IsOurs(failure))
        {
            throw Failed(path, failure);
        }
        finally
        {
            File.Delete(part);
        }
    }

    private static async Task<byte[]> CopyAsync(Stream body, string part, long? length, ExpectedDigests expected, CancellationToken cancellationToken)
    {
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var md5 = expected.Md5 is null ? null : ExpectedDigests.CreateMd5();
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            // The space is taken at once where the length is known, so that a full disk is told before gigabytes are sent.
            using var file = File.OpenHandle(part, FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.Asynchronous, length ?? 0);
            for (long offset = 0; await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken) is > 0 and var read; offset += read)
            {
                sha256.AppendData(buffer, 0, read);
                md5?.AppendData(buffer, 0, read);
                await RandomAccess.WriteAsync(file, buffer.AsMemory(0, read), offset, cancellationToken);
            }

            RandomAccess.FlushToDisk(file);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        var hash = sha256.GetHashAndReset();
        expected.Check(hash, md5?.GetHashAndReset());
        return hash;
    }

    private void Place(string part, string path, string full)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(full)!);
                File.Move(part, full, overwrite: true);
                return;
            }
            catch (DirectoryNotFoundException) when (attempt < MostAttempts)
            {
                // Another client deleted the folder in between.
            }
            catch (Exception taken) when (taken is IOException or UnauthorizedAccessException && !File.Exists(full))
            {
                CheckFree(path, full);
                throw;
            }
        }
    }

    // A file cannot lie where a folder is, nor in what is a file.
    private void CheckFree(string path, string full)
    {
        var isTaken = path.Length == 0 || Directory.Exists(full);
        for (var above = Path.GetDirectoryName(full)!; above.Length > _root.Length && !isTaken; above = Path.GetDirectoryName(above)!)
        {
            isTaken = File.Exists(above);
        }

        if (isTaken)
        {
            throw TrackingException.Invalid($"Invalid path: '{path}': a folder is there already, or a file stands where a folder is needed.");
        }
    }

    private string Locate(string path)
    {
        var full = _root;
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            full = Path.Combine(full, name);
            if (new FileInfo(full).LinkTarget is not null)
            {
                throw TrackingException.Invalid($"Invalid path: '{path}': '{name}' is a symbolic link.");
            }
        }

        return full;
    }

    // What the connection does is the connection's.
    private static bool IsOurs(Exception failure) =>
        failure is UnauthorizedAccessException || failure is IOException and not (BadHttpRequestException or ConnectionResetException);

    private static TrackingException Missing(string path) => TrackingException.NotFound($"No such artifact: '{path}'");

    private static StudyStoreException Failed(string path, Exception failure) =>
        new($"The file '{path}' cannot be read or written: {failure.Message} Check the disk's free space and the rights of the folder of --artifacts.", failure);
}
