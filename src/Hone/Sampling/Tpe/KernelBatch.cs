using System.Numerics;

namespace Hone.Sampling.Tpe;

/// <summary>The kernels that matter to one or to all candidates, copied side by side: each number of a kernel in a column of its own.</summary>
internal sealed class KernelBatch
{
    private double[] _numbers = [];
    private double[] _weights = [];
    private int _columns;

    /// <summary>How many kernels there are.</summary>
    public int Count { get; private set; }

    /// <summary>How many numbers a column has room for.</summary>
    public int Room { get; private set; }

    /// <summary>The columns, one after the other, <see cref="Room"/> apart.</summary>
    public double[] Numbers => _numbers;

    /// <summary>The weights of the kernels.</summary>
    public Span<double> Weights => _weights.AsSpan(0, Count);

    /// <summary>The numbers of one column.</summary>
    public ReadOnlySpan<double> Column(int column) => _numbers.AsSpan(column * Room, Count);

    /// <summary>Room for the weights of all observations.</summary>
    public double[] ItemWeights { get; private set; } = [];

    /// <summary>Empties the batch and makes room for so many kernels of the columns up to the last.</summary>
    public void Clear(int lastColumn, int most)
    {
        Count = 0;
        _columns = lastColumn + 1;
        var needed = most + (3 * Vector<double>.Count);
        if (Room < needed || _numbers.Length < Room * _columns)
        {
            Room = Math.Max(Room, needed + (needed / 4));
            _numbers = new double[Room * _columns];
            _weights = new double[Room];
            ItemWeights = new double[Room];
        }
    }

    /// <summary>Copies a kernel.</summary>
    public void Append(KernelBlocks blocks, int kernel, double weight)
    {
        var from = blocks.At(0, kernel);
        for (int c = 0, to = Count; c < _columns; c++)
        {
            _numbers[to] = blocks.Numbers[from];
            (from, to) = (from + KernelBlocks.Size, to + Room);
        }

        _weights[Count++] = weight;
    }

    /// <summary>Appends a kernel of one numeric dimension.</summary>
    public void Append(double centre, double scale, double start, double weight)
    {
        (_numbers[Count], _numbers[Room + Count], _numbers[(2 * Room) + Count]) = (centre, scale, start);
        _weights[Count++] = weight;
    }

    /// <summary>Adds to the weight of the kernel appended last.</summary>
    public void AddWeight(double weight) => _weights[Count - 1] += weight;

    /// <summary>Puts a vector of kernels of no weight behind the others, for reading in whole vectors.</summary>
    public void Pad()
    {
        for (var c = 0; c < _columns; c++)
        {
            _numbers.AsSpan((c * Room) + Count, Vector<double>.Count).Fill(1);
        }

        _weights.AsSpan(Count, Vector<double>.Count).Clear();
    }

    /// <summary>Ends the list and begins another one, whose first place it returns.</summary>
    public int Next()
    {
        Pad();
        return Count += Vector<double>.Count;
    }
}
