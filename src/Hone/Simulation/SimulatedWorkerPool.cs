using Hone.Tuning;

namespace Hone.Simulation;

/// <summary>Runs trials in virtual time: the tuner's own loop with thousands of workers in one thread, exactly repeatable.</summary>
public sealed class SimulatedWorkerPool : IWorkerPool
{
    private readonly VirtualTime _time;
    private readonly Func<TrialOrder, SimulatedAttempt> _program;
    private readonly TimeSpan _stopDelay;
    private readonly Dictionary<(int Trial, int Attempt), Running> _running = [];
    private readonly PriorityQueue<Running, (long Ticks, long Order)> _next = new();
    private long _order;

    /// <param name="slots">How many trials run at once; at least 1.</param>
    /// <param name="time">The clock; this pool moves it.</param>
    /// <param name="program">What each attempt will do.</param>
    /// <param name="stopDelay">How long a trial takes to end when it is asked to.</param>
    public SimulatedWorkerPool(int slots, VirtualTime time, Func<TrialOrder, SimulatedAttempt> program, TimeSpan stopDelay = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(slots, 1);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(program);
        Slots = slots;
        _time = time;
        _program = program;
        _stopDelay = stopDelay;
    }

    /// <inheritdoc/>
    public int Slots { get; }

    /// <inheritdoc/>
    public void Start(TrialOrder order)
    {
        ArgumentNullException.ThrowIfNull(order);
        if (_running.Count == Slots)
        {
            throw new InvalidOperationException($"All {Slots} slots are taken.");
        }

        var running = new Running(order, _time.GetUtcNow(), _program(order));
        _running.Add((order.Trial, order.Attempt), running);
        Schedule(running);
    }

    /// <inheritdoc/>
    public void Stop(int trial, int attempt, bool force = false)
    {
        if (_running.TryGetValue((trial, attempt), out var running) && !running.IsStopped)
        {
            // What was scheduled is passed over when its turn comes.
            _running[(trial, attempt)] = running = running.Stopped(_time.GetUtcNow() + (force ? TimeSpan.Zero : _stopDelay));
            Enqueue(running, running.EndsAt);
        }
    }

    /// <inheritdoc/>
    public bool TryRead(out WorkerEvent? workerEvent)
    {
        while (_next.TryPeek(out var running, out var at) && at.Ticks <= _time.GetUtcNow().UtcTicks)
        {
            _next.Dequeue();
            if (ReferenceEquals(_running.GetValueOrDefault((running.Order.Trial, running.Order.Attempt)), running))
            {
                workerEvent = Advance(running, new DateTimeOffset(at.Ticks, TimeSpan.Zero));
                return true;
            }
        }

        workerEvent = null;
        return false;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Nothing will ever happen.</exception>
    public ValueTask WaitAsync(DateTimeOffset? until, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        DateTimeOffset? next = _next.TryPeek(out _, out var at) ? new DateTimeOffset(at.Ticks, TimeSpan.Zero) : null;
        var time = next < until || until is null ? next : until;
        if (time is null)
        {
            throw new InvalidOperationException("No trial runs and there is no time to wait for.");
        }

        if (time > _time.GetUtcNow())
        {
            _time.MoveTo(time.Value);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _running.Clear();
        _next.Clear();
        return ValueTask.CompletedTask;
    }

    private WorkerEvent Advance(Running running, DateTimeOffset at)
    {
        var (trial, attempt) = (running.Order.Trial, running.Order.Attempt);
        if (running.Pending is not { } report)
        {
            _running.Remove((trial, attempt));
            return new AttemptEnded(at, trial, attempt, running.Outcome, running.Reason, at - running.StartedAt);
        }

        running.Pending = null;
        Schedule(running);
        return new AttemptReported(at, trial, attempt, report.Step, report.Values, report.At);
    }

    private void Schedule(Running running)
    {
        if (running.Reports.MoveNext())
        {
            running.Pending = running.Reports.Current;
            Enqueue(running, running.StartedAt + running.Reports.Current.At);
        }
        else
        {
            Enqueue(running, running.EndsAt);
        }
    }

    private void Enqueue(Running running, DateTimeOffset at) => _next.Enqueue(running, (at.UtcTicks, _order++));

    private sealed class Running(TrialOrder order, DateTimeOffset startedAt, SimulatedAttempt attempt)
    {
        public TrialOrder Order => order;
        public DateTimeOffset StartedAt => startedAt;
        public DateTimeOffset EndsAt { get; private init; } = startedAt + attempt.Duration;
        public AttemptOutcome Outcome { get; private init; } = attempt.Outcome;
        public string Reason { get; private init; } = attempt.Reason;
        public bool IsStopped { get; private init; }
        public IEnumerator<SimulatedReport> Reports { get; } = attempt.Reports.GetEnumerator();
        public SimulatedReport? Pending { get; set; }

        public Running Stopped(DateTimeOffset endsAt) => new(order, startedAt, attempt)
        {
            EndsAt = endsAt,
            Outcome = AttemptOutcome.Stopped,
            Reason = "",
            IsStopped = true,
        };
    }
}
