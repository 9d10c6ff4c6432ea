using System.Globalization;
using System.Text;
using Hone.Trials;
using Hone.Tuning;
using Hone.Workers.SystemMetrics;

namespace Hone.Workers.Threads;

/// <summary>One attempt at a trial on a thread of this process.</summary>
#pragma warning disable CA1001 // Its token source has no timer, and a delegate that was given up may use the token for ever.
internal sealed class ThreadAttempt
#pragma warning restore CA1001
{
    private readonly TrialOrder _order;
    private readonly WorkerEvents _events;
    private readonly TimeProvider _time;
    private readonly TimeSpan _gracePeriod;
    private readonly long _startedAt;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<string> _abandoned = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Guards what follows.
    private readonly Lock _lock = new();
    private readonly StepClock _steps = new();
    private ThreadClock? _clock;
    private double? _cpuSeconds;
    private ITimer? _grace;
    private bool _isStopping;
    private bool _isOver;

    public ThreadAttempt(TrialOrder order, WorkerEvents events, TimeSpan gracePeriod, TimeProvider time)
    {
        _order = order;
        _events = events;
        _time = time;
        _gracePeriod = gracePeriod;
        _startedAt = time.GetTimestamp();
    }

    /// <summary>Cancelled when the trial is asked to stop.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>Runs the work until it returns or is given up, and tells all but the end.</summary>
    /// <param name="work">Goes on in the background when it is given up.</param>
    public async Task<AttemptEnded> RunAsync(Task work)
    {
        await Task.WhenAny(work, _abandoned.Task);
        MetricValue[] final;
        lock (_lock)
        {
            _isOver = true;
            _grace?.Dispose();
            final = Uses();
        }

        await _events.WriteAsync(Reported(null, final));
        return work.IsCompleted ? await JudgeAsync(work) : Ended(AttemptOutcome.Stopped, await _abandoned.Task);
    }

    /// <summary>The end of an attempt whose turn never came.</summary>
    public AttemptEnded NotBegun() => Ended(AttemptOutcome.Stopped, "stopped before it began");

    /// <summary>Measures the calling thread's CPU time as the trial's.</summary>
    public void CountThisThread()
    {
        lock (_lock)
        {
            _clock = ThreadClock.OfThisThread();
        }
    }

    /// <summary>Called on the measured thread when its work is done: its clock goes with it.</summary>
    public void CountNothingMore()
    {
        lock (_lock)
        {
            _cpuSeconds = _clock?.Seconds;
            _clock = null;
        }
    }

    public void Stop(bool force)
    {
        lock (_lock)
        {
            if (_isOver)
            {
                return;
            }

            if (!_isStopping)
            {
                _isStopping = true;
                _grace = force ? null : _time.CreateTimer(_ => Abandon(), null, _gracePeriod, Timeout.InfiniteTimeSpan);
            }
        }

        // Outside of the lock: what the delegate has registered runs in here.
        _stop.Cancel();
        if (force)
        {
            _abandoned.TrySetResult("cancelled at once; its slot stays taken until its code returns");
        }
    }

    public void Report(long step, ReadOnlySpan<MetricValue> values)
    {
        var all = new List<MetricValue>(values.Length + 5);
        all.AddRange(values);
        lock (_lock)
        {
            if (_isOver)
            {
                _stop.Token.ThrowIfCancellationRequested();
                throw new InvalidOperationException(
                    "The trial has ended: its delegate has returned, and something that it started still reports.");
            }

            var uses = Uses();
            all.AddRange(uses);
            double? cpu = uses.Length > 1 ? uses[1].Value : null;
            _steps.Report(step, _time.GetElapsedTime(_startedAt), cpu).AddTo(all);
        }

        var reported = Reported(step, all);
        if (!_events.TryWrite(reported) && !_events.WriteAsync(reported).AsTask().GetAwaiter().GetResult())
        {
            throw new OperationCanceledException("The pool has been disposed.", _stop.Token);
        }

        _stop.Token.ThrowIfCancellationRequested();
    }

    private static string Describe(Exception exception)
    {
        var text = new StringBuilder();
        for (var e = exception; e is not null; e = e.InnerException)
        {
            text.Append(text.Length > 0 ? " ← " : "").Append(e.GetType()).Append(": ").Append(e.Message);
        }

        return text.ToString();
    }

    private void Abandon() => _abandoned.TrySetResult(string.Create(
        CultureInfo.InvariantCulture,
        $"did not return within {_gracePeriod.TotalSeconds} s of being cancelled; "
        + $"a thread cannot be killed, so its slot stays taken until it returns"));

    private MetricValue[] Uses()
    {
        var elapsed = new MetricValue(SystemMetric.ElapsedSeconds, _time.GetElapsedTime(_startedAt).TotalSeconds);
        var cpu = _clock is null ? _cpuSeconds : _clock.Seconds;
        return cpu is { } seconds ? [elapsed, new MetricValue(SystemMetric.CpuSeconds, seconds)] : [elapsed];
    }

    // The one broad catch: whatever the delegate throws is how its trial ended.
    private async Task<AttemptEnded> JudgeAsync(Task work)
    {
        try
        {
            await work;
            return Ended(_isStopping ? AttemptOutcome.Stopped : AttemptOutcome.Succeeded, "");
        }
        catch (OperationCanceledException) when (_isStopping)
        {
            return Ended(AttemptOutcome.Stopped, "");
        }
        catch (Exception e)
        {
            return Ended(_isStopping ? AttemptOutcome.Stopped : AttemptOutcome.Crashed, Describe(e));
        }
    }

    private AttemptReported Reported(long? step, IReadOnlyList<MetricValue> values) =>
        new(_time.GetUtcNow(), _order.Trial, _order.Attempt, step, values, _time.GetElapsedTime(_startedAt));

    private AttemptEnded Ended(AttemptOutcome outcome, string reason) =>
        new(_time.GetUtcNow(), _order.Trial, _order.Attempt, outcome, reason, _time.GetElapsedTime(_startedAt));
}
