using System.Numerics;
using System.Numerics.Tensors;
using Hone.Learning.Data;
using Hone.Learning.Descent;
using Hone.Learning.Scores;

namespace Hone.Learning.Networks;

/// <summary>A multi-layer perceptron: hidden layers of units, each fed by all of the layer before it, and outputs without activation.</summary>
/// <typeparam name="T"><see cref="float"/>, or <see cref="double"/> for twice the digits at half the speed.</typeparam>
public sealed class Perceptron<T> : IModel<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>How many rows go through the layers at once: what they leave behind must stay in the second-level cache.</summary>
    internal const int Block = 128;

    private readonly T[][] _activations;
    private readonly int[] _rows = new int[Block];

    /// <param name="features">How many features there are, at least 1.</param>
    /// <param name="hidden">Units of each hidden layer, each at least 1; at least one layer.</param>
    /// <param name="outputs">How many outputs there are, at least 1.</param>
    /// <param name="activation">What hidden units do.</param>
    /// <param name="random">Draws the first weights: evenly, as He et al. (2015) scale them before ReLU and Glorot and Bengio (2010) else.
    /// Intercepts start at 0.</param>
    public Perceptron(int features, IReadOnlyList<int> hidden, int outputs, Activation activation, Random random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        ArgumentNullException.ThrowIfNull(hidden);
        ArgumentOutOfRangeException.ThrowIfZero(hidden.Count, nameof(hidden));
        ArgumentOutOfRangeException.ThrowIfLessThan(hidden.Min(), 1, nameof(hidden));
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        ArgumentNullException.ThrowIfNull(random);
        Activation = activation;
        Hidden = [.. hidden];
        int[] sizes = [features, .. hidden, outputs];
        Layers = new Layer<T>[sizes.Length - 1];
        _activations = new T[Layers.Length][];
        for (var l = 0; l < Layers.Length; l++)
        {
            Layers[l] = new Layer<T>(sizes[l], sizes[l + 1]);
            _activations[l] = new T[Block * Layers[l].Width];
            var isRelu = activation == Activation.Relu && l < Layers.Length - 1;
            Layers[l].Draw(Math.Sqrt(6.0 / (isRelu ? sizes[l] : sizes[l] + sizes[l + 1])), random);
        }
    }

    /// <inheritdoc/>
    public int Features => Layers[0].Inputs;

    /// <inheritdoc/>
    public int Outputs => Layers[^1].Outputs;

    /// <summary>Units of each hidden layer.</summary>
    public IReadOnlyList<int> Hidden { get; }

    /// <summary>What hidden units do.</summary>
    public Activation Activation { get; }

    internal Layer<T>[] Layers { get; }

    /// <inheritdoc/>
    public void Compute(Matrix<T> features, Span<T> outputs)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentOutOfRangeException.ThrowIfNotEqual(features.Columns, Features, nameof(features));
        ArgumentOutOfRangeException.ThrowIfNotEqual(outputs.Length, features.Rows * Outputs, nameof(outputs));
        for (var start = 0; start < features.Rows; start += Block)
        {
            var rows = Math.Min(Block, features.Rows - start);
            var computed = Forward(features.Values.AsSpan(start * Features), rows);
            for (var i = 0; i < rows; i++)
            {
                computed.Slice(i * Layers[^1].Width, Outputs).CopyTo(outputs[((start + i) * Outputs)..]);
            }
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
            var rows = _rows.AsSpan(0, Math.Min(Block, examples.Count - start));
            for (var i = 0; i < rows.Length; i++)
            {
                rows[i] = start + i;
            }

            var outputs = Forward(examples.Features.Values.AsSpan(start * Features), rows.Length);
            sum.Add(rows, outputs, Outputs, Layers[^1].Width);
        }

        return sum.Mean();
    }

    /// <summary>Sends rows through all layers.</summary>
    /// <param name="inputs">Features, row by row.</param>
    /// <param name="rows">How many, at most <see cref="Block"/>.</param>
    /// <returns>The outputs with their padding; valid until the next pass.</returns>
    internal Span<T> Forward(ReadOnlySpan<T> inputs, int rows)
    {
        var stride = Features;
        for (var l = 0; l < Layers.Length; l++)
        {
            var outputs = ActivationsOf(l, rows);
            Layers[l].Compute(inputs, stride, rows, outputs);
            if (l < Layers.Length - 1)
            {
                Activate(outputs);
            }

            inputs = outputs;
            stride = Layers[l].Width;
        }

        return ActivationsOf(Layers.Length - 1, rows);
    }

    /// <summary>What the last pass left in a layer, with its padding.</summary>
    internal Span<T> ActivationsOf(int layer, int rows) => _activations[layer].AsSpan(0, rows * Layers[layer].Width);

    /// <summary>Multiplies slopes by activated values to slopes by sums.</summary>
    internal void MultiplyByDerivative(ReadOnlySpan<T> activated, Span<T> slopes)
    {
        var j = 0;
        for (; j + Vector<T>.Count <= slopes.Length; j += Vector<T>.Count)
        {
            var value = new Vector<T>(activated[j..]);
            var slope = new Vector<T>(slopes[j..]);
            slope = Activation == Activation.Relu
                ? Vector.ConditionalSelect(Vector.GreaterThan(value, Vector<T>.Zero), slope, Vector<T>.Zero)
                : slope * (Vector<T>.One - (value * value));
            slope.CopyTo(slopes[j..]);
        }
    }

    private void Activate(Span<T> values)
    {
        if (Activation == Activation.Relu)
        {
            // NaN stays NaN, so that a diverged network says so.
            TensorPrimitives.Max(values, T.Zero, values);
        }
        else
        {
            TensorPrimitives.Tanh(values, values);
        }
    }
}
