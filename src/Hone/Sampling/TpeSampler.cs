using Hone.Sampling.Tpe;
using Hone.Space;
using Hone.Trials;

namespace Hone.Sampling;

/// <summary>The tree-structured Parzen estimator: proposes where good trials are dense and bad ones are not.</summary>
/// <remarks>
/// <para>
/// Bergstra et al., NeurIPS 2011 and ICML 2013; joint kernels after Falkner et al. (BOHB), ICML 2018; the settings follow the
/// ablation of Watanabe, arXiv 2304.11127. The best tenth of the ended trials, 25 at most, make the density l, all others g; of 24
/// draws from l the one with the largest l / g is proposed. Both are mixtures of truncated normal kernels (on the log scale for log
/// parameters, as masses of cells for stepped, int and ordinal ones) and smoothed choices, with a prior kernel over the whole range.
/// </para>
/// <para>
/// Ranking: complete trials by value, or by non-domination and crowding under several objectives; then stopped ones, further first, then by
/// value; then infeasible ones by violation. Failed and running trials are bad.
/// </para>
/// <para>
/// Departures. A trial is good if it is among the best of its own arm (the values that decide which parameters are active), and a bandit chooses the
/// arm, so that a conditional space is searched to the end and not up to the first success.
/// Parameters are grouped by equal conditions, one joint pair of densities a group.
/// </para>
/// <para>
/// The proposals repeat for the same tells on the same machine; another machine's vector width or math library may round the
/// densities differently.
/// </para>
/// </remarks>
public sealed class TpeSampler : ISampler
{
    private readonly SearchSpace _space;
    private readonly IReadOnlyList<Objective> _objectives;
    private readonly int _startupTrials;
    private readonly Arms _arms;
    private readonly ArmStandings _standings;
    private readonly ParameterGroup?[] _groupsAt;
    private readonly List<ParameterGroup> _groups = [];
    private readonly Dictionary<int, (int Row, int Arm)> _running = [];
    private readonly List<SideChange> _changes = [];
    private int _rows;
    private int _worth;

    /// <param name="space">What to search.</param>
    /// <param name="objectives">What to look for; at least one.</param>
    /// <param name="options">Settings.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is below 1, or there is no objective.</exception>
    public TpeSampler(SearchSpace space, IReadOnlyList<Objective> objectives, TpeOptions options)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(objectives);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(objectives.Count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.StartupTrials, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Candidates, 1);
        _space = space;
        _objectives = objectives;
        _startupTrials = options.StartupTrials;
        _arms = new Arms(space);
        _standings = new ArmStandings(_arms.All.Count, objectives);
        _groupsAt = new ParameterGroup?[space.Parameters.Count];
        MakeGroups(options);
    }

    /// <inheritdoc/>
    public Configuration? Ask(int trial, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        if (_worth < _startupTrials)
        {
            return _space.Sample(random);
        }

        Apply();
        Span<double> prospects = stackalloc double[_arms.All.Count];
        _standings.Prospects(prospects);
        var arm = _arms.All[_arms.Choose(prospects)];
        var codes = new double[_space.Parameters.Count];
        Array.Fill(codes, double.NaN);
        foreach (var index in _space.Order)
        {
            if (_space.IsActive(index, codes))
            {
                Set(index, random, arm, codes);
            }
        }

        return new Configuration(_space, codes);
    }

    /// <inheritdoc/>
    public void Begin(int trial, Configuration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var arm = _arms.IndexOf(configuration.Codes);
        if (!_running.TryAdd(trial, (_rows, arm)))
        {
            return;
        }

        _arms.Begun[arm]++;
        foreach (var group in _groups)
        {
            group.Add(_rows, configuration.Codes);
        }

        _rows++;
    }

    /// <inheritdoc/>
    public void Tell(TrialResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        Begin(result.Number, result.Configuration);
        _running.Remove(result.Number, out var running);
        var rank = TrialRank.Of(result, _objectives[0]);
        _worth += rank.Class == RankClass.Worthless ? 0 : 1;
        _standings.Insert(running.Arm, running.Row, rank, result);
    }

    // A group is set as a whole when its first parameter is reached; parameters with one value have no group.
    private void Set(int index, Random random, Arm arm, double[] codes)
    {
        if (_groupsAt[index] is not { } group)
        {
            codes[index] = _space.Parameters[index].CodeAt(0);
        }
        else if (double.IsNaN(codes[index]))
        {
            group.Choose(random, arm, codes);
        }
    }

    private void Apply()
    {
        _standings.Changes(_changes);
        foreach (var change in _changes)
        {
            foreach (var group in _groups)
            {
                group.Move(change.Row, change.Good);
            }
        }

        _changes.Clear();
    }

    private void MakeGroups(TpeOptions options)
    {
        var batch = new KernelBatch();
        var free = _space.Order.Where(i => _space.Parameters[i].Count != 1);
        foreach (var members in free.GroupBy(i => options.Multivariate ? Conditions(i) : _space.Parameters[i].Name))
        {
            var dimensions = members.Select(i => new Dimension(i, _space.Parameters[i])).ToArray();
            var always = _space.Parameters[members.First()].When.Count == 0;
            var group = new ParameterGroup(dimensions, options.Candidates, always, batch);
            _groups.Add(group);
            foreach (var index in members)
            {
                _groupsAt[index] = group;
            }
        }
    }

    // Equal for parameters that are always active together.
    private string Conditions(int index) => string.Join('\n', _space.Parameters[index].When
        .Select(c => $"{c.Parent}\t{string.Join('\t', c.Values.Select(v => _space.Parameters[_space.IndexOf(c.Parent)].CodeOf(v)).Order())}")
        .Order(StringComparer.Ordinal));
}
