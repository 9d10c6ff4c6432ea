using Hone.Trials;

namespace Hone.Tests.Trials;

public sealed class ComparisonTests
{
    [Theory]
    [InlineData("system/memory_megabytes <= 800")]
    [InlineData("max(loss) > 3")]
    [InlineData("min(validation_loss) < -0.5")]
    [InlineData("mean(system/step_seconds) >= 1E-05")]
    public void What_is_written_is_read_back(string text) => Assert.Equal(text, Comparison.Parse(text).ToString());

    [Fact]
    public void Every_comparison_survives_being_written_and_read()
    {
        foreach (var comparator in Enum.GetValues<Comparator>())
        {
            foreach (var take in Enum.GetValues<Aggregate>())
            {
                foreach (var limit in new[] { 0, -1.5, 0.1, 1e300, double.Epsilon })
                {
                    var comparison = new Comparison("loss", comparator, limit, take);
                    Assert.Equal(comparison, Comparison.Parse(comparison.ToString()));
                }
            }
        }
    }

    [Theory]
    [InlineData("loss", "'loss' has no sign. Write METRIC SIGN NUMBER with one of <, <=, >, >=.")]
    [InlineData("loss = 3", "'loss = 3': the sign '=' is not one of <, <=, >, >=.")]
    [InlineData("loss < three", "'loss < three': 'three' is not a number. Write METRIC SIGN NUMBER, the number in the metric's unit.")]
    [InlineData("loss < NaN", "'loss < NaN': 'NaN' is not a number. Write METRIC SIGN NUMBER, the number in the metric's unit.")]
    [InlineData("median(loss) < 3", "'median(loss) < 3': 'median' is not one of last, min, max, mean.")]
    [InlineData("< 3", "'< 3': '' is not the name of a metric.")]
    [InlineData("a b < 3", "'a b < 3': 'a b' is not the name of a metric.")]
    public void What_cannot_be_read_is_refused_and_says_why(string text, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => Comparison.Parse(text)).Message);

    [Fact]
    public void A_violation_is_0_where_the_inequality_holds_and_positive_elsewhere()
    {
        var below = Comparison.Parse("loss < 3");

        Assert.Equal(0, below.Violation(2));
        Assert.Equal(2, below.Violation(5));
        Assert.True(below.Violation(3) > 0);
        Assert.Equal(double.PositiveInfinity, below.Violation(double.NaN));
    }
}
