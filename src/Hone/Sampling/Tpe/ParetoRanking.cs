namespace Hone.Sampling.Tpe;

/// <summary>The finished trials of one arm under several objectives.</summary>
/// <remarks>
/// Good are the first fronts of mutual non-domination, as many whole ones as fit; the last front gives its members of largest crowding
/// distance (Deb et al., NSGA-II, 2002). Ozaki et al. (MOTPE, GECCO 2020) break that tie by hypervolume: the same members in spirit, the
/// ends and the sparse stretches, at a cost that does not grow with the number of objectives.
/// </remarks>
internal sealed class ParetoRanking
{
    private readonly List<Entry> _complete = [];
    private readonly List<Entry> _others = [];
    private readonly HashSet<int> _good = [];
    private bool _changed;

    /// <summary>The complete trials' values, smaller is better.</summary>
    public IEnumerable<double[]> Values => _complete.Select(e => e.Values);

    /// <summary>Adds a finished trial.</summary>
    /// <param name="row">The trial.</param>
    /// <param name="rank">Its rank by the first objective: decides only between trials that are not complete.</param>
    /// <param name="values">One value an objective, smaller is better.</param>
    public void Insert(int row, TrialRank rank, double[] values)
    {
        if (rank.Class == RankClass.Worthless)
        {
            return;
        }

        _changed = true;
        var complete = rank.Class == RankClass.Complete && values.All(v => !double.IsNaN(v));
        (complete ? _complete : _others).Add(new Entry(row, rank, values));
    }

    /// <summary>Lists which trials have changed sides since the last call.</summary>
    public void Update(List<SideChange> changes)
    {
        if (!_changed)
        {
            return;
        }

        _changed = false;
        var good = Select(ArmRanking.GoodOf(_complete.Count + _others.Count));
        changes.AddRange(_good.Where(r => !good.Contains(r)).Order().Select(r => new SideChange(r, false)));
        changes.AddRange(good.Where(r => !_good.Contains(r)).Order().Select(r => new SideChange(r, true)));
        _good.Clear();
        _good.UnionWith(good);
    }

    /// <summary>Whether <paramref name="a"/> is nowhere worse than <paramref name="b"/> and somewhere better.</summary>
    public static bool Dominates(double[] a, double[] b)
    {
        var better = false;
        for (var i = 0; i < a.Length; i++)
        {
            if (a[i] > b[i])
            {
                return false;
            }

            better |= a[i] < b[i];
        }

        return better;
    }

    private HashSet<int> Select(int count)
    {
        var good = new HashSet<int>();
        List<Entry> rest = [.. _complete.Order()];
        while (good.Count < count && rest.Count > 0)
        {
            var (front, behind) = Peel(rest);
            var room = count - good.Count;
            good.UnionWith((front.Count <= room ? front : Spread(front).Take(room)).Select(e => e.Row));
            rest = behind;
        }

        good.UnionWith(_others.OrderBy(e => e.Rank).ThenBy(e => e.Row).Take(count - good.Count).Select(e => e.Row));
        return good;
    }

    // In lexicographic order nothing is dominated by what comes after it.
    private static (List<Entry> Front, List<Entry> Behind) Peel(List<Entry> sorted)
    {
        List<Entry> front = [], behind = [];
        foreach (var entry in sorted)
        {
            (front.Exists(f => Dominates(f.Values, entry.Values)) ? behind : front).Add(entry);
        }

        return (front, behind);
    }

    // Largest crowding distance first.
    private static IEnumerable<Entry> Spread(List<Entry> front)
    {
        var distances = new double[front.Count];
        for (var objective = 0; objective < front[0].Values.Length; objective++)
        {
            var order = Enumerable.Range(0, front.Count).OrderBy(i => front[i].Values[objective]).ThenBy(i => front[i].Row).ToArray();
            var range = front[order[^1]].Values[objective] - front[order[0]].Values[objective];
            distances[order[0]] = distances[order[^1]] = double.PositiveInfinity;
            for (var k = 1; k < order.Length - 1 && range > 0 && double.IsFinite(range); k++)
            {
                distances[order[k]] += (front[order[k + 1]].Values[objective] - front[order[k - 1]].Values[objective]) / range;
            }
        }

        return Enumerable.Range(0, front.Count).OrderByDescending(i => distances[i]).ThenBy(i => front[i].Row).Select(i => front[i]);
    }

    private sealed record Entry(int Row, TrialRank Rank, double[] Values) : IComparable<Entry>
    {
        public int CompareTo(Entry? other)
        {
            for (var i = 0; i < Values.Length; i++)
            {
                var order = Values[i].CompareTo(other!.Values[i]);
                if (order != 0)
                {
                    return order;
                }
            }

            return Row.CompareTo(other!.Row);
        }
    }
}
