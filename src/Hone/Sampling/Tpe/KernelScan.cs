using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Hone.Sampling.Tpe;

/// <summary>Finds the bad kernels that each candidate can feel at all, by a bound on their density.</summary>
/// <remarks>
/// Called once a group and proposal, over all kernels and candidates: what grows with the number of trials. A vector of kernels is read once and
/// compared with all candidates in three dimensions at most; few are near enough to be looked at in the others.
/// </remarks>
internal sealed class KernelScan(KernelTable table, Candidates candidates)
{
    private const int Lead = 3;

    // For each candidate its threshold and the ends of its cells in the numeric dimensions.
    private readonly double[] _bounds = new double[candidates.Count * BoundsOf(table)];
    private readonly double[] _losses = new double[table.Dimensions.Length];
    private readonly List<int>[] _near = [.. Enumerable.Range(0, candidates.Count).Select(_ => new List<int>())];

    /// <summary>What a kernel loses by a choice that is not its own, by dimension.</summary>
    public Span<double> Losses => _losses;

    /// <summary>The bad kernels found near a candidate, in order of arrival.</summary>
    public List<int> Near(int candidate) => _near[candidate];

    /// <summary>Says from which sum of logs on, the candidate's cells left out, a kernel matters to a candidate.</summary>
    public void SetThreshold(int candidate, double threshold)
    {
        var bounds = _bounds.AsSpan(candidate * BoundsOf(table), BoundsOf(table));
        bounds[0] = threshold;
        for (var d = 0; d < bounds.Length / 2; d++)
        {
            // A dimension that does not exist excludes nothing.
            bounds[(2 * d) + 1] = d < table.Numeric ? candidates.From(candidate)[d] : double.NegativeInfinity;
            bounds[(2 * d) + 2] = d < table.Numeric ? candidates.To(candidate)[d] : double.PositiveInfinity;
        }
    }

    /// <summary>Finds the bad kernels that matter.</summary>
    public void Find()
    {
        foreach (var list in _near)
        {
            list.Clear();
        }

        for (var first = 0; first < table.Count; first += Vector<double>.Count)
        {
            Compare(first);
        }
    }

    // Called for each vector of kernels: the inner loop of TPE with many trials.
    private void Compare(int first)
    {
        ref var block = ref table.Blocks[0, first];
        var start = Vector.LoadUnsafe(ref block, (nuint)(table.Blocks.Start * KernelBlocks.Size));
        var (centre0, scale0) = LoadDimension(ref block, 0);
        var (centre1, scale1) = LoadDimension(ref block, Math.Min(1, table.Numeric - 1));
        var (centre2, scale2) = LoadDimension(ref block, Math.Min(2, table.Numeric - 1));
        ref var bounds = ref MemoryMarshal.GetArrayDataReference(_bounds);
        var stride = BoundsOf(table);
        for (var c = 0; c < candidates.Count; c++)
        {
            var log = start - Square(ref Unsafe.Add(ref bounds, 1), centre0, scale0)
                - Square(ref Unsafe.Add(ref bounds, 3), centre1, scale1) - Square(ref Unsafe.Add(ref bounds, 5), centre2, scale2);
            if (Vector.GreaterThanOrEqualAny(log, new Vector<double>(bounds)))
            {
                Examine(c, ref bounds, first, ref block, log);
            }

            bounds = ref Unsafe.Add(ref bounds, stride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector<double> Centre, Vector<double> Scale) LoadDimension(ref double block, int d)
    {
        var at = (nuint)(Math.Max(d, 0) * 2 * KernelBlocks.Size);
        return (Vector.LoadUnsafe(ref block, at), Vector.LoadUnsafe(ref block, at + KernelBlocks.Size));
    }

    // The density within a cell is largest at the end next to the centre, or at the centre.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<double> Square(ref double ends, Vector<double> centre, Vector<double> scale)
    {
        var gap = Vector.MaxNative(new Vector<double>(ends) - centre, centre - new Vector<double>(Unsafe.Add(ref ends, 1)));
        var z = Vector.MaxNative(gap, Vector<double>.Zero) * scale;
        return z * z;
    }

    private void Examine(int candidate, ref double bounds, int first, ref double block, Vector<double> log)
    {
        var threshold = new Vector<double>(bounds);
        for (var d = Lead; d < table.Numeric; d++)
        {
            var (centre, scale) = LoadDimension(ref block, d);
            log -= Square(ref Unsafe.Add(ref bounds, (2 * d) + 1), centre, scale);
            if (Vector.LessThanAll(log, threshold))
            {
                return;
            }
        }

        for (var d = table.Numeric; d < table.Dimensions.Length; d++)
        {
            var choices = Vector.LoadUnsafe(ref block, (nuint)(table.Blocks.Column(d) * KernelBlocks.Size));
            var own = Vector.Equals(choices, new Vector<double>(candidates.From(candidate)[d]));
            log += Vector.ConditionalSelect(own, Vector<double>.Zero, new Vector<double>(_losses[d]));
        }

        for (var lane = 0; lane < Vector<double>.Count; lane++)
        {
            if (log[lane] >= bounds && first + lane < table.Count && !table.IsGood(first + lane))
            {
                _near[candidate].Add(first + lane);
            }
        }
    }

    private static int BoundsOf(KernelTable table) => 1 + (2 * Math.Max(Lead, table.Numeric));
}
