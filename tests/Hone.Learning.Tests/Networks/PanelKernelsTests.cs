using Hone.Learning.Networks;

namespace Hone.Learning.Tests.Networks;

/// <summary>The plain triple loop is the oracle.</summary>
public sealed class PanelKernelsTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 3, 16)]
    [InlineData(7, 17, 5)]
    [InlineData(8, 8, 32)]
    [InlineData(19, 33, 40)]
    public void Products_are_those_of_a_plain_loop(int rows, int depth, int outputs)
    {
        var random = new SeededRandom((ulong)((rows * 100) + depth));
        var layer = new Layer<double>(depth, outputs);
        layer.Draw(1, random);
        for (var k = 0; k < outputs; k++)
        {
            layer.Bias[k] = random.NextNormal();
        }

        var stride = depth + 3;
        var inputs = Enumerable.Range(0, rows * stride).Select(_ => random.NextNormal()).ToArray();
        var computed = new double[rows * layer.Width];
        layer.Compute(inputs, stride, rows, computed);

        var slopes = Enumerable.Range(0, rows * layer.Width).Select(i => i % layer.Width < outputs ? random.NextNormal() : 0).ToArray();
        var moved = layer.Weights.ToArray();
        PanelKernels.AddProducts<double>(inputs, stride, depth, rows, slopes, layer.Width, 0.9, moved);

        for (var k = 0; k < layer.Width; k++)
        {
            for (var i = 0; i < rows; i++)
            {
                var sum = layer.Bias[k] + Enumerable.Range(0, depth).Sum(j => inputs[(i * stride) + j] * layer.Weights[layer.Index(j, k)]);
                Assert.Equal(sum, computed[(i * layer.Width) + k], 1e-12);
            }

            for (var j = 0; j < depth; j++)
            {
                var sum = (0.9 * layer.Weights[layer.Index(j, k)])
                    + Enumerable.Range(0, rows).Sum(i => inputs[(i * stride) + j] * slopes[(i * layer.Width) + k]);
                Assert.Equal(sum, moved[layer.Index(j, k)], 1e-12);
            }
        }
    }

    [Fact]
    public void Transposed_weights_lie_in_panels_of_inputs()
    {
        var layer = new Layer<double>(37, 21);
        layer.Draw(1, new SeededRandom(1));
        var back = new Layer<double>(21, 37);

        layer.Transpose(back.Weights);

        for (var input = 0; input < 37; input++)
        {
            for (var output = 0; output < 21; output++)
            {
                Assert.Equal(layer.Weights[layer.Index(input, output)], back.Weights[back.Index(output, input)]);
            }
        }
    }
}
