using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Hone.Sampling.Tpe;

/// <summary>The log density of a mixture of product kernels at many candidates.</summary>
/// <remarks>
/// Called twice a group and proposal, with 24 candidates and as many kernels as there are trials: the whole cost of TPE. A kernel is
/// dropped as soon as it is known to add less than exp(-36) of the prior kernel's density at every candidate of a tile. The prior weighs
/// 1 and no kernel more, so n kernels dropped change the log density by less than n * 3e-16.
/// </remarks>
internal sealed class MixtureDensity(KernelTable table, Candidates candidates)
{
    private const double Negligible = -36;
    private const double Largest = 700;
    private readonly double[][] _choiceRows = [.. table.Dimensions.Select(d => new double[d.Choices * candidates.Lanes])];
    private readonly int[] _slots = new int[table.Dimensions[0].Choices];
    private readonly double[] _sums = new double[candidates.Lanes];
    private readonly int _continuous = table.Dimensions.Count(d => d.Spread == Spread.Continuous);
    private int[] _kernels = [];
    private double[] _starts = [];
    private double[] _weights = [];
    private double[] _weightOf = [];

    /// <summary>Writes the log density of the good or the bad mixture at each candidate.</summary>
    public void Evaluate(bool good, Span<double> logDensities)
    {
        var kernels = good ? table.Good.Count : table.BadCount;
        FillChoiceRows(kernels);
        var total = List(good, kernels);
        var count = table.Dimensions.Length == 1 ? Merge(good, kernels) : kernels;
        FillStarts(count, kernels);
        for (var lane = 0; lane < candidates.Lanes; lane += 2 * Vector<double>.Count)
        {
            SumTile(count, lane);
        }

        for (var c = 0; c < candidates.Count; c++)
        {
            logDensities[c] = candidates.LogPrior[c] + Math.Log((1 + _sums[c]) / (1 + total));
        }
    }

    // Lists the kernels of the mixture with their weights; returns the sum of the weights.
    private double List(bool good, int count)
    {
        if (_kernels.Length < count)
        {
            var room = count + (count / 4);
            (_kernels, _starts, _weights) = (new int[room], new double[room], new double[room]);
        }

        if (good)
        {
            CollectionsMarshal.AsSpan(table.Good).CopyTo(_kernels);
            _weights.AsSpan(0, count).Fill(1);
            return count;
        }

        for (int item = 0, k = 0; k < count; item++)
        {
            _kernels[k] = item;
            k += table.IsGood(item) ? 0 : 1;
        }

        return RecencyWeights.Fill(_weights.AsSpan(0, count));
    }

    // In one dimension equal kernels add up to one: few are left of an int parameter, and as many as there are choices of a categorical one.
    private int Merge(bool good, int count)
    {
        if (_weightOf.Length < table.Count)
        {
            _weightOf = new double[table.Count + (table.Count / 4)];
        }

        for (var k = 0; k < count; k++)
        {
            _weightOf[_kernels[k]] = _weights[k];
        }

        return table.Numeric == 1 ? MergeSorted(good, count) : MergeChoices(count);
    }

    private int MergeSorted(bool good, int count)
    {
        var merged = 0;
        for (var k = 0; k < count; k++)
        {
            var item = table.Sorted(good, k);
            if (merged > 0 && table.Same(_kernels[merged - 1], item))
            {
                _weights[merged - 1] += _weightOf[item];
                continue;
            }

            _kernels[merged] = item;
            _weights[merged++] = _weightOf[item];
        }

        return merged;
    }

    private int MergeChoices(int count)
    {
        Array.Fill(_slots, -1);
        var merged = 0;
        for (var k = 0; k < count; k++)
        {
            var item = _kernels[k];
            ref var slot = ref _slots[(int)table.Records[item]];
            if (slot < 0)
            {
                slot = merged;
                _kernels[merged] = item;
                _weights[merged++] = 0;
            }

            _weights[slot] += _weightOf[item];
        }

        return merged;
    }

    private void FillStarts(int count, int kernels)
    {
        var hits = 0.0;
        for (var d = table.Numeric; d < table.Dimensions.Length; d++)
        {
            hits += Math.Log(Kernel.Choice(kernels + 1, table.Dimensions[d].Choices).Hit);
        }

        for (var k = 0; k < count; k++)
        {
            var start = hits;
            var at = _kernels[k] * table.Stride;
            for (var d = 0; d < table.Numeric; d++)
            {
                start += table.Records[at + (3 * d) + 2];
            }

            _starts[k] = start;
        }
    }

    // One row a choice: what a kernel of that choice loses at each candidate.
    private void FillChoiceRows(int count)
    {
        for (var d = table.Numeric; d < table.Dimensions.Length; d++)
        {
            var (hit, miss) = Kernel.Choice(count + 1, table.Dimensions[d].Choices);
            var loss = Math.Log(miss / hit);
            for (var choice = 0; choice < table.Dimensions[d].Choices; choice++)
            {
                for (var lane = 0; lane < candidates.Lanes; lane++)
                {
                    _choiceRows[d][(choice * candidates.Lanes) + lane] = candidates.From(d)[lane] == choice ? 0 : loss;
                }
            }
        }
    }

    private void SumTile(int count, int lane)
    {
        var width = Vector<double>.Count;
        var base0 = -new Vector<double>(candidates.LogPrior, lane);
        var base1 = -new Vector<double>(candidates.LogPrior, lane + width);
        var negligible = new Vector<double>(Negligible);
        Vector<double> sum0 = default, sum1 = default;
        ref var records = ref MemoryMarshal.GetArrayDataReference(table.Records);
        for (var k = 0; k < count; k++)
        {
            ref var record = ref Unsafe.Add(ref records, _kernels[k] * table.Stride);
            var start = new Vector<double>(_starts[k]);
            var (e0, e1) = (base0 + start, base1 + start);
            if (!Exponents(ref record, lane, ref e0, ref e1, negligible))
            {
                continue;
            }

            var weight = new Vector<double>(_weights[k]);
            var (p0, p1) = (weight, weight);
            for (var d = _continuous; d < table.Numeric; d++)
            {
                (p0, p1) = (p0 * Mass(ref record, d, lane), p1 * Mass(ref record, d, lane + width));
            }

            sum0 += p0 * Vector.Exp(Vector.Min(e0, new Vector<double>(Largest)));
            sum1 += p1 * Vector.Exp(Vector.Min(e1, new Vector<double>(Largest)));
        }

        sum0.CopyTo(_sums, lane);
        sum1.CopyTo(_sums, lane + width);
    }

    // Adds the logs of the kernel's factors, the masses of stepped dimensions apart; false: it is negligible in both vectors.
    private bool Exponents(ref double record, int lane, ref Vector<double> e0, ref Vector<double> e1, Vector<double> negligible)
    {
        var width = Vector<double>.Count;
        for (var d = 0; d < _continuous; d++)
        {
            var centre = new Vector<double>(Unsafe.Add(ref record, 3 * d));
            var scale = new Vector<double>(Unsafe.Add(ref record, (3 * d) + 1));
            var z0 = (candidates.LoadFrom(d, lane) - centre) * scale;
            var z1 = (candidates.LoadFrom(d, lane + width) - centre) * scale;
            e0 -= z0 * z0;
            e1 -= z1 * z1;
            if (Vector.LessThanAll(Vector.Max(e0, e1), negligible))
            {
                return false;
            }
        }

        for (var d = table.Numeric; d < table.Dimensions.Length; d++)
        {
            ref var row = ref MemoryMarshal.GetArrayDataReference(_choiceRows[d]);
            var at = ((int)Unsafe.Add(ref record, table.Offset(d)) * candidates.Lanes) + lane;
            e0 += Vector.LoadUnsafe(ref row, (nuint)at);
            e1 += Vector.LoadUnsafe(ref row, (nuint)(at + width));
        }

        var (bound0, bound1) = (e0, e1);
        for (var d = _continuous; d < table.Numeric; d++)
        {
            bound0 -= TailBound(ref record, d, lane);
            bound1 -= TailBound(ref record, d, lane + width);
            if (Vector.LessThanAll(Vector.Max(bound0, bound1), negligible))
            {
                return false;
            }
        }

        return !Vector.LessThanAll(Vector.Max(bound0, bound1), negligible);
    }

    // The mass of a cell z deviations away is below exp(-z^2 / 2).
    private Vector<double> TailBound(ref double record, int d, int lane)
    {
        var centre = new Vector<double>(Unsafe.Add(ref record, 3 * d));
        var gap = Vector.Max(candidates.LoadFrom(d, lane) - centre, centre - candidates.LoadTo(d, lane));
        var z = Vector.Max(gap, Vector<double>.Zero) * new Vector<double>(Unsafe.Add(ref record, (3 * d) + 1));
        return z * z;
    }

    private Vector<double> Mass(ref double record, int d, int lane)
    {
        var centre = new Vector<double>(Unsafe.Add(ref record, 3 * d));
        var scale = new Vector<double>(Unsafe.Add(ref record, (3 * d) + 1));
        return NormalIntegral.ScaledMass((candidates.LoadFrom(d, lane) - centre) * scale, (candidates.LoadTo(d, lane) - centre) * scale);
    }
}
