namespace Hone.Learning.Networks.Layers;

/// <summary>Where a convolution finds its patches: in an image with a border of zeros, and on the way back in one of slopes.</summary>
internal sealed class ConvolutionGeometry
{
    private readonly int _height;
    private readonly int _width;
    private readonly int _stride;
    private readonly int _above;
    private readonly int _left;
    private readonly int _outputHeight;
    private readonly int _outputWidth;
    private readonly int _paddedWidth;
    private readonly int _paddedHeight;
    private Patches? _slopePatches;

    /// <param name="input">Height, width and channels.</param>
    /// <param name="kernel">Pixels of the kernel on a side.</param>
    /// <param name="stride">Pixels from a patch to the next.</param>
    /// <param name="border">Whether the output is to be as large as the input, divided by the stride and rounded up; else only whole patches count.</param>
    public ConvolutionGeometry(TensorShape input, int kernel, int stride, Border border)
    {
        Input = input;
        Kernel = kernel;
        _stride = stride;
        (_height, _width) = (input.Sizes[0], input.Sizes[1]);
        (_outputHeight, _outputWidth) = (OutputSize(_height, kernel, stride, border), OutputSize(_width, kernel, stride, border));
        // Where a whole kernel lacks an odd number of pixels, the larger half lies below and on the right, as in TensorFlow.
        (_above, _left) = (Lacking(_height, _outputHeight) / 2, Lacking(_width, _outputWidth) / 2);
        _paddedHeight = Math.Max(_above + _height, ((_outputHeight - 1) * stride) + kernel);
        _paddedWidth = Math.Max(_left + _width, ((_outputWidth - 1) * stride) + kernel);
        var channels = input.Features;
        Patches = new Patches(
            Offsets(_outputHeight, _outputWidth, stride * _paddedWidth * channels, stride * channels),
            kernel, kernel * channels, _paddedWidth * channels);
    }

    /// <summary>Height, width and channels.</summary>
    public TensorShape Input { get; }

    /// <summary>Pixels of the kernel on a side.</summary>
    public int Kernel { get; }

    /// <summary>Whether the image has to be copied into a larger one.</summary>
    public bool HasBorder => _paddedHeight != _height || _paddedWidth != _width;

    /// <summary>Numbers of an image with its border.</summary>
    public int PaddedCount => HasBorder ? checked(_paddedHeight * _paddedWidth * Input.Features) : 0;

    /// <summary>The patches of an image with its border, one an output pixel.</summary>
    public Patches Patches { get; }

    // Slope images: the output's slopes, a stride apart, within enough zeros that every input pixel has a whole patch.
    private int SlopeHeight => _height + Kernel - 1;

    private int SlopeWidth => _width + Kernel - 1;

    /// <summary>Pixels along one side of the output; 0 or less where the kernel does not fit.</summary>
    public static int OutputSize(int size, int kernel, int stride, Border border) =>
        border == Border.Same ? ((size - 1) / stride) + 1 : size < kernel ? 0 : ((size - kernel) / stride) + 1;

    /// <summary>Numbers of an image of slopes.</summary>
    public int SlopeCount(int filters) => checked(SlopeHeight * SlopeWidth * filters);

    /// <summary>The patches of an image of slopes, one an input pixel.</summary>
    public Patches SlopePatches(int filters) => _slopePatches ??= new Patches(
        Offsets(_height, _width, SlopeWidth * filters, filters), Kernel, Kernel * filters, SlopeWidth * filters);

    /// <summary>Copies an image into one with a border, which is left alone.</summary>
    public void Pad<T>(ReadOnlySpan<T> image, Span<T> padded)
    {
        var (line, wide) = (_width * Input.Features, _paddedWidth * Input.Features);
        var first = (_above * wide) + (_left * Input.Features);
        for (var y = 0; y < _height; y++)
        {
            image.Slice(y * line, line).CopyTo(padded[(first + (y * wide))..]);
        }
    }

    /// <summary>Copies slopes by the outputs into an image of slopes; what lies between is left alone.</summary>
    public void Spread<T>(ReadOnlySpan<T> slopes, Span<T> image, int filters)
    {
        // Output pixel o reads input pixels from o stride - border on; turned round, that is the last of the kernel's places.
        var (above, left) = (Kernel - 1 - _above, Kernel - 1 - _left);
        var line = _outputWidth * filters;
        for (var y = 0; y < _outputHeight; y++)
        {
            var from = slopes.Slice(y * line, line);
            var at = ((((y * _stride) + above) * SlopeWidth) + left) * filters;
            if (_stride == 1)
            {
                from.CopyTo(image[at..]);
                continue;
            }

            for (var x = 0; x < _outputWidth; x++)
            {
                from.Slice(x * filters, filters).CopyTo(image[(at + (x * _stride * filters))..]);
            }
        }
    }

    private int Lacking(int size, int outputs) => Math.Max(((outputs - 1) * _stride) + Kernel - size, 0);

    private static int[] Offsets(int height, int width, int lineStride, int pixelStride)
    {
        var offsets = new int[height * width];
        for (var i = 0; i < offsets.Length; i++)
        {
            offsets[i] = checked((i / width * lineStride) + (i % width * pixelStride));
        }

        return offsets;
    }
}
