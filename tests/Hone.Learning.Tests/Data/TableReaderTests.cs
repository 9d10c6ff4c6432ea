using System.IO.Compression;
using System.Text;
using Hone.Learning.Data;

namespace Hone.Learning.Tests.Data;

public sealed class TableReaderTests
{
    [Theory]
    [InlineData("a\tb\ttarget\n1\t2.5\t0\n-3\t4e2\t1\n")]
    [InlineData("a,b,target\r\n1,2.5,0\r\n-3,4e2,1\r\n")]
    [InlineData("a;b;target\n1;2.5;0\n-3;4e2;1")]
    [InlineData("\uFEFFa,b,target\n1,2.5,0\n\n-3,4e2,1\n\n")]
    [InlineData("\"a\",b,\"target\"\n\"1\",2.5,0\n-3,\"4e2\",\"1\"\n")]
    public void Reads_tabs_commas_semicolons_quotes_blank_lines_and_both_ends_of_line(string text)
    {
        var table = Some.Table(text);

        Assert.Equal(["a", "b"], table.Columns);
        Assert.Equal([1, 2.5, -3, 400], table.Features.Values);
        Assert.Equal([0, 1], table.Targets);
    }

    [Fact]
    public void Takes_the_target_from_any_column_and_keeps_the_order_of_the_others()
    {
        var table = Some.Table("y,a,b\n9,1,2\n8,3,4\n", target: "y");

        Assert.Equal(["a", "b"], table.Columns);
        Assert.Equal([1, 2, 3, 4], table.Features.Values);
        Assert.Equal([9, 8], table.Targets);
    }

    [Fact]
    public void Reads_a_quoted_name_with_a_separator_and_a_quote_in_it() =>
        Assert.Equal(["a,\"b\""], Some.Table("\"a,\"\"b\"\"\",target\n1,2\n").Columns);

    [Fact]
    public void Reads_lines_that_are_longer_than_its_block()
    {
        var names = string.Join(',', Enumerable.Range(0, 30_000).Select(i => $"column{i}"));
        var values = string.Join(',', Enumerable.Range(0, 30_000));

        var table = Some.Table($"{names},target\n{values},1\n{values},2\n");

        Assert.Equal(30_000, table.Columns.Count);
        Assert.Equal(29_999, table.Features[1, 29_999]);
    }

    [Fact]
    public void Knows_gzip_by_its_first_bytes_whatever_the_name()
    {
        var table = TableReader.Read<float>(Gzip("a,target\n1,2\n"), "table.csv");

        Assert.Equal([1f], table.Features.Values);
    }

    [Theory]
    [InlineData("", "table.tsv: the file is empty. A line of column names and a line for each row were expected.")]
    [InlineData("\n1,2\n", "table.tsv:1: the line is empty. Column names were expected.")]
    [InlineData("a,target\n", "table.tsv: there are no rows under the header.")]
    [InlineData("a,b\n1,2\n", "table.tsv:1: there is no column 'target' to learn; the columns are a, b.")]
    [InlineData("a,Target\n1,2\n", "table.tsv:1: there is no column 'target' to learn; the columns are a, Target. Did you mean 'Target'?")]
    [InlineData("target\n1\n", "table.tsv:1: 'target' is the only column. At least one more was expected, to learn from.")]
    [InlineData("a,a,target\n1,2,3\n", "table.tsv:1: two columns are named 'a'. Each needs a name of its own.")]
    [InlineData("a,b,target\n1,2,3\n1,2\n", "table.tsv:3: there are 2 values, and 3 columns in the header.")]
    [InlineData("a,b,target\n1,2,3\n\n1,2,3,4\n", "table.tsv:4: there are 4 values, and 3 columns in the header.")]
    [InlineData("a,b,target\n1,red,3\n", "table.tsv:2: column 'b': 'red' is not a number. Code categories as whole numbers.")]
    [InlineData("a,b,target\n1,2,yes\n", "table.tsv:2: column 'target': 'yes' is not a number. Code categories as whole numbers.")]
    [InlineData("a,b,target\n1,,3\n", "table.tsv:2: column 'b': the value is missing (''). Fill it in, or drop the row.")]
    [InlineData("a,b,target\n1,NA,3\n", "table.tsv:2: column 'b': the value is missing ('NA'). Fill it in, or drop the row.")]
    [InlineData("a,b,target\n1,2,?\n", "table.tsv:2: column 'target': the value is missing ('?'). Fill it in, or drop the row.")]
    [InlineData("a,b,target\nNaN,2,3\n", "table.tsv:2: column 'a': 'NaN' is not a finite number.")]
    [InlineData("a,b,target\n1,-Infinity,3\n", "table.tsv:2: column 'b': '-Infinity' is not a finite number.")]
    [InlineData("a,b,target\n1,1e400,3\n", "table.tsv:2: column 'b': '1e400' is not a finite number.")]
    [InlineData("a,b,target\n1,0x10,3\n", "table.tsv:2: column 'b': '0x10' is not a finite number.")]
    [InlineData("a,target\n1,\"2\n", "table.tsv:2: column 'target': a quoted value does not end with a quote. Quotes inside are written twice.")]
    [InlineData("a,target\n\"1\"2,3\n", "table.tsv:2: column 'a': a quoted value does not end with a quote. Quotes inside are written twice.")]
    public void Names_line_column_and_value_of_what_is_wrong(string text, string message)
    {
        var exception = Assert.Throws<DataException>(() => Some.Table(text));

        Assert.Equal(message, exception.Message);
    }

    [Fact]
    public void Refuses_a_number_that_float_cannot_hold_and_takes_it_in_double()
    {
        const string Text = "a,target\n1e300,2\n";

        var exception = Assert.Throws<DataException>(() => TableReader.Read<float>(Some.Bytes(Text), "table.tsv"));

        Assert.Equal("table.tsv:2: column 'a': 1E+300 is too large. At most 3.4e38 can be stored.", exception.Message);
        Assert.Equal(1e300, Some.Table(Text).Features[0, 0]);
    }

    [Fact]
    public void Reads_every_number_to_the_same_bit_as_the_runtime()
    {
        var random = new SeededRandom(7);
        string[] texts =
        [
            "0", "-0", "-0.0", "5.", ".5", "007", "999999999999999", "9999999999999999", "0.000000000000001", "123456789012345.6",
            .. Enumerable.Range(0, 5000).Select(_ => (random.NextNormal() * Math.Pow(10, random.Next(-8, 12))).ToString($"F{random.Next(0, 12)}", System.Globalization.CultureInfo.InvariantCulture)),
        ];

        var read = Some.Table("a,target\n" + string.Concat(texts.Select(text => text + ",1\n"))).Features.Values;

        for (var i = 0; i < texts.Length; i++)
        {
            Assert.Equal(
                BitConverter.DoubleToInt64Bits(double.Parse(texts[i], System.Globalization.CultureInfo.InvariantCulture)),
                BitConverter.DoubleToInt64Bits(read[i]));
        }
    }

    [Fact]
    public void Takes_huge_whole_numbers_as_features_to_the_nearest_that_can_be_stored() =>
        Assert.Equal(123456789012345678901234567890.0, Some.Table("a,target\n123456789012345678901234567890,2\n").Features[0, 0]);

    [Fact]
    public void Says_that_a_gzip_file_was_cut_off_wherever_that_is()
    {
        var whole = Gzip("a,target\n" + string.Concat(Enumerable.Range(0, 5000).Select(i => $"{i},{i * 7919L % 1000}\n"))).ToArray();

        for (var length = 2; length < whole.Length; length += Math.Max(1, whole.Length / 100))
        {
            var exception = Assert.Throws<DataException>(() => TableReader.Read<float>(new MemoryStream(whole[..length]), "t.gz"));
            Assert.Equal("t.gz: the gzip data are damaged or cut off. Fetch the file again.", exception.Message);
        }
    }

    [Fact]
    public void Says_that_gzip_data_are_damaged()
    {
        var bytes = Gzip("a,target\n" + string.Concat(Enumerable.Range(0, 5000).Select(i => $"{i},{i}\n"))).ToArray();
        bytes.AsSpan(200, 50).Fill(0xFF);

        var exception = Assert.Throws<DataException>(() => TableReader.Read<float>(new MemoryStream(bytes), "t.gz"));

        Assert.StartsWith("t.gz", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_a_plain_file_that_is_named_gz()
    {
        var exception = Assert.Throws<DataException>(() => Some.Table("a,target\n1,2\n", "table.csv.gz"));

        Assert.Equal("table.csv.gz: is not gzip, though its name says so. Rename it, or compress it.", exception.Message);
    }

    [Fact]
    public void Never_fails_but_with_a_message_on_any_bytes()
    {
        var alphabet = "a,\t;\"\n\r0.1-eN\0\uFEFFtarget"u8.ToArray();
        for (var seed = 0UL; seed < 3000; seed++)
        {
            var random = new SeededRandom(seed);
            var bytes = Encoding.UTF8.GetBytes("a,target\n").Concat(
                Enumerable.Range(0, random.Next(0, 60)).Select(_ => alphabet[random.Next(alphabet.Length)])).ToArray();
            try
            {
                TableReader.Read<float>(new MemoryStream(bytes[random.Next(0, 9)..]), "t");
            }
            catch (DataException e)
            {
                Assert.StartsWith("t:", e.Message, StringComparison.Ordinal);
            }
        }
    }

    private static MemoryStream Gzip(string text)
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        compressed.Position = 0;
        return compressed;
    }
}
