using System.Numerics;
using System.Runtime.InteropServices;

namespace Hone.Sampling.Tpe;

/// <summary>Finds the kernels that a candidate can feel at all, by a bound on their density.</summary>
/// <remarks>Called once a candidate over all kernels: what grows with the number of trials. Most kernels are far away in one of the first dimensions.</remarks>
internal sealed class KernelScan(KernelTable table, Candidates candidates)
{
    private const int Lead = 3;
    private readonly double[] _losses = new double[table.Dimensions.Length];
    private int _candidate;

    /// <summary>What a kernel loses by a choice that is not its own, by dimension.</summary>
    public Span<double> Losses => _losses;

    /// <summary>Appends the bad kernels whose log density at a candidate may be above a threshold.</summary>
    /// <param name="candidate">The candidate.</param>
    /// <param name="threshold">Compared with the sum of logs without the candidate's cells.</param>
    /// <param name="weights">The weights of the bad kernels.</param>
    /// <param name="batch">Gets the kernels.</param>
    public void FindBad(int candidate, double threshold, in RecencyWeights weights, KernelBatch batch)
    {
        _candidate = candidate;
        var blocks = table.Blocks;
        var least = new Vector<double>(threshold);
        var lead = Math.Min(Lead, table.Numeric);
        var goods = 0;
        for (var first = 0; first < table.Count; first += KernelBlocks.Size)
        {
            ref var block = ref blocks.Numbers[first / KernelBlocks.Size * blocks.Stride];
            for (var v = 0; v < KernelBlocks.Size; v += 2 * Vector<double>.Count)
            {
                var (e0, e1) = (Load(ref block, blocks.Start, v), Load(ref block, blocks.Start, v + Vector<double>.Count));
                Subtract(ref block, v, 0, lead, ref e0, ref e1);
                if (Vector.LessThanAll(Vector.Max(e0, e1), least))
                {
                    continue;
                }

                Subtract(ref block, v, lead, table.Numeric, ref e0, ref e1);
                SubtractChoices(ref block, v, ref e0, ref e1);
                if (Vector.LessThanAll(Vector.Max(e0, e1), least))
                {
                    continue;
                }

                Take(first + v, e0, threshold, weights, ref goods, batch);
                Take(first + v + Vector<double>.Count, e1, threshold, weights, ref goods, batch);
            }
        }
    }

    private static Vector<double> Load(ref double block, int column, int lane) =>
        Vector.LoadUnsafe(ref block, (nuint)((column * KernelBlocks.Size) + lane));

    private void Subtract(ref double block, int lane, int first, int last, ref Vector<double> e0, ref Vector<double> e1)
    {
        var from = candidates.From(_candidate);
        var to = candidates.To(_candidate);
        for (var d = first; d < last; d++)
        {
            var (low, high) = (new Vector<double>(from[d]), new Vector<double>(to[d]));
            e0 -= Square(ref block, d, lane, low, high);
            e1 -= Square(ref block, d, lane + Vector<double>.Count, low, high);
        }
    }

    // The density within a cell is largest at the end next to the centre, or at the centre.
    private static Vector<double> Square(ref double block, int d, int lane, Vector<double> low, Vector<double> high)
    {
        var centre = Load(ref block, 2 * d, lane);
        var gap = Vector.Max(Vector.Max(low - centre, centre - high), Vector<double>.Zero);
        var z = gap * Load(ref block, (2 * d) + 1, lane);
        return z * z;
    }

    private void SubtractChoices(ref double block, int lane, ref Vector<double> e0, ref Vector<double> e1)
    {
        var choices = candidates.From(_candidate);
        for (var d = table.Numeric; d < table.Dimensions.Length; d++)
        {
            var (choice, loss) = (new Vector<double>(choices[d]), new Vector<double>(_losses[d]));
            var column = table.Blocks.Column(d);
            e0 += Vector.ConditionalSelect(Vector.Equals(Load(ref block, column, lane), choice), Vector<double>.Zero, loss);
            e1 += Vector.ConditionalSelect(Vector.Equals(Load(ref block, column, lane + Vector<double>.Count), choice), Vector<double>.Zero, loss);
        }
    }

    private void Take(int first, Vector<double> logs, double threshold, in RecencyWeights weights, ref int goods, KernelBatch batch)
    {
        var good = CollectionsMarshal.AsSpan(table.Good);
        for (var lane = 0; lane < Vector<double>.Count; lane++)
        {
            if (logs[lane] < threshold)
            {
                continue;
            }

            var item = first + lane;
            while (goods < good.Length && good[goods] < item)
            {
                goods++;
            }

            if (goods == good.Length || good[goods] != item)
            {
                batch.Append(table.Blocks, item, weights[item - goods]);
            }
        }
    }
}
