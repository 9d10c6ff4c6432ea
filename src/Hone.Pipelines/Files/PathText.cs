using System.Buffers;
using System.Text;

namespace Hone.Pipelines.Files;

/// <summary>File names between bytes and texts.</summary>
/// <remarks>
/// Names are UTF-8; a byte that is not becomes a lone surrogate U+DC80 to U+DCFF and back, as in Python (PEP 383), so that every name
/// survives and is written in manifests as DVC writes it.
/// </remarks>
internal static class PathText
{
    /// <summary>A name as a text.</summary>
    public static string Decode(ReadOnlySpan<byte> name)
    {
        if (System.Text.Unicode.Utf8.IsValid(name))
        {
            return Encoding.UTF8.GetString(name);
        }

        var text = new StringBuilder(name.Length);
        while (!name.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(name, out var rune, out var used) == OperationStatus.Done)
            {
                text.Append(rune.ToString());
            }
            else
            {
                used = 1;
                text.Append((char)(0xDC00 + name[0]));
            }

            name = name[used..];
        }

        return text.ToString();
    }

    /// <summary>The most bytes a text takes, with a zero at its end.</summary>
    public static int MostBytes(string text) => (text.Length * 3) + 1;

    /// <summary>Writes a text as bytes with a zero at the end; returns the number of bytes before the zero.</summary>
    public static int Encode(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        var written = 0;
        while (!text.IsEmpty)
        {
            var lone = LoneByte(text);
            if (lone < 0)
            {
                written += Encoding.UTF8.GetBytes(text, bytes[written..]);
                break;
            }

            written += Encoding.UTF8.GetBytes(text[..lone], bytes[written..]);
            bytes[written++] = (byte)(text[lone] - 0xDC00);
            text = text[(lone + 1)..];
        }

        bytes[written] = 0;
        return written;
    }

    /// <summary>Compares by code points, as Python sorts: unlike UTF-16 units, U+FB00 comes before U+1F600.</summary>
    public static int Compare(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        var same = a.CommonPrefixLength(b);
        if (same == a.Length || same == b.Length)
        {
            return a.Length - b.Length;
        }

        var x = a[same];
        var y = b[same];
        return char.IsSurrogate(x) || char.IsSurrogate(y) ? CodePoint(a, same) - CodePoint(b, same) : x - y;
    }

    private static int CodePoint(ReadOnlySpan<char> text, int at)
    {
        // The difference may lie in the second half of a pair.
        if (char.IsLowSurrogate(text[at]) && at > 0 && char.IsHighSurrogate(text[at - 1]))
        {
            at--;
        }

        return char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1])
            ? char.ConvertToUtf32(text[at], text[at + 1])
            : text[at];
    }

    private static int LoneByte(ReadOnlySpan<char> text)
    {
        for (var i = text.IndexOfAnyInRange('\uD800', '\uDFFF'); i >= 0 && i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (text[i] is >= '\uDC80' and <= '\uDCFF')
            {
                return i;
            }
        }

        return -1;
    }
}
