using System.Numerics;

namespace Hone.Learning.Networks.Layers;

/// <summary>An activation that stands by itself.</summary>
internal sealed class ActivationLayer<T>(string name, TensorShape shape, Activation activation) : NetworkLayer<T>(name, shape, shape)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<T> input, Span<T> output, int rows, bool isTraining)
    {
        input.CopyTo(output);
        ActivationFunctions.Apply(activation, output);
    }

    /// <inheritdoc/>
    public override void Backward(
        ReadOnlySpan<T> input, ReadOnlySpan<T> output, Span<T> outputSlopes, Span<T> inputSlopes, int rows)
    {
        if (!inputSlopes.IsEmpty)
        {
            outputSlopes.CopyTo(inputSlopes);
            ActivationFunctions.MultiplyByDerivative(activation, output, inputSlopes);
        }
    }
}
