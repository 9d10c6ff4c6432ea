using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;

namespace Hone.Learning.Networks.Layers;

/// <summary>Turns each number of a row, the code of a word, into the row of features that is learned for it.</summary>
internal sealed class EmbeddingLayer<T> : NetworkLayer<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly int _vocabulary;
    private readonly int _features;
    private readonly T[] _table;
    private readonly T[] _gradient;

    /// <param name="name">As the description has it.</param>
    /// <param name="input">A row of codes.</param>
    /// <param name="vocabulary">Codes are whole numbers from 0 to below this.</param>
    /// <param name="features">Of each code.</param>
    /// <param name="random">Draws the features from a normal distribution of variance 1.</param>
    public EmbeddingLayer(string name, TensorShape input, int vocabulary, int features, Random random)
        : base(name, input, new TensorShape(input.Count, features))
    {
        _vocabulary = vocabulary;
        _features = features;
        _table = new T[checked(vocabulary * features)];
        _gradient = new T[_table.Length];
        for (var i = 0; i < _table.Length; i++)
        {
            var radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            _table[i] = T.CreateTruncating(radius * Math.Cos(2 * Math.PI * random.NextDouble()));
        }

        Parameters = [new LayerParameter<T>("table", _table.Length, _table, _gradient)];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<LayerParameter<T>> Parameters { get; }

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<T> input, Span<T> output, int rows, bool isTraining)
    {
        for (var i = 0; i < input.Length; i++)
        {
            _table.AsSpan(Code(input[i]) * _features, _features).CopyTo(output[(i * _features)..]);
        }
    }

    /// <inheritdoc/>
    public override void Backward(
        ReadOnlySpan<T> input, ReadOnlySpan<T> output, Span<T> outputSlopes, Span<T> inputSlopes, int rows)
    {
        _gradient.AsSpan().Clear();
        for (var i = 0; i < input.Length; i++)
        {
            var to = _gradient.AsSpan(Code(input[i]) * _features, _features);
            TensorPrimitives.Add(to, outputSlopes.Slice(i * _features, _features), to);
        }

        inputSlopes.Clear();
    }

    private int Code(T value)
    {
        var number = double.CreateTruncating(value);
        if (number >= 0 && number < _vocabulary && number == Math.Floor(number))
        {
            return (int)number;
        }

        throw new NetworkException(string.Create(
            CultureInfo.InvariantCulture,
            $"Layer '{Name}': {number:R} came in, and its codes are whole numbers from 0 to {_vocabulary - 1}. Raise its vocabulary, or look at the data."));
    }
}
