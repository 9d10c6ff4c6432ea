using Hone.Learning.Data;

namespace Hone.Learning.Tests.Data;

public sealed class DatasetTests
{
    [Fact]
    public void Numbers_classes_in_the_order_of_their_codes()
    {
        var table = Some.Table("a,target\n1,7\n2,-1\n3,7\n4,3\n5,3\n6,-1\n");

        Assert.Equal(LearningTask.Multiclass, table.Task);
        Assert.Equal([-1, 3, 7], table.Classes);
        Assert.Equal([2, 0, 2, 1, 1, 0], table.Labels());
    }

    [Theory]
    [InlineData("1,0.5\n2,1\n", "table.tsv: column 'target' holds 0.5, which is not a whole number. Code the classes as whole numbers, or use a learner of numbers.")]
    [InlineData("1,4\n2,4\n", "table.tsv: column 'target' holds one value only, 4. A classifier needs two classes or more.")]
    [InlineData("1,1\n2,2\n3,3\n", "table.tsv: column 'target' holds 3 different values in 3 rows, too many for classes. Use a learner of numbers.")]
    [InlineData("1,1\n2,9007199254740994\n", "table.tsv: column 'target' holds 9007199254740994, which is too large to be told from its neighbours. Code the classes from 0 up.")]
    public void Says_why_a_target_is_no_class(string rows, string message)
    {
        var table = Some.Table("a,target\n" + rows);

        Assert.Equal(LearningTask.Regression, table.Task);
        Assert.Empty(table.Classes);
        Assert.Equal(message, Assert.Throws<DataException>(() => table.Labels()).Message);
    }

    [Fact]
    public void Keeps_the_codes_of_classes_as_numbers_for_a_learner_of_numbers()
    {
        var table = Some.Table("a,target\n1,7\n2,5\n3,7\n4,5\n");

        var examples = table.Select([0, 1], Standardizer.Fit(table.Features, [0, 1, 2, 3]), asClasses: false);

        Assert.Equal([7, 5], examples.Targets);
        Assert.Equal(0, examples.Classes);
    }
}
