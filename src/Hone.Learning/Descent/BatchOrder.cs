using Hone.Learning.Data;

namespace Hone.Learning.Descent;

/// <summary>Deals out rows in mini-batches, shuffled anew for each epoch, by seed. Allocates nothing after its creation.</summary>
internal sealed class BatchOrder
{
    private readonly int[] _order;
    private readonly ulong[] _keys;
    private readonly int[] _ends;
    private readonly int _batchSize;
    private readonly ulong _seed;
    private ulong _epoch;
    private int _position;

    public BatchOrder(int rows, SgdOptions options)
    {
        _order = new int[rows];
        _keys = new ulong[rows];
        _ends = new int[rows + 1];
        _batchSize = Math.Min(options.BatchSize, rows);
        _seed = options.ShuffleSeed;
        _position = rows;
    }

    /// <summary>The rows that this epoch deals out after the last batch, in order. Valid until the next batch.</summary>
    public ReadOnlySpan<int> Coming => _order.AsSpan(_position);

    /// <summary>The next batch; it is valid until the next call. The last of an epoch holds what is left.</summary>
    public ReadOnlySpan<int> Next()
    {
        if (_position == _order.Length)
        {
            Permutation.Fill(_seed + _epoch++, _order, _keys, _ends);
            _position = 0;
        }

        var length = Math.Min(_batchSize, _order.Length - _position);
        _position += length;
        return _order.AsSpan(_position - length, length);
    }
}
