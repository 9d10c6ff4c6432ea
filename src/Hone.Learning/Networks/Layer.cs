using System.Numerics;
using System.Runtime.InteropServices;
using Hone.Learning.Training;

namespace Hone.Learning.Networks;

/// <summary>Weights from some inputs to some outputs, in the panels of <see cref="PanelKernels"/>, and what a pass leaves in them.</summary>
/// <remarks>Outputs are padded with zeros to whole panels; padded weights stay 0, for their slopes are.</remarks>
internal sealed class Layer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly int Panel = PanelKernels.Width<T>();

    public Layer(int inputs, int outputs)
    {
        Inputs = inputs;
        Outputs = outputs;
        Width = Padded(outputs);
        Weights = new T[checked(inputs * Width)];
        Bias = new T[Width];
    }

    public int Inputs { get; }

    public int Outputs { get; }

    /// <summary>Outputs with their padding.</summary>
    public int Width { get; }

    public T[] Weights { get; }

    public T[] Bias { get; }

    /// <summary>A number rounded up to whole panels.</summary>
    public static int Padded(int outputs) => checked((outputs + Panel - 1) / Panel * Panel);

    /// <summary>Where the weight of an input and an output lies.</summary>
    public int Index(int input, int output) => (output / Panel * Panel * Inputs) + (input * Panel) + (output % Panel);

    /// <summary>The outputs, without activation, of some rows.</summary>
    public void Compute(ReadOnlySpan<T> inputs, int stride, int rows, Span<T> outputs) =>
        PanelKernels.Multiply(inputs, stride, Inputs, rows, Weights, Bias, outputs);

    /// <summary>Writes the weights with inputs and outputs exchanged, in panels of inputs, the padding 0.</summary>
    public void Transpose(Span<T> transposed)
    {
        var from = Weights.AsSpan();
        for (var input = 0; input < Inputs; input++)
        {
            var to = transposed[((input / Panel * Panel * Outputs) + (input % Panel))..];
            for (var output = 0; output < Outputs; output++)
            {
                to[output * Panel] = from[Index(input, output)];
            }
        }
    }

    /// <summary>Draws weights evenly from -limit to limit.</summary>
    public void Draw(double limit, Random random)
    {
        for (var output = 0; output < Outputs; output++)
        {
            for (var input = 0; input < Inputs; input++)
            {
                Weights[Index(input, output)] = T.CreateTruncating(((2 * random.NextDouble()) - 1) * limit);
            }
        }
    }

    /// <summary>The weights and intercepts as they lie in a file.</summary>
    public ModelLayer Export()
    {
        var weights = new float[Inputs * Outputs];
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] = float.CreateTruncating(Weights[Index(i % Inputs, i / Inputs)]);
        }

        var bias = Array.ConvertAll(Bias[..Outputs], value => float.CreateTruncating(value));
        return new ModelLayer
        {
            Inputs = Inputs,
            Outputs = Outputs,
            Weights = MemoryMarshal.AsBytes(weights.AsSpan()).ToArray(),
            Bias = MemoryMarshal.AsBytes(bias.AsSpan()).ToArray(),
        };
    }

    /// <summary>Takes the weights and intercepts of a file, whose sizes were checked.</summary>
    public void Import(ModelLayer layer)
    {
        var weights = ModelLayer.Numbers(layer.Weights);
        for (var i = 0; i < weights.Length; i++)
        {
            Weights[Index(i % Inputs, i / Inputs)] = T.CreateTruncating(weights[i]);
        }

        var bias = ModelLayer.Numbers(layer.Bias);
        for (var k = 0; k < bias.Length; k++)
        {
            Bias[k] = T.CreateTruncating(bias[k]);
        }
    }
}
