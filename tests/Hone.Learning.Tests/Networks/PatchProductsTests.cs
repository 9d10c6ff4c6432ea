using System.Numerics;
using Hone.Learning.Networks;

namespace Hone.Learning.Tests.Networks;

/// <summary>Products of patches against the plain sums.</summary>
public sealed class PatchProductsTests
{
    public static TheoryData<int, int, int, int> Shapes { get; } = new()
    {
        { 1, 1, 1, 1 }, { 8, 1, 5, 32 }, { 23, 1, 17, 33 }, { 13, 3, 4, 16 }, { 4, 2, 9, 40 }, { 7, 5, 3, 65 }, { 31, 1, 8, 10 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Are_the_plain_sums_in_single_precision(int rows, int runs, int length, int outputs) => Check<float>(rows, runs, length, outputs, 1e-4);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Are_the_plain_sums_in_double_precision(int rows, int runs, int length, int outputs) => Check<double>(rows, runs, length, outputs, 1e-12);

    [Fact]
    public void A_row_s_outputs_do_not_depend_on_the_rows_beside_it()
    {
        var (patches, inputs, weights, _) = Draw<float>(8, 2, 6, 48);
        var (together, alone) = (new float[8 * weights.Width], new float[weights.Width]);
        PatchProducts.Multiply(inputs, patches, 8, weights, new float[weights.Width], together);
        for (var row = 0; row < 8; row++)
        {
            var own = new Patches([patches.Offsets[row]], patches.Runs, patches.RunLength, patches.RunStride);
            PatchProducts.Multiply(inputs, own, 1, weights, new float[weights.Width], alone);

            Assert.Equal(together.AsSpan(row * weights.Width, weights.Width).ToArray(), alone);
        }
    }

    [Fact]
    public void A_matrix_turned_round_has_inputs_and_outputs_exchanged()
    {
        foreach (var (inputs, outputs) in ((int, int)[])[(1, 1), (5, 40), (33, 7), (64, 16)])
        {
            var (_, _, weights, _) = Draw<double>(1, 1, inputs, outputs);
            var turned = new PanelWeights<double>(outputs, inputs, isTrained: false);
            weights.TransposeTo(turned);
            for (var i = 0; i < inputs; i++)
            {
                for (var k = 0; k < outputs; k++)
                {
                    Assert.Equal(weights.Values[weights.Index(i, k)], turned.Values[turned.Index(k, i)]);
                }
            }
        }
    }

    private static void Check<T>(int rows, int runs, int length, int outputs, double tolerance)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (patches, inputs, weights, slopes) = Draw<T>(rows, runs, length, outputs);
        var products = new T[rows * weights.Width];
        PatchProducts.Multiply(inputs, patches, rows, weights, new T[weights.Width], products);
        PatchProducts.Add(inputs, patches, rows, weights, products);
        weights.Gradient.AsSpan().Fill(T.NaN);
        PatchSums.Add(inputs, patches, rows, slopes, T.Zero, weights);
        PatchSums.Add(inputs, patches, rows, slopes, T.One, weights);
        T Input(int row, int j) => inputs[patches.Offsets[row] + (j / length * patches.RunStride) + (j % length)];
        for (var k = 0; k < outputs; k++)
        {
            for (var row = 0; row < rows; row++)
            {
                var sum = Enumerable.Range(0, patches.Depth).Sum(j => double.CreateChecked(Input(row, j) * weights.Values[weights.Index(j, k)]));
                Assert.Equal(2 * sum, double.CreateChecked(products[(row * weights.Width) + k]), tolerance);
            }

            for (var j = 0; j < patches.Depth; j++)
            {
                var sum = Enumerable.Range(0, rows).Sum(row => double.CreateChecked(Input(row, j) * slopes[(row * weights.Width) + k]));
                Assert.Equal(2 * sum, double.CreateChecked(weights.Gradient[weights.Index(j, k)]), tolerance);
            }
        }
    }

    // Rows overlap, and lie in no order.
    private static (Patches Patches, T[] Inputs, PanelWeights<T> Weights, T[] Slopes) Draw<T>(int rows, int runs, int length, int outputs)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var random = new SeededRandom(5);
        var offsets = Enumerable.Range(0, rows).Select(_ => random.Next(50)).ToArray();
        var patches = new Patches(offsets, runs, length, length + 3);
        var inputs = Enumerable.Range(0, 50 + (runs * (length + 3))).Select(_ => T.CreateTruncating(random.NextNormal())).ToArray();
        var weights = new PanelWeights<T>(patches.Depth, outputs, isTrained: true);
        var slopes = new T[rows * weights.Width];
        for (var k = 0; k < outputs; k++)
        {
            for (var j = 0; j < patches.Depth; j++)
            {
                weights.Values[weights.Index(j, k)] = T.CreateTruncating(random.NextNormal());
            }

            for (var row = 0; row < rows; row++)
            {
                slopes[(row * weights.Width) + k] = T.CreateTruncating(random.NextNormal());
            }
        }

        return (patches, inputs, weights, slopes);
    }
}
