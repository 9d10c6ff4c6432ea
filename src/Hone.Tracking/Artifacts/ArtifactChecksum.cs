using Hone.Tracking.Runs;

namespace Hone.Tracking.Artifacts;

/// <summary>What is known of a file that was uploaded.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Written">The file's own time of change, in ticks: a file with another one was changed by somebody else.</param>
/// <param name="Sha256">The SHA-256 of its bytes.</param>
internal sealed record ArtifactChecksum(string Path, long Size, long Written, byte[] Sha256)
{
    /// <summary>The SHA-256 of a file as it is; null if it is not known.</summary>
    public static byte[]? Find(TrackingSession session, string path, long size, long written)
    {
        var row = session.Kept("SELECT sha256 FROM artifacts WHERE path = ?1 AND size = ?2 AND written = ?3");
        row.Bind(1, path);
        row.Bind(2, size);
        row.Bind(3, written);
        return row.Step() ? row.Bytes(0).ToArray() : null;
    }
}

/// <summary>Notes a checksum.</summary>
internal sealed class ChecksumChange(ArtifactChecksum checksum) : PendingChange
{
    /// <inheritdoc/>
    public override void Apply(TrackingSession session)
    {
        var insert = session.Kept(
            """
            INSERT INTO artifacts (path, size, written, sha256) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (path) DO UPDATE SET size = excluded.size, written = excluded.written, sha256 = excluded.sha256
            """);
        insert.Bind(1, checksum.Path);
        insert.Bind(2, checksum.Size);
        insert.Bind(3, checksum.Written);
        insert.BindBytes(4, checksum.Sha256);
        insert.Run();
    }
}

/// <summary>Forgets the checksums of a file, or of all that lay in a folder.</summary>
internal sealed class ForgottenChecksums(string path) : PendingChange
{
    /// <inheritdoc/>
    public override void Apply(TrackingSession session)
    {
        // From 'path/' to before 'path0', the letter after the slash.
        var delete = session.Kept("DELETE FROM artifacts WHERE path = ?1 OR path >= ?2 AND path < ?3");
        delete.Bind(1, path);
        delete.Bind(2, path + "/");
        delete.Bind(3, path + "0");
        delete.Run();
    }
}
