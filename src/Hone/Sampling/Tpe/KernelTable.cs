namespace Hone.Sampling.Tpe;

/// <summary>
/// The observations of one group of parameters, each a kernel of the good or of the bad mixture, with the widths of both kept up to date
/// as observations come and change sides.
/// </summary>
/// <remarks>
/// The width of a kernel is the larger gap to its two neighbours in that dimension (the centre of the prior, 1/2, is a neighbour too; at the
/// ends only the inner one counts), at least 1 / min(100, n + 2) and at most 1 of the range (Bergstra et al., NeurIPS 2011).
/// </remarks>
internal sealed class KernelTable
{
    private const int LastGrowingCount = 98;
    private readonly KernelOrder[][] _orders;
    private readonly int[] _counts = new int[2];
    private readonly bool[] _stale = new bool[2];
    private bool[] _good = [];

    public KernelTable(Dimension[] dimensions)
    {
        Dimensions = [.. dimensions.OrderBy(d => d.Spread)];
        Numeric = dimensions.Count(d => d.Spread != Spread.Categorical);
        Blocks = new KernelBlocks(Numeric, Dimensions.Length - Numeric);
        _orders = [.. Enumerable.Range(0, 2).Select(_ => Enumerable.Range(0, Numeric).Select(_ => new KernelOrder()).ToArray())];
    }

    /// <summary>The dimensions: continuous, then stepped, then categorical ones.</summary>
    public Dimension[] Dimensions { get; }

    /// <summary>How many dimensions are not categorical; they come first.</summary>
    public int Numeric { get; }

    /// <summary>How many observations there are.</summary>
    public int Count { get; private set; }

    /// <summary>The kernels of all observations, in order of arrival.</summary>
    public KernelBlocks Blocks { get; }

    /// <summary>The good observations, ascending.</summary>
    public List<int> Good { get; } = [];

    /// <summary>How many observations are bad.</summary>
    public int BadCount => Count - Good.Count;

    /// <summary>Whether an observation belongs to the good mixture.</summary>
    public bool IsGood(int item) => _good[item];

    /// <summary>The observations of a mixture in the order of its only dimension.</summary>
    public ReadOnlySpan<int> Sorted(bool good) => _orders[good ? 1 : 0][0].Items;

    /// <summary>The least width of a kernel of a mixture.</summary>
    public double LeastWidth(bool good) => 1.0 / Math.Min(100, _counts[good ? 1 : 0] + 2);

    /// <summary>Adds a bad observation and returns its number, from 0.</summary>
    public int Add(ReadOnlySpan<double> codes)
    {
        var item = Count++;
        if (_good.Length < Count)
        {
            Array.Resize(ref _good, Math.Max(16, Count + (Count / 4)));
        }

        Blocks.Reserve(Count);
        Blocks[Blocks.Start, item] = 0;
        for (var d = 0; d < Dimensions.Length; d++)
        {
            Blocks[Blocks.Column(d), item] = Dimensions[d].ToUnit(codes[Dimensions[d].Index]);
        }

        Join(item, 0);
        return item;
    }

    /// <summary>Moves an observation to the other mixture, if it is not there yet.</summary>
    public void Move(int item, bool good)
    {
        if (_good[item] == good)
        {
            return;
        }

        _good[item] = good;
        var position = Good.BinarySearch(item);
        if (good)
        {
            Good.Insert(~position, item);
        }
        else
        {
            Good.RemoveAt(position);
        }

        Leave(item, good ? 0 : 1);
        Join(item, good ? 1 : 0);
    }

    /// <summary>Brings all widths up to date, after any number of changes and before they are read.</summary>
    public void Settle()
    {
        for (var side = 0; side < 2; side++)
        {
            for (var d = 0; d < Numeric && _stale[side]; d++)
            {
                SetWidths(side, d, 0, _orders[side][d].Count - 1);
            }

            _stale[side] = false;
        }
    }

    private void Join(int item, int side)
    {
        _counts[side]++;
        for (var d = 0; d < Numeric; d++)
        {
            var position = _orders[side][d].Insert(item, CentresOf(d));
            Refit(side, d, position - 1, position + 1);
        }
    }

    private void Leave(int item, int side)
    {
        _counts[side]--;
        for (var d = 0; d < Numeric; d++)
        {
            var position = _orders[side][d].Remove(item, CentresOf(d));
            Refit(side, d, position - 1, position);
        }
    }

    private Centres CentresOf(int d) => new(Blocks, 2 * d);

    // While the least width still shrinks with the count any kernel of the set may change: all wait for Settle.
    private void Refit(int side, int d, int first, int last)
    {
        if (_counts[side] <= LastGrowingCount)
        {
            _stale[side] = true;
            return;
        }

        SetWidths(side, d, Math.Max(first, 0), Math.Min(last, _orders[side][d].Count - 1));
    }

    private void SetWidths(int side, int d, int first, int last)
    {
        var order = _orders[side][d];
        var least = LeastWidth(side == 1);
        for (var p = first; p <= last; p++)
        {
            Blocks.SetScale(order[p], d, Kernel.Scale(Math.Clamp(Gap(order, d, p), least, 1)));
        }
    }

    private double Gap(KernelOrder order, int d, int position)
    {
        const double Prior = 0.5;
        var centres = CentresOf(d);
        var centre = centres[order[position]];
        var left = position > 0 ? centres[order[position - 1]] : double.NegativeInfinity;
        var right = position + 1 < order.Count ? centres[order[position + 1]] : double.PositiveInfinity;
        if (centre > Prior)
        {
            left = Math.Max(left, Prior);
        }
        else
        {
            right = Math.Min(right, Prior);
        }

        return double.IsInfinity(left) ? right - centre : double.IsInfinity(right) ? centre - left : Math.Max(centre - left, right - centre);
    }
}
