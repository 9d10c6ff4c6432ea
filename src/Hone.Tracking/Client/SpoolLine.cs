using System.Buffers.Binary;
using System.Buffers.Text;
using System.Numerics;

namespace Hone.Tracking.Client;

/// <summary>A line of a spool: a letter, a blank, JSON, a blank, the CRC-32C of all before as eight hexadecimal digits, and a line end.</summary>
internal static class SpoolLine
{
    /// <summary>What stands behind the JSON, without the line end.</summary>
    public const int TailBytes = 9;

    private const int HeadBytes = 2;

    /// <summary>The CRC-32C (Castagnoli) of some bytes.</summary>
    public static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            sum = BitOperations.Crc32C(sum, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (var one in bytes)
        {
            sum = BitOperations.Crc32C(sum, one);
        }

        return ~sum;
    }

    /// <summary>Reads a line without its end; false if it is damaged.</summary>
    public static bool TryRead(ReadOnlySpan<byte> line, out LineKind kind, out ReadOnlySpan<byte> json)
    {
        kind = default;
        json = default;
        if (line.Length <= HeadBytes + TailBytes
            || !Utf8Parser.TryParse(line[^(TailBytes - 1)..], out uint sum, out var digits, 'x') || digits != TailBytes - 1
            || sum != Checksum(line[..^TailBytes]))
        {
            return false;
        }

        kind = (LineKind)line[0];
        json = line[HeadBytes..^TailBytes];
        return true;
    }
}
