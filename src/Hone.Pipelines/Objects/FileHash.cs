using System.Buffers;
using System.Security.Cryptography;
using Hone.Pipelines.Files;

namespace Hone.Pipelines.Objects;

/// <summary>Hashes files, and copies them as they are hashed. A file that changes meanwhile is noticed.</summary>
internal static class FileHash
{
    private const int Chunk = 1 << 20;
    private const int SmallFile = 1 << 16;

    /// <summary>The id of a file's bytes, from the state if its stamp is known there, and remembered.</summary>
    /// <param name="path">The file; a link stands for what it points to.</param>
    /// <param name="state">What is known already.</param>
    /// <param name="isLegacy">Whether the id by DVC 2's rule is wanted.</param>
    /// <exception cref="PipelineException">It cannot be read, or changed while it was read.</exception>
    public static ObjectId Of(string path, StateDatabase state, bool isLegacy = false)
    {
        var stamp = Posix.Stat(path, follow: true) ?? throw Posix.Failure("read", path, Posix.NoEntry);
        return state.TryGet(stamp, out var known, isLegacy) ? known : Read(path, state, isLegacy).Id;
    }

    /// <summary>Reads a file from its first to its last byte and remembers its id.</summary>
    public static (ObjectId Id, FileStamp Stamp) Read(string path, StateDatabase state, bool isLegacy = false)
    {
        var now = Posix.Now();
        using var source = SourceFile.Open(path);
        var id = isLegacy ? LegacyHash.Of(source) : Of(source, -1, path);
        source.CheckUnchanged();
        state.Set(source.Stamp, id, now, isLegacy);
        return (id, source.Stamp);
    }

    /// <summary>Hashes an open file and writes what was hashed into another, so that the copy is exactly what the id names.</summary>
    /// <param name="source">The file to read, at its start.</param>
    /// <param name="target">An open empty file, or -1 to hash only.</param>
    /// <param name="targetPath">What messages call it.</param>
#pragma warning disable CA5351 // MD5 is DVC's name for a content, not a protection.
    public static ObjectId Of(SourceFile source, int target, string targetPath)
    {
        var isSmall = source.Stamp.Size < SmallFile;
        var buffer = ArrayPool<byte>.Shared.Rent(isSmall ? SmallFile : Chunk);
        try
        {
            var length = source.Read(buffer);
            if (length < buffer.Length)
            {
                Write(target, buffer.AsSpan(0, length), targetPath);
                return ObjectId.Of(buffer.AsSpan(0, length));
            }

            using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
            return target < 0 ? HashRest(source, md5, buffer, length) : CopyRest(source, md5, buffer.AsSpan(0, length), target, targetPath);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
#pragma warning restore CA5351

    /// <summary>Copies an open file without looking at it.</summary>
    public static void CopyBytes(SourceFile source, int target, string targetPath)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(source.Stamp.Size < SmallFile ? SmallFile : Chunk);
        try
        {
            for (var length = source.Read(buffer); length > 0; length = source.Read(buffer))
            {
                Posix.Write(target, buffer.AsSpan(0, length), targetPath);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static ObjectId HashRest(SourceFile source, IncrementalHash md5, byte[] buffer, int length)
    {
        for (; length > 0; length = source.Read(buffer))
        {
            md5.AppendData(buffer, 0, length);
        }

        return Finish(md5);
    }

    // One thread reads and writes what the other hashes.
    private static ObjectId CopyRest(SourceFile source, IncrementalHash md5, ReadOnlySpan<byte> first, int target, string targetPath)
    {
        Posix.Write(target, first, targetPath);
        md5.AppendData(first);
        using var copier = new SideCopier(source, target, targetPath);
        for (var bytes = copier.Next(); !bytes.IsEmpty; bytes = copier.Next())
        {
            md5.AppendData(bytes);
            copier.Done();
        }

        return Finish(md5);
    }

    private static ObjectId Finish(IncrementalHash md5)
    {
        Span<byte> hash = stackalloc byte[16];
        md5.GetHashAndReset(hash);
        return new ObjectId(hash);
    }

    private static void Write(int target, ReadOnlySpan<byte> bytes, string path)
    {
        if (target >= 0)
        {
            Posix.Write(target, bytes, path);
        }
    }
}
