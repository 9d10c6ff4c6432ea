namespace Hone.Sampling.Tpe;

/// <summary>Parameters that are always active together, and the two mixtures that their values are drawn from and compared under.</summary>
internal sealed class ParameterGroup
{
    private readonly KernelTable _table;
    private readonly Candidates _candidates;
    private readonly MixtureDensity _density;
    private readonly double[] _good;
    private readonly double[] _bad;
    private readonly Dictionary<int, int>? _items;
    private double[] _shares = [];
    private double _total;

    /// <param name="dimensions">The parameters.</param>
    /// <param name="candidates">How many points are compared.</param>
    /// <param name="always">Whether the parameters are active in every trial.</param>
    /// <param name="batch">Where the densities are worked out; groups may share it.</param>
    public ParameterGroup(Dimension[] dimensions, int candidates, bool always, KernelBatch batch)
    {
        _table = new KernelTable(dimensions);
        _candidates = new Candidates(_table.Dimensions, candidates);
        _density = new MixtureDensity(_table, _candidates, batch);
        _good = new double[candidates];
        _bad = new double[candidates];
        _items = always ? null : [];
    }

    /// <summary>The index of one of the parameters: all are active where this one is.</summary>
    public int Representative => _table.Dimensions[0].Index;

    /// <summary>Adds a trial, at first to the bad ones.</summary>
    public void Add(int row, ReadOnlySpan<double> codes)
    {
        if (double.IsNaN(codes[Representative]))
        {
            return;
        }

        var item = _table.Add(codes);
        _items?.Add(row, item);
    }

    /// <summary>Puts a trial among the good or the bad ones.</summary>
    public void Move(int row, bool good)
    {
        var item = row;
        if (_items is null || _items.TryGetValue(row, out item))
        {
            _table.Move(item, good);
        }
    }

    /// <summary>Chooses the values of the group: the candidate from the good mixture whose densities have the largest ratio.</summary>
    /// <param name="random">Where the randomness comes from.</param>
    /// <param name="arm">The arm whose values the deciding parameters must keep to.</param>
    /// <param name="codes">Gets the values.</param>
    public void Choose(Random random, Arm arm, Span<double> codes)
    {
        _table.Settle();
        PrepareShares(arm);
        for (var c = 0; c < _candidates.Count; c++)
        {
            Draw(c, random, arm);
        }

        _candidates.Complete();
        _density.Evaluate(good: true, _good);
        _density.Evaluate(good: false, _bad);
        var best = 0;
        for (var c = 1; c < _candidates.Count; c++)
        {
            if (_good[c] - _bad[c] > _good[best] - _bad[best])
            {
                best = c;
            }
        }

        for (var d = 0; d < _table.Dimensions.Length; d++)
        {
            codes[_table.Dimensions[d].Index] = _candidates.Code(d, best);
        }
    }

    // How likely each good kernel, and last the prior, is to have made the arm's values.
    private void PrepareShares(Arm arm)
    {
        var kernels = _table.Good.Count + 1;
        if (_shares.Length < kernels)
        {
            _shares = new double[kernels * 2];
        }

        _shares.AsSpan(0, kernels).Fill(1);
        for (var d = 0; d < _table.Dimensions.Length; d++)
        {
            if (arm.FixedCode(_table.Dimensions[d].Index) is { } code)
            {
                for (var k = 0; k < kernels; k++)
                {
                    _shares[k] *= Probability(k, d, code);
                }
            }
        }

        _total = 0;
        foreach (var share in _shares.AsSpan(0, kernels))
        {
            _total += share;
        }
    }

    private double Probability(int kernel, int d, double code)
    {
        var dimension = _table.Dimensions[d];
        var (from, to) = dimension.Cell(code);
        if (kernel == _table.Good.Count)
        {
            return Math.Exp(Kernel.LogPrior(dimension, from, to));
        }

        var item = _table.Good[kernel];
        var centre = _table.Blocks[_table.Blocks.Column(d), item];
        if (dimension.Spread == Spread.Categorical)
        {
            var (hit, miss) = Kernel.Choice(_table.Good.Count + 1, dimension.Choices);
            return centre == code ? hit : miss;
        }

        var width = Kernel.Width(_table.Blocks[_table.Blocks.Column(d) + 1, item]);
        return NormalIntegral.Mass((from - centre) / width, (to - centre) / width) / Kernel.Inside(centre, width);
    }

    private void Draw(int candidate, Random random, Arm arm)
    {
        var kernel = Pick(random);
        for (var d = 0; d < _table.Dimensions.Length; d++)
        {
            var dimension = _table.Dimensions[d];
            var code = arm.FixedCode(dimension.Index) ?? DrawCode(kernel, d, random);
            if (!arm.Allows(dimension.Index, code))
            {
                code = arm.Draw(dimension.Index, random);
            }

            _candidates.Set(d, candidate, code);
        }
    }

    private int Pick(Random random)
    {
        var kernels = _table.Good.Count + 1;
        var left = random.NextDouble() * _total;
        for (var k = 0; k < kernels - 1; k++)
        {
            left -= _shares[k];
            if (left < 0)
            {
                return k;
            }
        }

        return kernels - 1;
    }

    private double DrawCode(int kernel, int d, Random random)
    {
        var dimension = _table.Dimensions[d];
        if (kernel == _table.Good.Count)
        {
            return dimension.Spread == Spread.Categorical
                ? random.Next(dimension.Choices)
                : dimension.FromUnit(Kernel.Draw(Kernel.PriorCentre, 1, random));
        }

        var column = _table.Blocks.Column(d);
        var centre = _table.Blocks[column, _table.Good[kernel]];
        if (dimension.Spread != Spread.Categorical)
        {
            return dimension.FromUnit(Kernel.Draw(centre, Kernel.Width(_table.Blocks[column + 1, _table.Good[kernel]]), random));
        }

        var (hit, miss) = Kernel.Choice(_table.Good.Count + 1, dimension.Choices);
        var unit = random.NextDouble();
        if (unit < hit - miss)
        {
            return centre;
        }

        return random.Next(dimension.Choices);
    }
}
