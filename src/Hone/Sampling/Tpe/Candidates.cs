namespace Hone.Sampling.Tpe;

/// <summary>The points among which one group of parameters chooses.</summary>
internal sealed class Candidates
{
    private readonly Dimension[] _dimensions;
    private readonly double[] _codes;
    private readonly double[] _from;
    private readonly double[] _to;

    public Candidates(Dimension[] dimensions, int count)
    {
        _dimensions = dimensions;
        Count = count;
        _codes = new double[dimensions.Length * count];
        _from = new double[dimensions.Length * count];
        _to = new double[dimensions.Length * count];
        LogPrior = new double[count];
    }

    /// <summary>How many candidates there are.</summary>
    public int Count { get; }

    /// <summary>The prior's log density at each candidate.</summary>
    public double[] LogPrior { get; }

    /// <summary>The code of a candidate in a dimension.</summary>
    public double Code(int d, int candidate) => _codes[(candidate * _dimensions.Length) + d];

    /// <summary>The lower ends of a candidate's cells, or its choices, by dimension.</summary>
    public ReadOnlySpan<double> From(int candidate) => _from.AsSpan(candidate * _dimensions.Length, _dimensions.Length);

    /// <summary>The upper ends of a candidate's cells by dimension; the same as the lower ones where there are no cells.</summary>
    public ReadOnlySpan<double> To(int candidate) => _to.AsSpan(candidate * _dimensions.Length, _dimensions.Length);

    /// <summary>Sets one coordinate of a candidate.</summary>
    public void Set(int d, int candidate, double code)
    {
        var at = (candidate * _dimensions.Length) + d;
        _codes[at] = code;
        (_from[at], _to[at]) = _dimensions[d].Spread == Spread.Categorical ? (code, code) : _dimensions[d].Cell(code);
    }

    /// <summary>Works out the prior, after all coordinates are set.</summary>
    public void Complete()
    {
        for (var c = 0; c < Count; c++)
        {
            LogPrior[c] = 0;
            for (var d = 0; d < _dimensions.Length; d++)
            {
                LogPrior[c] += Kernel.LogPrior(_dimensions[d], From(c)[d], To(c)[d]);
            }
        }
    }
}
