using System.Collections.Concurrent;
using System.Globalization;
using Hone.Tuning;

namespace Hone.Workers.Threads;

/// <summary>Runs trials in this process: a delegate that trains and reports.</summary>
/// <remarks>
/// To stop a trial its token is cancelled, and its next report throws. A thread cannot be killed: a delegate that heeds neither is given
/// up after <see cref="Grace"/>, its trial ends, and its slot stays taken until it returns; a trial that the tuner starts meanwhile
/// waits for its turn. An exception ends only its own trial; a stack overflow or an exit ends the process.
/// </remarks>
public sealed class ThreadWorkerPool : IWorkerPool
{
    private readonly Func<TrialContext, ThreadAttempt, Task> _begin;
    private readonly TimeProvider _time;
    private readonly WorkerEvents _events;
    private readonly SemaphoreSlim _turns;
    private readonly ConcurrentDictionary<(int Trial, int Attempt), ThreadAttempt> _attempts = new();
    private readonly ConcurrentDictionary<Task, byte> _runs = new();
    private bool _isDisposed;

    /// <param name="slots">How many trials run at once; at least 1.</param>
    /// <param name="objective">Trains one configuration. Its CPU time is not measured: it may use any threads.</param>
    /// <param name="time">The clock of reports, of the grace period and of waiting.</param>
    public ThreadWorkerPool(int slots, Func<TrialContext, CancellationToken, Task> objective, TimeProvider time)
        : this(slots, time, (trial, attempt) => Task.Run(() => objective(trial, attempt.Stopping), CancellationToken.None)) =>
        ArgumentNullException.ThrowIfNull(objective);

    /// <param name="slots">How many trials run at once; at least 1.</param>
    /// <param name="objective">Trains one configuration, on a thread of its own whose CPU time is the trial's.</param>
    /// <param name="time">The clock of reports, of the grace period and of waiting.</param>
    public ThreadWorkerPool(int slots, Action<TrialContext, CancellationToken> objective, TimeProvider time)
        : this(slots, time, (trial, attempt) => OnThread(objective, trial, attempt)) =>
        ArgumentNullException.ThrowIfNull(objective);

    private ThreadWorkerPool(int slots, TimeProvider time, Func<TrialContext, ThreadAttempt, Task> begin)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(slots, 1);
        ArgumentNullException.ThrowIfNull(time);
        Slots = slots;
        _begin = begin;
        _time = time;
        _events = new WorkerEvents(time);
        _turns = new SemaphoreSlim(slots);
    }

    /// <inheritdoc/>
    public int Slots { get; }

    /// <summary>How long a cancelled trial may take to return before it is given up.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">No slot is free, or the attempt runs already.</exception>
    public void Start(TrialOrder order)
    {
        ArgumentNullException.ThrowIfNull(order);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_attempts.Count >= Slots)
        {
            throw new InvalidOperationException($"All {Slots} slots are taken.");
        }

        var attempt = new ThreadAttempt(order, _events, Grace, _time);
        if (!_attempts.TryAdd((order.Trial, order.Attempt), attempt))
        {
            throw new InvalidOperationException($"Attempt {order.Attempt} at trial {order.Trial} runs already.");
        }

        var run = Task.Run(() => RunAsync(order, attempt));
        _runs.TryAdd(run, 0);
        _ = run.ContinueWith(done => _runs.TryRemove(done, out _), TaskScheduler.Default);
    }

    /// <inheritdoc/>
    public void Stop(int trial, int attempt, bool force = false)
    {
        if (_attempts.TryGetValue((trial, attempt), out var running))
        {
            running.Stop(force);
        }
    }

    /// <inheritdoc/>
    public bool TryRead(out WorkerEvent? workerEvent) => _events.TryRead(out workerEvent);

    /// <inheritdoc/>
    public ValueTask WaitAsync(DateTimeOffset? until, CancellationToken cancellationToken) => _events.WaitAsync(until, cancellationToken);

    /// <summary>Cancels all trials and returns when each has returned or was given up. What was not read yet is lost.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _events.Close();
        foreach (var attempt in _attempts.Values)
        {
            attempt.Stop(force: false);
        }

        await Task.WhenAll(_runs.Keys);
    }

    private static Task OnThread(Action<TrialContext, CancellationToken> objective, TrialContext trial, ThreadAttempt attempt)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                attempt.CountThisThread();
                objective(trial, attempt.Stopping);
                attempt.CountNothingMore();
                done.SetResult();
            }
            catch (Exception e)
            {
                attempt.CountNothingMore();
                done.SetException(e);
            }
        })
        {
            IsBackground = true,
            Name = string.Create(CultureInfo.InvariantCulture, $"Hone trial {trial.Trial}"),
        };
        thread.Start();
        return done.Task;
    }

    private async Task RunAsync(TrialOrder order, ThreadAttempt attempt)
    {
        AttemptEnded ended;
        var work = Task.CompletedTask;
        try
        {
            await _turns.WaitAsync(attempt.Stopping);
            try
            {
                work = _begin(new TrialContext(order, attempt), attempt);
            }
            catch (Exception e) when (e is OutOfMemoryException or ThreadStateException)
            {
                work = Task.FromException(e); // No thread could be started.
            }

            _ = ReleaseAsync(work);
            ended = await attempt.RunAsync(work);
        }
        catch (OperationCanceledException)
        {
            ended = attempt.NotBegun();
        }

        _attempts.TryRemove((order.Trial, order.Attempt), out _);
        await _events.WriteAsync(ended);
    }

    private async Task ReleaseAsync(Task work)
    {
        await work.ContinueWith(_ => { }, TaskScheduler.Default);
        _turns.Release();
    }
}
