using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Hone.Learning.Data;

namespace Hone.Learning.Descent;

/// <summary>Losses of outputs and their derivatives, a batch at a time.</summary>
internal static class LossFunctions
{
    /// <summary>The sum of the losses of some examples; replaces each output by the derivative of its example's loss by it.</summary>
    /// <param name="loss">Which loss.</param>
    /// <param name="delta">Of <see cref="TrainingLoss.Huber"/>.</param>
    /// <param name="examples">Hold the targets.</param>
    /// <param name="rows">The examples that the outputs are of.</param>
    /// <param name="outputs">One row an example. Overwritten with derivatives.</param>
    /// <param name="count">How many outputs an example has.</param>
    /// <param name="stride">From the first output of an example to that of the next; what lies between is left alone.</param>
    public static double Differentiate<T>(
        TrainingLoss loss, double delta, Examples<T> examples, ReadOnlySpan<int> rows, Span<T> outputs, int count, int stride)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var sum = 0.0;
        for (var i = 0; i < rows.Length; i++)
        {
            var mine = outputs.Slice(i * stride, count);
            sum += loss switch
            {
                TrainingLoss.Squared => Squared(mine, examples.Targets[rows[i]]),
                TrainingLoss.Huber => Huber(mine, examples.Targets[rows[i]], T.CreateTruncating(delta)),
                TrainingLoss.CrossEntropy => CrossEntropy(mine, examples.Labels[rows[i]]),
                TrainingLoss.CauchySchwarz => CauchySchwarz(mine, examples.Labels[rows[i]]),
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

    private static double Huber<T>(Span<T> output, T target, T delta)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var error = double.CreateTruncating(output[0] - target);
        output[0] = T.Clamp(output[0] - target, -delta, delta);
        var slope = Math.Abs(double.CreateTruncating(output[0]));
        return slope * (Math.Abs(error) - (slope / 2));
    }

    // The squares of softmax(z), divided by their sum, are softmax(2z).
    private static double CauchySchwarz<T>(Span<T> outputs, int label)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        foreach (ref var output in outputs)
        {
            output += output;
        }

        return CrossEntropy(outputs, label) / 2;
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
        foreach (ref var output in outputs)
        {
            output -= largest;
        }

        TensorPrimitives.Exp(outputs, outputs);
        var total = T.Zero;
        foreach (var output in outputs)
        {
            total += output;
        }

        var share = T.One / total;
        foreach (ref var output in outputs)
        {
            output *= share;
        }

        outputs[label] -= T.One;
        return double.CreateTruncating(T.Log(total) - own);
    }

    private static double OneAgainstRest<T>(TrainingLoss loss, Span<T> outputs, int label)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        // With one output it is class 1 against class 0.
        var own = outputs.Length == 1 ? label - 1 : label;
        var sum = 0.0;
        var k = 0;
        if (loss != TrainingLoss.Log)
        {
            for (; k + Vector256<T>.Count <= outputs.Length; k += Vector256<T>.Count)
            {
                sum += Hinges(loss == TrainingLoss.SquaredHinge, outputs[k..], own - k);
            }
        }

        for (; k < outputs.Length; k++)
        {
            var y = k == own ? T.One : -T.One;
            var (value, slope) = loss switch
            {
                TrainingLoss.Log => Log(outputs[k] * y),
                TrainingLoss.Hinge => Hinge(outputs[k] * y),
                _ => SquaredHinge(outputs[k] * y),
            };
            outputs[k] = slope * y;
            sum += double.CreateTruncating(value);
        }

        return sum;
    }

    // The first outputs, as many as a vector holds: the signs of margins are hard to foresee, so that a branch on each costs more than all
    // of them at once.
    private static double Hinges<T>(bool squared, Span<T> outputs, int own)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ref var first = ref MemoryMarshal.GetReference(outputs);
        var (one, zero) = (Vector256<T>.One, Vector256<T>.Zero);
        var y = Vector256.ConditionalSelect(
            Vector256.Equals(Vector256<T>.Indices, Vector256.Create(T.CreateTruncating(own))), one, -one);
        var gap = one - (Vector256.LoadUnsafe(ref first) * y);
        // NaN is neither above nor below: it is kept.
        var value = Vector256.ConditionalSelect(Vector256.LessThan(gap, zero), zero, gap);
        var slope = squared
            ? -(value + value)
            : Vector256.ConditionalSelect(
                Vector256.LessThan(gap, zero), zero, Vector256.ConditionalSelect(Vector256.Equals(gap, gap), -one, gap));
        (slope * y).StoreUnsafe(ref first);
        return double.CreateTruncating(Vector256.Sum(squared ? value * value : value));
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
