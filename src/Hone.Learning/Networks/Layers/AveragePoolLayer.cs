using System.Numerics;
using System.Numerics.Tensors;

namespace Hone.Learning.Networks.Layers;

/// <summary>The mean of each window, channel by channel.</summary>
internal sealed class AveragePoolLayer<T>(string name, TensorShape input, TensorShape output, PoolingWindow window)
    : NetworkLayer<T>(name, input, output)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly T _share = T.CreateTruncating(1.0 / window.Places.Length);

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<T> input, Span<T> output, int rows, bool isTraining)
    {
        var channels = Input.Features;
        output.Clear();
        for (var i = 0; i < rows; i++)
        {
            var image = input.Slice(i * Input.Count, Input.Count);
            for (var w = 0; w < window.Windows.Length; w++)
            {
                var to = output.Slice((i * Output.Count) + (w * channels), channels);
                foreach (var place in window.Places)
                {
                    TensorPrimitives.Add(to, image.Slice(window.Windows[w] + place, channels), to);
                }
            }
        }

        TensorPrimitives.Multiply(output, _share, output);
    }

    /// <inheritdoc/>
    public override void Backward(
        ReadOnlySpan<T> input, ReadOnlySpan<T> output, Span<T> outputSlopes, Span<T> inputSlopes, int rows)
    {
        if (inputSlopes.IsEmpty)
        {
            return;
        }

        var channels = Input.Features;
        inputSlopes.Clear();
        TensorPrimitives.Multiply(outputSlopes, _share, outputSlopes);
        for (var i = 0; i < rows; i++)
        {
            var image = inputSlopes.Slice(i * Input.Count, Input.Count);
            for (var w = 0; w < window.Windows.Length; w++)
            {
                var from = outputSlopes.Slice((i * Output.Count) + (w * channels), channels);
                foreach (var place in window.Places)
                {
                    var to = image.Slice(window.Windows[w] + place, channels);
                    TensorPrimitives.Add(to, from, to);
                }
            }
        }
    }
}
