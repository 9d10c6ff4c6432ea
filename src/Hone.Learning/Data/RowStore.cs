using System.Numerics;
using System.Runtime.InteropServices;

namespace Hone.Learning.Data;

/// <summary>
/// Takes in the rows of a table while its text is read, and keeps no more than a block of their features in memory: the rest goes to a
/// stream, from where the whole table is taken at the end, when its size is known.
/// </summary>
/// <param name="stream">A stream to write, seek and read; what lies before its position at <see cref="Begin"/> is left alone.</param>
internal sealed class RowStore<T>(Stream stream)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int BlockValues = 1 << 15;
    private const int BlockTargets = 1 << 16;

    private readonly List<double[]> _targets = [];
    private T[] _block = [];
    private int _count;
    private int _rowStart;
    private long _start = -1;

    /// <summary>How many rows there are.</summary>
    public int Rows { get; private set; }

    /// <summary>Forgets all rows.</summary>
    /// <param name="columns">The most features that a row can have.</param>
    public void Begin(int columns)
    {
        _start = _start < 0 ? stream.Position : _start;
        stream.Position = _start;
        stream.SetLength(_start);
        _block = new T[Math.Max(BlockValues, columns)];
        (_count, _rowStart, Rows) = (0, 0, 0);
        _targets.Clear();
    }

    /// <summary>Adds a feature to the row that is being read.</summary>
    public void Add(T value) => _block[_count++] = value;

    /// <summary>Gives up the row that is being read.</summary>
    public void Drop() => _count = _rowStart;

    /// <summary>Ends the row that was read.</summary>
    /// <param name="target">Its target.</param>
    /// <param name="columns">The most features that the next can have.</param>
    /// <exception cref="IOException">The stream cannot take more.</exception>
    public void EndRow(double target, int columns)
    {
        if (Rows % BlockTargets == 0)
        {
            _targets.Add(new double[BlockTargets]);
        }

        _targets[^1][Rows % BlockTargets] = target;
        Rows = checked(Rows + 1);
        if (_count + columns > _block.Length)
        {
            Flush();
        }

        _rowStart = _count;
    }

    /// <summary>All features, row by row.</summary>
    public T[] Features(int columns)
    {
        Flush();
        var values = new T[checked(Rows * columns)];
        stream.Position = _start;
        Read(stream, values);
        return values;
    }

    /// <summary>All targets.</summary>
    public double[] Targets()
    {
        var targets = new double[Rows];
        for (var block = 0; block < _targets.Count; block++)
        {
            var from = block * BlockTargets;
            _targets[block].AsSpan(0, Math.Min(BlockTargets, Rows - from)).CopyTo(targets.AsSpan(from));
        }

        return targets;
    }

    /// <summary>Fills values from a stream.</summary>
    /// <exception cref="EndOfStreamException">There are fewer.</exception>
    public static void Read(Stream stream, Span<T> values)
    {
        for (; values.Length > 0; values = values[Math.Min(BlockValues, values.Length)..])
        {
            stream.ReadExactly(MemoryMarshal.AsBytes(values[..Math.Min(BlockValues, values.Length)]));
        }
    }

    private void Flush()
    {
        stream.Write(MemoryMarshal.AsBytes(_block.AsSpan(0, _count)));
        (_count, _rowStart) = (0, 0);
    }
}
