using System.Numerics;
using System.Numerics.Tensors;

namespace Hone.Learning.Networks.Layers;

/// <summary>
/// Moves each channel to mean 0 and variance 1 over the batch and all its places, then scales and shifts it as learned (Ioffe and Szegedy
/// 2015). Outside training it uses running means, which keep 0.9 at a step; their variances are unbiased, as in PyTorch.
/// </summary>
/// <remarks>Numbers of a channel are spread to the length of an example, so that all work is on long spans.</remarks>
internal sealed class BatchNormLayer<T> : NetworkLayer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const double Keep = 0.9;
    private readonly double _epsilon;
    private readonly T[] _scale;
    private readonly T[] _shift;
    private readonly T[] _scaleGradient;
    private readonly T[] _shiftGradient;
    private readonly T[] _runningMeans;
    private readonly T[] _runningVariances;
    private readonly double[] _means;
    private readonly double[] _factors;
    private readonly double[] _sums;
    private readonly T[] _first;
    private readonly T[] _second;
    private readonly T[] _third;
    private readonly T[] _normal;
    private readonly T[] _spreadMeans;
    private readonly T[] _spreadFactors;

    /// <param name="name">As the description has it.</param>
    /// <param name="shape">Any; the last size counts the channels.</param>
    /// <param name="epsilon">Is added to variances, above 0.</param>
    public BatchNormLayer(string name, TensorShape shape, double epsilon)
        : base(name, shape, shape)
    {
        _epsilon = epsilon;
        var channels = shape.Features;
        _scale = new T[channels];
        _scale.AsSpan().Fill(T.One);
        _runningVariances = [.. _scale];
        (_shift, _runningMeans) = (new T[channels], new T[channels]);
        (_scaleGradient, _shiftGradient) = (new T[channels], new T[channels]);
        (_means, _factors, _sums) = (new double[channels], new double[channels], new double[channels]);
        (_first, _second, _third) = (new T[shape.Count], new T[shape.Count], new T[shape.Count]);
        (_normal, _spreadMeans, _spreadFactors) = (new T[shape.Count], new T[shape.Count], new T[shape.Count]);
        Parameters =
        [
            new LayerParameter<T>("scale", channels, _scale, _scaleGradient),
            new LayerParameter<T>("shift", channels, _shift, _shiftGradient),
            new LayerParameter<T>("running_mean", channels, _runningMeans, []),
            new LayerParameter<T>("running_variance", channels, _runningVariances, []),
        ];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<LayerParameter<T>> Parameters { get; }

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<T> input, Span<T> output, int rows, bool isTraining)
    {
        if (isTraining)
        {
            LearnMoments(input, rows);
        }

        for (var c = 0; c < _means.Length; c++)
        {
            _means[c] = isTraining ? _means[c] : double.CreateTruncating(_runningMeans[c]);
            _factors[c] = isTraining ? _factors[c] : 1 / Math.Sqrt(double.CreateTruncating(_runningVariances[c]) + _epsilon);
            var factor = _factors[c] * double.CreateTruncating(_scale[c]);
            Spread(_first, c, factor);
            Spread(_second, c, double.CreateTruncating(_shift[c]) - (_means[c] * factor));
        }

        for (var i = 0; i < input.Length; i += _first.Length)
        {
            TensorPrimitives.MultiplyAdd(input.Slice(i, _first.Length), _first, _second, output.Slice(i, _first.Length));
        }
    }

    /// <inheritdoc/>
    public override void Backward(
        ReadOnlySpan<T> input, ReadOnlySpan<T> output, Span<T> outputSlopes, Span<T> inputSlopes, int rows)
    {
        var length = _first.Length;
        _first.AsSpan().Clear();
        _second.AsSpan().Clear();
        for (var i = 0; i < input.Length; i += length)
        {
            Normalize(input.Slice(i, length));
            TensorPrimitives.Add(_first, outputSlopes.Slice(i, length), _first);
            TensorPrimitives.MultiplyAdd(outputSlopes.Slice(i, length), _normal, _second, _second);
        }

        Fold(_first, _shiftGradient);
        Fold(_second, _scaleGradient);
        if (!inputSlopes.IsEmpty)
        {
            Propagate(input, outputSlopes, inputSlopes, rows);
        }
    }

    private void Propagate(ReadOnlySpan<T> input, ReadOnlySpan<T> outputSlopes, Span<T> inputSlopes, int rows)
    {
        var length = _first.Length;
        var count = (double)rows * length / _means.Length;
        for (var c = 0; c < _means.Length; c++)
        {
            var factor = _factors[c] * double.CreateTruncating(_scale[c]);
            Spread(_first, c, factor);
            Spread(_second, c, -factor * double.CreateTruncating(_scaleGradient[c]) / count);
            Spread(_third, c, -factor * double.CreateTruncating(_shiftGradient[c]) / count);
        }

        for (var i = 0; i < input.Length; i += length)
        {
            Normalize(input.Slice(i, length));
            TensorPrimitives.MultiplyAdd(_normal, _second, _third, _normal);
            TensorPrimitives.MultiplyAdd(outputSlopes.Slice(i, length), _first, _normal, inputSlopes.Slice(i, length));
        }
    }

    private void LearnMoments(ReadOnlySpan<T> input, int rows)
    {
        var length = _first.Length;
        var count = (double)rows * length / _means.Length;
        _first.AsSpan().Clear();
        for (var i = 0; i < input.Length; i += length)
        {
            TensorPrimitives.Add(_first, input.Slice(i, length), _first);
        }

        Fold(_first);
        for (var c = 0; c < _means.Length; c++)
        {
            _means[c] = _sums[c] / count;
            Spread(_spreadMeans, c, _means[c]);
        }

        _first.AsSpan().Clear();
        for (var i = 0; i < input.Length; i += length)
        {
            TensorPrimitives.Subtract(input.Slice(i, length), _spreadMeans, _normal);
            TensorPrimitives.MultiplyAdd(_normal, _normal, _first, _first);
        }

        Fold(_first);
        for (var c = 0; c < _means.Length; c++)
        {
            _factors[c] = 1 / Math.Sqrt((_sums[c] / count) + _epsilon);
            Spread(_spreadFactors, c, _factors[c]);
            Remember(_runningMeans, c, _means[c]);
            Remember(_runningVariances, c, _sums[c] / Math.Max(1, count - 1));
        }
    }

    private static void Remember(T[] running, int channel, double value) => running[channel] =
        T.CreateTruncating((Keep * double.CreateTruncating(running[channel])) + ((1 - Keep) * value));

    private void Normalize(ReadOnlySpan<T> input)
    {
        TensorPrimitives.Subtract(input, _spreadMeans, _normal);
        TensorPrimitives.Multiply(_normal, _spreadFactors, _normal);
    }

    private void Spread(T[] to, int channel, double value)
    {
        var number = T.CreateTruncating(value);
        for (var i = channel; i < to.Length; i += _means.Length)
        {
            to[i] = number;
        }
    }

    private void Fold(ReadOnlySpan<T> from)
    {
        _sums.AsSpan().Clear();
        for (var i = 0; i < from.Length; i++)
        {
            _sums[i % _sums.Length] += double.CreateTruncating(from[i]);
        }
    }

    private void Fold(ReadOnlySpan<T> from, Span<T> to)
    {
        Fold(from);
        for (var c = 0; c < to.Length; c++)
        {
            to[c] = T.CreateTruncating(_sums[c]);
        }
    }
}
