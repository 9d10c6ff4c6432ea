using System.Buffers;
using System.Buffers.Binary;

namespace Hone.Pipelines.Files;

/// <summary>Lists folders, one kernel call for some hundreds of names.</summary>
internal static class FolderReader
{
    /// <summary>The names in a folder, without <c>.</c> and <c>..</c>, in no order; null if there is no such folder.</summary>
    /// <exception cref="PipelineException">It cannot be listed.</exception>
    public static List<FolderEntry>? Read(string path)
    {
        var folder = Posix.OpenToList(path);
        if (folder < 0)
        {
            return Posix.Error() is Posix.NoEntry or Posix.NotFolder ? null : throw Posix.Failure("list", path);
        }

        try
        {
            return Read(folder, path);
        }
        finally
        {
            Posix.Close(folder);
        }
    }

    /// <summary>The names in an open folder.</summary>
    public static List<FolderEntry> Read(int folder, string path)
    {
        var entries = new List<FolderEntry>();
        var buffer = ArrayPool<byte>.Shared.Rent(32 * 1024);
        try
        {
            for (var length = Posix.Entries(folder, buffer, path); length > 0; length = Posix.Entries(folder, buffer, path))
            {
                Unpack(buffer.AsSpan(0, length), entries);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return entries;
    }

    // Each entry: number (8 bytes), offset (8), its length (2), type (1), name, zero.
    private static void Unpack(ReadOnlySpan<byte> packed, List<FolderEntry> entries)
    {
        while (!packed.IsEmpty)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(packed[16..]);
            var name = packed[19..length];
            name = name[..name.IndexOf((byte)0)];
            if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
            {
                entries.Add(new FolderEntry(PathText.Decode(name), packed[18]));
            }

            packed = packed[length..];
        }
    }
}
