using System.Numerics;
using Hone.Learning.Data;

namespace Hone.Learning.Linear;

/// <summary>
/// Trains a linear model by stochastic gradient descent, a mini-batch a step, on one core. The rows are shuffled anew for each epoch, by
/// seed. A step allocates nothing. Not thread-safe.
/// </summary>
/// <remarks>
/// A step moves the weights by the learning rate times the mean gradient of the batch. L2 shrinks the weights before that, L1 after it.
/// With a learning rate that is too large the weights grow to infinity and NaN; losses then say NaN, and nothing is thrown.
/// </remarks>
public sealed class SgdTrainer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const double LargestSlope = 1e12;

    private readonly LinearModel<T> _model;
    private readonly Examples<T> _examples;
    private readonly SgdOptions _options;
    private readonly int[] _order;
    private readonly ulong[] _keys;
    private readonly int[] _ends;
    private readonly T[] _outputs;
    private ulong _epoch;
    private int _position;
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
        var outputs = LinearModel<T>.OutputsFor(examples, options.Loss);
        if (model.Features != examples.Features.Columns || model.Outputs != outputs)
        {
            throw new ArgumentException(
                $"A model of {examples.Features.Columns} features and {outputs} outputs is needed, not {model.Features} and {model.Outputs}.",
                nameof(model));
        }

        _model = model;
        _examples = examples;
        _options = options;
        _order = new int[examples.Count];
        _keys = new ulong[examples.Count];
        _ends = new int[examples.Count + 1];
        _outputs = new T[Math.Min(options.BatchSize, examples.Count) * model.Outputs];
        _position = examples.Count;
    }

    /// <summary>How many steps were made.</summary>
    public long Steps { get; private set; }

    /// <summary>Learns from the next mini-batch.</summary>
    /// <returns>The mean loss of the batch, without penalty, at the weights before the update.</returns>
    public double Step()
    {
        var batch = NextBatch();
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

    private ReadOnlySpan<int> NextBatch()
    {
        if (_position == _order.Length)
        {
            Permutation.Fill(_options.ShuffleSeed + _epoch++, _order, _keys, _ends);
            _position = 0;
        }

        var length = Math.Min(_options.BatchSize, _order.Length - _position);
        _position += length;
        return _order.AsSpan(_position - length, length);
    }

    private double Learn(ReadOnlySpan<int> batch, double largestSlope)
    {
        var rate = Rate(++_updates);
        var slopes = _outputs.AsSpan(0, batch.Length * _model.Outputs);
        RowKernels.Dots(_examples.Features.Values, _model.Features, batch, _model.Weights, _model.Intercepts, slopes);
        var loss = LossFunctions.Differentiate(_options.Loss, _examples, batch, slopes);
        if (double.IsFinite(largestSlope))
        {
            Cut(slopes, T.CreateTruncating(largestSlope));
        }

        RowKernels.Scale(slopes, T.CreateTruncating(-rate / batch.Length));
        if (_options.Penalty == Penalty.L2 && _options.Alpha > 0)
        {
            RowKernels.Scale(_model.Weights.AsSpan(), T.CreateTruncating(Math.Max(0, 1 - (rate * _options.Alpha))));
        }

        RowKernels.AddCombinations(_examples.Features.Values, _model.Features, batch, slopes, _model.Weights);
        MoveIntercepts(slopes);
        if (_options.Penalty == Penalty.L1 && _options.Alpha > 0)
        {
            MoveTowardsZero(_model.Weights, T.CreateTruncating(rate * _options.Alpha));
        }

        return loss;
    }

    private double Rate(long update) => _options.Schedule == Schedule.Constant
        ? _options.LearningRate
        : _options.LearningRate / Math.Pow(update, _options.Power);

    private void MoveIntercepts(ReadOnlySpan<T> moves)
    {
        var intercepts = _model.Intercepts;
        for (var i = 0; i < moves.Length; i += intercepts.Length)
        {
            for (var k = 0; k < intercepts.Length; k++)
            {
                intercepts[k] += moves[i + k];
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

    private static void MoveTowardsZero(Span<T> weights, T distance)
    {
        foreach (ref var weight in weights)
        {
            weight = T.CopySign(T.Max(T.Abs(weight) - distance, T.Zero), weight);
        }
    }
}
