using System.Globalization;
using Hone.Analysis;
using Hone.Analysis.Replaying;
using Hone.Trials;

namespace Hone.Dashboard;

/// <summary>A recorded study under several rule sets: the results, which of them there is to choose from, and what limits them.</summary>
public sealed class RuleComparison
{
    /// <param name="study">The study.</param>
    /// <param name="results">Its replays; at least one.</param>
    public RuleComparison(StudyRecord study, IReadOnlyList<ReplayResult> results)
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentNullException.ThrowIfNull(results);
        ArgumentOutOfRangeException.ThrowIfZero(results.Count);
        Study = study;
        Results = results;
        Cost = CostKind.All.First(kind => kind.Name == (results.All(result => result.SavedShare.Cpu is not null) ? "cpu_seconds" : "steps"));
        Frontier = Replay.Frontier(results, result => Cost.Of(result.SavedShare));
    }

    /// <summary>The study.</summary>
    public StudyRecord Study { get; }

    /// <summary>One a rule set, as they were asked for.</summary>
    public IReadOnlyList<ReplayResult> Results { get; }

    /// <summary>Which saving the frontier is about: CPU time, or steps where CPU time was not measured.</summary>
    public CostKind Cost { get; }

    /// <summary>The results that no other beats in saving and in regret, the one that saves most first.</summary>
    public IReadOnlyList<ReplayResult> Frontier { get; }

    /// <summary>Whether some trial of the record was stopped by a rule, so that a replay may differ from it.</summary>
    public bool HasRecordedStops => Study.Trials.Any(trial => trial.State == TrialState.Stopped && trial.Rule is not ("" or "budget"));

    /// <summary>What must be known to read the results, a sentence each.</summary>
    public IReadOnlyList<string> Notes => [.. FindNotes()];

    /// <summary>Whether a result is on the frontier, or saves and loses just what one there does.</summary>
    public bool IsOnFrontier(ReplayResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return Frontier.Any(other => Cost.Of(other.SavedShare) == Cost.Of(result.SavedShare) && other.Regret == result.Regret);
    }

    private IEnumerable<string> FindNotes()
    {
        var first = Results[0];
        yield return first.Best is null
            ? "Regret is not known: no trial is complete, within the constraints and finite."
            : $"* no other rule set saves more {Cost.Label} with less regret.";
        if (first.Unknown.Count > 0)
        {
            yield return $"{Trials(first.Unknown.Count, "has", "have")} no recorded end, because a rule, the budget or an interruption came "
                + "first: what would have come of it, and at what cost, is not known. To have the truth, record a study with stop: [].";
        }

        if (HasRecordedStops)
        {
            yield return "differs: trials of which these rules decide otherwise than those that the study ran under; 0 for its own rules.";
        }

        if (first.Repeated.Count > 0)
        {
            yield return $"{Trials(first.Repeated.Count, "was", "were")} tried more than once; the last attempt alone is replayed.";
        }

        if (Study.Objectives.Count > 1)
        {
            yield return $"Regret is that of {Study.Objectives[0].Metric}, the first objective.";
        }
    }

    private static string Trials(int count, string one, string many) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} trial{(count == 1 ? "" : "s")} {(count == 1 ? one : many)}");
}
