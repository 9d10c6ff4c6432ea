namespace Hone.Learning.Networks.Layers;

/// <summary>Where a pooling layer finds its windows in an image.</summary>
internal sealed class PoolingWindow
{
    /// <param name="input">Height, width and channels.</param>
    /// <param name="output">Height, width and channels.</param>
    /// <param name="size">Pixels of a window on a side.</param>
    /// <param name="stride">Pixels from a window to the next.</param>
    public PoolingWindow(TensorShape input, TensorShape output, int size, int stride)
    {
        var (channels, line) = (input.Features, input.Sizes[1] * input.Features);
        Places = new int[size * size];
        for (var i = 0; i < Places.Length; i++)
        {
            Places[i] = (i / size * line) + (i % size * channels);
        }

        Windows = new int[output.Sizes[0] * output.Sizes[1]];
        for (var i = 0; i < Windows.Length; i++)
        {
            Windows[i] = (i / output.Sizes[1] * stride * line) + (i % output.Sizes[1] * stride * channels);
        }

        IsTiling = stride == size && input.Sizes[0] % size == 0 && input.Sizes[1] % size == 0;
    }

    /// <summary>Where each pixel of a window lies from its first.</summary>
    public int[] Places { get; }

    /// <summary>Where each window begins.</summary>
    public int[] Windows { get; }

    /// <summary>Whether every input pixel lies in one window.</summary>
    public bool IsTiling { get; }
}
