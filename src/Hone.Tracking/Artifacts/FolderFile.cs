using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Hone.Tracking.Artifacts;

/// <summary>A file of this machine.</summary>
/// <param name="file">The open file, which is this one's from now on.</param>
internal sealed class FolderFile(SafeFileHandle file) : ArtifactFile
{
    private const int BufferBytes = 256 << 10;

    /// <inheritdoc/>
    public override long Size { get; } = RandomAccess.GetLength(file);

    /// <summary>Its time of change, in ticks.</summary>
    public override long Written { get; } = File.GetLastWriteTimeUtc(file).Ticks;

    /// <inheritdoc/>
    public override async Task<bool> CopyToAsync(Stream body, ByteRange range, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            for (long sent = 0; sent < range.Length;)
            {
                var most = (int)Math.Min(buffer.Length, range.Length - sent);
                var read = await RandomAccess.ReadAsync(file, buffer.AsMemory(0, most), range.Start + sent, cancellationToken);
                if (read == 0)
                {
                    return false;
                }

                await body.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                sent += read;
            }

            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <inheritdoc/>
    public override void Dispose() => file.Dispose();
}
