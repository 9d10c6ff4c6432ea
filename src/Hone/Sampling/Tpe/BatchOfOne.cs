using System.Runtime.InteropServices;

namespace Hone.Sampling.Tpe;

/// <summary>The kernels of a mixture of one dimension: equal ones together, in order of their centres, and then the wide ones.</summary>
/// <remarks>Few kernels are left of an int parameter, and as many as there are choices of a categorical one.</remarks>
internal sealed class BatchOfOne(KernelTable table, KernelBatch batch)
{
    // Kernels at most so much wider than the narrowest may be; with many trials nearly all are as narrow as may be.
    private const double Narrow = 1.1;
    private readonly double[] _choiceWeights = new double[table.Dimensions[0].Choices];
    private readonly int[] _choiceItems = new int[table.Dimensions[0].Choices];
    private readonly List<int> _wide = [];
    private double _leastScale;
    private double _largestStart;
    private int _narrow;

    /// <summary>Where the wide kernels begin: they matter everywhere.</summary>
    public int Wide { get; private set; }

    /// <summary>Takes the kernels of a mixture.</summary>
    public void Fill(bool good, in RecencyWeights weights)
    {
        batch.Clear(table.Blocks.Start, table.Count);
        SetWeights(good, weights);
        if (table.Numeric == 0)
        {
            FillChoices(good);
            return;
        }

        _wide.Clear();
        _leastScale = Kernel.Scale(Narrow * table.LeastWidth(good));
        _largestStart = double.NegativeInfinity;
        FillNarrow(good);
        _narrow = batch.Count;
        Wide = batch.Next();
        foreach (var item in _wide)
        {
            batch.Append(table.Blocks, item, batch.ItemWeights[item]);
        }

        batch.Pad();
    }

    /// <summary>The range of the kernels that are not wide and whose log density in a cell may be above a threshold.</summary>
    public (int First, int Last) Near(double from, double to, double threshold)
    {
        var reach = Math.Sqrt(Math.Max(0, _largestStart - threshold)) / _leastScale;
        return (Find(from - reach), Find(to + reach));
    }

    private void FillNarrow(bool good)
    {
        var blocks = table.Blocks;
        var itemWeights = batch.ItemWeights;
        double centre = double.NaN, scale = 0;
        foreach (var item in table.Sorted(good))
        {
            var at = blocks.At(0, item);
            var (ownCentre, ownScale) = (blocks.Numbers[at], blocks.Numbers[at + KernelBlocks.Size]);
            if (ownScale < _leastScale)
            {
                _wide.Add(item);
            }
            else if (ownCentre == centre && ownScale == scale)
            {
                batch.AddWeight(itemWeights[item]);
            }
            else
            {
                (centre, scale) = (ownCentre, ownScale);
                var start = blocks.Numbers[at + (2 * KernelBlocks.Size)];
                _largestStart = Math.Max(_largestStart, start);
                batch.Append(centre, scale, start, itemWeights[item]);
            }
        }
    }

    private void FillChoices(bool good)
    {
        Array.Clear(_choiceWeights);
        for (var item = 0; item < table.Count; item++)
        {
            if (table.IsGood(item) == good)
            {
                var choice = (int)table.Blocks[0, item];
                _choiceItems[choice] = item;
                _choiceWeights[choice] += batch.ItemWeights[item];
            }
        }

        for (var choice = 0; choice < _choiceItems.Length; choice++)
        {
            if (_choiceWeights[choice] > 0)
            {
                batch.Append(table.Blocks, _choiceItems[choice], _choiceWeights[choice]);
            }
        }

        batch.Pad();
    }

    // The good ones, at most 25, cut the bad ones' line of weights into pieces.
    private void SetWeights(bool good, in RecencyWeights weights)
    {
        var itemWeights = batch.ItemWeights;
        var goods = CollectionsMarshal.AsSpan(table.Good);
        for (int piece = 0, item = 0; piece <= goods.Length && !good; piece++, item++)
        {
            for (var last = piece < goods.Length ? goods[piece] : table.Count; item < last; item++)
            {
                itemWeights[item] = weights[item - piece];
            }
        }

        foreach (var item in goods)
        {
            itemWeights[item] = 1;
        }
    }

    private int Find(double place)
    {
        var centres = batch.Column(0);
        int low = 0, high = _narrow;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = centres[middle] < place ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
