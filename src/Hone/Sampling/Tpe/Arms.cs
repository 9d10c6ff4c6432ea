using Hone.Space;

namespace Hone.Sampling.Tpe;

/// <summary>The arms of a space, and which of them to pull next. A space without conditions has one arm.</summary>
/// <remarks>
/// The choice is a bandit over the best value of each arm. Half of the trials, and later about 2 sqrt(t) trials an arm, are spread evenly,
/// so that no arm is ever given up. The others go to the arm of the best prospect: its best value, less twice what the second half of
/// its trials improved on it (after the rising bandits of Li et al., AAAI 2020). An arm that has stopped improving has no more than its best value
/// to offer; one that still falls gets its chance, however late it began.
/// </remarks>
internal sealed class Arms
{
    private const int Most = 32;
    private readonly DecidingParameter?[] _deciding;
    private readonly List<Arm> _arms = [];

    public Arms(SearchSpace space)
    {
        _deciding = new DecidingParameter?[space.Parameters.Count];
        var classes = Enumerable.Repeat(-1, space.Parameters.Count).ToArray();
        _arms.Add(new Arm(space, _deciding, classes));
        var deciding = space.Order.Where(i => space.Parameters.Any(p => p.When.Any(w => w.Parent == space.Parameters[i].Name)));
        foreach (var index in deciding.Where(i => space.Parameters[i].Count > 1))
        {
            _deciding[index] = new DecidingParameter(space, index);
            var finer = Enumerate(space);
            if (finer.Count > Most)
            {
                // The rest of the deciding parameters are searched like any other.
                _deciding[index] = null;
                break;
            }

            _arms = finer;
        }

        Begun = new int[_arms.Count];
    }

    /// <summary>The arms.</summary>
    public IReadOnlyList<Arm> All => _arms;

    /// <summary>How many trials were begun in each arm.</summary>
    public int[] Begun { get; }

    /// <summary>The arm that a configuration belongs to.</summary>
    public int IndexOf(ReadOnlySpan<double> codes)
    {
        for (var i = 0; i < _arms.Count; i++)
        {
            if (_arms[i].Holds(codes))
            {
                return i;
            }
        }

        return 0;
    }

    /// <summary>The arm to pull next.</summary>
    /// <param name="prospects">The prospect of each arm: smaller is better.</param>
    public int Choose(ReadOnlySpan<double> prospects)
    {
        var total = 0;
        var least = 0;
        for (var a = 0; a < Begun.Length; a++)
        {
            total += Begun[a];
            least = Begun[a] < Begun[least] ? a : least;
        }

        if (Begun[least] < Math.Min(2 * Math.Sqrt(total), total / (2.0 * Begun.Length)) || Begun[least] == 0)
        {
            return least;
        }

        var chosen = 0;
        for (var a = 1; a < Begun.Length; a++)
        {
            // Of equals the one with fewer trials.
            if (prospects[a] < prospects[chosen] || (prospects[a] == prospects[chosen] && Begun[a] < Begun[chosen]))
            {
                chosen = a;
            }
        }

        return chosen;
    }

    private List<Arm> Enumerate(SearchSpace space)
    {
        var arms = new List<Arm>();
        var codes = new double[space.Parameters.Count];
        Array.Fill(codes, double.NaN);
        var classes = Enumerable.Repeat(-1, codes.Length).ToArray();
        Extend(space, 0, codes, classes, arms);
        return arms;
    }

    private void Extend(SearchSpace space, int position, double[] codes, int[] classes, List<Arm> arms)
    {
        if (position == space.Order.Count)
        {
            arms.Add(new Arm(space, _deciding, [.. classes]));
            return;
        }

        var index = space.Order[position];
        if (_deciding[index] is not { } deciding || !space.IsActive(index, codes))
        {
            // A constant decides as well, but there is nothing to choose.
            codes[index] = space.Parameters[index].Count == 1 && space.IsActive(index, codes) ? space.Parameters[index].CodeAt(0) : double.NaN;
            Extend(space, position + 1, codes, classes, arms);
            return;
        }

        for (var c = 0; c < deciding.Representatives.Count && arms.Count <= Most; c++)
        {
            (codes[index], classes[index]) = (deciding.Representatives[c], c);
            Extend(space, position + 1, codes, classes, arms);
        }

        (codes[index], classes[index]) = (double.NaN, -1);
    }
}
