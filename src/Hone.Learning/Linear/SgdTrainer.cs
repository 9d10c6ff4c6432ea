using System.Numerics;
using Hone.Learning.Data;
using Hone.Learning.Descent;

namespace Hone.Learning.Linear;

/// <summary>
/// Trains a linear model by stochastic gradient descent, a mini-batch a step, on one core. The rows are shuffled anew for each epoch, by
/// seed. A step allocates nothing. Not thread-safe.
/// </summary>
/// <remarks>
/// A step moves the weights by the learning rate times the mean gradient of the batch. L2 shrinks the weights before that, L1 after it.
/// With a learning rate that is too large the weights grow to infinity and NaN; losses then say NaN, and nothing is thrown.
/// </remarks>
public sealed class SgdTrainer<T> : ITrainer
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const double LargestSlope = 1e12;
    private const int Block = 32;

    private readonly LinearModel<T> _model;
    private readonly Examples<T> _examples;
    private readonly SgdOptions _options;
    private readonly BatchOrder _order;
    private readonly T[] _outputs;
    private readonly T[] _gradient;
    private readonly ParameterUpdate<T> _weightUpdate;
    private readonly ParameterUpdate<T> _interceptUpdate;
    private long _updates;

    /// <param name="model">The model to train, from the weights that it has.</param>
    /// <param name="examples">What to learn from; at least one.</param>
    /// <param name="options">How.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option lies outside its range.</exception>
    /// <exception cref="ArgumentException">The model has not the features or outputs for the examples and the loss.</exception>
    public SgdTrainer(LinearModel<T> model, Examples<T> examples, SgdOptions options)
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
        var batchSize = Math.Min(options.BatchSize, examples.Count);
        _outputs = new T[Math.Min(batchSize, Block) * model.Outputs];
        _gradient = options.Optimizer == Optimizer.Sgd && batchSize <= Block ? [] : new T[model.Weights.Length + outputs];
        _weightUpdate = new ParameterUpdate<T>(model.Weights.Length, options);
        _interceptUpdate = new ParameterUpdate<T>(outputs, options);
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
            return Learn(batch, double.PositiveInfinity) / batch.Length;
        }

        var sum = 0.0;
        for (var i = 0; i < batch.Length; i++)
        {
            sum += Learn(batch.Slice(i, 1), LargestSlope);
        }

        return sum / batch.Length;
    }

    private double Learn(ReadOnlySpan<int> batch, double largestSlope)
    {
        var rate = _options.RateAt(++_updates);
        var loss = _options.Optimizer == Optimizer.Sgd && batch.Length <= Block
            ? Move(batch, rate, largestSlope)
            : MoveByGradient(batch, rate, largestSlope);
        ParameterUpdate<T>.MoveTowardsZero(_model.Weights, rate * _options.L1);
        return loss;
    }

    /// <summary>Computes the outputs of some rows and turns them into slopes, times a factor.</summary>
    private double Differentiate(PickedRows<T> x, double factor, double largestSlope, out Span<T> slopes)
    {
        slopes = _outputs.AsSpan(0, x.Count * _model.Outputs);
        RowKernels.Dots(x, _model.Weights, _model.Intercepts, slopes);
        var loss = LossFunctions.Differentiate(
            _options.Loss, _options.HuberDelta, _examples, x.Rows, slopes, _model.Outputs, _model.Outputs);
        if (double.IsFinite(largestSlope))
        {
            Cut(slopes, T.CreateTruncating(largestSlope));
        }

        RowKernels.Scale(slopes, T.CreateTruncating(factor));
        return loss;
    }

    // Adds the step to the weights at once, so that no gradient has to be written and read again.
    private double Move(ReadOnlySpan<int> batch, double rate, double largestSlope)
    {
        var x = Pick(batch, _order.Coming);
        var loss = Differentiate(x, -rate / batch.Length, largestSlope, out var slopes);
        if (_options.L2 > 0)
        {
            RowKernels.Scale(_model.Weights.AsSpan(), T.CreateTruncating(Math.Max(0, 1 - (rate * _options.L2))));
        }

        RowKernels.AddCombinations(x, slopes, _model.Weights);
        AddRows(slopes, _model.Intercepts);
        return loss;
    }

    // Block by block, so that the second product finds the rows of the first in the cache.
    private double MoveByGradient(ReadOnlySpan<int> batch, double rate, double largestSlope)
    {
        var weights = _gradient.AsSpan(0, _model.Weights.Length);
        var intercepts = _gradient.AsSpan(_model.Weights.Length);
        _gradient.AsSpan().Clear();
        var loss = 0.0;
        for (var start = 0; start < batch.Length; start += Block)
        {
            var end = Math.Min(start + Block, batch.Length);
            var x = Pick(batch[start..end], end < batch.Length ? batch[end..] : _order.Coming);
            loss += Differentiate(x, 1.0 / batch.Length, largestSlope, out var slopes);
            RowKernels.AddCombinations(x, slopes, weights);
            AddRows(slopes, intercepts);
        }

        _weightUpdate.Apply(_model.Weights, weights, rate, _options.L2, _updates);
        _interceptUpdate.Apply(_model.Intercepts, intercepts, rate, 0, _updates);
        return loss;
    }

    private PickedRows<T> Pick(ReadOnlySpan<int> rows, ReadOnlySpan<int> next) =>
        new(_examples.Features.Values, _model.Features, rows, next[..Math.Min(rows.Length, next.Length)]);

    private static void AddRows(ReadOnlySpan<T> rows, Span<T> sums)
    {
        for (var i = 0; i < rows.Length; i += sums.Length)
        {
            for (var k = 0; k < sums.Length; k++)
            {
                sums[k] += rows[i + k];
            }
        }
    }

    private static void Cut(Span<T> slopes, T largest)
    {
        foreach (ref var slope in slopes)
        {
            slope = T.Clamp(slope, -largest, largest);
        }
    }
}
