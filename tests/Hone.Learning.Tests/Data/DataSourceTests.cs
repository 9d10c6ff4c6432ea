using System.Security.Cryptography;
using Hone.Learning.Data;

namespace Hone.Learning.Tests.Data;

public sealed class DataSourceTests
{
    [Fact]
    public void Ships_diabetes()
    {
        var table = DataSource.Load<double>("diabetes");

        Assert.Equal((768, 8), (table.Features.Rows, table.Features.Columns));
        Assert.Equal(["pregnant", "glucose", "pressure", "triceps", "insulin", "mass", "pedigree", "age"], table.Columns);
        Assert.Equal([6, 148, 72, 35, 0, 33.6, 0.627, 50], table.Features.Row(0).ToArray());
        Assert.Equal(268, table.Targets.Count(target => target == 1));
        Assert.Equal(LearningTask.Binary, table.Task);
    }

    [Fact]
    public void Ships_pollen()
    {
        var table = DataSource.Load<double>("pollen");

        Assert.Equal((3848, 4), (table.Features.Rows, table.Features.Columns));
        Assert.Equal(-1.385200023651123, table.Targets[0]);
        Assert.Equal(LearningTask.Regression, table.Task);
    }

    // SOURCES.md states these.
    [Theory]
    [InlineData("diabetes", "70237737d780360105eb16bc0fd7d70abf415acb93885d563e13bfc1712f3f71")]
    [InlineData("pbc", "8113bb2c24d859b5bf17a1baf831b4c8cc97834758ec5ee9e5a694eeaa1391d0")]
    [InlineData("pollen", "2e9414f0216e75296ba4211c567dd8a60d269273b38f8e00bd8fea3a37d2e654")]
    public void Ships_the_bytes_of_the_source(string name, string sha256)
    {
        using var stream = typeof(DataSource).Assembly.GetManifestResourceStream($"{name}.tsv.gz")!;

        Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(stream)));
    }

    [Fact]
    public void Reads_a_file_where_a_path_is_given()
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.csv");
        File.WriteAllText(path, "a,y\n1,2\n");
        try
        {
            Assert.Equal([2.0], DataSource.Load<float>(path, "y").Targets);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Suggests_the_set_that_was_meant()
    {
        var exception = Assert.Throws<DataException>(() => DataSource.Load<float>("diabets"));

        Assert.Equal(
            "diabets: there is no such file, nor a data set of that name (diabetes, pbc, pollen). Did you mean 'diabetes'?", exception.Message);
    }

    [Fact]
    public void Asks_for_a_file_where_a_folder_is_named()
    {
        var exception = Assert.Throws<DataException>(() => DataSource.Load<float>(Path.GetTempPath()));

        Assert.EndsWith("is a folder. Name a TSV or CSV file in it.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Says_where_images_are_looked_for_and_where_to_get_them()
    {
        var exception = Assert.Throws<DataException>(() => DataSource.Load<float>("mnist"));

        Assert.StartsWith("mnist: its IDX files are not in ", exception.Message, StringComparison.Ordinal);
        Assert.EndsWith("or put the four files there.", exception.Message, StringComparison.Ordinal);
    }
}
