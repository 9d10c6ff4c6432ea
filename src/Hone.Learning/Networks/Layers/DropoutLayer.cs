using System.Numerics;
using System.Numerics.Tensors;

namespace Hone.Learning.Networks.Layers;

/// <summary>
/// Sets each number to 0 with some probability, in training only, and scales the others up so that the expectation stays (Srivastava et al.
/// 2014, inverted).
/// </summary>
internal sealed class DropoutLayer<T> : NetworkLayer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly T _scale;
    private readonly uint _dropsBelow;
    private readonly SeededRandom _random;
    private T[] _factors = [];

    /// <param name="name">As the description has it.</param>
    /// <param name="shape">Any.</param>
    /// <param name="rate">The probability, from 0 to below 1.</param>
    /// <param name="random">Gives the seed.</param>
    public DropoutLayer(string name, TensorShape shape, double rate, Random random)
        : base(name, shape, shape)
    {
        _scale = T.CreateTruncating(1 / (1 - rate));
        _dropsBelow = (uint)(rate * 4294967296.0);
        _random = new SeededRandom((ulong)random.NextInt64());
    }

    /// <inheritdoc/>
    public override void Reserve(int rows) => _factors = new T[checked(rows * Input.Count)];

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<T> input, Span<T> output, int rows, bool isTraining)
    {
        if (!isTraining)
        {
            input.CopyTo(output);
            return;
        }

        var factors = _factors.AsSpan(0, input.Length);
        for (var i = 0; i < factors.Length; i += 2)
        {
            var bits = _random.NextBits();
            factors[i] = (uint)bits < _dropsBelow ? T.Zero : _scale;
            if (i + 1 < factors.Length)
            {
                factors[i + 1] = (uint)(bits >> 32) < _dropsBelow ? T.Zero : _scale;
            }
        }

        TensorPrimitives.Multiply(input, factors, output);
    }

    /// <inheritdoc/>
    public override void Backward(
        ReadOnlySpan<T> input, ReadOnlySpan<T> output, Span<T> outputSlopes, Span<T> inputSlopes, int rows)
    {
        if (!inputSlopes.IsEmpty)
        {
            TensorPrimitives.Multiply(outputSlopes, _factors.AsSpan(0, outputSlopes.Length), inputSlopes);
        }
    }
}
