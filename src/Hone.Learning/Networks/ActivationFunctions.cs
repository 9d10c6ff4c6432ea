using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace Hone.Learning.Networks;

/// <summary>Applies activations, and takes slopes back through them. NaN stays NaN, so that a diverged network says so.</summary>
internal static class ActivationFunctions
{
    /// <summary>Replaces sums by what units make of them.</summary>
    public static void Apply<T>(Activation activation, Span<T> values)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        switch (activation)
        {
            case Activation.Relu:
                TensorPrimitives.Max(values, T.Zero, values);
                break;
            case Activation.Tanh:
                TensorPrimitives.Tanh(values, values);
                break;
            case Activation.Sigmoid:
                TensorPrimitives.Sigmoid(values, values);
                break;
            default:
                Leak(values);
                break;
        }
    }

    /// <summary>Multiplies slopes by activated values to slopes by sums.</summary>
    public static void MultiplyByDerivative<T>(Activation activation, ReadOnlySpan<T> activated, Span<T> slopes)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var j = 0;
        for (; j + Vector<T>.Count <= slopes.Length; j += Vector<T>.Count)
        {
            var slope = new Vector<T>(slopes[j..]);
            (slope * Derivative(activation, new Vector<T>(activated[j..]))).CopyTo(slopes[j..]);
        }

        for (; j < slopes.Length; j++)
        {
            slopes[j] *= Derivative(activation, new Vector<T>(activated[j]))[0];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> Derivative<T>(Activation activation, Vector<T> value)
        where T : unmanaged, IFloatingPointIeee754<T> => activation switch
        {
            Activation.Relu => Vector.ConditionalSelect(Vector.GreaterThan(value, Vector<T>.Zero), Vector<T>.One, Vector<T>.Zero),
            Activation.Tanh => Vector<T>.One - (value * value),
            Activation.Sigmoid => value * (Vector<T>.One - value),
            _ => Vector.ConditionalSelect(Vector.GreaterThan(value, Vector<T>.Zero), Vector<T>.One, new Vector<T>(LeakOf<T>())),
        };

    private static void Leak<T>(Span<T> values)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var leak = LeakOf<T>();
        foreach (ref var value in values)
        {
            value = value > T.Zero ? value : value * leak;
        }
    }

    private static T LeakOf<T>()
        where T : unmanaged, IFloatingPointIeee754<T> => T.CreateTruncating(0.01);
}
