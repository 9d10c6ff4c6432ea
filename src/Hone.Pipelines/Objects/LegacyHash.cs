using System.Buffers;
using System.Security.Cryptography;
using Hone.Pipelines.Files;

namespace Hone.Pipelines.Objects;

/// <summary>The ids of DVC 2: the MD5 of a text with <c>\r\n</c> read as <c>\n</c>.</summary>
/// <remarks>Whether it is text is judged anew for every 1 MiB, by the first 512 bytes: no zero, and at most 30 % odd ones.</remarks>
internal static class LegacyHash
{
    private const int Block = 1 << 20;
    private const int Looked = 512;

    /// <summary>The id of an open file, read from its start.</summary>
    public static ObjectId Of(SourceFile source)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Block);
        try
        {
#pragma warning disable CA5351 // MD5 is DVC's name for a content, not a protection.
            using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
#pragma warning restore CA5351
            for (var length = source.Read(buffer.AsSpan(0, Block)); length > 0; length = source.Read(buffer.AsSpan(0, Block)))
            {
                var block = buffer.AsSpan(0, length);
                md5.AppendData(IsText(block) ? WithoutReturns(block) : block);
            }

            Span<byte> hash = stackalloc byte[16];
            md5.GetHashAndReset(hash);
            return new ObjectId(hash);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static bool IsText(ReadOnlySpan<byte> block)
    {
        block = block[..Math.Min(Looked, block.Length)];
        var odd = 0;
        foreach (var b in block)
        {
            if (b == 0)
            {
                return false;
            }

            odd += b is (>= 32 and < 127) or (byte)'\n' or (byte)'\r' or (byte)'\t' or (byte)'\f' or (byte)'\b' ? 0 : 1;
        }

        return odd <= block.Length * 0.3;
    }

    private static Span<byte> WithoutReturns(Span<byte> block)
    {
        var to = 0;
        for (var from = 0; from < block.Length; from++)
        {
            if (block[from] != '\r' || from + 1 == block.Length || block[from + 1] != '\n')
            {
                block[to++] = block[from];
            }
        }

        return block[..to];
    }
}
