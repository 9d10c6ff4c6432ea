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
/// A file holds "hone-table-1", the counts of rows, columns, texts and bytes a value, all strings with their lengths, the targets as
/// little-endian 64-bit numbers and the features, row by row. One whose length is not what its head says is not used.
/// </remarks>
public static class TableCache
{
    // Smaller texts are read about as fast as a file of the cache.
    private const long SmallestBytes = 1 << 20;
    private const string Mark = "hone-table-1";

    /// <summary>Reads a table, from the cache if it is there, else from its text, which is then kept.</summary>
    /// <param name="text">The text or gzip data; it must be able to seek.</param>
    /// <param name="name">Stands in front of error messages.</param>
    /// <param name="options">How the text is read.</param>
    /// <param name="folder">Of the cache; made when needed. One that cannot be written to is done without.</param>
    /// <exception cref="DataException">It is not such a table.</exception>
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

        var table = TableReader.Read<T>(text, name, options);
        try
        {
            Directory.CreateDirectory(folder);
            var part = $"{path}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}.part";
            Save(table, part);
            File.Move(part, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The table is at hand; only the next reading will take as long as this one.
        }

        return table;
    }

    private static string Key<T>(Stream text, TableOptions options)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var how = new StringBuilder($"{typeof(T).Name}\n{options.Target}\n{options.Missing}\n{options.InfersTypes}\n");
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

    private static void Save<T>(Dataset<T> table, string path)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var file = File.Create(path);
        using var writer = new BinaryWriter(file, Encoding.UTF8);
        writer.Write(Mark);
        writer.Write(Marshal.SizeOf<T>());
        writer.Write(table.Features.Rows);
        Write(writer, table.Columns);
        writer.Write(table.Categories.Count);
        foreach (var names in table.Categories)
        {
            Write(writer, names);
        }

        Write(writer, table.ClassNames);
        writer.Write(MemoryMarshal.AsBytes(table.Targets.AsSpan()));
        for (var row = 0; row < table.Features.Rows; row++)
        {
            writer.Write(MemoryMarshal.AsBytes(table.Features.Row(row)));
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
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
            using var reader = new BinaryReader(file, Encoding.UTF8);
            if (reader.ReadString() != Mark || reader.ReadInt32() != Marshal.SizeOf<T>())
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
            if (file.Length - file.Position != ((8L + ((long)columns.Length * Marshal.SizeOf<T>())) * rows))
            {
                return null;
            }

            var targets = new double[rows];
            var features = new T[checked(rows * columns.Length)];
            file.ReadExactly(MemoryMarshal.AsBytes(targets.AsSpan()));
            for (var start = 0; start < rows; start += 4096)
            {
                var values = features.AsSpan(start * columns.Length, Math.Min(4096, rows - start) * columns.Length);
                file.ReadExactly(MemoryMarshal.AsBytes(values));
            }

            return new Dataset<T>(name, new Matrix<T>(rows, columns.Length, features), targets, columns, options.Target ?? "")
            {
                Categories = categories,
                ClassNames = classNames,
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OverflowException or ArgumentException or FormatException)
        {
            // A damaged or unreadable file of the cache is as good as none.
            return null;
        }
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
