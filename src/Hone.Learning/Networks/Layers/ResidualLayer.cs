using System.Numerics;
using System.Numerics.Tensors;

namespace Hone.Learning.Networks.Layers;

/// <summary>Adds what layers make of an input to the input itself, or to what a shortcut makes of it (He et al. 2016).</summary>
internal sealed class ResidualLayer<T>(string name, SequenceLayer<T> body, SequenceLayer<T> shortcut)
    : NetworkLayer<T>(name, body.Input, body.Output)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private T[] _bodyOutputs = [];
    private T[] _shortcutOutputs = [];
    private T[] _slopes = [];
    private T[] _inputSlopes = [];

    /// <summary>What is added to the shortcut.</summary>
    public SequenceLayer<T> Body => body;

    /// <summary>What the input goes through beside the body; often nothing.</summary>
    public SequenceLayer<T> Shortcut => shortcut;

    /// <inheritdoc/>
    public override void Reserve(int rows)
    {
        (_bodyOutputs, _shortcutOutputs) = (new T[checked(rows * Output.Count)], new T[rows * Output.Count]);
        (_slopes, _inputSlopes) = (new T[rows * Output.Count], new T[checked(rows * Input.Count)]);
        body.Reserve(rows);
        shortcut.Reserve(rows);
    }

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<T> input, Span<T> output, int rows, bool isTraining)
    {
        var own = _bodyOutputs.AsSpan(0, output.Length);
        var beside = _shortcutOutputs.AsSpan(0, output.Length);
        body.Forward(input, own, rows, isTraining);
        shortcut.Forward(input, beside, rows, isTraining);
        TensorPrimitives.Add(own, beside, output);
    }

    /// <inheritdoc/>
    public override void Backward(
        ReadOnlySpan<T> input, ReadOnlySpan<T> output, Span<T> outputSlopes, Span<T> inputSlopes, int rows)
    {
        // Layers may overwrite the slopes that they get.
        var copy = _slopes.AsSpan(0, outputSlopes.Length);
        outputSlopes.CopyTo(copy);
        body.Backward(input, _bodyOutputs.AsSpan(0, output.Length), copy, inputSlopes, rows);
        var beside = inputSlopes.IsEmpty ? default : _inputSlopes.AsSpan(0, inputSlopes.Length);
        shortcut.Backward(input, _shortcutOutputs.AsSpan(0, output.Length), outputSlopes, beside, rows);
        if (!inputSlopes.IsEmpty)
        {
            TensorPrimitives.Add(inputSlopes, beside, inputSlopes);
        }
    }
}
