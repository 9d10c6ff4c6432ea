using System.Numerics;
using Hone.Learning.Data;
using Hone.Learning.Descent;
using Hone.Learning.Networks.Layers;
using Hone.Learning.Scores;

namespace Hone.Learning.Networks;

/// <summary>A network of named layers, built from a <see cref="NetworkDescription"/>. Runs on one core. Not thread-safe.</summary>
/// <typeparam name="T"><see cref="float"/>, or <see cref="double"/> for twice the digits at half the speed.</typeparam>
public sealed class Network<T> : IModel<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int Block = 64;

    private readonly SequenceLayer<T> _layers;
    private readonly int[] _rows = new int[Block];
    private T[] _outputs = [];
    private int _reserved;

    /// <param name="description">What to build.</param>
    /// <param name="random">Draws the first weights, layer by layer, and the seeds of dropout. Equal seeds give equal networks.</param>
    /// <exception cref="NetworkException">The description does not fit together. The message names the layer.</exception>
    public Network(NetworkDescription description, Random random)
    {
        ArgumentNullException.ThrowIfNull(description);
        ArgumentNullException.ThrowIfNull(random);
        var shapes = description.Shapes();
        Description = description;
        Output = shapes[description.Layers[^1].Name];
        _layers = new NetworkBuilder<T>(shapes, random).Sequence("", description.Layers, description.Input);
        Parameters = [.. Collect(_layers)];
        Reserve(Block);
    }

    /// <summary>What it was built from.</summary>
    public NetworkDescription Description { get; }

    /// <summary>What it makes of an example.</summary>
    public TensorShape Output { get; }

    /// <inheritdoc/>
    public int Features => Description.Input.Count;

    /// <inheritdoc/>
    public int Outputs => Output.Count;

    /// <summary>How many numbers it learns.</summary>
    public long LearnedCount => Parameters.Where(named => named.Parameter.Gradient.Length > 0).Sum(named => (long)named.Parameter.Count);

    /// <summary>What each layer learns and remembers, under <c>layer.parameter</c>, in the order of the layers.</summary>
    internal IReadOnlyList<(string Name, LayerParameter<T> Parameter)> Parameters { get; }

    /// <inheritdoc/>
    public void Compute(Matrix<T> features, Span<T> outputs)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentOutOfRangeException.ThrowIfNotEqual(features.Columns, Features, nameof(features));
        ArgumentOutOfRangeException.ThrowIfNotEqual(outputs.Length, features.Rows * Outputs, nameof(outputs));
        for (var start = 0; start < features.Rows; start += Block)
        {
            var rows = Math.Min(Block, features.Rows - start);
            Forward(features.Values.AsSpan(start * Features, rows * Features), outputs.Slice(start * Outputs, rows * Outputs), rows, isTraining: false);
        }
    }

    /// <inheritdoc/>
    public Evaluation Evaluate(Examples<T> examples, TrainingLoss loss, double huberDelta = 1)
    {
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentOutOfRangeException.ThrowIfZero(examples.Count, nameof(examples));
        ArgumentOutOfRangeException.ThrowIfNotEqual(examples.Features.Columns, Features, nameof(examples));
        var sum = new EvaluationSum<T>(examples, loss, huberDelta);
        for (var start = 0; start < examples.Count; start += Block)
        {
            var rows = _rows.AsSpan(0, Math.Min(Block, examples.Count - start));
            for (var i = 0; i < rows.Length; i++)
            {
                rows[i] = start + i;
            }

            var outputs = _outputs.AsSpan(0, rows.Length * Outputs);
            Forward(examples.Features.Values.AsSpan(start * Features, rows.Length * Features), outputs, rows.Length, isTraining: false);
            sum.Add(rows, outputs, Outputs, Outputs);
        }

        return sum.Mean();
    }

    /// <summary>Makes room for so many rows at once.</summary>
    /// <exception cref="NetworkException">There is not so much memory.</exception>
    internal void Reserve(int rows)
    {
        if (rows <= _reserved)
        {
            return;
        }

        try
        {
            _outputs = new T[checked(Math.Min(rows, Block) * Outputs)];
            _layers.Reserve(rows);
            _reserved = rows;
        }
        catch (Exception e) when (e is OverflowException or OutOfMemoryException)
        {
            throw new NetworkException($"{rows} examples at once do not fit into memory. Make the batch, the input or the layers smaller.");
        }
    }

    /// <summary>As <see cref="NetworkLayer{T}.Forward"/>, for at most as many rows as were reserved.</summary>
    internal void Forward(ReadOnlySpan<T> inputs, Span<T> outputs, int rows, bool isTraining) =>
        _layers.Forward(inputs, outputs, rows, isTraining);

    /// <summary>As <see cref="NetworkLayer{T}.Backward"/>.</summary>
    internal void Backward(ReadOnlySpan<T> inputs, ReadOnlySpan<T> outputs, Span<T> slopes, Span<T> inputSlopes, int rows) =>
        _layers.Backward(inputs, outputs, slopes, inputSlopes, rows);

    private static IEnumerable<(string Name, LayerParameter<T> Parameter)> Collect(NetworkLayer<T> layer) => layer switch
    {
        SequenceLayer<T> sequence => sequence.Layers.SelectMany(Collect),
        ResidualLayer<T> residual => Collect(residual.Body).Concat(Collect(residual.Shortcut)),
        _ => layer.Parameters.Select(parameter => ($"{layer.Name}.{parameter.Name}", parameter)),
    };
}
