using System.Runtime.InteropServices;

namespace Hone.Sampling.Tpe;

/// <summary>A change of a trial's side: row and whether it is good now.</summary>
internal readonly record struct SideChange(int Row, bool Good);

/// <summary>The finished trials of one arm, best first, and how many of them are good.</summary>
/// <remarks>Good are the best min(ceil(0.1 n), 25) of the n trials that are worth anything (Bergstra et al. 2013).</remarks>
internal sealed class ArmRanking
{
    private readonly List<(TrialRank Rank, int Row)> _ranked = [];
    private readonly List<double> _bests = [];
    private int _good;

    /// <summary>The best value less twice what the second half of the trials improved on it; infinity while nothing is complete and feasible.</summary>
    public double Prospect
    {
        get
        {
            if (_bests.Count == 0)
            {
                return double.PositiveInfinity;
            }

            var best = _bests[^1];
            var before = _bests[(_bests.Count - 1) / 2];
            return double.IsInfinity(best) || double.IsInfinity(before) ? best : best - (2 * (before - best));
        }
    }

    /// <summary>How many of n trials are good.</summary>
    public static int GoodOf(int count) => Math.Min((count + 9) / 10, 25);

    /// <summary>Adds a finished trial and lists which trials change sides.</summary>
    public void Insert(int row, TrialRank rank, List<SideChange> changes)
    {
        if (rank.Class == RankClass.Worthless)
        {
            return;
        }

        var position = Position(rank);
        _ranked.Insert(position, (rank, row));
        _bests.Add(_ranked[0].Rank.Class == RankClass.Complete ? _ranked[0].Rank.First : double.PositiveInfinity);
        var before = _good;
        _good = GoodOf(_ranked.Count);
        if (position < _good)
        {
            changes.Add(new SideChange(row, true));
            if (_good == before && _good < _ranked.Count)
            {
                changes.Add(new SideChange(_ranked[_good].Row, false));
            }
        }
        else if (_good > before)
        {
            changes.Add(new SideChange(_ranked[_good - 1].Row, true));
        }
    }

    // After its equals: the earlier trial stays the better one.
    private int Position(TrialRank rank)
    {
        int low = 0, high = _ranked.Count;
        var ranked = CollectionsMarshal.AsSpan(_ranked);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (ranked[middle].Rank.CompareTo(rank) <= 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
