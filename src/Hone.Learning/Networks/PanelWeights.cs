using System.Numerics;
using System.Runtime.Intrinsics;

namespace Hone.Learning.Networks;

/// <summary>
/// A matrix of weights as <see cref="PatchProducts"/> read it: in panels of 32 outputs (16 of <see cref="double"/>), all inputs' weights of
/// a panel, input by input, then the next panel. Outputs are padded with zeros to whole vectors of 512 bits, so that the last panel may be
/// half as wide; padded weights stay 0, for their slopes are.
/// </summary>
internal sealed class PanelWeights<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Outputs in a vector: 16 of <see cref="float"/>, 8 of <see cref="double"/>.</summary>
    public static readonly int Lane = Vector512<T>.Count;

    /// <summary>Outputs in a whole panel.</summary>
    public static readonly int Panel = 2 * Vector512<T>.Count;

    /// <param name="inputs">Rows of the matrix.</param>
    /// <param name="outputs">Its columns, without padding.</param>
    /// <param name="isTrained">Whether it has a gradient.</param>
    public PanelWeights(int inputs, int outputs, bool isTrained)
    {
        Inputs = inputs;
        Outputs = outputs;
        Width = Padded(outputs);
        Values = new T[checked(inputs * Width)];
        Gradient = isTrained ? new T[Values.Length] : [];
    }

    /// <summary>Rows of the matrix.</summary>
    public int Inputs { get; }

    /// <summary>Its columns, without padding.</summary>
    public int Outputs { get; }

    /// <summary>Its columns with their padding.</summary>
    public int Width { get; }

    /// <summary>The weights in panels.</summary>
    public T[] Values { get; }

    /// <summary>Their gradient in panels; empty if there is none.</summary>
    public T[] Gradient { get; }

    /// <summary>A number of outputs rounded up to whole vectors.</summary>
    public static int Padded(int outputs) => checked((outputs + Lane - 1) / Lane * Lane);

    /// <summary>Where the weight of an input and an output lies.</summary>
    public int Index(int input, int output)
    {
        var first = output / Panel * Panel;
        return (first * Inputs) + (input * Math.Min(Panel, Width - first)) + (output - first);
    }

    /// <summary>Writes the weights with inputs and outputs exchanged.</summary>
    public void TransposeTo(PanelWeights<T> other)
    {
        for (var first = 0; first < Outputs; first += Panel)
        {
            var width = Math.Min(Panel, Width - first);
            var count = Math.Min(width, Outputs - first);
            for (var input = 0; input < Inputs; input++)
            {
                var from = Values.AsSpan((first * Inputs) + (input * width), count);
                var to = other.Index(0, input);
                var row = other.Index(1, input) - to;
                to += first * row;
                foreach (var weight in from)
                {
                    other.Values[to] = weight;
                    to += row;
                }
            }
        }
    }
}
