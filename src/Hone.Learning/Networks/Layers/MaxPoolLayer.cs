using System.Numerics;

namespace Hone.Learning.Networks.Layers;

/// <summary>The largest number of each window, channel by channel. The slope goes to the first of equals, as in PyTorch.</summary>
internal sealed class MaxPoolLayer<T>(string name, TensorShape input, TensorShape output, PoolingWindow window)
    : NetworkLayer<T>(name, input, output)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<T> input, Span<T> output, int rows, bool isTraining)
    {
        var channels = Input.Features;
        for (var i = 0; i < rows; i++)
        {
            var image = input.Slice(i * Input.Count, Input.Count);
            var to = output.Slice(i * Output.Count, Output.Count);
            for (var w = 0; w < window.Windows.Length; w++)
            {
                Largest(image[window.Windows[w]..], to.Slice(w * channels, channels));
            }
        }
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
        if (!window.IsTiling)
        {
            inputSlopes.Clear();
        }

        for (var i = 0; i < rows; i++)
        {
            var image = input.Slice(i * Input.Count, Input.Count);
            var to = inputSlopes.Slice(i * Input.Count, Input.Count);
            for (var w = 0; w < window.Windows.Length; w++)
            {
                var at = (i * Output.Count) + (w * channels);
                GiveBack(
                    image[window.Windows[w]..], output.Slice(at, channels), outputSlopes.Slice(at, channels), to[window.Windows[w]..]);
            }
        }
    }

    private void Largest(ReadOnlySpan<T> image, Span<T> output)
    {
        var c = 0;
        for (; c + Vector<T>.Count <= output.Length; c += Vector<T>.Count)
        {
            var largest = new Vector<T>(image[c..]);
            foreach (var place in window.Places)
            {
                largest = Vector.Max(largest, new Vector<T>(image[(place + c)..]));
            }

            largest.CopyTo(output[c..]);
        }

        for (; c < output.Length; c++)
        {
            var largest = image[c];
            foreach (var place in window.Places)
            {
                largest = T.Max(largest, image[place + c]);
            }

            output[c] = largest;
        }
    }

    private void GiveBack(ReadOnlySpan<T> image, ReadOnlySpan<T> output, ReadOnlySpan<T> slopes, Span<T> to)
    {
        var c = 0;
        for (; c + Vector<T>.Count <= output.Length; c += Vector<T>.Count)
        {
            var (largest, left) = (new Vector<T>(output[c..]), new Vector<T>(slopes[c..]));
            foreach (var place in window.Places)
            {
                var isLargest = Vector.Equals(largest, new Vector<T>(image[(place + c)..]));
                var own = Vector.ConditionalSelect(isLargest, left, Vector<T>.Zero);
                left = Vector.ConditionalSelect(isLargest, Vector<T>.Zero, left);
                var target = to[(place + c)..];
                (window.IsTiling ? own : own + new Vector<T>(target)).CopyTo(target);
            }
        }

        for (; c < output.Length; c++)
        {
            var left = slopes[c];
            foreach (var place in window.Places)
            {
                var own = image[place + c] == output[c] ? left : T.Zero;
                left -= own;
                to[place + c] = window.IsTiling ? own : own + to[place + c];
            }
        }
    }
}
