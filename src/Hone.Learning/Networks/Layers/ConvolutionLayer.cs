using System.Numerics;

namespace Hone.Learning.Networks.Layers;

/// <summary>
/// A 2-D convolution (cross-correlation, as every library has it) of an image with filters. One image after the other goes through: its
/// patches are read where they lie in a copy with a border of zeros, so that no matrix of patches is ever written, and what an image needs
/// stays in the second-level cache.
/// </summary>
internal sealed class ConvolutionLayer<T> : NetworkLayer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly ConvolutionGeometry _geometry;
    private readonly PanelWeights<T> _weights;
    private readonly PanelWeights<T> _flipped;
    private readonly Activation? _activation;
    private readonly T[] _bias;
    private readonly T[] _biasGradient;
    private readonly T[] _noBias;
    private readonly T[] _image;
    private readonly T[] _slopeImage;
    private readonly T[] _wideOutputs;
    private readonly T[] _wideInputs;

    /// <param name="name">As the description has it.</param>
    /// <param name="geometry">Sizes of image, kernel, stride and border.</param>
    /// <param name="output">Height, width and filters.</param>
    /// <param name="activation">Null: none.</param>
    /// <param name="random">Draws the weights as for a dense layer.</param>
    public ConvolutionLayer(string name, ConvolutionGeometry geometry, TensorShape output, Activation? activation, Random random)
        : base(name, geometry.Input, output)
    {
        _geometry = geometry;
        _activation = activation;
        var (channels, filters, area) = (geometry.Input.Features, output.Features, geometry.Kernel * geometry.Kernel);
        _weights = new PanelWeights<T>(area * channels, filters, isTrained: true);
        _flipped = new PanelWeights<T>(area * filters, channels, isTrained: false);
        _bias = new T[_weights.Width];
        _biasGradient = new T[_weights.Width];
        _noBias = new T[_flipped.Width];
        _image = new T[geometry.PaddedCount];
        _slopeImage = new T[geometry.SlopeCount(filters)];
        var pixels = output.Sizes[0] * output.Sizes[1];
        _wideOutputs = _weights.Width == filters ? [] : new T[pixels * _weights.Width];
        _wideInputs = _flipped.Width == channels ? [] : new T[geometry.Input.Sizes[0] * geometry.Input.Sizes[1] * _flipped.Width];
        var isRelu = activation is Activation.Relu or Activation.LeakyRelu;
        var limit = Math.Sqrt(6.0 / (isRelu ? _weights.Inputs : _weights.Inputs + (area * filters)));
        for (var filter = 0; filter < filters; filter++)
        {
            for (var from = 0; from < _weights.Inputs; from++)
            {
                _weights.Values[_weights.Index(from, filter)] = Draw(limit, random);
            }
        }

        Parameters = [LayerParameter<T>.Of("weights", _weights), new LayerParameter<T>("bias", filters, _bias, _biasGradient)];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<LayerParameter<T>> Parameters { get; }

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<T> input, Span<T> output, int rows, bool isTraining)
    {
        var (from, to) = (Input.Count, Output.Count);
        var pixels = to / _weights.Outputs;
        for (var i = 0; i < rows; i++)
        {
            var image = Pad(input.Slice(i * from, from));
            var mine = output.Slice(i * to, to);
            if (_wideOutputs.Length == 0)
            {
                PatchProducts.Multiply(image, _geometry.Patches, pixels, _weights, _bias, mine);
            }
            else
            {
                PatchProducts.Multiply(image, _geometry.Patches, pixels, _weights, _bias, _wideOutputs);
                RowCopies.Narrow(_wideOutputs, _weights.Width, pixels, mine, _weights.Outputs);
            }

            if (_activation is { } activation)
            {
                ActivationFunctions.Apply(activation, mine);
            }
        }
    }

    /// <inheritdoc/>
    public override void Backward(
        ReadOnlySpan<T> input, ReadOnlySpan<T> output, Span<T> outputSlopes, Span<T> inputSlopes, int rows)
    {
        var (from, to) = (Input.Count, Output.Count);
        _biasGradient.AsSpan().Clear();
        if (!inputSlopes.IsEmpty)
        {
            Flip();
        }

        for (var i = 0; i < rows; i++)
        {
            var slopes = outputSlopes.Slice(i * to, to);
            if (_activation is { } activation)
            {
                ActivationFunctions.MultiplyByDerivative(activation, output.Slice(i * to, to), slopes);
            }

            AddGradient(input.Slice(i * from, from), slopes, i == 0);
            if (!inputSlopes.IsEmpty)
            {
                Propagate(slopes, inputSlopes.Slice(i * from, from));
            }
        }
    }

    private void AddGradient(ReadOnlySpan<T> input, ReadOnlySpan<T> slopes, bool isFirst)
    {
        var pixels = slopes.Length / _weights.Outputs;
        if (_wideOutputs.Length > 0)
        {
            // Behind a forward pass the padding is 0.
            RowCopies.Widen(slopes, _weights.Outputs, pixels, _wideOutputs, _weights.Width);
            slopes = _wideOutputs;
        }

        PatchSums.Add(Pad(input), _geometry.Patches, pixels, slopes, isFirst ? T.Zero : T.One, _weights);
        RowCopies.AddTo(_biasGradient, slopes);
    }

    // The slopes by the inputs are a convolution too: of the slopes by the outputs, spread out by the stride, with the kernel turned round.
    private void Propagate(ReadOnlySpan<T> slopes, Span<T> inputSlopes)
    {
        _geometry.Spread(slopes, _slopeImage, _weights.Outputs);
        var pixels = inputSlopes.Length / _flipped.Outputs;
        var patches = _geometry.SlopePatches(_weights.Outputs);
        if (_wideInputs.Length == 0)
        {
            PatchProducts.Multiply(_slopeImage, patches, pixels, _flipped, _noBias, inputSlopes);
        }
        else
        {
            PatchProducts.Multiply(_slopeImage, patches, pixels, _flipped, _noBias, _wideInputs);
            RowCopies.Narrow(_wideInputs, _flipped.Width, pixels, inputSlopes, _flipped.Outputs);
        }
    }

    private ReadOnlySpan<T> Pad(ReadOnlySpan<T> input)
    {
        if (!_geometry.HasBorder)
        {
            return input;
        }

        _geometry.Pad(input, _image);
        return _image;
    }

    private void Flip()
    {
        var (channels, filters, area) = (_flipped.Outputs, _weights.Outputs, _geometry.Kernel * _geometry.Kernel);
        for (var place = 0; place < area; place++)
        {
            for (var filter = 0; filter < filters; filter++)
            {
                var from = _weights.Index(place * channels, filter);
                var step = _weights.Index((place * channels) + 1, filter) - from;
                var row = ((area - 1 - place) * filters) + filter;
                for (var channel = 0; channel < channels; channel++, from += step)
                {
                    _flipped.Values[_flipped.Index(row, channel)] = _weights.Values[from];
                }
            }
        }
    }
}
