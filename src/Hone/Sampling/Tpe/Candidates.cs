using System.Numerics;
using System.Runtime.InteropServices;

namespace Hone.Sampling.Tpe;

/// <summary>The points among which one group of parameters chooses, side by side, so that one instruction serves several of them.</summary>
internal sealed class Candidates
{
    private readonly Dimension[] _dimensions;
    private readonly double[] _codes;
    private readonly double[] _from;
    private readonly double[] _to;
    private readonly int[] _order;
    private readonly double[] _copy;

    public Candidates(Dimension[] dimensions, int count)
    {
        _dimensions = dimensions;
        Count = count;
        var tile = 2 * Vector<double>.Count;
        Lanes = (count + tile - 1) / tile * tile;
        _codes = new double[dimensions.Length * Lanes];
        _from = new double[dimensions.Length * Lanes];
        _to = new double[dimensions.Length * Lanes];
        LogPrior = new double[Lanes];
        _order = new int[count];
        _copy = new double[count];
    }

    /// <summary>How many candidates there are.</summary>
    public int Count { get; }

    /// <summary>The count, rounded up to two vectors; the lanes beyond repeat the first candidate.</summary>
    public int Lanes { get; }

    /// <summary>The prior's log density at each candidate.</summary>
    public double[] LogPrior { get; }

    /// <summary>The lower ends of the candidates' cells in a dimension, or their choices.</summary>
    public ReadOnlySpan<double> From(int d) => _from.AsSpan(d * Lanes, Lanes);

    /// <summary>The lower ends of the cells, from one lane on.</summary>
    public Vector<double> LoadFrom(int d, int lane) =>
        Vector.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(_from), (nuint)((d * Lanes) + lane));

    /// <summary>The upper ends of the cells, from one lane on.</summary>
    public Vector<double> LoadTo(int d, int lane) =>
        Vector.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(_to), (nuint)((d * Lanes) + lane));

    /// <summary>The code of a candidate in a dimension.</summary>
    public double Code(int d, int candidate) => _codes[(d * Lanes) + candidate];

    /// <summary>Sets one coordinate of a candidate.</summary>
    public void Set(int d, int candidate, double code)
    {
        var at = (d * Lanes) + candidate;
        _codes[at] = code;
        (_from[at], _to[at]) = _dimensions[d].Spread == Spread.Categorical ? (code, code) : _dimensions[d].Cell(code);
    }

    /// <summary>Fills the spare lanes and works out the prior, after all coordinates are set.</summary>
    public void Complete()
    {
        Sort();
        Array.Clear(LogPrior);
        for (var d = 0; d < _dimensions.Length; d++)
        {
            var at = d * Lanes;
            _from.AsSpan(at + Count, Lanes - Count).Fill(_from[at]);
            _to.AsSpan(at + Count, Lanes - Count).Fill(_to[at]);
            for (var lane = 0; lane < Count; lane++)
            {
                LogPrior[lane] += Kernel.LogPrior(_dimensions[d], _from[at + lane], _to[at + lane]);
            }
        }

        LogPrior.AsSpan(Count).Fill(LogPrior[0]);
    }

    // Neighbours in the first dimension share a vector, so that kernels far from all of them are dropped early.
    private void Sort()
    {
        for (var c = 0; c < Count; c++)
        {
            _order[c] = c;
        }

        From(0)[..Count].CopyTo(_copy);
        Array.Sort(_copy, _order);
        for (var d = 0; d < _dimensions.Length; d++)
        {
            Permute(_codes.AsSpan(d * Lanes, Count));
            Permute(_from.AsSpan(d * Lanes, Count));
            Permute(_to.AsSpan(d * Lanes, Count));
        }
    }

    private void Permute(Span<double> values)
    {
        values.CopyTo(_copy);
        for (var i = 0; i < Count; i++)
        {
            values[i] = _copy[_order[i]];
        }
    }
}
