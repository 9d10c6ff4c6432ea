using System.Globalization;

namespace Hone.Tracking.Artifacts;

/// <summary>A part of a file that a client asks for (RFC 9110, section 14).</summary>
/// <param name="Start">The first byte.</param>
/// <param name="Length">How many; 0: none of what is asked for is there.</param>
internal readonly record struct ByteRange(long Start, long Length)
{
    private const string Unit = "bytes=";

    /// <summary>Reads a <c>Range</c> header; null if the whole file is to be sent: none is asked for, or several, or it cannot be read.</summary>
    /// <param name="header">The header, e.g. <c>bytes=0-499</c>, <c>bytes=500-</c> or <c>bytes=-500</c>.</param>
    /// <param name="size">The file's size in bytes.</param>
    public static ByteRange? Parse(string? header, long size)
    {
        if (header is null || !header.StartsWith(Unit, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var range = header.AsSpan(Unit.Length).Trim();
        var dash = range.IndexOf('-');
        if (dash < 0 || !TryRead(range[..dash], out var first) || !TryRead(range[(dash + 1)..], out var last))
        {
            return null;
        }

        return (first, last) switch
        {
            (null, null) => null,
            (null, { } suffix) => Within(Math.Max(0, size - suffix), suffix == 0 ? -1 : size - 1, size),
            ({ } start, null) => Within(start, size - 1, size),
            ({ } start, { } end) when end >= start => Within(start, Math.Min(end, size - 1), size),
            _ => null,
        };
    }

    private static ByteRange Within(long start, long end, long size) =>
        start < size && end >= start ? new ByteRange(start, end - start + 1) : new ByteRange(0, 0);

    private static bool TryRead(ReadOnlySpan<char> text, out long? number)
    {
        number = null;
        if (text.IsEmpty)
        {
            return true;
        }

        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var read))
        {
            return false;
        }

        number = read;
        return true;
    }
}
