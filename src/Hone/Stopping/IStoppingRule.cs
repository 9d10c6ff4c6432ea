using Hone.Trials;

namespace Hone.Stopping;

/// <summary>Judges a running trial after each of its reports.</summary>
/// <remarks>
/// A rule is a pure function of what it is given: no clock, no I/O, no state, so that a recorded study can be judged again.
/// Metrics of the system and of learning are the same to it.
/// </remarks>
public interface IStoppingRule
{
    /// <summary>Name of the rule with its settings, as the journal and the reports show it, e.g. <c>median(validation_loss)</c>.</summary>
    string Name { get; }

    /// <summary>What the rule reads of other trials: the history keeps these tables and no others.</summary>
    IReadOnlyList<TableKey> Tables => [];

    /// <summary>What the rule compares with the best complete trial fold by fold: the history keeps that trial's folds.</summary>
    IReadOnlyList<FoldKey> Folds => [];

    /// <summary>Judges the trial after its latest report, which the history has taken in already.</summary>
    Verdict Judge(Trial trial, StudyHistory history);

    /// <summary>
    /// When, counted from the attempt's start, the rule wants to judge the trial even if it does not report; null: never.
    /// </summary>
    TimeSpan? WakeAfter => null;
}
