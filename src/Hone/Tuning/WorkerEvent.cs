using Hone.Trials;

namespace Hone.Tuning;

/// <summary>What a worker pool tells the tuner.</summary>
/// <param name="At">When, in UTC.</param>
/// <param name="Trial">Number of the trial.</param>
/// <param name="Attempt">The attempt, from 1.</param>
public abstract record WorkerEvent(DateTimeOffset At, int Trial, int Attempt);

/// <summary>The trial reported, or the system's sampler did for it.</summary>
/// <param name="At">When, in UTC.</param>
/// <param name="Trial">Number of the trial.</param>
/// <param name="Attempt">The attempt, from 1.</param>
/// <param name="Step">Step of all the values; null: the last one reported.</param>
/// <param name="Values">The values, in any number; not changed afterwards.</param>
/// <param name="SinceStart">Time since the attempt began.</param>
/// <param name="Committed">Called when the report is durable, for a sender who waits for that; null: nobody does.</param>
public sealed record AttemptReported(
    DateTimeOffset At, int Trial, int Attempt, long? Step, IReadOnlyList<MetricValue> Values, TimeSpan SinceStart, Action? Committed = null)
    : WorkerEvent(At, Trial, Attempt);

/// <summary>How an attempt ended.</summary>
public enum AttemptOutcome
{
    /// <summary>By itself and well: exit status 0.</summary>
    Succeeded,

    /// <summary>By itself and badly; it may be tried again.</summary>
    Crashed,

    /// <summary>Because the pool was asked to stop it.</summary>
    Stopped,

    /// <summary>It could not begin and will not be able to: the program does not exist, say.</summary>
    Unstartable,
}

/// <summary>The attempt is over, none of its processes lives, and its slot is free.</summary>
/// <param name="At">When, in UTC.</param>
/// <param name="Trial">Number of the trial.</param>
/// <param name="Attempt">The attempt, from 1.</param>
/// <param name="Outcome">How.</param>
/// <param name="Reason">In words, e.g. <c>exit status 1: ValueError: …</c>; empty if it succeeded.</param>
/// <param name="SinceStart">How long it ran.</param>
public sealed record AttemptEnded(
    DateTimeOffset At, int Trial, int Attempt, AttemptOutcome Outcome, string Reason, TimeSpan SinceStart)
    : WorkerEvent(At, Trial, Attempt);
