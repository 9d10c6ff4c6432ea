using Hone.Trials;

namespace Hone.Analysis.Replaying;

/// <summary>Compares what a replay came to with the record.</summary>
internal sealed class ReplayOutcome(RecordedStudy study, RecordedPool pool, ReplayJournal journal)
{
    private readonly Dictionary<int, ReplayDecision> _decisions = journal.Decisions.ToDictionary(d => d.Decision.Trial, d => d.Decision);
    private readonly IReadOnlyList<Objective> _objectives = study.Record.Objectives;

    public ReplayResult Result(string rules)
    {
        var counting = study.Trials.Select(t => t.Record).Where(t => t.Counts).ToArray();
        var found = counting.Where(t => !_decisions.ContainsKey(t.Number)).ToArray();
        var unknown = study.Trials.Where(t => !t.EndIsKnown).Select(t => t.Record.Number).Order().ToArray();
        return new ReplayResult
        {
            Rules = rules,
            Trials = study.Trials.Length,
            Decisions = [.. journal.Decisions.Select(d => d.Decision)],
            Recorded = study.Trials.Aggregate(Cost.None, (sum, trial) => sum + trial.CostAt(trial.Wall)),
            Spent = study.Trials.Select(Spent).Aggregate(Cost.None, (sum, cost) => sum + cost),
            Best = BestOf(counting),
            BestFound = BestOf(found),
            WouldHaveWon = [.. counting.Where(t => _decisions.ContainsKey(t.Number) && Wins(t, found)).Select(t => t.Number).Order()],
            Unknown = unknown,
            RanPastRecord = [.. unknown.Where(number => !_decisions.ContainsKey(number))],
            Differs = [.. study.Trials.Where(Differs).Select(t => t.Record.Number).Order()],
            Repeated = [.. study.Trials.Where(t => t.Record.Attempts > 1).Select(t => t.Record.Number).Order()],
        };
    }

    private Cost Spent(RecordedTrial trial, int index) =>
        _decisions.ContainsKey(trial.Record.Number) && pool.StoppedAt.TryGetValue(index + 1, out var at)
            ? trial.CostAt(at)
            : trial.CostAt(trial.Wall);

    private bool Differs(RecordedTrial trial)
    {
        var isDecided = _decisions.ContainsKey(trial.Record.Number);
        return trial.WasStoppedByRule ? !(isDecided && journal.IsAsRecorded(trial.Record.Number)) : isDecided;
    }

    private BestTrial? BestOf(TrialRecord[] trials) =>
        trials.MinBy(t => (_objectives[0].Signed(t.Values[0]), t.Number)) is { } best ? new BestTrial(best.Number, best.Values[0]) : null;

    // Better than everything found in the one objective, or not beaten in all of several.
    private bool Wins(TrialRecord trial, TrialRecord[] found) => _objectives.Count == 1
        ? found.All(other => _objectives[0].Signed(trial.Values[0]) < _objectives[0].Signed(other.Values[0]))
        : !found.Any(other => IsNotWorse(other, trial));

    private bool IsNotWorse(TrialRecord a, TrialRecord b)
    {
        for (var i = 0; i < _objectives.Count; i++)
        {
            if (_objectives[i].Signed(a.Values[i]) > _objectives[i].Signed(b.Values[i]))
            {
                return false;
            }
        }

        return true;
    }
}
