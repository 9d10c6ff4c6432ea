using Hone.Trials;

namespace Hone.Stopping;

/// <summary>What all trials of a study had at each step, kept in order as reports come in. Not thread-safe.</summary>
public sealed class StudyHistory
{
    private readonly Dictionary<TableKey, StepTable> _tables = [];

    /// <param name="rules">The rules whose tables to keep.</param>
    public StudyHistory(IEnumerable<IStoppingRule> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        foreach (var key in rules.SelectMany(rule => rule.Tables))
        {
            _tables.TryAdd(key, new StepTable(key));
        }
    }

    /// <summary>A table that some rule of the study has named.</summary>
    /// <exception cref="KeyNotFoundException">No rule has named it.</exception>
    public StepTable this[TableKey key] => _tables[key];

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

    /// <summary>Forgets the bookkeeping of a trial that has ended; what it contributed stays.</summary>
    public void Close(Trial trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        foreach (var table in _tables.Values)
        {
            table.Close(trial);
        }
    }
}
