using System.IO.Compression;

namespace Hone.Learning.Data;

/// <summary>
/// Gzip data with one more member behind them, which holds <see cref="Mark"/>: the decompressed bytes end with the mark if and only if the
/// data were whole. It can only be read.
/// </summary>
/// <remarks><see cref="GZipStream"/> by itself takes data that were cut off for data that end there.</remarks>
internal sealed class MarkedGzip(Stream data) : Stream
{
    // A gzip header, one stored block that holds the mark, its CRC-32 and its length (RFC 1952).
    private static readonly byte[] Member =
    [
        0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xFF, 0x01, 0x13, 0x00, 0xEC, 0xFF,
        .. Mark,
        0x86, 0x0B, 0x89, 0xF3, 0x13, 0x00, 0x00, 0x00,
    ];

    private int _position;

    /// <summary>The last bytes of whole data; they hold no end of line.</summary>
    public static ReadOnlySpan<byte> Mark => "\0hone: end of data\0"u8;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The decompressed bytes, the mark behind them.</summary>
    public static Stream Decompress(Stream data) => new GZipStream(new MarkedGzip(data), CompressionMode.Decompress);

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var read = data.Read(buffer);
        if (read > 0)
        {
            return read;
        }

        var count = Math.Min(buffer.Length, Member.Length - _position);
        Member.AsSpan(_position, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush() { }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
