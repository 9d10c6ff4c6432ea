using System.Numerics;
using Hone.Learning.Data;
using Hone.Learning.Descent;
using Hone.Learning.Scores;

namespace Hone.Learning.Linear;

/// <summary>
/// Outputs that are weighted sums of the features plus an intercept: one output for a number or for two classes, else one a class.
/// Starts with all weights 0. Not thread-safe.
/// </summary>
/// <typeparam name="T"><see cref="float"/>, or <see cref="double"/> for twice the digits at half the speed.</typeparam>
public sealed class LinearModel<T> : IModel<T>
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
    public LinearModel(Examples<T> examples, TrainingLoss loss)
        : this((examples ?? throw new ArgumentNullException(nameof(examples))).Features.Columns, loss.OutputsFor(examples.Classes)) { }

    /// <inheritdoc/>
    public int Features { get; }

    /// <inheritdoc/>
    public int Outputs => Intercepts.Length;

    /// <summary>The weights, output by output.</summary>
    public T[] Weights { get; }

    /// <summary>One an output.</summary>
    public T[] Intercepts { get; }

    /// <inheritdoc/>
    public void Compute(Matrix<T> features, Span<T> outputs)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentOutOfRangeException.ThrowIfNotEqual(features.Columns, Features, nameof(features));
        ArgumentOutOfRangeException.ThrowIfNotEqual(outputs.Length, features.Rows * Outputs, nameof(outputs));
        for (var start = 0; start < features.Rows; start += Block)
        {
            var rows = Rows(start, features.Rows);
            RowKernels.Dots(
                new PickedRows<T>(features.Values, Features, rows), Weights, Intercepts,
                outputs.Slice(start * Outputs, rows.Length * Outputs));
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
            labels[i] = EvaluationSum<T>.Winner(outputs.AsSpan(i * Outputs, Outputs));
        }
    }

    /// <inheritdoc/>
    public Evaluation Evaluate(Examples<T> examples, TrainingLoss loss, double huberDelta = 1)
    {
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentOutOfRangeException.ThrowIfZero(examples.Count, nameof(examples));
        var sum = new EvaluationSum<T>(examples, loss, huberDelta);
        for (var start = 0; start < examples.Count; start += Block)
        {
            var rows = Rows(start, examples.Count);
            var outputs = _outputs.AsSpan(0, rows.Length * Outputs);
            RowKernels.Dots(new PickedRows<T>(examples.Features.Values, Features, rows), Weights, Intercepts, outputs);
            sum.Add(rows, outputs, Outputs, Outputs);
        }

        return sum.Mean();
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
