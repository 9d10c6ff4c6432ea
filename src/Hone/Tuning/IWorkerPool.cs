using Hone.Space;

namespace Hone.Tuning;

/// <summary>Slots on which trials run: threads, processes, other machines, or a simulation.</summary>
/// <remarks>
/// Called by the tuner's loop alone. The loop pulls: it takes the events that are there, and waits for more no longer than until the
/// time it names; that is how a simulated pool runs the same loop in virtual time.
/// </remarks>
public interface IWorkerPool : IAsyncDisposable
{
    /// <summary>How many trials can run at once.</summary>
    int Slots { get; }

    /// <summary>
    /// Begins an attempt on a free slot. Returns at once and does not throw for the trial's sake: a program that cannot be started ends
    /// as <see cref="AttemptEnded"/>. The tuner never has more attempts open than there are slots.
    /// </summary>
    void Start(TrialOrder order);

    /// <summary>
    /// Asks an attempt to end, and ends it by force after the pool's grace period (at once with <paramref name="force"/>).
    /// <see cref="AttemptEnded"/> follows. Nothing happens if the attempt has ended already.
    /// </summary>
    void Stop(int trial, int attempt, bool force = false);

    /// <summary>Takes the next event that has happened; false if there is none yet.</summary>
    bool TryRead(out WorkerEvent? workerEvent);

    /// <summary>Waits until an event can be read or a time has come, whichever is first.</summary>
    /// <param name="until">In UTC, by the pool's clock; null: no limit.</param>
    /// <param name="cancellationToken">Ends the wait; it stops no trial.</param>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    ValueTask WaitAsync(DateTimeOffset? until, CancellationToken cancellationToken);
}

/// <summary>One attempt at a trial, as handed to a worker.</summary>
/// <param name="Study">Name of the study.</param>
/// <param name="Trial">Number of the trial, from 1.</param>
/// <param name="Attempt">From 1; what an earlier attempt still sends is ignored.</param>
/// <param name="Configuration">What to try.</param>
/// <param name="Seed">Fixed by the study's seed, the trial and the attempt; from 0 to 2^31 - 1.</param>
public sealed record TrialOrder(string Study, int Trial, int Attempt, Configuration Configuration, int Seed);
