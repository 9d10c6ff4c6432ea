using Hone.Learning.Data;

namespace Hone.Learning.Tests.Data;

public sealed class DatasetSummaryTests
{
    [Fact]
    public void Tells_rows_classes_and_what_is_in_each_column()
    {
        var table = TableReader.Read<double>(
            Some.Bytes("age,color,one,target\n20,red,1,a\n30,blue,1,b\n,red,1,a\n40,red,1,a\n"), "people.csv",
            new TableOptions { Missing = Missing.Impute });

        var summary = DatasetSummary.Of(table);

        Assert.Equal((4, LearningTask.Binary), (summary.Rows, summary.Task));
        Assert.Equal(new ColumnSummary("age", 1, 3, 30, Math.Sqrt(200.0 / 3), 20, 40, ""), summary.Columns[0]);
        Assert.Equal(("red", 2), (summary.Columns[1].Commonest, summary.Columns[1].Distinct));
        Assert.True(summary.Columns[2].IsConstant);
        Assert.Equal([KeyValuePair.Create("a", 3), KeyValuePair.Create("b", 1)], summary.Classes);
        Assert.Equal(
            """
            people.csv: 4 rows x 3 features; 'target' is one of 2 classes
              class a: 3 rows (75.0 %)
              class b: 1 rows (25.0 %)
            column                missing distinct         mean    deviation        least         most
            age                         1        3           30      8.16497           20           40
            color                       0        2 mostly red
            one                         0        1            1            0            1            1  constant
            target                      0        2 mostly a

            """,
            summary.ToString());
    }

    [Fact]
    public void Tells_a_target_of_numbers() =>
        Assert.StartsWith("pollen: 3848 rows x 4 features; 'target' is a number\n", DatasetSummary.Of(DataSource.Load<float>("pollen")).ToString(), StringComparison.Ordinal);
}
