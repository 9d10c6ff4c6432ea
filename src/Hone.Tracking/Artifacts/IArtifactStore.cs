using Hone.Tracking.Runs;
using Hone.Tracking.Store;

namespace Hone.Tracking.Artifacts;

/// <summary>A file or a folder in a list.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Size">Size in bytes; null for a folder.</param>
internal readonly record struct ArtifactEntry(string Name, long? Size);

/// <summary>Keeps the files of runs and models by their paths, which are those of <see cref="ArtifactPath"/>.</summary>
/// <remarks>Thread-safe. No file is ever held in memory as a whole, and one is seen when it is whole, never before.</remarks>
internal interface IArtifactStore : IDisposable
{
    /// <summary>Opens a file to be read.</summary>
    /// <exception cref="TrackingException">There is none.</exception>
    /// <exception cref="StudyStoreException">The files cannot be reached.</exception>
    Task<ArtifactFile> OpenAsync(string path, CancellationToken cancellationToken);

    /// <summary>What a folder holds, by name; nothing if it is none.</summary>
    /// <exception cref="StudyStoreException">The files cannot be reached.</exception>
    Task<List<ArtifactEntry>> ListAsync(string path, CancellationToken cancellationToken);

    /// <summary>Removes a file, or a folder with all that is in it.</summary>
    /// <exception cref="TrackingException">There is none, or it is the whole store.</exception>
    /// <exception cref="StudyStoreException">The files cannot be reached.</exception>
    Task DeleteAsync(string path, CancellationToken cancellationToken);

    /// <summary>Writes a file, in place of an older one if there is one.</summary>
    /// <param name="path">The path.</param>
    /// <param name="body">The bytes.</param>
    /// <param name="length">How many there will be, if that is known.</param>
    /// <param name="expected">What the client says of them.</param>
    /// <param name="cancellationToken">Gives up the upload; nothing of it stays.</param>
    /// <exception cref="TrackingException">The path cannot be taken, or the bytes are not those that the client says.</exception>
    /// <exception cref="StudyStoreException">The files cannot be reached.</exception>
    Task<ArtifactChecksum> WriteAsync(string path, Stream body, long? length, ExpectedDigests expected, CancellationToken cancellationToken);
}

/// <summary>A file that is being read; a later one of the same path does not mix with it.</summary>
internal abstract class ArtifactFile : IDisposable
{
    /// <summary>Its size in bytes.</summary>
    public abstract long Size { get; }

    /// <summary>What tells it from another file of the same path and size.</summary>
    public abstract long Written { get; }

    /// <summary>Copies a part of the file; false if the file was cut short by somebody else, or could not be read to its end.</summary>
    /// <param name="body">Where to.</param>
    /// <param name="range">Which part.</param>
    /// <param name="cancellationToken">Gives up the copy in the middle.</param>
    public abstract Task<bool> CopyToAsync(Stream body, ByteRange range, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract void Dispose();
}
