using System.Numerics;

namespace Hone.Learning.Networks.Layers;

/// <summary>Numbers that a layer learns, or remembers from training.</summary>
internal sealed class LayerParameter<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Func<int, int>? _place;

    /// <param name="name">Unique within its layer, such as <c>weights</c>.</param>
    /// <param name="count">How many numbers there are without padding.</param>
    /// <param name="values">The numbers as the layer keeps them.</param>
    /// <param name="gradient">One a value; empty for what is remembered and not learned.</param>
    /// <param name="place">Where the numbers of the file lie among the values; null: in the same order.</param>
    public LayerParameter(string name, int count, T[] values, T[] gradient, Func<int, int>? place = null)
    {
        Name = name;
        Count = count;
        Values = values;
        Gradient = gradient;
        _place = place;
    }

    /// <summary>Unique within its layer.</summary>
    public string Name { get; }

    /// <summary>How many numbers there are without padding.</summary>
    public int Count { get; }

    /// <summary>The numbers as the layer keeps them; padding is 0 and stays so.</summary>
    public T[] Values { get; }

    /// <summary>One a value; empty for what is remembered and not learned.</summary>
    public T[] Gradient { get; }

    /// <summary>Whether the penalty counts it: weights, but no intercepts or scales.</summary>
    public bool IsPenalised { get; init; }

    /// <summary>The weights of a matrix, output by output.</summary>
    public static LayerParameter<T> Of(string name, PanelWeights<T> weights) =>
        new(name, checked(weights.Inputs * weights.Outputs), weights.Values, weights.Gradient,
            i => weights.Index(i % weights.Inputs, i / weights.Inputs))
        {
            IsPenalised = true,
        };

    /// <summary>The values without padding, in the order of a file.</summary>
    public T[] Export() => Gather(Values);

    /// <summary>The gradient without padding, in the order of a file.</summary>
    public T[] ExportGradient() => Gather(Gradient);

    /// <summary>Takes values in the order of a file.</summary>
    /// <exception cref="FormatException">There are not as many as there should be.</exception>
    public void Import(ReadOnlySpan<T> values)
    {
        if (values.Length != Count)
        {
            throw new FormatException($"'{Name}' takes {Count} numbers, and there are {values.Length}.");
        }

        for (var i = 0; i < Count; i++)
        {
            Values[_place?.Invoke(i) ?? i] = values[i];
        }
    }

    private T[] Gather(T[] from)
    {
        var numbers = new T[Count];
        for (var i = 0; i < Count; i++)
        {
            numbers[i] = from[_place?.Invoke(i) ?? i];
        }

        return numbers;
    }
}
