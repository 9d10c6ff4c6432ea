using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Hone.Learning.Data;

/// <summary>
/// Keeps tables that were read from text in a binary form, keyed by the SHA-256 of the text's bytes and of how it was read, so that the
/// next trial on the same data need not parse it again. A file in the cache is whole or not there.
/// </summary>
/// <remarks>
/// While a text is read its rows go into a file that ends in <c>.part</c> and is locked by its process, so that memory holds the table
/// once, when its size is known. The file is then given its name. One whose process was killed is not locked, and deleted by the next reader.
/// A file holds 16 bytes, "hone-table-2" filled up with zeros; the features, row by row, and the targets, as little-endian numbers; a foot of
/// the bytes a feature, the count of rows, the names of columns, their categories and the classes, all strings with their lengths; the
/// length of the foot in 8 bytes; and the 16 bytes once more. One whose length is not what its foot says is not used.
/// </remarks>
public static class TableCache
{
    // Smaller texts are read about as fast as a file of the cache.
    private const long SmallestBytes = 1 << 20;
    private const string Part = ".part";

    private static ReadOnlySpan<byte> Mark => "hone-table-2\0\0\0\0"u8;

    /// <summary>Reads a table, from the cache if it is there, else from its text, which is then kept.</summary>
    /// <param name="text">The text or gzip data; it must be able to seek.</param>
    /// <param name="name">Stands in front of error messages.</param>
    /// <param name="options">How the text is read.</param>
    /// <param name="folder">Of the cache; made when needed. One that cannot be written to, or is full, is done without.</param>
    /// <exception cref="DataException">It is not such a table.</exception>
    /// <exception cref="IOException">The text cannot be read.</exception>
    public static Dataset<T> Read<T>(Stream text, string name, TableOptions options, string folder)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (text.Length < SmallestBytes)
        {
            return TableReader.Read<T>(text, name, options);
        }

        var path = Path.Combine(folder, Key<T>(text, options) + ".table");
        text.Position = 0;
        if (TryLoad<T>(path, name, options) is { } kept)
        {
            return kept;
        }

        try
        {
            return ReadAndKeep<T>(text, name, options, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            // The cache cannot take it; the runtime tells of a limit to the size of files by an argument out of range. Read in memory: if it is the text that cannot be read, this will say so.
            text.Position = 0;
            return TableReader.Read<T>(text, name, options);
        }
    }

    private static Dataset<T> ReadAndKeep<T>(Stream text, string name, TableOptions options, string path)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        DeleteLeftovers(Path.GetDirectoryName(path)!);
        var part = $"{path}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}{Part}";
        try
        {
            using var file = new FileStream(part, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16);
            file.Write(Mark);
            var table = TableReader.Read(text, name, options, new RowStore<T>(file));
            Finish(file, table, path);
            return table;
        }
        finally
        {
            File.Delete(part);
        }
    }

    private static void DeleteLeftovers(string folder)
    {
        foreach (var part in Directory.EnumerateFiles(folder, "*" + Part))
        {
            try
            {
                using var unlocked = new FileStream(part, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
                File.Delete(part);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Its process still writes it, or it is somebody else's.
            }
        }
    }

    private static string Key<T>(Stream text, TableOptions options)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var how = new StringBuilder($"{typeof(T).Name}\n{options.Target}\n{options.Missing}\n{options.InfersTypes}\n{options.RefusesMixed}\n");
        foreach (var (column, type) in options.Types.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            how.Append(System.Globalization.CultureInfo.InvariantCulture, $"{column.Length} {column} {type}\n");
        }

        hash.AppendData(Encoding.UTF8.GetBytes(how.ToString()));
        var buffer = new byte[1 << 16];
        for (int read; (read = text.Read(buffer)) > 0;)
        {
            hash.AppendData(buffer, 0, read);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Writes what comes behind the features, and gives the file its name.</summary>
    private static void Finish<T>(FileStream file, Dataset<T> table, string path)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        try
        {
            file.Seek(0, SeekOrigin.End);
            file.Write(MemoryMarshal.AsBytes(table.Targets.AsSpan()));
            var foot = file.Position;
            using var writer = new BinaryWriter(file, Encoding.UTF8, leaveOpen: true);
            writer.Write(Marshal.SizeOf<T>());
            writer.Write(table.Features.Rows);
            Write(writer, table.Columns);
            writer.Write(table.Categories.Count);
            foreach (var names in table.Categories)
            {
                Write(writer, names);
            }

            Write(writer, table.ClassNames);
            writer.Write(file.Position - foot);
            writer.Write(Mark);
            writer.Flush();
            file.Flush(flushToDisk: true);
            File.Move(file.Name, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            // The disk is full: the table is at hand, and only the next reading will take as long as this one.
        }
    }

    private static Dataset<T>? TryLoad<T>(string path, string name, TableOptions options)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16);
            return Load<T>(file, name, options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OverflowException or ArgumentException or FormatException)
        {
            // A damaged or unreadable file of the cache is as good as none.
            return null;
        }
    }

    private static Dataset<T>? Load<T>(FileStream file, string name, TableOptions options)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Span<byte> mark = stackalloc byte[Mark.Length];
        using var reader = new BinaryReader(file, Encoding.UTF8);
        file.ReadExactly(mark);
        var isWhole = mark.SequenceEqual(Mark);
        file.Seek(-Mark.Length - sizeof(long), SeekOrigin.End);
        var end = file.Position;
        var foot = end - reader.ReadInt64();
        file.ReadExactly(mark);
        if (!isWhole || !mark.SequenceEqual(Mark))
        {
            return null;
        }

        file.Position = foot;
        if (reader.ReadInt32() != Marshal.SizeOf<T>())
        {
            return null;
        }

        var rows = reader.ReadInt32();
        var columns = ReadStrings(reader);
        var categories = new IReadOnlyList<string>[reader.ReadInt32()];
        for (var c = 0; c < categories.Length; c++)
        {
            categories[c] = ReadStrings(reader);
        }

        var classNames = ReadStrings(reader);
        if (file.Position != end || foot != Mark.Length + ((8L + ((long)columns.Length * Marshal.SizeOf<T>())) * rows))
        {
            return null;
        }

        file.Position = Mark.Length;
        var features = new T[checked(rows * columns.Length)];
        RowStore<T>.Read(file, features);
        var targets = new double[rows];
        RowStore<double>.Read(file, targets);
        return new Dataset<T>(name, new Matrix<T>(rows, columns.Length, features), targets, columns, options.Target ?? "")
        {
            Categories = categories,
            ClassNames = classNames,
        };
    }

    private static void Write(BinaryWriter writer, IReadOnlyList<string> texts)
    {
        writer.Write(texts.Count);
        foreach (var text in texts)
        {
            writer.Write(text);
        }
    }

    private static string[] ReadStrings(BinaryReader reader)
    {
        var texts = new string[Math.Clamp(reader.ReadInt32(), 0, 1 << 24)];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = reader.ReadString();
        }

        return texts;
    }
}
