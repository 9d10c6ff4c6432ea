using Hone.Space;

namespace Hone.Sampling.Tpe;

/// <summary>The arms of a space, and which of them to pull next. A space without conditions has one arm.</summary>
/// <remarks>
/// The choice is a bandit over the best value of each arm. Half of the trials, and later about 2 sqrt(t) trials an arm, are spread evenly,
/// so that no arm is ever given up; otherwise the arm with the largest index wins (MaxUCB: Balef, Vernade and Eggensperger 2025):
/// q + (ln t / n)^2, with n the arm's trials, t all trials and q its best value on a scale where 1 is the best
/// of all arms and 0 the median of all trials.
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
    /// <param name="best">The quality of each arm's best trial: 1 the best of all, 0 no better than the middle.</param>
    public int Choose(ReadOnlySpan<double> best)
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
        var highest = double.NegativeInfinity;
        for (var a = 0; a < Begun.Length; a++)
        {
            var bonus = Math.Log(total) / Begun[a];
            var index = best[a] + (bonus * bonus);
            if (index > highest)
            {
                (chosen, highest) = (a, index);
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
