using System.Numerics;

namespace Hone.Learning.Networks.Layers;

/// <summary>Layers one after the other, with the buffers between them. With none it hands its input on.</summary>
internal sealed class SequenceLayer<T> : NetworkLayer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly NetworkLayer<T>[] _layers;
    private readonly T[][] _outputs;
    private readonly T[][] _slopes;

    /// <param name="name">As the description has it.</param>
    /// <param name="input">What an example looks like before the first.</param>
    /// <param name="output">What it looks like behind the last; as large as that layer's output.</param>
    /// <param name="layers">The layers; none that only changes a shape.</param>
    public SequenceLayer(string name, TensorShape input, TensorShape output, NetworkLayer<T>[] layers)
        : base(name, input, output)
    {
        _layers = layers;
        // The last layer writes into the buffer of whoever asks.
        _outputs = new T[Math.Max(0, layers.Length - 1)][];
        _slopes = new T[_outputs.Length][];
        Reserve(1);
    }

    /// <summary>The layers in order.</summary>
    public IReadOnlyList<NetworkLayer<T>> Layers => _layers;

    /// <inheritdoc/>
    public override void Reserve(int rows)
    {
        for (var l = 0; l < _outputs.Length; l++)
        {
            _outputs[l] = new T[checked(rows * _layers[l].Output.Count)];
            _slopes[l] = new T[_outputs[l].Length];
        }

        foreach (var layer in _layers)
        {
            layer.Reserve(rows);
        }
    }

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<T> input, Span<T> output, int rows, bool isTraining)
    {
        if (_layers.Length == 0)
        {
            input.CopyTo(output);
        }

        for (var l = 0; l < _layers.Length; l++)
        {
            var to = l < _outputs.Length ? Of(_outputs, l, rows) : output;
            _layers[l].Forward(input, to, rows, isTraining);
            input = to;
        }
    }

    /// <inheritdoc/>
    public override void Backward(
        ReadOnlySpan<T> input, ReadOnlySpan<T> output, Span<T> outputSlopes, Span<T> inputSlopes, int rows)
    {
        if (_layers.Length == 0 && !inputSlopes.IsEmpty)
        {
            outputSlopes.CopyTo(inputSlopes);
        }

        for (var l = _layers.Length - 1; l >= 0; l--)
        {
            var from = l == 0 ? input : Of(_outputs, l - 1, rows);
            var to = l < _outputs.Length ? Of(_outputs, l, rows) : output;
            var slopes = l < _outputs.Length ? Of(_slopes, l, rows) : outputSlopes;
            _layers[l].Backward(from, to, slopes, l == 0 ? inputSlopes : Of(_slopes, l - 1, rows), rows);
        }
    }

    private Span<T> Of(T[][] buffers, int layer, int rows) => buffers[layer].AsSpan(0, rows * _layers[layer].Output.Count);
}
