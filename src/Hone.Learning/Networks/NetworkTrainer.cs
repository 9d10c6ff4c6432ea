using System.Numerics;
using System.Numerics.Tensors;
using Hone.Learning.Data;
using Hone.Learning.Descent;
using Hone.Learning.Networks.Layers;

namespace Hone.Learning.Networks;

/// <summary>
/// Trains a network by back-propagation and stochastic gradient descent, a mini-batch a step, on one core. A step allocates nothing. Not
/// thread-safe.
/// </summary>
/// <remarks>Batch order, penalties and rates are as for a linear model. The whole batch goes through at once, as batch normalisation needs it.</remarks>
public sealed class NetworkTrainer<T> : ITrainer
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Network<T> _network;
    private readonly Examples<T> _examples;
    private readonly SgdOptions _options;
    private readonly double _largestNorm;
    private readonly BatchOrder _order;
    private readonly T[] _inputs;
    private readonly T[] _outputs;
    private readonly T[] _slopes;
    private readonly LayerParameter<T>[] _parameters;
    private readonly ParameterUpdate<T>[] _updates;
    private long _update;

    /// <param name="network">The network to train, from the weights that it has.</param>
    /// <param name="examples">What to learn from; at least one.</param>
    /// <param name="options">How.</param>
    /// <param name="largestNorm">A gradient whose Euclidean norm over all parameters is larger is scaled down to it (Pascanu, Mikolov and
    /// Bengio 2013); above 0, by default none is.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option lies outside its range.</exception>
    /// <exception cref="NetworkException">The network does not take the examples' features, or not give the outputs that the loss needs.</exception>
    public NetworkTrainer(Network<T> network, Examples<T> examples, SgdOptions options, double largestNorm = double.PositiveInfinity)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfZero(examples.Count, nameof(examples));
        if (!(largestNorm > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(largestNorm), largestNorm, "The norm must be above 0.");
        }

        options.Check();
        Check(network.Description, examples.Features.Columns, options.Loss, examples.Classes);
        (_network, _examples, _options, _largestNorm) = (network, examples, options, largestNorm);
        _order = new BatchOrder(examples.Count, options);
        var rows = options.Update == Update.PerRow ? 1 : Math.Min(options.BatchSize, examples.Count);
        network.Reserve(rows);
        _inputs = new T[checked(rows * network.Features)];
        _outputs = new T[checked(rows * network.Outputs)];
        _slopes = new T[_outputs.Length];
        _parameters = [.. network.Parameters.Select(named => named.Parameter).Where(parameter => parameter.Gradient.Length > 0)];
        _updates = Array.ConvertAll(_parameters, parameter => new ParameterUpdate<T>(parameter.Values.Length, options));
    }

    /// <summary>What is done to images by chance before they are learned from; null: nothing.</summary>
    public ImageAugmentation<T>? Augmentation { get; init; }

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

    /// <exception cref="NetworkException">The network does not go with data or loss.</exception>
    internal static void Check(NetworkDescription network, int features, TrainingLoss loss, int classes)
    {
        var output = network.Shapes()[network.Layers[^1].Name];
        if (network.Input.Count != features)
        {
            throw new NetworkException(
                $"The network's input {network.Input} takes {network.Input.Count} numbers, and the data have {features} features. Change input.");
        }

        var outputs = loss.OutputsFor(classes);
        if (output.Count != outputs)
        {
            throw new NetworkException(
                $"Layer '{network.Layers[^1].Name}' is the last and gives {output}, and the loss {loss} of " +
                $"{(classes == 0 ? "numbers" : $"{classes} classes")} needs {outputs}. Change the layer.");
        }
    }

    /// <summary>Sets the gradients of some examples.</summary>
    /// <returns>The sum of their losses.</returns>
    internal double Differentiate(ReadOnlySpan<int> rows)
    {
        var features = _examples.Features;
        for (var i = 0; i < rows.Length; i++)
        {
            var input = _inputs.AsSpan(i * features.Columns, features.Columns);
            features.Row(rows[i]).CopyTo(input);
            Augmentation?.Apply(input);
        }

        var inputs = _inputs.AsSpan(0, rows.Length * features.Columns);
        var outputs = _outputs.AsSpan(0, rows.Length * _network.Outputs);
        var slopes = _slopes.AsSpan(0, outputs.Length);
        _network.Forward(inputs, outputs, rows.Length, isTraining: true);
        outputs.CopyTo(slopes);
        var loss = LossFunctions.Differentiate(
            _options.Loss, _options.HuberDelta, _examples, rows, slopes, _network.Outputs, _network.Outputs);
        TensorPrimitives.Multiply(slopes, T.CreateTruncating(1.0 / rows.Length), slopes);
        _network.Backward(inputs, outputs, slopes, default, rows.Length);
        return loss;
    }

    private double Learn(ReadOnlySpan<int> batch)
    {
        var rate = _options.RateAt(++_update);
        var loss = Differentiate(batch);
        Clip();
        for (var i = 0; i < _parameters.Length; i++)
        {
            var parameter = _parameters[i];
            _updates[i].Apply(parameter.Values, parameter.Gradient, rate, parameter.IsPenalised ? _options.L2 : 0, _update);
            if (parameter.IsPenalised)
            {
                ParameterUpdate<T>.MoveTowardsZero(parameter.Values, rate * _options.L1);
            }
        }

        return loss;
    }

    private void Clip()
    {
        if (double.IsPositiveInfinity(_largestNorm))
        {
            return;
        }

        var squares = 0.0;
        foreach (var parameter in _parameters)
        {
            squares += double.CreateTruncating(TensorPrimitives.SumOfSquares<T>(parameter.Gradient));
        }

        var norm = Math.Sqrt(squares);
        if (norm > _largestNorm)
        {
            var factor = T.CreateTruncating(_largestNorm / norm);
            foreach (var parameter in _parameters)
            {
                TensorPrimitives.Multiply<T>(parameter.Gradient, factor, parameter.Gradient);
            }
        }
    }
}
