using Hone.Trials;
using Hone.Tuning;

namespace Hone.Tests.Tuning;

/// <summary>Adds a late message of attempt 0 after each report, and asks to be told when reports are durable.</summary>
internal sealed class EchoPool(IWorkerPool inner) : IWorkerPool
{
    private WorkerEvent? _echo;

    public Action<AttemptReported>? Committed { get; init; }
    public int Slots => inner.Slots;
    public void Start(TrialOrder order) => inner.Start(order);
    public void Stop(int trial, int attempt, bool force) => inner.Stop(trial, attempt, force);

    public bool TryRead(out WorkerEvent? workerEvent)
    {
        if (_echo is not null)
        {
            (workerEvent, _echo) = (_echo, null);
            return true;
        }

        var read = inner.TryRead(out workerEvent);
        if (workerEvent is AttemptReported report)
        {
            _echo = report with { Attempt = 0, Values = [new MetricValue("loss", 666)] };
            workerEvent = report with { Committed = () => Committed?.Invoke(report) };
        }

        return read;
    }

    public ValueTask WaitAsync(DateTimeOffset? until, CancellationToken cancellationToken) => inner.WaitAsync(until, cancellationToken);
    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
