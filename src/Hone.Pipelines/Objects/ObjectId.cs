using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Hone.Pipelines.Objects;

/// <summary>The name of a content: the MD5 of its bytes, and whether they are the manifest of a folder.</summary>
public readonly record struct ObjectId
{
    private const int Hex = 32;
    private readonly ulong _high;
    private readonly ulong _low;

    /// <summary>The id of an MD5.</summary>
    /// <param name="md5">16 bytes.</param>
    /// <param name="isFolder">Whether it is that of a manifest.</param>
    public ObjectId(ReadOnlySpan<byte> md5, bool isFolder = false)
    {
        _high = BinaryPrimitives.ReadUInt64BigEndian(md5);
        _low = BinaryPrimitives.ReadUInt64BigEndian(md5[8..]);
        IsFolder = isFolder;
    }

    /// <summary>Whether it names a folder, by its manifest.</summary>
    public bool IsFolder { get; }

    /// <summary>The first 8 bytes, as a number.</summary>
    internal ulong High => _high;

    /// <summary>The id of some bytes.</summary>
#pragma warning disable CA5351 // MD5 is DVC's name for a content, not a protection.
    public static ObjectId Of(ReadOnlySpan<byte> content, bool isFolder = false)
    {
        Span<byte> md5 = stackalloc byte[16];
        MD5.HashData(content, md5);
        return new ObjectId(md5, isFolder);
    }
#pragma warning restore CA5351

    /// <summary>Reads an id as it stands in files: 32 hexadecimal digits, for a folder with <c>.dir</c>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ObjectId id)
    {
        id = default;
        var isFolder = text.EndsWith(".dir", StringComparison.Ordinal);
        var digits = isFolder ? text[..^4] : text;
        Span<byte> md5 = stackalloc byte[16];
        if (digits.Length != Hex || digits.ContainsAnyInRange('A', 'F') || Convert.FromHexString(digits, md5, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        id = new ObjectId(md5, isFolder);
        return true;
    }

    /// <summary>The 16 bytes.</summary>
    public void CopyTo(Span<byte> md5)
    {
        BinaryPrimitives.WriteUInt64BigEndian(md5, _high);
        BinaryPrimitives.WriteUInt64BigEndian(md5[8..], _low);
    }

    /// <summary>Writes the id as objects are named: <c>/ab/cdef…</c>, for a folder with <c>.dir</c>.</summary>
    /// <returns>The bytes written: 38 at most.</returns>
    internal int WriteTo(Span<byte> path)
    {
        Span<byte> md5 = stackalloc byte[16];
        CopyTo(md5);
        path[0] = (byte)'/';
        Convert.TryToHexStringLower(md5[..1], path[1..], out _);
        path[3] = (byte)'/';
        Convert.TryToHexStringLower(md5[1..], path[4..], out _);
        if (!IsFolder)
        {
            return 34;
        }

        ".dir"u8.CopyTo(path[34..]);
        return 38;
    }

    /// <summary>The id as it stands in files.</summary>
    public override string ToString()
    {
        Span<byte> md5 = stackalloc byte[16];
        CopyTo(md5);
        return Convert.ToHexStringLower(md5) + (IsFolder ? ".dir" : "");
    }
}
