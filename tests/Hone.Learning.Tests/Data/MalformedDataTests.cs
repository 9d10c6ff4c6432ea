using System.IO.Compression;
using System.Text;
using Hone.Learning.Training;

namespace Hone.Learning.Tests.Data;

/// <summary>What <c>hone train</c> says of data that it cannot use: each case with its message, in an approved text.</summary>
public sealed class MalformedDataTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hone-malformed").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Each_mistake_is_told_with_its_place_its_value_and_what_was_expected()
    {
        var received = new StringBuilder();
        var names = new HashSet<string>();

        // One after the other, for the next case overwrites the files of the last.
        foreach (var (name, path, settings) in Tables().Concat(Files()).Concat(Images()).Concat(Trainings()))
        {
            Assert.True(names.Add(name), name);
            received.Append("=== ").AppendLine(name).Append(Message(name, path, settings));
        }

        Approved.Is("MalformedData", received.ToString());
        Assert.InRange(names.Count, 60, 1000);
    }

    private static IEnumerable<(string Name, string Text, string Settings)> Texts() =>
    [
        ("an empty file", "", ""),
        ("an empty first line", "\na,target\n1,2\n", ""),
        ("a header alone", "a,b,target\n", ""),
        ("blank lines under the header", "a,b,target\n\n\n", ""),
        ("no column to learn", "a,b\n1,2\n", ""),
        ("a column to learn in other letters", "a,Target\n1,2\n", ""),
        ("another column to learn that is not there", "a,b\n1,2\n", "target=c"),
        ("nothing to learn from", "target\n1\n0\n", ""),
        ("two columns of one name", "a,a,target\n1,2,3\n", ""),
        ("columns without names", ",,target\n1,2,3\n", ""),
        ("a row too short", "a,b,target\n1,2,0\n1,2\n", ""),
        ("a row too long", "a,b,target\n1,2,0\n1,2,3,4\n", ""),
        ("blanks for separators", "a b target\n1 2 0\n", ""),
        ("other separators in the rows than in the header", "a,b,target\n1;2;0\n", ""),
        ("a text among numbers", "a,target\n1,0\n2,1\nthree,0\n4,1\n", ""),
        ("a hexadecimal number among others", "a,target\n1,0\n0x10,1\n3,0\n", ""),
        ("a number with a comma for thousands", "a;target\n1;0\n1,024;1\n3;0\n", ""),
        ("a text among the numbers to learn", "a,target\n1,0\n2,1\n3,yes\n4,1\n", ""),
        ("a text in a column of times", "a,t,target\n1,2020-01-01,0\n2,soon,1\n", "split=time time=t"),
        ("an empty value", "a,b,target\n1,,0\n2,3,1\n", ""),
        ("a question mark", "a,target\n1,0\n?,1\n", ""),
        ("NA to learn", "a,target\n1,NA\n2,1\n", ""),
        ("NaN", "a,target\nNaN,0\n2,1\n", ""),
        ("no row without a missing value", "a,b,target\n1,,0\n,2,1\n", "missing=drop"),
        ("a column without any value", "a,b,target\n1,,0\n2,,1\n3,,0\n4,,1\n", "missing=impute"),
        ("infinity", "a,target\n1,0\n-Infinity,1\n", ""),
        ("a number beyond double", "a,target\n1,0\n1e400,1\n", ""),
        ("a number beyond float", "a,target\n1,0\n1e39,1\n", ""),
        ("a whole number beyond float", "a,target\n1,0\n" + new string('9', 60) + ",1\n", ""),
        ("classes that are huge whole numbers", "a,target\n1,12345678901234567890\n2,12345678901234567891\n", ""),
        ("one class only", "a,target\n1,1\n2,1\n3,1\n", ""),
        ("one class only, in words", "a,target\n1,yes\n2,yes\n3,yes\n", ""),
        ("classes that are no whole numbers", "a,target\n1,0.5\n2,1\n", ""),
        ("a class for each row", "a,target\n1,1\n2,2\n3,3\n4,4\n", ""),
        ("texts for a learner of numbers", "a,target\n1,red\n2,blue\n3,red\n4,blue\n", "learner=linear"),
        ("constant columns", "a,b,target\n1,2,0\n1,2,1\n1,2,0\n1,2,1\n", ""),
        ("one row", "a,target\n1,0\n", ""),
        ("a quote that is not closed", "a,target\n1,\"0\n2,1\n", ""),
        ("text behind a quoted value", "a,target\n\"1\"2,0\n", ""),
        ("more texts than categories may be", "a,target\n" + string.Concat(Enumerable.Range(0, 1002).Select(i => $"t{i},{i % 2}\n")), ""),
        ("a category that is not there to be named", "a,target\n1,0\n2,1\n", "categories=colour"),
        ("every column ignored", "a,target\n1,0\n2,1\n", "ignore=a"),
        ("bytes that are no text", "\0\u0001\u0002\u0003\n\0\n", ""),
        ("a web page", "<!DOCTYPE html>\n<html></html>\n", ""),
        ("a pointer of Git LFS", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n", ""),
    ];

    private static IEnumerable<(string Name, byte[] Bytes, string File)> Binaries()
    {
        var gzip = Gzip("a,target\n" + string.Concat(Enumerable.Range(0, 500).Select(i => $"{i * 7919 % 1000},{i % 2}\n")));
        byte[] damaged = [.. gzip];
        damaged.AsSpan(40, 20).Fill(0x55);
        return
        [
            ("a plain file that is named gz", "a,target\n1,0\n2,1\n"u8.ToArray(), "plain.csv.gz"),
            ("gzip data cut off", gzip[..(gzip.Length / 2)], "cut.csv.gz"),
            ("gzip data cut off in their check sum", gzip[..^3], "sum.csv.gz"),
            ("gzip data without a byte of data", Gzip(""), "nothing.csv.gz"),
            ("the first two bytes of gzip alone", gzip[..2], "two.csv.gz"),
            ("damaged gzip data", damaged, "damaged.csv.gz"),
            ("gzip of gzip", Gzip(Encoding.Latin1.GetString(gzip)), "twice.csv.gz"),
            ("UTF-16", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("a,target\n1,0\n")], "utf16.csv"),
            ("a zip archive", [.. "PK"u8, 3, 4, 20, 0], "table.xlsx"),
            ("a Parquet file", "PAR1----PAR1"u8.ToArray(), "table.parquet"),
            ("bzip2", "BZh91AY"u8.ToArray(), "table.csv.bz2"),
            ("xz", [0xFD, .. "7zXZ"u8, 0], "table.csv.xz"),
        ];
    }

    private static IEnumerable<(string Name, byte[]? Images, byte[]? Labels)> IdxFiles() =>
    [
        ("images cut off", Idx(3, 2, [1, 2, 3]), Labels(0, 1)),
        ("images with more bytes than pixels", Idx(3, 1, [1, 2, 3, 4, 5]), Labels(0)),
        ("images cut off in their head", [0, 0, 8], Labels(0, 1)),
        ("images of another type", [0, 0, 13, .. Idx(3, 1, [1, 2, 3, 4])[3..]], Labels(0)),
        ("images of two dimensions", Idx(2, 1, [1, 2, 3, 4]), Labels(0)),
        ("images of a size that cannot be", [0, 0, 8, 3, 0x7F, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 2], Labels(0)),
        ("images in damaged gzip", [0x1F, 0x8B, 1, 2, 3], Labels(0)),
        ("no image", Idx(3, 0, []), Labels()),
        ("labels that are not there", Idx(3, 1, [1, 2, 3, 4]), null),
        ("labels cut off", Idx(3, 2, [1, 2, 3, 4, 5, 6, 7, 8]), Labels(0, 1)[..^1]),
        ("more labels than images", Idx(3, 1, [1, 2, 3, 4]), Labels(0, 1)),
        ("labels of one class", Idx(3, 2, [1, 2, 3, 4, 5, 6, 7, 8]), Labels(5, 5)),
        ("images without an image's file", null, Labels(0)),
    ];

    private IEnumerable<(string Name, string Path, string Settings)> Tables() =>
        Texts().Select(wrong => (wrong.Name, Write("table.csv", Encoding.UTF8.GetBytes(wrong.Text)), wrong.Settings));

    private IEnumerable<(string Name, string Path, string Settings)> Files() =>
        Binaries().Select(wrong => (wrong.Name, Write(wrong.File, wrong.Bytes), ""))
            .Append(("a file that is not there", Path.Combine(_folder, "nothing-here.csv"), ""));

    private IEnumerable<(string Name, string Path, string Settings)> Images()
    {
        foreach (var (name, images, labels) in IdxFiles())
        {
            var folder = Directory.CreateDirectory(Path.Combine(_folder, "images")).FullName;
            foreach (var (file, bytes) in (ReadOnlySpan<(string, byte[]?)>)[("train-images-idx3-ubyte", images), ("train-labels-idx1-ubyte", labels)])
            {
                File.Delete(Path.Combine(folder, file));
                if (bytes is not null)
                {
                    Write(Path.Combine("images", file), bytes);
                }
            }

            yield return (name, folder, "");
        }
    }

    private IEnumerable<(string Name, string Path, string Settings)> Trainings()
    {
        var path = Write("good.csv", Encoding.UTF8.GetBytes("a,g,target\n" + string.Concat(Enumerable.Range(0, 20).Select(i => $"{i},1,{i % 2}\n"))));
        yield return ("more folds than rows", path, "folds=15");
        yield return ("one group", path, "split=grouped group=g");
        yield return ("a group that is not there", path, "split=grouped group=h");
        yield return ("a slice that is not there", path, "scores=f1 slices=h");
    }

    private string Message(string name, string path, string settings)
    {
        var values = new Dictionary<string, string> { ["learner"] = "logistic", ["data"] = path, ["steps"] = "10" };
        foreach (var setting in settings.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            values[setting.Split('=')[0]] = setting.Split('=')[1];
        }

        var (output, errors) = (new StringWriter(), new StringWriter());
        var exitCode = TrainingRun.Run(TrainSettings.Parse(values), output, errors);
        Assert.True(exitCode == 2 && output.ToString().Length == 0, $"{name}: {exitCode} {output}");
        return errors.ToString().Replace(_folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);
    }

    private string Write(string file, byte[] bytes)
    {
        var path = Path.Combine(_folder, file);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static byte[] Gzip(string text)
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal))
        {
            gzip.Write(Encoding.Latin1.GetBytes(text));
        }

        return compressed.ToArray();
    }

    // Images of 2 x 2.
    private static byte[] Idx(byte dimensions, byte count, byte[] pixels) =>
        [0, 0, 8, dimensions, 0, 0, 0, count, 0, 0, 0, 2, 0, 0, 0, 2, .. pixels];

    private static byte[] Labels(params byte[] labels) => [0, 0, 8, 1, 0, 0, 0, (byte)labels.Length, .. labels];
}
