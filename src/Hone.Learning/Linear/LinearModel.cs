using System.Numerics;
using Hone.Learning.Data;
using Hone.Learning.Scores;

namespace Hone.Learning.Linear;

/// <summary>
/// Outputs that are weighted sums of the features plus an intercept: one output for a number or for two classes, else one a class.
/// Starts with all weights 0. Not thread-safe.
/// </summary>
/// <typeparam name="T"><see cref="float"/>, or <see cref="double"/> for twice the digits at half the speed.</typeparam>
public sealed class LinearModel<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int Block = 256;

    private readonly T[] _outputs;
    private readonly int[] _rows = new int[Block];

    /// <param name="features">How many features there are, at least 1.</param>
    /// <param name="outputs">How many outputs there are, at least 1.</param>
    public LinearModel(int features, int outputs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        Features = features;
        Weights = new T[checked(features * outputs)];
        Intercepts = new T[outputs];
        _outputs = new T[Block * outputs];
    }

    /// <summary>A model with the outputs that some examples need under a loss.</summary>
    /// <exception cref="ArgumentException">The loss is for classes and the examples have numbers, or the other way round.</exception>
    public LinearModel(Examples<T> examples, LinearLoss loss)
        : this((examples ?? throw new ArgumentNullException(nameof(examples))).Features.Columns, OutputsFor(examples, loss)) { }

    /// <summary>How many features the model takes.</summary>
    public int Features { get; }

    /// <summary>How many outputs it has.</summary>
    public int Outputs => Intercepts.Length;

    /// <summary>The weights, output by output.</summary>
    public T[] Weights { get; }

    /// <summary>One an output.</summary>
    public T[] Intercepts { get; }

    /// <summary>Writes the outputs for all rows of a matrix: one row a row, one column an output.</summary>
    public void Compute(Matrix<T> features, Span<T> outputs)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentOutOfRangeException.ThrowIfNotEqual(features.Columns, Features, nameof(features));
        ArgumentOutOfRangeException.ThrowIfNotEqual(outputs.Length, features.Rows * Outputs, nameof(outputs));
        for (var start = 0; start < features.Rows; start += Block)
        {
            var rows = Rows(start, features.Rows);
            RowKernels.Dots(
                features.Values, Features, rows, Weights, Intercepts, outputs.Slice(start * Outputs, rows.Length * Outputs));
        }
    }

    /// <summary>
    /// The class of each row, from 0: the one with the largest output, the first of equals; with one output class 1 if it is above 0.
    /// NaN outputs never win, so that a diverged model says class 0.
    /// </summary>
    public void Classify(Matrix<T> features, Span<int> labels)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentOutOfRangeException.ThrowIfNotEqual(labels.Length, features.Rows, nameof(labels));
        var outputs = new T[features.Rows * Outputs];
        Compute(features, outputs);
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = Winner(outputs.AsSpan(i * Outputs, Outputs));
        }
    }

    /// <summary>How well the model does on examples. Allocates nothing.</summary>
    /// <param name="examples">At least one.</param>
    /// <param name="loss">The loss that it was trained with.</param>
    public Evaluation Evaluate(Examples<T> examples, LinearLoss loss)
    {
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentOutOfRangeException.ThrowIfZero(examples.Count, nameof(examples));
        var (sum, right) = (0.0, 0);
        for (var start = 0; start < examples.Count; start += Block)
        {
            var rows = Rows(start, examples.Count);
            var outputs = _outputs.AsSpan(0, rows.Length * Outputs);
            RowKernels.Dots(examples.Features.Values, Features, rows, Weights, Intercepts, outputs);
            if (examples.Classes > 0)
            {
                right += CountRight(outputs, examples.Labels.AsSpan(start, rows.Length));
            }

            sum += LossFunctions.Differentiate(loss, examples, rows, outputs);
        }

        var mean = sum / examples.Count;
        return loss == LinearLoss.Squared
            ? new Evaluation(mean, null, Math.Sqrt(2 * mean))
            : new Evaluation(mean, (double)right / examples.Count, null);
    }

    internal static int OutputsFor(Examples<T> examples, LinearLoss loss)
    {
        if ((loss == LinearLoss.Squared) != (examples.Classes == 0))
        {
            throw new ArgumentException($"The loss {loss} does not go with examples of {examples.Classes} classes.", nameof(loss));
        }

        return loss == LinearLoss.CrossEntropy || examples.Classes > 2 ? examples.Classes : 1;
    }

    private int CountRight(ReadOnlySpan<T> outputs, ReadOnlySpan<int> labels)
    {
        var right = 0;
        for (var i = 0; i < labels.Length; i++)
        {
            if (Winner(outputs.Slice(i * Outputs, Outputs)) == labels[i])
            {
                right++;
            }
        }

        return right;
    }

    private static int Winner(ReadOnlySpan<T> outputs)
    {
        if (outputs.Length == 1)
        {
            return outputs[0] > T.Zero ? 1 : 0;
        }

        var winner = 0;
        for (var k = 1; k < outputs.Length; k++)
        {
            if (outputs[k] > outputs[winner])
            {
                winner = k;
            }
        }

        return winner;
    }

    private ReadOnlySpan<int> Rows(int start, int count)
    {
        var rows = _rows.AsSpan(0, Math.Min(Block, count - start));
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = start + i;
        }

        return rows;
    }
}
