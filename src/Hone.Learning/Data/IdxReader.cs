using System.Buffers.Binary;
using System.IO.Compression;
using System.Numerics;

namespace Hone.Learning.Data;

/// <summary>
/// Reads folders of IDX files as MNIST has them: <c>train-images-idx3-ubyte</c> and <c>train-labels-idx1-ubyte</c>, and the same with
/// <c>t10k</c>, which follow behind; each as it is or in gzip (<c>.gz</c>).
/// </summary>
/// <remarks>
/// An IDX file has the bytes 0, 0, 8 (unsigned bytes) and the number of dimensions, their sizes as big-endian 32-bit numbers, and the
/// values. Pixels become numbers from 0 to 1.
/// </remarks>
public static class IdxReader
{
    private const int MostColumns = 1 << 20;

    private static readonly string[] Parts = ["train", "t10k"];

    /// <summary>Whether a folder holds the images for training.</summary>
    public static bool IsIdx(string folder) => Find(folder, "train", "images-idx3-ubyte") is not null;

    /// <summary>Reads all parts that the folder has.</summary>
    /// <param name="folder">Its path.</param>
    /// <param name="name">Stands in front of error messages about the set as a whole.</param>
    /// <exception cref="DataException">A file is missing, cut off, or not such a file.</exception>
    public static Dataset<T> Read<T>(string folder, string name)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var images = new List<byte[]>();
        var labels = new List<byte>();
        var columns = 0;
        foreach (var part in Parts)
        {
            if (Find(folder, part, "images-idx3-ubyte") is not { } imagesPath)
            {
                continue;
            }

            var labelsPath = Find(folder, part, "labels-idx1-ubyte")
                ?? throw new DataException($"{imagesPath}: its labels, {part}-labels-idx1-ubyte, are not beside it. Fetch them too.");
            var (sizes, pixels) = ReadFile(imagesPath, 3);
            var (labelSizes, codes) = ReadFile(labelsPath, 1);
            if (sizes[0] != labelSizes[0])
            {
                throw new DataException($"{labelsPath}: there are {labelSizes[0]} labels, and {sizes[0]} images in {Path.GetFileName(imagesPath)}.");
            }

            if (columns != 0 && columns != sizes[1] * sizes[2])
            {
                throw new DataException($"{imagesPath}: the images have {sizes[1] * sizes[2]} pixels, and those for training {columns}.");
            }

            columns = sizes[1] * sizes[2];
            images.Add(pixels);
            labels.AddRange(codes);
        }

        if (labels.Count == 0)
        {
            throw new DataException($"{name}: there is no train-images-idx3-ubyte in {folder}, or there are no images in it.");
        }

        return new Dataset<T>(
            name, new Matrix<T>(labels.Count, columns, Scale<T>(images)), [.. labels.Select(label => (double)label)],
            [.. Enumerable.Range(0, columns).Select(pixel => $"pixel_{pixel}")]);
    }

    private static T[] Scale<T>(List<byte[]> images)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var shades = new T[256];
        for (var shade = 0; shade < shades.Length; shade++)
        {
            shades[shade] = T.CreateTruncating(shade / 255.0);
        }

        var values = new T[images.Sum(part => part.Length)];
        var to = 0;
        foreach (var part in images)
        {
            foreach (var shade in part)
            {
                values[to++] = shades[shade];
            }
        }

        return values;
    }

    private static string? Find(string folder, string part, string kind)
    {
        // MNIST's own site writes a dot in place of the first hyphen of the ending.
        string[] names = [$"{part}-{kind}", $"{part}-{kind.Replace("-idx", ".idx", StringComparison.Ordinal)}"];
        return names.SelectMany(name => new[] { name, name + ".gz" })
            .Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }

    private static (int[] Sizes, byte[] Values) ReadFile(string path, int dimensions)
    {
        try
        {
            using var file = File.OpenRead(path);
            var isGzip = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
            file.Position = 0;
            using var stream = isGzip ? new GZipStream(file, CompressionMode.Decompress) : (Stream)file;
            return Read(stream, path, dimensions);
        }
        catch (InvalidDataException e)
        {
            throw new DataException($"{path}: the gzip data are damaged. Fetch the file again.", e);
        }
        catch (EndOfStreamException e)
        {
            throw new DataException($"{path}: the file is cut off. Fetch it again.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path}: cannot be read: {e.Message}", e);
        }
    }

    private static (int[] Sizes, byte[] Values) Read(Stream stream, string path, int dimensions)
    {
        var header = new byte[4 * (1 + dimensions)];
        stream.ReadExactly(header.AsSpan(0, 4));
        if (header is not [0, 0, 8, ..] || header[3] != dimensions)
        {
            throw new DataException(
                $"{path}: is not an IDX file of unsigned bytes in {dimensions} dimensions: it starts with {Convert.ToHexString(header, 0, 4)}.");
        }

        stream.ReadExactly(header.AsSpan(4));
        var sizes = new int[3];
        var total = 1L;
        for (var d = 0; d < dimensions; d++)
        {
            sizes[d] = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4 * (1 + d)));
            if (sizes[d] < (d == 0 ? 0 : 1) || (d > 0 && sizes[d] > MostColumns) || (total *= sizes[d]) > int.MaxValue / 8)
            {
                throw new DataException($"{path}: a size of {sizes[d]} cannot be. The file is damaged.");
            }
        }

        // Grows with what is there: a damaged size must not take gigabytes.
        var values = new MemoryStream();
        stream.CopyTo(values);
        if (values.Length != total)
        {
            throw new DataException(values.Length < total
                ? $"{path}: the file is cut off: {values.Length} of {total} values are there. Fetch it again."
                : $"{path}: there are {values.Length - total} bytes behind the last value. The file is damaged.");
        }

        return (sizes, values.ToArray());
    }
}
