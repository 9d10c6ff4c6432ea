using Hone.Learning.Data;

namespace Hone.Learning.Tests.Data;

public sealed class PreprocessorTests
{
    private const string People = "color,age,note,target\nred,10,x,yes\nblue,NA,y,no\n,30,z,yes\nred,50,w,no\ngreen,20,v,yes\n";

    [Fact]
    public void Columns_of_texts_are_categories_and_each_becomes_a_feature()
    {
        var table = Read(People, Missing.Impute);

        Assert.Equal(["red", "blue", "green"], table.Categories[0]);
        Assert.Empty(table.Categories[1]);
        Assert.Equal(["no", "yes"], table.ClassNames);
        Assert.Equal([1.0, 0, 1, 0, 1], table.Targets);

        var preprocessor = Preprocessor.Fit(table, [0, 1, 2, 3, 4]);
        Assert.Equal(4, preprocessor.Outputs);
        var features = preprocessor.Apply(table.Features, [0, 1, 2, 3, 4]);
        Assert.Equal(features[0, 0], features[3, 0]);
        Assert.NotEqual(features[0, 0], features[1, 0]);
        Assert.All(Enumerable.Range(0, 4), c => Assert.Equal(0, Enumerable.Range(0, 5).Sum(i => features[i, c]), 1e-12));
    }

    [Fact]
    public void What_is_missing_is_filled_in_from_the_rows_for_training_alone()
    {
        var table = Read(People, Missing.Impute);

        var preprocessor = Preprocessor.Fit(table, [0, 2, 3]);

        Assert.Equal(0, preprocessor.Fills[0]);
        Assert.Equal(30, preprocessor.Fills[1]);
        var features = preprocessor.Apply(table.Features, [0, 1, 2]);
        Assert.Equal(features[0, 0], features[2, 0]);
        Assert.Equal(features[1, 3], features[2, 3]);
    }

    [Fact]
    public void Rows_with_missing_values_can_be_dropped() =>
        Assert.Equal([10.0, 50, 20], Read(People, Missing.Drop).Column("age")!);

    [Fact]
    public void Missing_values_are_refused_by_default_with_their_line()
    {
        var exception = Assert.Throws<DataException>(() => Read(People, Missing.Refuse));

        Assert.Equal("table.csv:3: column 'age': the value is missing ('NA'). Fill it in, or drop the row.", exception.Message);
    }

    [Fact]
    public void A_row_without_a_target_is_left_out_when_features_are_imputed() =>
        Assert.Equal([1.0, 4], Read("a,target\n1,1\n2,\n,4\n", Missing.Impute, ignore: null).Targets);

    [Fact]
    public void A_table_of_numbers_is_scaled_as_by_the_standardizer_to_the_last_bit()
    {
        var table = DataSource.Load<double>("diabetes");
        var rows = Split.HoldOut(768).Training;

        Assert.Equal(
            Standardizer.Fit(table.Features, rows).Apply(table.Features, rows).Values,
            Preprocessor.Fit(table, rows).Apply(table.Features, rows).Values);
    }

    [Fact]
    public void Medians_are_those_of_a_sort()
    {
        for (var seed = 1UL; seed <= 40; seed++)
        {
            var random = new SeededRandom(seed);
            var values = Enumerable.Range(0, random.Next(1, 40)).Select(_ => (double)random.Next(10)).ToArray();
            var sorted = values.Order().ToArray();
            var table = new Dataset<double>("t", new Matrix<double>(values.Length, 1, values.ToArray()), values, ["a"]);

            Assert.Equal(
                (sorted[(values.Length - 1) / 2] + sorted[values.Length / 2]) / 2,
                Preprocessor.Fit(table, [.. Enumerable.Range(0, values.Length)]).Fills[0]);
        }
    }

    [Fact]
    public void Without_scaling_features_stay_as_they_are_and_what_is_missing_is_filled_in_all_the_same()
    {
        var table = Read(People, Missing.Impute);
        int[] rows = [0, 1, 2, 3, 4];

        var features = Preprocessor.Fit(table, rows, scales: false).Apply(table.Features, rows);

        Assert.Equal([1.0, 0, 0, 10], features.Row(0).ToArray());
        Assert.Equal([0.0, 1, 0, 25], features.Row(1).ToArray());
        var numbers = DataSource.Load<double>("diabetes");
        Assert.Equal(numbers.Features.Row(0).ToArray(), Preprocessor.Fit(numbers, [0, 1], scales: false).Apply(numbers.Features, [0]).Values);
    }

    [Fact]
    public void Types_can_be_said_and_times_are_read_as_days()
    {
        var table = TableReader.Read<double>(
            Some.Bytes("id,day,zip,target\nA1,1970-01-03,10,1\nA2,1971-01-01,20,2\n"), "table.csv",
            new TableOptions
            {
                Types = new Dictionary<string, ColumnType>
                {
                    ["id"] = ColumnType.Ignored,
                    ["day"] = ColumnType.Time,
                    ["zip"] = ColumnType.Category,
                },
            });

        Assert.Equal(["day", "zip"], table.Columns);
        Assert.Equal([2.0, 365], table.Column("day")!);
        Assert.Equal(["10", "20"], table.Categories[1]);
    }

    [Theory]
    [InlineData("a,target\n1e999,1\n", "table.csv:2: column 'a': '1e999' is not a finite number.")]
    [InlineData("day,target\nmonday,1\n", "table.csv:2: column 'day': 'monday' is not a time. Dates such as 2024-01-31 were expected.")]
    [InlineData("a,target\n,1\n,2\n", "table.csv:2: column 'a': the value is missing (''). Fill it in, or drop the row.")]
    [InlineData("a,b\n1,2\n", "table.csv:1: there is no column 'target' to learn; the columns are a, b.")]
    public void Says_what_is_wrong(string text, string message)
    {
        var types = text.StartsWith("day", StringComparison.Ordinal)
            ? new Dictionary<string, ColumnType> { ["day"] = ColumnType.Time } : new();

        var exception = Assert.Throws<DataException>(
            () => TableReader.Read<double>(Some.Bytes(text), "table.csv", new TableOptions { Types = types }));
        Assert.Equal(message, exception.Message);
    }

    [Fact]
    public void Too_many_categories_are_refused()
    {
        var text = "id,target\n" + string.Concat(Enumerable.Range(0, 1001).Select(i => $"row{i},1\n"));

        var exception = Assert.Throws<DataException>(() => TableReader.Read<double>(Some.Bytes(text), "t.csv", new TableOptions()));

        Assert.Equal("t.csv:1002: column 'id': there are more than 1000 different texts, too many for categories. Ignore the column.", exception.Message);
    }

    [Fact]
    public void A_column_without_any_value_cannot_be_filled_in()
    {
        var table = TableReader.Read<double>(Some.Bytes("a,b,target\n1,,1\n2,,2\n"), "t.csv", new TableOptions { Missing = Missing.Impute });

        var exception = Assert.Throws<DataException>(() => Preprocessor.Fit(table, [0, 1]));
        Assert.Equal("t.csv: column 'b' has no value in any of the rows for training. Ignore it.", exception.Message);
    }

    private static Dataset<double> Read(string text, Missing missing, string? ignore = "note") => TableReader.Read<double>(
        Some.Bytes(text), "table.csv", new TableOptions
        {
            Missing = missing,
            Types = ignore is null ? new Dictionary<string, ColumnType>() : new() { [ignore] = ColumnType.Ignored },
        });
}
