using System.Numerics;
using System.Runtime.InteropServices;

namespace Hone.Sampling.Tpe;

/// <summary>The log density of a mixture of product kernels at many candidates.</summary>
/// <remarks>
/// Called twice a group and proposal, with 24 candidates and as many kernels as there are trials: the whole cost of TPE. A kernel is
/// dropped at a candidate where it adds less than exp(-36) of the prior kernel's density. The prior weighs 1 and no kernel more,
/// so n kernels dropped change the log density by less than n * 3e-16.
/// </remarks>
internal sealed class MixtureDensity(KernelTable table, Candidates candidates, KernelBatch batch)
{
    private const double Negligible = -36;
    private readonly KernelScan _scan = new(table, candidates);
    private readonly BatchOfOne? _one = table.Dimensions.Length == 1 ? new BatchOfOne(table, batch) : null;
    private readonly int _continuous = table.Dimensions.Count(d => d.Spread == Spread.Continuous);

    /// <summary>Writes the log density of the good or the bad mixture at each candidate.</summary>
    public void Evaluate(bool good, Span<double> logDensities)
    {
        var kernels = good ? table.Good.Count : table.BadCount;
        var hits = SetLosses(kernels);
        var weights = new RecencyWeights(kernels);
        if (_one is not null)
        {
            _one.Fill(good, weights);
        }
        else if (good)
        {
            FillGood();
        }
        else
        {
            FindNear(hits);
        }

        for (var c = 0; c < candidates.Count; c++)
        {
            if (_one is not null && Earlier(c) is var earlier and >= 0)
            {
                logDensities[c] = logDensities[earlier];
                continue;
            }

            var sum = _one is not null ? SumOfOne(c, hits) : good ? Sum(c, hits, 0, batch.Count) : SumNear(c, hits, weights);
            logDensities[c] = candidates.LogPrior[c] + Math.Log((1 + sum) / (1 + (good ? kernels : weights.Sum)));
        }
    }

    // What a kernel loses by another choice than its own; returns the sum of the logs for its own ones.
    private double SetLosses(int kernels)
    {
        var hits = 0.0;
        for (var d = table.Numeric; d < table.Dimensions.Length; d++)
        {
            var (hit, miss) = Kernel.Choice(kernels + 1, table.Dimensions[d].Choices);
            _scan.Losses[d] = Math.Log(miss / hit);
            hits += Math.Log(hit);
        }

        return hits;
    }

    private void FillGood()
    {
        batch.Clear(table.Blocks.Start, table.Good.Count);
        foreach (var item in CollectionsMarshal.AsSpan(table.Good))
        {
            batch.Append(table.Blocks, item, 1);
        }

        batch.Pad();
    }

    private void FindNear(double hits)
    {
        for (var c = 0; c < candidates.Count; c++)
        {
            _scan.SetThreshold(c, Threshold(c, hits));
        }

        _scan.Find();
    }

    private double SumNear(int candidate, double hits, in RecencyWeights weights)
    {
        var near = _scan.Near(candidate);
        var goods = 0;
        batch.Clear(table.Blocks.Start, near.Count);
        foreach (var item in CollectionsMarshal.AsSpan(near))
        {
            while (goods < table.Good.Count && table.Good[goods] < item)
            {
                goods++;
            }

            batch.Append(table.Blocks, item, weights[item - goods]);
        }

        batch.Pad();
        return Sum(candidate, hits, 0, batch.Count);
    }

    // An earlier candidate of the same code, or -1: there are many of an int with few values.
    private int Earlier(int candidate)
    {
        for (var c = 0; c < candidate; c++)
        {
            if (candidates.Code(0, c) == candidates.Code(0, candidate))
            {
                return c;
            }
        }

        return -1;
    }

    private double SumOfOne(int candidate, double hits)
    {
        if (table.Numeric == 0)
        {
            return Sum(candidate, hits, 0, batch.Count);
        }

        var (from, to) = (candidates.From(candidate)[0], candidates.To(candidate)[0]);
        var (first, last) = _one!.Near(from, to, Threshold(candidate, hits));
        return Sum(candidate, hits, first, last) + Sum(candidate, hits, _one.Wide, batch.Count);
    }

    // What the logs of a kernel must reach, the candidate's cells left out, to matter.
    private double Threshold(int candidate, double hits)
    {
        var threshold = Negligible + candidates.LogPrior[candidate] - hits;
        for (var d = _continuous; d < table.Numeric; d++)
        {
            threshold -= Math.Log(candidates.To(candidate)[d] - candidates.From(candidate)[d]);
        }

        return threshold;
    }

    // The densities of the kernels from the first one on, up to a whole number of vectors, as shares of the prior's.
    private double Sum(int candidate, double hits, int first, int last)
    {
        var from = candidates.From(candidate);
        var to = candidates.To(candidate);
        var start = new Vector<double>(hits - candidates.LogPrior[candidate]);
        var sum = Vector<double>.Zero;
        ref var weights = ref MemoryMarshal.GetReference(batch.Weights);
        for (var k = first; k < last; k += Vector<double>.Count)
        {
            var log = start + Load(table.Blocks.Start, k);
            var factor = Vector.LoadUnsafe(ref weights, (nuint)k);
            for (var d = 0; d < _continuous; d++)
            {
                var z = (new Vector<double>(from[d]) - Load(2 * d, k)) * Load((2 * d) + 1, k);
                log -= z * z;
            }

            for (var d = _continuous; d < table.Numeric; d++)
            {
                factor *= CellMass.Of(from[d], to[d], Load(2 * d, k), Load((2 * d) + 1, k), ref log);
            }

            for (var d = table.Numeric; d < from.Length; d++)
            {
                var own = Vector.Equals(Load(table.Blocks.Column(d), k), new Vector<double>(from[d]));
                log += Vector.ConditionalSelect(own, Vector<double>.Zero, new Vector<double>(_scan.Losses[d]));
            }

            sum += factor * Exponential.Of(log);
        }

        return Vector.Sum(sum);
    }

    private Vector<double> Load(int column, int kernel) =>
        Vector.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(batch.Numbers), (nuint)((column * batch.Room) + kernel));
}
