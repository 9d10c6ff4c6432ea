using Hone.Learning.Data;

namespace Hone.Learning.Tests.Data;

public sealed class StandardizerTests
{
    // numpy 1.24.2: diabetes, the 537 rows for training, mean(0) and std(0) of columns glucose and pedigree.
    [Fact]
    public void Fits_the_means_and_population_deviations_of_numpy()
    {
        var table = DataSource.Load<double>("diabetes");

        var scaler = Standardizer.Fit(table.Features, Split.HoldOut(768).Training);

        Assert.Equal(122.61080074487896, scaler.Means[1], 1e-10);
        Assert.Equal(32.13558500717847, scaler.Deviations[1], 1e-10);
        Assert.Equal(0.46105027932960896, scaler.Means[6], 1e-12);
        Assert.Equal(0.3102227758504307, scaler.Deviations[6], 1e-12);
    }

    [Fact]
    public void Looks_at_the_rows_for_training_alone()
    {
        var features = new Matrix<double>(4, 1, [1, 3, 1000, -5]);

        var scaler = Standardizer.Fit(features, [0, 1]);

        Assert.Equal([2], scaler.Means);
        Assert.Equal([-1, 1, 998], scaler.Apply(features, [0, 1, 2]).Values);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    [InlineData(-12345.678)]
    [InlineData(1e-300)]
    [InlineData(1e300)]
    public void Makes_a_constant_column_zero(double value)
    {
        var features = new Matrix<double>(7, 1, [.. Enumerable.Repeat(value, 7)]);

        var scaled = Standardizer.Fit(features, [0, 1, 2, 3, 4, 5, 6]).Apply(features, [0, 6]);

        Assert.All(scaled.Values, v => Assert.Equal(0, v, 1e-12 * Math.Max(1, Math.Abs(value))));
    }

    [Fact]
    public void Gives_the_same_whatever_the_unit_of_a_column()
    {
        var random = new SeededRandom(5);
        double[] values = [.. Enumerable.Range(0, 50).Select(_ => random.NextNormal())];
        int[] rows = [.. Enumerable.Range(0, 50)];
        var plain = new Matrix<double>(50, 1, values);
        var moved = new Matrix<double>(50, 1, [.. values.Select(v => 40 + (1024 * v))]);

        var a = Standardizer.Fit(plain, rows).Apply(plain, rows);
        var b = Standardizer.Fit(moved, rows).Apply(moved, rows);

        Assert.All(a.Values.Zip(b.Values), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
    }
}
