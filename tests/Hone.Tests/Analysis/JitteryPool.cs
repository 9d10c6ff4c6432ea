using Hone.Simulation;
using Hone.Trials;
using Hone.Tuning;

namespace Hone.Tests.Analysis;

/// <summary>
/// A pool in virtual time with the faults of real ones: trials begin late, reports are made before they arrive, come in another order than
/// they were made, go on after a stop, and an attempt that was stopped takes its time to end.
/// </summary>
internal sealed class JitteryPool(int slots, VirtualTime time, Random random, Func<int, MetricValue[][]> curve) : IWorkerPool
{
    private readonly PriorityQueue<WorkerEvent, (long Ticks, int Order)> _queue = new();
    private readonly Dictionary<int, DateTimeOffset> _began = [];
    private int _order;

    public int Slots => slots;

    public void Start(TrialOrder order)
    {
        var began = _began[order.Trial] = time.GetUtcNow() + Lag(30);
        var at = TimeSpan.Zero;
        var arrival = began;
        var step = 0;
        foreach (var values in curve(order.Trial))
        {
            at += TimeSpan.FromMilliseconds(random.Next(0, 400));
            arrival = Later(arrival, began + at + Lag(200));
            var sinceStart = at;
            Enqueue(arrival, new AttemptReported(began + at, order.Trial, 1, ++step, values, sinceStart));
        }

        at += TimeSpan.FromMilliseconds(5);
        Enqueue(Later(arrival, began + at), new AttemptEnded(began + at, order.Trial, 1, AttemptOutcome.Succeeded, "", at));
    }

    public void Stop(int trial, int attempt, bool force = false)
    {
        var at = Later(time.GetUtcNow(), _began[trial]) + Lag(600);
        Enqueue(at, new AttemptEnded(at, trial, attempt, AttemptOutcome.Stopped, "", at - _began[trial]));
    }

    public bool TryRead(out WorkerEvent? workerEvent)
    {
        var isDue = _queue.TryPeek(out _, out var key) && key.Ticks <= time.GetUtcNow().UtcTicks;
        workerEvent = isDue ? _queue.Dequeue() : null;
        return isDue;
    }

    public ValueTask WaitAsync(DateTimeOffset? until, CancellationToken cancellationToken)
    {
        _queue.TryPeek(out _, out var key);

        // Late now and then, so that several events make one batch.
        var at = new DateTimeOffset(key.Ticks, TimeSpan.Zero) + (random.Next(3) == 0 ? Lag(100) : TimeSpan.Zero);
        at = until < at ? until.Value : at;
        if (at > time.GetUtcNow())
        {
            time.MoveTo(at);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private TimeSpan Lag(int milliseconds) => TimeSpan.FromMilliseconds(random.Next(milliseconds));

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private void Enqueue(DateTimeOffset at, WorkerEvent what) => _queue.Enqueue(what, (at.UtcTicks, _order++));
}
