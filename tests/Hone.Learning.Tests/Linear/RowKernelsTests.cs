using System.Numerics;
using Hone.Learning.Linear;

namespace Hone.Learning.Tests.Linear;

/// <summary>The plain loops are the oracle of the vector kernels, at every width around a vector's and every count around a block's.</summary>
public sealed class RowKernelsTests
{
    public static TheoryData<int, int, int> Shapes
    {
        get
        {
            var shapes = new TheoryData<int, int, int>();
            foreach (var width in (int[])[1, 3, 4, 7, 8, 9, 31, 32, 33, 41, 63, 64, 65, 79, 127, 784])
            {
                foreach (var rows in (int[])[1, 3, 4, 5, 11])
                {
                    foreach (var outputs in (int[])[1, 2, 3, 5, 7, 10])
                    {
                        shapes.Add(width, rows, outputs);
                    }
                }
            }

            return shapes;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Dots_and_combinations_are_those_of_plain_loops(int width, int rows, int outputs)
    {
        Compare<double>(width, rows, outputs, 1e-12);
        Compare<float>(width, rows, outputs, 1e-4);
    }

    private static void Compare<T>(int width, int count, int outputs, double tolerance)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var random = new SeededRandom((ulong)((width * 1000) + (count * 20) + outputs));
        var features = Normal<T>(random, 20 * width);
        var weights = Normal<T>(random, outputs * width);
        var bias = Normal<T>(random, outputs);
        var coefficients = Normal<T>(random, count * outputs);
        int[] rows = [.. Enumerable.Range(0, count).Select(_ => random.Next(20))];
        var dots = new T[count * outputs];
        var sums = weights.ToArray();

        var picked = new PickedRows<T>(features, width, rows, rows);
        RowKernels.Dots(picked, weights, bias, dots);
        RowKernels.AddCombinations(picked, coefficients, sums);

        for (var i = 0; i < count; i++)
        {
            for (var k = 0; k < outputs; k++)
            {
                var dot = double.CreateChecked(bias[k]);
                for (var j = 0; j < width; j++)
                {
                    var x = double.CreateChecked(features[(rows[i] * width) + j]);
                    dot += x * double.CreateChecked(weights[(k * width) + j]);
                    sums[(k * width) + j] -= T.CreateChecked(x * double.CreateChecked(coefficients[(i * outputs) + k]));
                }

                Assert.Equal(dot, double.CreateChecked(dots[(i * outputs) + k]), tolerance);
            }
        }

        Assert.All(sums.Zip(weights), pair => Assert.Equal(double.CreateChecked(pair.Second), double.CreateChecked(pair.First), tolerance));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(13)]
    public void Scale_multiplies_every_value(int count)
    {
        var values = Enumerable.Range(1, count).Select(i => (float)i).ToArray();

        RowKernels.Scale<float>(values, 0.5f);

        Assert.Equal(Enumerable.Range(1, count).Select(i => i / 2f), values);
    }

    private static T[] Normal<T>(SeededRandom random, int count)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        [.. Enumerable.Range(0, count).Select(_ => T.CreateChecked(random.NextNormal()))];
}
