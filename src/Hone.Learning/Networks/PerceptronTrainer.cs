using System.Numerics;
using System.Numerics.Tensors;
using Hone.Learning.Data;
using Hone.Learning.Descent;

namespace Hone.Learning.Networks;

/// <summary>
/// Trains a perceptron by back-propagation (Rumelhart, Hinton and Williams 1986) and stochastic gradient descent, a mini-batch a step, on
/// one core. A step allocates nothing. Not thread-safe.
/// </summary>
/// <remarks>
/// Batch order, penalties and rates are as for a linear model. A batch of more than 128 rows goes through in blocks of 128, with the same
/// result but for rounding.
/// </remarks>
public sealed class PerceptronTrainer<T> : ITrainer
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int Block = Perceptron<T>.Block;

    private readonly Perceptron<T> _model;
    private readonly Examples<T> _examples;
    private readonly SgdOptions _options;
    private readonly BatchOrder _order;
    private readonly T[] _inputs;
    private readonly T[][] _slopes;
    private readonly T[][] _transposed;
    private readonly T[][] _weightGradients;
    private readonly T[][] _biasGradients;
    private readonly ParameterUpdate<T>[] _weightUpdates;
    private readonly ParameterUpdate<T>[] _biasUpdates;
    private readonly T[] _noBias;
    private long _updates;

    /// <param name="model">The model to train, from the weights that it has.</param>
    /// <param name="examples">What to learn from; at least one.</param>
    /// <param name="options">How.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option lies outside its range.</exception>
    /// <exception cref="ArgumentException">The model has not the features or outputs for the examples and the loss.</exception>
    public PerceptronTrainer(Perceptron<T> model, Examples<T> examples, SgdOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfZero(examples.Count, nameof(examples));
        options.Check();
        var outputs = options.Loss.OutputsFor(examples.Classes);
        if (model.Features != examples.Features.Columns || model.Outputs != outputs)
        {
            throw new ArgumentException(
                $"A model of {examples.Features.Columns} features and {outputs} outputs is needed, not {model.Features} and {model.Outputs}.",
                nameof(model));
        }

        _model = model;
        _examples = examples;
        _options = options;
        _order = new BatchOrder(examples.Count, options);
        var layers = model.Layers;
        _inputs = new T[Block * model.Features];
        _slopes = Array.ConvertAll(layers, layer => new T[Block * layer.Width]);
        _transposed = Array.ConvertAll(layers, layer => layer == layers[0] ? [] : new T[Layer<T>.Padded(layer.Inputs) * layer.Outputs]);
        var keepsGradient = options.Optimizer != Optimizer.Sgd || Math.Min(options.BatchSize, examples.Count) > Block;
        _weightGradients = Array.ConvertAll(layers, layer => keepsGradient ? new T[layer.Weights.Length] : []);
        _biasGradients = Array.ConvertAll(layers, layer => new T[layer.Width]);
        _weightUpdates = Array.ConvertAll(layers, layer => new ParameterUpdate<T>(layer.Weights.Length, options));
        _biasUpdates = Array.ConvertAll(layers, layer => new ParameterUpdate<T>(layer.Width, options));
        _noBias = new T[layers.Max(layer => layer.Width)];
    }

    /// <inheritdoc/>
    public long Steps { get; private set; }

    /// <inheritdoc/>
    public double Step()
    {
        var batch = _order.Next();
        Steps++;
        if (_options.Update == Update.MiniBatch)
        {
            return Learn(batch) / batch.Length;
        }

        var sum = 0.0;
        for (var i = 0; i < batch.Length; i++)
        {
            sum += Learn(batch.Slice(i, 1));
        }

        return sum / batch.Length;
    }

    private double Learn(ReadOnlySpan<int> batch)
    {
        var rate = _options.RateAt(++_updates);
        foreach (var gradient in _biasGradients)
        {
            gradient.AsSpan().Clear();
        }

        var moves = _options.Optimizer == Optimizer.Sgd && batch.Length <= Block;
        var loss = 0.0;
        for (var start = 0; start < batch.Length; start += Block)
        {
            var rows = batch.Slice(start, Math.Min(Block, batch.Length - start));
            loss += Differentiate(rows, (moves ? -rate : 1) / batch.Length);
            if (moves)
            {
                PropagateAndMove(rows.Length, T.CreateTruncating(Math.Max(0, 1 - (rate * _options.L2))));
            }
            else
            {
                Propagate(rows.Length, start == 0 ? T.Zero : T.One);
            }
        }

        Move(moves, rate);
        return loss;
    }

    /// <summary>Computes outputs and writes their slopes, scaled.</summary>
    private double Differentiate(ReadOnlySpan<int> rows, double scale)
    {
        var features = _examples.Features;
        for (var i = 0; i < rows.Length; i++)
        {
            features.Row(rows[i]).CopyTo(_inputs.AsSpan(i * features.Columns));
        }

        var last = _model.Layers[^1];
        var slopes = _slopes[^1].AsSpan(0, rows.Length * last.Width);
        _model.Forward(_inputs, rows.Length).CopyTo(slopes);
        var loss = LossFunctions.Differentiate(
            _options.Loss, _options.HuberDelta, _examples, rows, slopes, last.Outputs, last.Width);
        TensorPrimitives.Multiply(slopes, T.CreateTruncating(scale), slopes);
        return loss;
    }

    // The slopes carry the step, so that no gradient has to be written and read again.
    private void PropagateAndMove(int rows, T keep)
    {
        for (var l = _model.Layers.Length - 1; l >= 0; l--)
        {
            PropagateTo(l - 1, rows);
            AddProducts(l, rows, keep, _model.Layers[l].Weights);
        }
    }

    private void Propagate(int rows, T keep)
    {
        for (var l = _model.Layers.Length - 1; l >= 0; l--)
        {
            PropagateTo(l - 1, rows);
            AddProducts(l, rows, keep, _weightGradients[l]);
        }
    }

    /// <summary>Takes the slopes back to a layer from the one after it.</summary>
    private void PropagateTo(int l, int rows)
    {
        if (l < 0)
        {
            return;
        }

        var (layer, next) = (_model.Layers[l], _model.Layers[l + 1]);
        next.Transpose(_transposed[l + 1]);
        var slopes = _slopes[l].AsSpan(0, rows * layer.Width);
        PanelKernels.Multiply(_slopes[l + 1], next.Width, next.Outputs, rows, _transposed[l + 1], _noBias.AsSpan(0, layer.Width), slopes);
        _model.MultiplyByDerivative(_model.ActivationsOf(l, rows), slopes);
    }

    private void AddProducts(int l, int rows, T keep, Span<T> sums)
    {
        var layer = _model.Layers[l];
        var inputs = l == 0 ? _inputs : _model.ActivationsOf(l - 1, rows);
        var stride = l == 0 ? layer.Inputs : _model.Layers[l - 1].Width;
        PanelKernels.AddProducts(inputs, stride, layer.Inputs, rows, _slopes[l], layer.Width, keep, sums);
        for (var i = 0; i < rows; i++)
        {
            TensorPrimitives.Add(_biasGradients[l], _slopes[l].AsSpan(i * layer.Width, layer.Width), _biasGradients[l]);
        }
    }

    private void Move(bool moved, double rate)
    {
        for (var l = 0; l < _model.Layers.Length; l++)
        {
            var layer = _model.Layers[l];
            if (moved)
            {
                TensorPrimitives.Add(layer.Bias, _biasGradients[l], layer.Bias);
            }
            else
            {
                _weightUpdates[l].Apply(layer.Weights, _weightGradients[l], rate, _options.L2, _updates);
                _biasUpdates[l].Apply(layer.Bias, _biasGradients[l], rate, 0, _updates);
            }

            ParameterUpdate<T>.MoveTowardsZero(layer.Weights, rate * _options.L1);
        }
    }
}
