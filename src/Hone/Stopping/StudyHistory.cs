using Hone.Trials;

namespace Hone.Stopping;

/// <summary>What all trials of a study had at each step, kept in order as reports come in. Not thread-safe.</summary>
public sealed class StudyHistory
{
    private readonly Dictionary<TableKey, StepTable> _tables = [];
    private readonly Dictionary<FoldKey, FoldRecord?> _folds = [];

    /// <param name="rules">The rules whose tables and folds to keep.</param>
    public StudyHistory(IEnumerable<IStoppingRule> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        foreach (var key in rules.SelectMany(rule => rule.Tables))
        {
            _tables.TryAdd(key, new StepTable(key));
        }

        foreach (var key in rules.SelectMany(rule => rule.Folds))
        {
            _folds.TryAdd(key, null);
        }
    }

    /// <summary>A table that some rule of the study has named.</summary>
    /// <exception cref="KeyNotFoundException">No rule has named it.</exception>
    public StepTable this[TableKey key] => _tables[key];

    /// <summary>The folds of the complete trial that is best by the mean over them, the first of equals; null while there is none.</summary>
    /// <exception cref="KeyNotFoundException">No rule has named them.</exception>
    public FoldRecord? Best(FoldKey key) => _folds[key];

    /// <summary>Takes in a trial's latest report. To be called once a report, before rules judge.</summary>
    public void Add(Trial trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        foreach (var table in _tables.Values)
        {
            table.Add(trial);
        }
    }

    /// <summary>Takes out what an attempt contributed that is to be repeated.</summary>
    public void Remove(Trial trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        foreach (var table in _tables.Values)
        {
            table.Remove(trial);
        }
    }

    /// <summary>Forgets the bookkeeping of a trial that has ended; what it contributed stays, and its folds if it is the best complete trial.</summary>
    public void Close(Trial trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        foreach (var table in _tables.Values)
        {
            table.Close(trial);
        }

        if (trial.State == TrialState.Complete)
        {
            foreach (var key in _folds.Keys)
            {
                Compare(key, key.Values(trial), trial.Number);
            }
        }
    }

    private void Compare(FoldKey key, double[] values, int trial)
    {
        if (values.Length == 0 || !Array.TrueForAll(values, double.IsFinite))
        {
            return;
        }

        var (own, best) = (new FoldRecord(trial, values), _folds[key]);
        if (best is null || (key.Goal == Goal.Minimize ? own.Mean < best.Mean : own.Mean > best.Mean))
        {
            _folds[key] = own;
        }
    }
}
