namespace Hone.Learning.Data;

/// <summary>Knows files that are no tables by how they begin, so that the message can say what they are.</summary>
internal static class FileKind
{
    private static readonly (byte[] Start, string Problem)[] Others =
    [
        ([0xFF, 0xFE], "is text in UTF-16. Save it as UTF-8."),
        ([0xFE, 0xFF], "is text in UTF-16. Save it as UTF-8."),
        ([.. "PK"u8, 3, 4], "is a zip archive, or a workbook. Unpack it, or save the table as CSV."),
        ([.. "BZh"u8], "is compressed by bzip2. Unpack it, or compress it by gzip."),
        ([0xFD, .. "7zXZ"u8], "is compressed by xz. Unpack it, or compress it by gzip."),
        ([0x28, 0xB5, 0x2F, 0xFD], "is compressed by zstd. Unpack it, or compress it by gzip."),
        ([.. "PAR1"u8], "is a Parquet file. Save the table as CSV."),
        ([.. "SQLite format 3"u8], "is an SQLite database. Save the table as CSV."),
        ([0x89, .. "HDF"u8], "is an HDF5 file. Save the table as CSV."),
        ([0x93, .. "NUMPY"u8], "is a NumPy array. Save the table as CSV."),
        ([.. "<!DOCTYPE"u8], "is a web page. Fetch the file itself."),
        ([.. "<html"u8], "is a web page. Fetch the file itself."),
        ([.. "version https://git-lfs"u8], "is a pointer of Git LFS and not the data. Fetch them with git lfs pull."),
    ];

    private static ReadOnlySpan<byte> GzipMark => [0x1F, 0x8B];

    /// <summary>Whether a stream, which stays where it is, is gzip.</summary>
    /// <param name="stream">Able to seek.</param>
    /// <param name="name">Of the file.</param>
    /// <exception cref="DataException">Its name says gzip and it is none, or it is known to be something else.</exception>
    public static bool IsGzip(Stream stream, string name)
    {
        Span<byte> buffer = stackalloc byte[32];
        var length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        stream.Seek(-length, SeekOrigin.Current);
        ReadOnlySpan<byte> start = buffer[..length];
        if (start.StartsWith(GzipMark))
        {
            return true;
        }

        foreach (var (mark, problem) in Others)
        {
            if (start.StartsWith(mark))
            {
                throw new DataException($"{name}: {problem}");
            }
        }

        return length == 0 || !name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
            ? false
            : throw new DataException($"{name}: is not gzip, though its name says so. Rename it, or compress it.");
    }
}
