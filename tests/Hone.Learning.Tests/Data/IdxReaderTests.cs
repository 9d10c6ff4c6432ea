using System.IO.Compression;
using Hone.Learning.Data;

namespace Hone.Learning.Tests.Data;

public sealed class IdxReaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hone-idx").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Reads_training_then_test_images_plain_or_gzip_as_numbers_from_0_to_1()
    {
        Write("train-images-idx3-ubyte", Images(2, 0, 51, 102, 153, 204, 255, 1, 2));
        Write("train-labels-idx1-ubyte", Labels(7, 3));
        Write("t10k-images-idx3-ubyte.gz", Images(1, 9, 9, 9, 9), gzip: true);
        Write("t10k-labels-idx1-ubyte.gz", Labels(7), gzip: true);

        var table = DataSource.Load<double>(_folder);

        Assert.Equal((3, 4), (table.Features.Rows, table.Features.Columns));
        Assert.Equal([0, 0.2, 0.4, 0.6], table.Features.Row(0).ToArray().Select(v => Math.Round(v, 12)));
        Assert.Equal([7.0, 3, 7], table.Targets);
    }

    [Fact]
    public void Says_what_is_wrong_with_a_file()
    {
        Write("train-labels-idx1-ubyte", Labels(7, 3));
        AssertSays(Images(2, 1, 2, 3, 4, 5, 6, 7), "the file is cut off: 7 of 8 values are there. Fetch it again.");
        AssertSays(Images(2, 1, 2, 3, 4, 5, 6, 7, 8, 9), "there are 1 bytes behind the last value. The file is damaged.");
        AssertSays([0, 0, 8], "the file is cut off. Fetch it again.");
        AssertSays([0, 0, 13, 3, 0, 0, 0, 1], "is not an IDX file of unsigned bytes in 3 dimensions: it starts with 00000D03.");
        AssertSays([0, 0, 8, 3, 0x7F, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 2], "a size of 2130706432 cannot be. The file is damaged.");
        AssertSays([0x1F, 0x8B, 1, 2, 3], "the gzip data are damaged. Fetch the file again.");
        File.WriteAllBytes(Path.Combine(_folder, "train-images-idx3-ubyte"), Images(1, 1, 2, 3, 4));
        Assert.EndsWith(
            "there are 2 labels, and 1 images in train-images-idx3-ubyte.",
            Assert.Throws<DataException>(() => DataSource.Load<float>(_folder)).Message, StringComparison.Ordinal);
        File.Delete(Path.Combine(_folder, "train-labels-idx1-ubyte"));
        Assert.EndsWith(
            "its labels, train-labels-idx1-ubyte, are not beside it. Fetch them too.",
            Assert.Throws<DataException>(() => DataSource.Load<float>(_folder)).Message, StringComparison.Ordinal);
    }

    private void AssertSays(byte[] images, string message)
    {
        var path = Path.Combine(_folder, "train-images-idx3-ubyte");
        File.WriteAllBytes(path, images);

        Assert.Equal($"{path}: {message}", Assert.Throws<DataException>(() => DataSource.Load<float>(_folder)).Message);
    }

    private void Write(string name, byte[] bytes, bool gzip = false)
    {
        using var file = File.Create(Path.Combine(_folder, name));
        using var stream = gzip ? new GZipStream(file, CompressionLevel.Fastest) : (Stream)file;
        stream.Write(bytes);
    }

    private static byte[] Images(byte count, params byte[] pixels) => [0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 2, 0, 0, 0, 2, .. pixels];

    private static byte[] Labels(params byte[] labels) => [0, 0, 8, 1, 0, 0, 0, (byte)labels.Length, .. labels];
}
