using System.Numerics;
using System.Numerics.Tensors;

namespace Hone.Learning.Networks.Layers;

/// <summary>
/// Moves the features of each row, step or pixel to mean 0 and variance 1, then scales and shifts them as learned (Ba, Kiros and Hinton
/// 2016). The same in training and outside it.
/// </summary>
internal sealed class LayerNormLayer<T> : NetworkLayer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly T _epsilon;
    private readonly T[] _scale;
    private readonly T[] _shift;
    private readonly T[] _scaleGradient;
    private readonly T[] _shiftGradient;
    private readonly T[] _normal;

    /// <param name="name">As the description has it.</param>
    /// <param name="shape">Any; the last size counts the features.</param>
    /// <param name="epsilon">Is added to variances, above 0.</param>
    public LayerNormLayer(string name, TensorShape shape, double epsilon)
        : base(name, shape, shape)
    {
        _epsilon = T.CreateTruncating(epsilon);
        var features = shape.Features;
        _scale = new T[features];
        _scale.AsSpan().Fill(T.One);
        (_shift, _scaleGradient, _shiftGradient, _normal) = (new T[features], new T[features], new T[features], new T[features]);
        Parameters =
        [
            new LayerParameter<T>("scale", features, _scale, _scaleGradient),
            new LayerParameter<T>("shift", features, _shift, _shiftGradient),
        ];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<LayerParameter<T>> Parameters { get; }

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<T> input, Span<T> output, int rows, bool isTraining)
    {
        for (var i = 0; i < input.Length; i += _scale.Length)
        {
            Normalize(input.Slice(i, _scale.Length));
            TensorPrimitives.MultiplyAdd(_normal, _scale, _shift, output.Slice(i, _scale.Length));
        }
    }

    /// <inheritdoc/>
    public override void Backward(
        ReadOnlySpan<T> input, ReadOnlySpan<T> output, Span<T> outputSlopes, Span<T> inputSlopes, int rows)
    {
        var features = _scale.Length;
        _scaleGradient.AsSpan().Clear();
        _shiftGradient.AsSpan().Clear();
        for (var i = 0; i < input.Length; i += features)
        {
            var factor = Normalize(input.Slice(i, features));
            var slopes = outputSlopes.Slice(i, features);
            TensorPrimitives.Add(_shiftGradient, slopes, _shiftGradient);
            TensorPrimitives.MultiplyAdd(slopes, _normal, _scaleGradient, _scaleGradient);
            if (!inputSlopes.IsEmpty)
            {
                Propagate(slopes, inputSlopes.Slice(i, features), factor);
            }
        }
    }

    // The slopes less their mean and less their part along the normal values.
    private void Propagate(Span<T> slopes, Span<T> inputSlopes, T factor)
    {
        var count = T.CreateTruncating(_scale.Length);
        TensorPrimitives.Multiply(slopes, _scale, slopes);
        var mean = TensorPrimitives.Sum<T>(slopes) / count;
        var along = TensorPrimitives.Dot<T>(slopes, _normal) / count;
        TensorPrimitives.Subtract(slopes, mean, slopes);
        TensorPrimitives.MultiplyAdd(_normal, -along, slopes, slopes);
        TensorPrimitives.Multiply(slopes, factor, inputSlopes);
    }

    private T Normalize(ReadOnlySpan<T> values)
    {
        var count = T.CreateTruncating(_scale.Length);
        TensorPrimitives.Subtract(values, TensorPrimitives.Sum(values) / count, _normal);
        var factor = T.One / T.Sqrt((TensorPrimitives.SumOfSquares<T>(_normal) / count) + _epsilon);
        TensorPrimitives.Multiply(_normal, factor, _normal);
        return factor;
    }
}
