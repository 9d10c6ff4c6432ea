using Hone.Tuning;

namespace Hone.Tests.Tuning;

/// <summary>Checks that the journal has each start and stop before the pool is asked for it.</summary>
internal sealed class WitnessPool(InMemoryJournal journal, IWorkerPool inner) : IWorkerPool
{
    public int Starts { get; private set; }
    public int Stops { get; private set; }
    public int Slots => inner.Slots;

    public void Start(TrialOrder order)
    {
        Starts++;
        Assert.Contains(journal.Events.OfType<TrialStarted>(), e => e.Trial == order.Trial && e.Attempt == order.Attempt);
        inner.Start(order);
    }

    public void Stop(int trial, int attempt, bool force)
    {
        Stops++;
        Assert.Contains(journal.Events.OfType<StopDecided>(), e => e.Trial == trial);
        inner.Stop(trial, attempt, force);
    }

    public bool TryRead(out WorkerEvent? workerEvent) => inner.TryRead(out workerEvent);
    public ValueTask WaitAsync(DateTimeOffset? until, CancellationToken cancellationToken) => inner.WaitAsync(until, cancellationToken);
    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
