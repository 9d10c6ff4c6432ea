using System.Text;
using Hone.Learning.Data;

namespace Hone.Learning.Tests.Data;

public sealed class TableCacheTests : IDisposable
{
    private static readonly string Text = "color,x,target\n" + string.Concat(Enumerable.Range(0, 90_000).Select(i =>
        $"{(i % 3 == 0 ? "red" : "blue")},{(i % 50 == 0 ? "" : i * 0.37)},{(i % 7 < 3 ? "yes" : "no")}\n"));

    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("hone-tables").FullName, "tables");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);

    [Fact]
    public void Gives_the_same_table_from_the_cache_as_from_the_text()
    {
        var (first, second) = (Read(), Read());

        Assert.Single(Directory.GetFiles(_folder));
        Assert.Equal(first.Columns, second.Columns);
        Assert.Equal(first.Categories, second.Categories);
        Assert.Equal(first.ClassNames, second.ClassNames);
        Assert.Equal(first.Targets, second.Targets);
        Assert.Equal(first.Features.Values, second.Features.Values);
    }

    [Fact]
    public void Reads_the_text_again_where_a_byte_of_it_or_an_option_changed()
    {
        Read();
        Read(Text + "red,1,no\n");
        Read(missing: Missing.Drop);

        Assert.Equal(3, Directory.GetFiles(_folder).Length);
    }

    [Fact]
    public void A_damaged_file_is_as_good_as_none_and_is_written_anew()
    {
        var first = Read();
        var path = Directory.GetFiles(_folder).Single();
        var whole = File.ReadAllBytes(path);
        foreach (var length in (int[])[0, 5, 20, 60, whole.Length / 2, whole.Length - 1])
        {
            File.WriteAllBytes(path, whole[..length]);

            Assert.Equal(first.Features.Values, Read().Features.Values);
            Assert.Equal(whole, File.ReadAllBytes(path));
        }
    }

    [Fact]
    public void A_text_that_cannot_be_read_leaves_nothing_behind()
    {
        Assert.Throws<DataException>(() => Read(Text + "red,1\n"));

        Assert.False(Directory.Exists(_folder) && Directory.GetFiles(_folder).Length > 0);
    }

    private Dataset<float> Read(string? text = null, Missing missing = Missing.Impute) => TableCache.Read<float>(
        new MemoryStream(Encoding.UTF8.GetBytes(text ?? Text)), "table.csv", new TableOptions { Missing = missing }, _folder);
}
