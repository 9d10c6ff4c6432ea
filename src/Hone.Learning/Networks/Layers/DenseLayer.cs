using System.Numerics;

namespace Hone.Learning.Networks.Layers;

/// <summary>Units that are each fed by all inputs.</summary>
internal sealed class DenseLayer<T> : NetworkLayer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly PanelWeights<T> _weights;
    private readonly PanelWeights<T> _transposed;
    private readonly Activation? _activation;
    private readonly T[] _bias;
    private readonly T[] _biasGradient;
    private readonly T[] _noBias;
    private Patches _inputRows = Patches.OfRows(0, 0, 0);
    private Patches _outputRows = Patches.OfRows(0, 0, 0);
    private T[] _wideOutputs = [];
    private T[] _wideInputs = [];

    /// <param name="name">As the description has it.</param>
    /// <param name="input">A row of numbers.</param>
    /// <param name="units">At least 1.</param>
    /// <param name="activation">Null: none.</param>
    /// <param name="random">Draws the weights as He et al. (2015) scale them before ReLU, and Glorot and Bengio (2010) else.</param>
    public DenseLayer(string name, TensorShape input, int units, Activation? activation, Random random)
        : base(name, input, new TensorShape(units))
    {
        _activation = activation;
        _weights = new PanelWeights<T>(input.Count, units, isTrained: true);
        _transposed = new PanelWeights<T>(units, input.Count, isTrained: false);
        _bias = new T[_weights.Width];
        _biasGradient = new T[_weights.Width];
        _noBias = new T[_transposed.Width];
        var isRelu = activation is Activation.Relu or Activation.LeakyRelu;
        var limit = Math.Sqrt(6.0 / (isRelu ? input.Count : input.Count + units));
        for (var output = 0; output < units; output++)
        {
            for (var from = 0; from < input.Count; from++)
            {
                _weights.Values[_weights.Index(from, output)] = Draw(limit, random);
            }
        }

        Parameters = [LayerParameter<T>.Of("weights", _weights), new LayerParameter<T>("bias", units, _bias, _biasGradient)];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<LayerParameter<T>> Parameters { get; }

    /// <inheritdoc/>
    public override void Reserve(int rows)
    {
        _inputRows = Patches.OfRows(rows, _weights.Inputs, _weights.Inputs);
        _outputRows = Patches.OfRows(rows, _weights.Width, _weights.Outputs);
        _wideOutputs = _weights.Width == _weights.Outputs ? [] : new T[rows * _weights.Width];
        _wideInputs = _transposed.Width == _transposed.Outputs ? [] : new T[rows * _transposed.Width];
    }

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<T> input, Span<T> output, int rows, bool isTraining)
    {
        if (_wideOutputs.Length == 0)
        {
            PatchProducts.Multiply(input, _inputRows, rows, _weights, _bias, output);
        }
        else
        {
            PatchProducts.Multiply(input, _inputRows, rows, _weights, _bias, _wideOutputs);
            RowCopies.Narrow(_wideOutputs, _weights.Width, rows, output, _weights.Outputs);
        }

        if (_activation is { } activation)
        {
            ActivationFunctions.Apply(activation, output);
        }
    }

    /// <inheritdoc/>
    public override void Backward(
        ReadOnlySpan<T> input, ReadOnlySpan<T> output, Span<T> outputSlopes, Span<T> inputSlopes, int rows)
    {
        if (_activation is { } activation)
        {
            ActivationFunctions.MultiplyByDerivative(activation, output, outputSlopes);
        }

        var slopes = outputSlopes;
        if (_wideOutputs.Length > 0)
        {
            // Behind a forward pass the padding is 0.
            slopes = _wideOutputs.AsSpan(0, rows * _weights.Width);
            RowCopies.Widen<T>(outputSlopes, _weights.Outputs, rows, slopes, _weights.Width);
        }

        PatchSums.Add(input, _inputRows, rows, slopes, T.Zero, _weights);
        _biasGradient.AsSpan().Clear();
        RowCopies.AddTo(_biasGradient, slopes);
        if (!inputSlopes.IsEmpty)
        {
            Propagate(slopes, inputSlopes, rows);
        }
    }

    private void Propagate(ReadOnlySpan<T> slopes, Span<T> inputSlopes, int rows)
    {
        _weights.TransposeTo(_transposed);
        if (_wideInputs.Length == 0)
        {
            PatchProducts.Multiply(slopes, _outputRows, rows, _transposed, _noBias, inputSlopes);
        }
        else
        {
            PatchProducts.Multiply(slopes, _outputRows, rows, _transposed, _noBias, _wideInputs);
            RowCopies.Narrow(_wideInputs, _transposed.Width, rows, inputSlopes, _transposed.Outputs);
        }
    }
}
