using Hone.Trials;

namespace Hone.Sampling.Tpe;

/// <summary>How the finished trials of all arms stand: which are good, and how good each arm is.</summary>
internal sealed class ArmStandings
{
    private readonly IReadOnlyList<Objective> _objectives;
    private readonly ArmRanking[] _single;
    private readonly ParetoRanking[] _several;
    private readonly List<double> _values = [];
    private readonly List<SideChange> _changes = [];

    public ArmStandings(int arms, IReadOnlyList<Objective> objectives)
    {
        _objectives = objectives;
        _single = [.. Enumerable.Range(0, objectives.Count == 1 ? arms : 0).Select(_ => new ArmRanking())];
        _several = [.. Enumerable.Range(0, objectives.Count == 1 ? 0 : arms).Select(_ => new ParetoRanking())];
    }

    /// <summary>Takes in the end of a trial.</summary>
    public void Insert(int arm, int row, TrialRank rank, TrialResult result)
    {
        if (_several.Length > 0)
        {
            _several[arm].Insert(row, rank, Signed(result));
            return;
        }

        _single[arm].Insert(row, rank, _changes);
        if (_single.Length > 1 && rank.Class == RankClass.Complete)
        {
            var position = _values.BinarySearch(rank.First);
            _values.Insert(position < 0 ? ~position : position, rank.First);
        }
    }

    /// <summary>Lists the changes of sides since the last call, in order.</summary>
    public void Changes(List<SideChange> changes)
    {
        changes.AddRange(_changes);
        _changes.Clear();
        foreach (var ranking in _several)
        {
            ranking.Update(changes);
        }
    }

    /// <summary>Writes the quality of each arm's best: 1 the best of all, 0 the middle of all trials or worse.</summary>
    /// <remarks>Under several objectives: the number of the arm's trials that no trial dominates, the largest such number being 1.</remarks>
    public void Quality(Span<double> quality)
    {
        if (_several.Length > 0)
        {
            CountUndominated(quality);
            return;
        }

        if (_values.Count == 0)
        {
            quality.Clear();
            return;
        }

        var middle = _values[_values.Count / 2];
        var range = middle - _values[0];
        for (var a = 0; a < quality.Length; a++)
        {
            var best = _single[a].Best;
            quality[a] = best == _values[0] ? 1 : double.IsNaN(best) || !(range > 0) ? 0 : Math.Max(0, (middle - best) / range);
        }
    }

    private void CountUndominated(Span<double> quality)
    {
        quality.Clear();
        if (_several.Length == 1)
        {
            return;
        }

        var all = _several.SelectMany((ranking, arm) => ranking.Values.Select(v => (Arm: arm, Values: v)))
            .OrderBy(e => e.Values[0]).ToList();
        var front = new List<(int Arm, double[] Values)>();
        foreach (var entry in all)
        {
            if (!front.Exists(f => ParetoRanking.Dominates(f.Values, entry.Values)))
            {
                front.RemoveAll(f => ParetoRanking.Dominates(entry.Values, f.Values));
                front.Add(entry);
            }
        }

        foreach (var (arm, _) in front)
        {
            quality[arm]++;
        }

        var most = 1.0;
        foreach (var count in quality)
        {
            most = Math.Max(most, count);
        }

        for (var a = 0; a < quality.Length; a++)
        {
            quality[a] /= most;
        }
    }

    private double[] Signed(TrialResult result)
    {
        var values = new double[_objectives.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = i < result.Values.Count ? _objectives[i].Signed(result.Values[i]) : double.NaN;
        }

        return values;
    }
}
