using Hone.Simulation;
using Hone.Tuning;

namespace Hone.Analysis.Replaying;

/// <summary>Repeats recorded trials in virtual time, with the pauses of the record, for the tuner's own loop to decide on again.</summary>
/// <remarks>
/// Beside a <see cref="SimulatedWorkerPool"/> it keeps apart when a report was made and when the tuner took it, holds a slot as long as the
/// record did before the next trial, and lets a trial that is stopped as it was in the record end as it did.
/// </remarks>
internal sealed class RecordedPool : IWorkerPool
{
    private readonly RecordedStudy _study;
    private readonly VirtualTime _time;
    private readonly TimeSpan _stopDelay;
    private readonly DateTimeOffset _began;
    private readonly Dictionary<int, Attempt> _open = [];
    private readonly PriorityQueue<Attempt, (long Ticks, long Order, long Entry)> _next = new();
    private long _entries;
    private int _opened;

    public RecordedPool(RecordedStudy study, VirtualTime time, TimeSpan stopDelay)
    {
        _study = study;
        _time = time;
        _stopDelay = stopDelay;
        _began = time.GetUtcNow();
    }

    /// <summary>The slots that were in use by now.</summary>
    public int Slots
    {
        get
        {
            while (NextOpening <= _time.GetUtcNow())
            {
                _opened++;
            }

            return _opened;
        }
    }

    /// <summary>When each trial that was stopped otherwise than in the record had ended, by its number in the replay.</summary>
    public Dictionary<int, TimeSpan> StoppedAt { get; } = [];

    /// <summary>Whether a trial has told all it had to tell, and its slot is only held.</summary>
    public bool IsOver(int trial) => !_open.TryGetValue(trial, out var attempt) || (attempt.IsAtEnd && attempt.EndsAt <= _time.GetUtcNow());

    /// <summary>How long an open trial has run.</summary>
    public TimeSpan Elapsed(int trial) => _time.GetUtcNow() - _open[trial].StartedAt;

    /// <summary>Lets a trial that is to be stopped end as it did in the record.</summary>
    public void StopAsRecorded(int trial) => _open[trial].EndsAsRecorded = true;

    public void Start(TrialOrder order)
    {
        var attempt = new Attempt(order, _study.Trials[order.Trial - 1], _time.GetUtcNow());
        _open.Add(order.Trial, attempt);
        Schedule(attempt);
    }

    public void Stop(int trial, int attempt, bool force = false)
    {
        if (IsOver(trial) || _open[trial].EndsAsRecorded)
        {
            return;
        }

        var stopped = _open[trial].Stopped(_time.GetUtcNow() + _stopDelay);
        _open[trial] = stopped;
        StoppedAt[trial] = stopped.EndsAt - stopped.StartedAt;
        Schedule(stopped);
    }

    public bool TryRead(out WorkerEvent? workerEvent)
    {
        while (_next.TryPeek(out var attempt, out var key) && key.Ticks <= _time.GetUtcNow().UtcTicks)
        {
            _next.Dequeue();
            if (_open.GetValueOrDefault(attempt.Order.Trial) == attempt)
            {
                workerEvent = Advance(attempt);
                return true;
            }
        }

        workerEvent = null;
        return false;
    }

    public ValueTask WaitAsync(DateTimeOffset? until, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var now = _time.GetUtcNow();
        var time = until ?? DateTimeOffset.MaxValue;
        if (_next.TryPeek(out _, out var key) && key.Ticks < time.UtcTicks)
        {
            time = new DateTimeOffset(key.Ticks, TimeSpan.Zero);
        }

        time = NextOpening < time ? NextOpening.Value : time;
        if (time == DateTimeOffset.MaxValue)
        {
            throw new InvalidOperationException("No trial runs and there is no time to wait for.");
        }

        if (time > now)
        {
            _time.MoveTo(time);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private DateTimeOffset? NextOpening => _opened < _study.Openings.Length ? _began + _study.Openings[_opened] : null;

    private WorkerEvent Advance(Attempt attempt)
    {
        var (trial, number) = (attempt.Order.Trial, attempt.Order.Attempt);
        if (attempt.IsAtEnd)
        {
            _open.Remove(trial);
            return new AttemptEnded(attempt.EndsAt, trial, number, attempt.Outcome, "as recorded", attempt.EndsAt - attempt.StartedAt);
        }

        var report = attempt.Trial.Reports[attempt.Reported++];
        Schedule(attempt);
        return new AttemptReported(attempt.StartedAt + report.Arrival, trial, number, report.Step, report.Values, report.SinceStart);
    }

    private void Schedule(Attempt attempt)
    {
        var (at, order) = attempt.IsAtEnd
            ? (attempt.EndsAt + attempt.Trial.Hold, long.MaxValue)
            : (attempt.StartedAt + attempt.Trial.Reports[attempt.Reported].Arrival, attempt.Trial.Reports[attempt.Reported].Order ?? 0);
        var ticks = Math.Max(at.UtcTicks, _time.GetUtcNow().UtcTicks);
        _next.Enqueue(attempt, (ticks, order, _entries++));
    }

    private sealed class Attempt(TrialOrder order, RecordedTrial trial, DateTimeOffset startedAt)
    {
        public TrialOrder Order => order;

        public RecordedTrial Trial => trial;

        public DateTimeOffset StartedAt => startedAt;

        public DateTimeOffset EndsAt { get; private init; } = startedAt + trial.Duration;

        public AttemptOutcome Outcome { get; private init; } = trial.EndIsKnown && trial.Record.State == Trials.TrialState.Complete
            ? AttemptOutcome.Succeeded
            : AttemptOutcome.Crashed;

        public int Reported { get; set; }

        public bool EndsAsRecorded { get; set; }

        public bool IsAtEnd => Reported == trial.Reports.Length;

        public Attempt Stopped(DateTimeOffset endsAt) => new(order, trial, startedAt)
        {
            EndsAt = endsAt,
            Outcome = AttemptOutcome.Stopped,
            Reported = trial.Reports.Length,
        };
    }
}
