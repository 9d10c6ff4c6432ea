using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace Hone.Learning.Networks.Layers;

/// <summary>
/// What recurrent layers share: the products. The inputs of all steps go through the input weights in one product, and so do all gradients;
/// only the state's product is made step by step. Within the layer a step's rows lie side by side, each padded to whole vectors.
/// </summary>
/// <remarks>
/// Weights are drawn evenly within ±1/√units, as PyTorch does. A file has the gates one after the other, each unit by unit. There is one
/// bias where PyTorch has two of which only the sum matters.
/// </remarks>
internal abstract class RecurrentLayer<T> : NetworkLayer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly bool _isSequence;
    private readonly PanelWeights<T> _inputWeights;
    private readonly PanelWeights<T> _stateWeights;
    private readonly PanelWeights<T> _inputTransposed;
    private readonly PanelWeights<T> _stateTransposed;
    private readonly T[] _bias;
    private readonly T[] _biasGradient;
    private readonly T[] _noBias;
    private T[] _inputs = [];
    private T[] _inputSlopes = [];
    private T[] _stateSlopes = [];
    private Patches _inputRows = Patches.OfRows(0, 0, 0);
    private Patches _stateRows = Patches.OfRows(0, 0, 0);
    private Patches _gateRows = Patches.OfRows(0, 0, 0);

    /// <param name="name">As the description has it.</param>
    /// <param name="input">Steps and features.</param>
    /// <param name="output">Units, or steps and units.</param>
    /// <param name="gates">Sums of a unit.</param>
    /// <param name="random">Draws the weights.</param>
    protected RecurrentLayer(string name, TensorShape input, TensorShape output, int gates, Random random)
        : base(name, input, output)
    {
        _isSequence = output.Sizes.Count == 2;
        (Steps, Units) = (input.Sizes[0], output.Features);
        PaddedUnits = checked((Units + Vector256<T>.Count - 1) / Vector256<T>.Count * Vector256<T>.Count);
        _inputWeights = new PanelWeights<T>(input.Features, gates * PaddedUnits, isTrained: true);
        _stateWeights = new PanelWeights<T>(Units, gates * PaddedUnits, isTrained: true);
        _inputTransposed = new PanelWeights<T>(gates * PaddedUnits, input.Features, isTrained: false);
        _stateTransposed = new PanelWeights<T>(gates * PaddedUnits, Units, isTrained: false);
        (_bias, _biasGradient) = (new T[Width], new T[Width]);
        _noBias = new T[_inputTransposed.Width];
        OwnParameters =
        [
            Gated("input_weights", _inputWeights, gates), Gated("state_weights", _stateWeights, gates),
            new LayerParameter<T>("bias", gates * Units, _bias, _biasGradient, i => (i / Units * PaddedUnits) + (i % Units)),
        ];
        foreach (var parameter in OwnParameters)
        {
            var drawn = new T[parameter.Count];
            foreach (ref var value in drawn.AsSpan())
            {
                value = Draw(1 / Math.Sqrt(Units), random);
            }

            parameter.Import(drawn);
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<LayerParameter<T>> Parameters => OwnParameters;

    /// <summary>Weights and bias.</summary>
    protected LayerParameter<T>[] OwnParameters { get; }

    /// <summary>Steps of a sequence.</summary>
    protected int Steps { get; }

    /// <summary>Units without padding.</summary>
    protected int Units { get; }

    /// <summary>Units with the padding of a gate; padded units are 0 at every step.</summary>
    protected int PaddedUnits { get; }

    /// <summary>Numbers in a row of gates.</summary>
    protected int Width => _inputWeights.Width;

    /// <summary>Numbers in a row of slopes by a state.</summary>
    protected int StateWidth => _stateTransposed.Width;

    /// <summary>Sums of the gates of all steps, then what the gates made of them, then their slopes.</summary>
    protected T[] Gates { get; private set; } = [];

    /// <summary>The states, a step a block, after a first block of zeros.</summary>
    protected T[] States { get; private set; } = [];

    /// <summary>What goes back through the state's weights: the slopes of the gates unless a layer has its own.</summary>
    protected virtual T[] StateGates => Gates;

    /// <inheritdoc/>
    public override void Reserve(int rows)
    {
        var all = checked(rows * Steps);
        _inputs = new T[checked(all * Input.Features)];
        Gates = new T[checked(all * Width)];
        States = new T[checked((all + rows) * PaddedUnits)];
        _inputSlopes = new T[checked(all * _inputTransposed.Width)];
        _stateSlopes = new T[rows * StateWidth];
        _inputRows = Patches.OfRows(all, Input.Features, Input.Features);
        _stateRows = Patches.OfRows(all, PaddedUnits, Units);
        _gateRows = Patches.OfRows(all, Width, _inputTransposed.Inputs);
    }

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<T> input, Span<T> output, int rows, bool isTraining)
    {
        var features = Input.Features;
        for (var i = 0; i < rows * Steps; i++)
        {
            // Example by example becomes step by step.
            input.Slice(i * features, features).CopyTo(_inputs.AsSpan(((i % Steps * rows) + (i / Steps)) * features));
        }

        // A pass of other rows may have left states there.
        Block(States, 0, rows, PaddedUnits).Clear();
        PatchProducts.Multiply(_inputs, _inputRows, rows * Steps, _inputWeights, _bias, Gates);
        for (var step = 0; step < Steps; step++)
        {
            Forward(step, rows);
        }

        for (var i = 0; i < rows; i++)
        {
            for (var step = _isSequence ? 0 : Steps - 1; step < Steps; step++)
            {
                var at = (i * (_isSequence ? Steps : 1)) + (_isSequence ? step : 0);
                States.AsSpan((((step + 1) * rows) + i) * PaddedUnits, Units).CopyTo(output[(at * Units)..]);
            }
        }
    }

    /// <inheritdoc/>
    public override void Backward(
        ReadOnlySpan<T> input, ReadOnlySpan<T> output, Span<T> outputSlopes, Span<T> inputSlopes, int rows)
    {
        _stateWeights.TransposeTo(_stateTransposed);
        var slopes = _stateSlopes.AsSpan(0, rows * StateWidth);
        slopes.Clear();
        for (var step = Steps - 1; step >= 0; step--)
        {
            if (_isSequence || step == Steps - 1)
            {
                AddSlopes(outputSlopes, slopes, step, rows);
            }

            Backward(step, rows, slopes);
            if (step > 0)
            {
                PatchProducts.Add(Block(StateGates, step, rows, Width), _gateRows, rows, _stateTransposed, slopes);
            }
        }

        PatchSums.Add(_inputs, _inputRows, rows * Steps, Gates, T.Zero, _inputWeights);
        PatchSums.Add(States, _stateRows, rows * Steps, StateGates, T.Zero, _stateWeights);
        _biasGradient.AsSpan().Clear();
        RowCopies.AddTo<T>(_biasGradient, Gates.AsSpan(0, rows * Steps * Width));
        if (!inputSlopes.IsEmpty)
        {
            Propagate(inputSlopes, rows);
        }
    }

    /// <summary>Computes the states of a step.</summary>
    protected abstract void Forward(int step, int rows);

    /// <summary>Turns the gates of a step into slopes.</summary>
    /// <param name="step">From 0.</param>
    /// <param name="rows">How many.</param>
    /// <param name="slopes">By the states after the step; overwritten by what goes to the states before it beside their weights.</param>
    protected abstract void Backward(int step, int rows, Span<T> slopes);

    /// <summary>The rows of a step in a buffer.</summary>
    protected static Span<T> Block(T[] buffer, int step, int rows, int width) => buffer.AsSpan(step * rows * width, rows * width);

    /// <summary>Adds the states before a step, times their weights, to sums of that step.</summary>
    protected void AddStates(int step, int rows, Span<T> sums) =>
        PatchProducts.Add(Block(States, step, rows, PaddedUnits), _stateRows, rows, _stateWeights, sums);

    private void AddSlopes(ReadOnlySpan<T> outputSlopes, Span<T> slopes, int step, int rows)
    {
        for (var i = 0; i < rows; i++)
        {
            var at = _isSequence ? (i * Steps) + step : i;
            var to = slopes.Slice(i * StateWidth, Units);
            TensorPrimitives.Add(to, outputSlopes.Slice(at * Units, Units), to);
        }
    }

    private void Propagate(Span<T> inputSlopes, int rows)
    {
        _inputWeights.TransposeTo(_inputTransposed);
        PatchProducts.Multiply(Gates, _gateRows, rows * Steps, _inputTransposed, _noBias, _inputSlopes);
        var features = Input.Features;
        for (var i = 0; i < rows * Steps; i++)
        {
            var from = ((i % Steps * rows) + (i / Steps)) * _inputTransposed.Width;
            _inputSlopes.AsSpan(from, features).CopyTo(inputSlopes[(i * features)..]);
        }
    }

    private LayerParameter<T> Gated(string name, PanelWeights<T> weights, int gates) => new(
        name, checked(gates * Units * weights.Inputs), weights.Values, weights.Gradient, i =>
        {
            var (output, from) = (i / weights.Inputs, i % weights.Inputs);
            return weights.Index(from, (output / Units * PaddedUnits) + (output % Units));
        })
    {
        IsPenalised = true,
    };
}
