namespace Hone.Sampling.Tpe;

/// <summary>
/// The observations of one group of parameters, each a kernel of the good or of the bad mixture, with the widths of both kept up to date
/// as observations come and change sides.
/// </summary>
/// <remarks>
/// One record an observation, in order of arrival: for each numeric dimension the centre, 1 / (width sqrt 2) and the log of the factor that
/// makes the truncated kernel a density; then for each categorical one the choice. The width of a kernel is the larger gap to its two
/// neighbours in that dimension (the centre of the prior, 1/2, is a neighbour too; at the ends only the inner one counts), at least
/// 1 / min(100, n + 2) and at most 1 of the range (Bergstra et al., NeurIPS 2011).
/// </remarks>
internal sealed class KernelTable
{
    private const int LastGrowingCount = 98;
    private readonly KernelOrder[][] _orders;
    private readonly int[] _counts = new int[2];
    private bool[] _good = [];

    public KernelTable(Dimension[] dimensions)
    {
        Dimensions = [.. dimensions.OrderBy(d => d.Spread)];
        Numeric = dimensions.Count(d => d.Spread != Spread.Categorical);
        Stride = (3 * Numeric) + (Dimensions.Length - Numeric);
        _orders = [.. Enumerable.Range(0, 2).Select(_ => Enumerable.Range(0, Numeric).Select(_ => new KernelOrder()).ToArray())];
    }

    /// <summary>The dimensions: continuous, then stepped, then categorical ones.</summary>
    public Dimension[] Dimensions { get; }

    /// <summary>How many dimensions are not categorical; they come first.</summary>
    public int Numeric { get; }

    /// <summary>Numbers a record.</summary>
    public int Stride { get; }

    /// <summary>How many observations there are.</summary>
    public int Count { get; private set; }

    /// <summary>All records, one after the other.</summary>
    public double[] Records { get; private set; } = [];

    /// <summary>The good observations, ascending.</summary>
    public List<int> Good { get; } = [];

    /// <summary>How many observations are bad.</summary>
    public int BadCount => Count - Good.Count;

    /// <summary>Whether an observation belongs to the good mixture.</summary>
    public bool IsGood(int item) => _good[item];

    /// <summary>The observation at a position of a mixture in the order of its only dimension.</summary>
    public int Sorted(bool good, int position) => _orders[good ? 1 : 0][0][position];

    /// <summary>Whether two observations are the same kernel in the only dimension.</summary>
    public bool Same(int a, int b) =>
        Records[a * Stride] == Records[b * Stride] && Records[(a * Stride) + 1] == Records[(b * Stride) + 1];

    /// <summary>The place of dimension <paramref name="d"/>'s first number in a record.</summary>
    public int Offset(int d) => d < Numeric ? 3 * d : (2 * Numeric) + d;

    /// <summary>Adds a bad observation and returns its number, from 0.</summary>
    public int Add(ReadOnlySpan<double> codes)
    {
        var item = Count++;
        if (_good.Length < Count)
        {
            var room = Math.Max(16, Count + (Count / 2));
            Array.Resize(ref _good, room);
            var records = Records;
            Array.Resize(ref records, room * Stride);
            Records = records;
        }

        for (var d = 0; d < Dimensions.Length; d++)
        {
            Records[(item * Stride) + Offset(d)] = Dimensions[d].ToUnit(codes[Dimensions[d].Index]);
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

    private Centres CentresOf(int d) => new(Records, 3 * d, Stride);

    // While the least width still shrinks with the count, any kernel of the set may change.
    private void Refit(int side, int d, int first, int last)
    {
        var order = _orders[side][d];
        if (_counts[side] <= LastGrowingCount)
        {
            (first, last) = (0, order.Count - 1);
        }

        for (var p = Math.Max(first, 0); p <= Math.Min(last, order.Count - 1); p++)
        {
            SetWidth(order[p], d, Math.Clamp(Gap(order, d, p), 1.0 / Math.Min(100, _counts[side] + 2), 1));
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

    private void SetWidth(int item, int d, double width)
    {
        var record = Records.AsSpan((item * Stride) + (3 * d), 3);
        var scale = Kernel.Scale(width);
        if (record[1] != scale)
        {
            record[1] = scale;
            record[2] = Kernel.LogNorm(record[0], width, Dimensions[d].Spread);
        }
    }
}
