using Hone.Budgets;
using Hone.Space;
using Hone.Trials;

namespace Hone.Tuning;

/// <summary>Something that happened in a study, as the journal keeps it. The state of a study is a fold over its events.</summary>
/// <param name="At">When, in UTC.</param>
public abstract record StudyEvent(DateTimeOffset At);

/// <summary>The tuner began to work on the study, for the first time or again.</summary>
public sealed record SessionBegan(DateTimeOffset At) : StudyEvent(At);

/// <summary>The tuner has stopped working on the study.</summary>
/// <param name="At">When, in UTC.</param>
/// <param name="State">How the session ended.</param>
/// <param name="Spent">What the study has spent, all its sessions together.</param>
public sealed record SessionEnded(DateTimeOffset At, StudyState State, Spending Spent) : StudyEvent(At);

/// <summary>A configuration is to be tried. The trial waits.</summary>
/// <param name="At">When, in UTC.</param>
/// <param name="Trial">Number from 1.</param>
/// <param name="Configuration">What is to be tried.</param>
public sealed record TrialProposed(DateTimeOffset At, int Trial, Configuration Configuration) : StudyEvent(At);

/// <summary>An attempt at a trial is about to begin on a worker.</summary>
/// <param name="At">When, in UTC.</param>
/// <param name="Trial">Number of the trial.</param>
/// <param name="Attempt">From 1.</param>
public sealed record TrialStarted(DateTimeOffset At, int Trial, int Attempt) : StudyEvent(At);

/// <summary>A running trial reported, or the system's sampler reported of it.</summary>
/// <param name="At">When it was taken, in UTC.</param>
/// <param name="Trial">Number of the trial.</param>
/// <param name="Attempt">The attempt that reported.</param>
/// <param name="Step">Step of all the values; never falls within an attempt.</param>
/// <param name="Values">The values.</param>
/// <param name="SinceStart">Time since the attempt began.</param>
public sealed record TrialReported(
    DateTimeOffset At, int Trial, int Attempt, long Step, IReadOnlyList<MetricValue> Values, TimeSpan SinceStart) : StudyEvent(At);

/// <summary>A running trial is to be ended; <see cref="TrialEnded"/> follows when it has.</summary>
/// <param name="At">When, in UTC.</param>
/// <param name="Trial">Number of the trial.</param>
/// <param name="State">What the trial will be when it has ended: Stopped, or Failed for one that diverged.</param>
/// <param name="Rule">Name of the stopping rule, or <c>budget</c>, or <c>diverged</c>.</param>
/// <param name="Reason">The numbers that decided, in words.</param>
public sealed record StopDecided(DateTimeOffset At, int Trial, TrialState State, string Rule, string Reason) : StudyEvent(At);

/// <summary>An attempt ended without a result, and the trial waits to be tried again.</summary>
/// <param name="At">When, in UTC.</param>
/// <param name="Trial">Number of the trial.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="NotBefore">When it may begin again, in UTC.</param>
/// <param name="IsRetry">Whether it counts as one of the retries after a crash; an interrupted tuner's trials do not.</param>
public sealed record TrialRequeued(DateTimeOffset At, int Trial, string Reason, DateTimeOffset NotBefore, bool IsRetry) : StudyEvent(At);

/// <summary>A trial has ended for good.</summary>
/// <param name="At">When, in UTC.</param>
/// <param name="Trial">Number of the trial.</param>
/// <param name="State">Complete, Stopped, Failed or Vetoed.</param>
/// <param name="Reason">Why, in words; empty for a trial that completed.</param>
/// <param name="Values">One value an objective as far as reported, otherwise NaN.</param>
/// <param name="Violation">Sum of the violations of the constraints.</param>
/// <param name="Wall">How long the last attempt ran.</param>
public sealed record TrialEnded(
    DateTimeOffset At, int Trial, TrialState State, string Reason, IReadOnlyList<double> Values, double Violation, TimeSpan Wall)
    : StudyEvent(At);
