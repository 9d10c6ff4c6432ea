namespace Hone.Pipelines.Remotes;

/// <summary>A place where a team keeps objects, by keys such as <c>files/md5/ab/cdef…</c>. Thread-safe.</summary>
public interface IRemote
{
    /// <summary>Where it is, as messages call it.</summary>
    string Address { get; }

    /// <summary>Whether it can be written.</summary>
    bool CanWrite { get; }

    /// <summary>How many keys one request lists; 0 where asking for each object is as cheap, or listing impossible.</summary>
    int KeysPerAnswer { get; }

    /// <summary>Whether there is an object.</summary>
    /// <exception cref="PipelineException">The place does not answer.</exception>
    ValueTask<bool> HasAsync(string key, CancellationToken cancellationToken);

    /// <summary>Keeps a file's bytes under a key: all of them, or nothing if it fails.</summary>
    /// <exception cref="PipelineException">It cannot be kept.</exception>
    ValueTask UploadAsync(string key, string file, CancellationToken cancellationToken);

    /// <summary>Writes an object's bytes to a new file.</summary>
    /// <returns>False if there is no such object.</returns>
    /// <exception cref="PipelineException">It cannot be had.</exception>
    ValueTask<bool> DownloadAsync(string key, string file, CancellationToken cancellationToken);

    /// <summary>Removes an object, if it is there.</summary>
    ValueTask DeleteAsync(string key, CancellationToken cancellationToken);

    /// <summary>All keys that begin with a text that ends in a slash, in no order.</summary>
    IAsyncEnumerable<string> KeysAsync(string prefix, CancellationToken cancellationToken);
}
