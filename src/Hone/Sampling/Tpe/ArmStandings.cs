using Hone.Trials;

namespace Hone.Sampling.Tpe;

/// <summary>How the finished trials of all arms stand: which are good, and what each arm promises.</summary>
internal sealed class ArmStandings
{
    private readonly IReadOnlyList<Objective> _objectives;
    private readonly ArmRanking[] _single;
    private readonly ParetoRanking[] _several;
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

    /// <summary>Writes what each arm promises: smaller is better.</summary>
    /// <remarks>Under several objectives: minus the number of the arm's trials that no trial dominates.</remarks>
    public void Prospects(Span<double> prospects)
    {
        if (_several.Length > 1)
        {
            CountUndominated(prospects);
            return;
        }

        for (var a = 0; a < _single.Length; a++)
        {
            prospects[a] = _single[a].Prospect;
        }
    }

    private void CountUndominated(Span<double> prospects)
    {
        prospects.Clear();
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
            prospects[arm]--;
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
