using System.Numerics;

namespace Hone.Learning.Networks.Layers;

/// <summary>
/// One layer at work: computes outputs from inputs and takes slopes back, for a batch of examples that lie one after the other. Passes
/// allocate nothing.
/// </summary>
/// <remarks>A backward pass follows a forward pass in training over the same rows, whose inputs and outputs are still there.</remarks>
internal abstract class NetworkLayer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    protected NetworkLayer(string name, TensorShape input, TensorShape output)
    {
        Name = name;
        Input = input;
        Output = output;
    }

    /// <summary>As the description has it.</summary>
    public string Name { get; }

    /// <summary>What an example looks like before it.</summary>
    public TensorShape Input { get; }

    /// <summary>What an example looks like behind it.</summary>
    public TensorShape Output { get; }

    /// <summary>What it learns, and what it remembers; none by default.</summary>
    public virtual IReadOnlyList<LayerParameter<T>> Parameters => [];

    /// <summary>Makes room for so many rows; called before the first pass, and again when there may be more.</summary>
    public virtual void Reserve(int rows) { }

    /// <summary>Computes the outputs of some rows.</summary>
    /// <param name="input">One row an example.</param>
    /// <param name="output">One row an example; overwritten.</param>
    /// <param name="rows">How many, at most as many as were reserved.</param>
    /// <param name="isTraining">Whether to do what only training does: drop units out, learn a batch's means.</param>
    public abstract void Forward(ReadOnlySpan<T> input, Span<T> output, int rows, bool isTraining);

    /// <summary>Sets the gradients of the parameters, and the slopes of the loss by the inputs.</summary>
    /// <param name="input">As in the forward pass.</param>
    /// <param name="output">As the forward pass left it.</param>
    /// <param name="outputSlopes">Slopes of the loss by the outputs; may be overwritten.</param>
    /// <param name="inputSlopes">Slopes by the inputs, overwritten; empty where nobody wants them.</param>
    /// <param name="rows">As in the forward pass.</param>
    public abstract void Backward(
        ReadOnlySpan<T> input, ReadOnlySpan<T> output, Span<T> outputSlopes, Span<T> inputSlopes, int rows);

    /// <summary>Numbers from -limit to limit, all alike likely.</summary>
    protected static T Draw(double limit, Random random) => T.CreateTruncating(((2 * random.NextDouble()) - 1) * limit);
}
