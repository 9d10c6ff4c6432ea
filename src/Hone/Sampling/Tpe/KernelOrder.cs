namespace Hone.Sampling.Tpe;

/// <summary>The observations of one set in the order of one dimension, kept sorted as they come and go.</summary>
internal sealed class KernelOrder
{
    private int[] _items = [];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>All in order.</summary>
    public ReadOnlySpan<int> Items => _items.AsSpan(0, Count);

    /// <summary>The observation at a position.</summary>
    public int this[int position] => _items[position];

    /// <summary>Puts an observation in and returns its position.</summary>
    /// <param name="item">The observation; ties stand in ascending order of it.</param>
    /// <param name="centres">Where the centres stand.</param>
    public int Insert(int item, in Centres centres)
    {
        var position = Find(item, centres);
        if (Count == _items.Length)
        {
            Array.Resize(ref _items, Math.Max(4, Count + (Count / 2)));
        }

        Array.Copy(_items, position, _items, position + 1, Count - position);
        _items[position] = item;
        Count++;
        return position;
    }

    /// <summary>Takes an observation out and returns where it was.</summary>
    public int Remove(int item, in Centres centres)
    {
        var position = Find(item, centres);
        Count--;
        Array.Copy(_items, position + 1, _items, position, Count - position);
        return position;
    }

    private int Find(int item, in Centres centres)
    {
        var centre = centres[item];
        int low = 0, high = Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            var other = centres[_items[middle]];
            if (other < centre || (other == centre && _items[middle] < item))
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}

/// <summary>The centres of all observations in one dimension.</summary>
internal readonly record struct Centres(KernelBlocks Blocks, int Column)
{
    public double this[int item] => Blocks[Column, item];
}
