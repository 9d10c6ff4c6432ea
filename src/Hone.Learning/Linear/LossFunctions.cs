using System.Numerics;
using Hone.Learning.Data;

namespace Hone.Learning.Linear;

/// <summary>Losses of outputs and their derivatives, a batch at a time.</summary>
internal static class LossFunctions
{
    /// <summary>The sum of the losses of some examples; replaces each output by the derivative of its example's loss by it.</summary>
    /// <param name="loss">Which loss.</param>
    /// <param name="examples">Hold the targets.</param>
    /// <param name="rows">The examples that the outputs are of.</param>
    /// <param name="outputs">One row an example. Overwritten with derivatives.</param>
    public static double Differentiate<T>(LinearLoss loss, Examples<T> examples, ReadOnlySpan<int> rows, Span<T> outputs)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var count = outputs.Length / rows.Length;
        var sum = 0.0;
        for (var i = 0; i < rows.Length; i++)
        {
            var mine = outputs.Slice(i * count, count);
            sum += loss switch
            {
                LinearLoss.Squared => Squared(mine, examples.Targets[rows[i]]),
                LinearLoss.CrossEntropy => CrossEntropy(mine, examples.Labels[rows[i]]),
                _ => OneAgainstRest(loss, mine, examples.Labels[rows[i]]),
            };
        }

        return sum;
    }

    private static double Squared<T>(Span<T> output, T target)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        output[0] -= target;
        var error = double.CreateTruncating(output[0]);
        return error * error / 2;
    }

    private static double CrossEntropy<T>(Span<T> outputs, int label)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var largest = outputs[0];
        foreach (var output in outputs)
        {
            largest = T.Max(largest, output);
        }

        var own = outputs[label] - largest;
        var total = T.Zero;
        foreach (ref var output in outputs)
        {
            output = T.Exp(output - largest);
            total += output;
        }

        foreach (ref var output in outputs)
        {
            output /= total;
        }

        outputs[label] -= T.One;
        return double.CreateTruncating(T.Log(total) - own);
    }

    private static double OneAgainstRest<T>(LinearLoss loss, Span<T> outputs, int label)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        // With one output it is class 1 against class 0.
        var own = outputs.Length == 1 ? label - 1 : label;
        var sum = 0.0;
        for (var k = 0; k < outputs.Length; k++)
        {
            var y = k == own ? T.One : -T.One;
            var (value, slope) = loss switch
            {
                LinearLoss.Log => Log(outputs[k] * y),
                LinearLoss.Hinge => Hinge(outputs[k] * y),
                _ => SquaredHinge(outputs[k] * y),
            };
            outputs[k] = slope * y;
            sum += double.CreateTruncating(value);
        }

        return sum;
    }

    // Each takes the margin yp and gives the loss and its derivative by the margin.
    private static (T Value, T Slope) Log<T>(T margin)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        // e^-|margin| cannot overflow.
        var small = T.Exp(-T.Abs(margin));
        var value = T.LogP1(small) + T.Max(-margin, T.Zero);
        var slope = -(margin > T.Zero ? small : T.One) / (T.One + small);
        return (value, T.IsNaN(margin) ? margin : slope);
    }

    // At the kink itself the slope is that of the losing side, as in scikit-learn.
    private static (T Value, T Slope) Hinge<T>(T margin)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        margin > T.One ? (T.Zero, T.Zero) : (T.One - margin, T.IsNaN(margin) ? margin : -T.One);

    private static (T Value, T Slope) SquaredHinge<T>(T margin)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var gap = T.One - margin;
        return gap <= T.Zero ? (T.Zero, T.Zero) : (gap * gap, -(gap + gap));
    }
}
