using System.Globalization;
using Hone.Trials;

namespace Hone.Tuning;

/// <summary>
/// Runs a study: one event loop that owns all state, hands every free slot a trial at once, and writes each decision down before it acts
/// on it.
/// </summary>
/// <remarks>
/// The loop takes all events that are there, decides, commits them to the journal as one batch, and only then starts and stops trials. It
/// reads time from its clock alone, so the same events in the same order give the same study. One tuner runs one study once.
/// </remarks>
public sealed class Tuner : IDisposable
{
    // Bounds how long a flood of reports can put off the decisions and the commit.
    private const int MostEventsABatch = 4096;

    private readonly Study _study;
    private readonly IWorkerPool _pool;
    private readonly IStudyJournal _journal;
    private readonly TimeProvider _time;
    private readonly StudyProgress _progress;
    private readonly CancellationTokenSource _drain = new();
    private readonly List<Action> _afterCommit = [];
    private readonly PriorityQueue<(int Trial, int Attempt), DateTimeOffset> _wakes = new();
    private readonly WaitingTrials _waiting = new();
    private readonly SlotTime _slotTime;
    private readonly ulong _samplerSeed;
    private int _open;
    private bool _samplerEnded;
    private bool _killing;
    private string? _budgetSpent;

    /// <param name="study">What to do.</param>
    /// <param name="pool">Where trials run. Not disposed here.</param>
    /// <param name="journal">Where the study is written down, and what is known of it from before. Not disposed here.</param>
    /// <param name="time">The clock, the same one as the pool's.</param>
    public Tuner(Study study, IWorkerPool pool, IStudyJournal journal, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentNullException.ThrowIfNull(pool);
        ArgumentNullException.ThrowIfNull(journal);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfLessThan(pool.Slots, 1);
        _study = study;
        _pool = pool;
        _journal = journal;
        _time = time;
        _progress = new StudyProgress(study);
        _slotTime = new SlotTime(pool.Slots);
        _samplerSeed = (ulong)(study.Sampler.Seed ?? study.Seed);
    }

    /// <summary>Starts nothing more, lets running trials end, then lets <see cref="RunAsync"/> return. Thread-safe.</summary>
    public void Drain() => _drain.Cancel();

    /// <summary>
    /// Runs the study until its budget is spent, its sampler has no more configurations, or the user ends it; a study that the journal
    /// holds already is continued: ended trials stay as they are, trials that ran are tried again.
    /// </summary>
    /// <param name="kill">Ends running trials by force and leaves them to be tried again by a later session.</param>
    /// <exception cref="InvalidOperationException">The tuner has run before.</exception>
    public async Task<StudyResult> RunAsync(CancellationToken kill)
    {
        if (_progress.LastNumber > 0)
        {
            throw new InvalidOperationException("A tuner runs once. Make a new one to continue the study.");
        }

        await foreach (var entry in _journal.ReadAsync(kill))
        {
            _progress.Apply(entry);
        }

        Write(new SessionBegan(Now));
        TakeUpWhatWasLeft();
        _slotTime.Begin(Now);
        using var anyEnd = CancellationTokenSource.CreateLinkedTokenSource(kill, _drain.Token);
        while (await StepAsync())
        {
            await WaitAsync(anyEnd.Token, kill);
        }

        var result = Result();
        Write(new SessionEnded(Now, result.State, result.Spent));
        await _journal.CommitAsync(CancellationToken.None);
        return result;
    }

    /// <inheritdoc/>
    public void Dispose() => _drain.Dispose();

    private DateTimeOffset Now => _time.GetUtcNow();

    private IEnumerable<Trial> Running => _progress.Live.Values.Where(trial => trial.State == TrialState.Running);

    private bool IsEnding => _killing || _drain.IsCancellationRequested;
    // One turn of the loop: events in, decisions out, one commit, then the actions. False when there is nothing more to do.
    private async ValueTask<bool> StepAsync()
    {
        for (var i = 0; i < MostEventsABatch && _pool.TryRead(out var workerEvent); i++)
        {
            Handle(workerEvent!);
        }

        FireWakes();
        CheckBudget();
        Refill();
        await _journal.CommitAsync(CancellationToken.None);
        foreach (var action in _afterCommit)
        {
            action();
        }

        _afterCommit.Clear();
        return _open > 0 || (_waiting.Count > 0 && MayStart);
    }

    private async ValueTask WaitAsync(CancellationToken anyEnd, CancellationToken kill)
    {
        if (kill.IsCancellationRequested && !_killing)
        {
            Kill();
            return;
        }

        try
        {
            await _pool.WaitAsync(NextWake(), _killing ? CancellationToken.None : _drain.IsCancellationRequested ? kill : anyEnd);
        }
        catch (OperationCanceledException) when (anyEnd.IsCancellationRequested)
        {
            // The next turn of the loop sees why.
        }
    }

    private void Handle(WorkerEvent workerEvent)
    {
        if (!_progress.Live.TryGetValue(workerEvent.Trial, out var trial) || trial.State != TrialState.Running
            || trial.Attempt != workerEvent.Attempt)
        {
            // A late message of an attempt that is over.
            return;
        }

        switch (workerEvent)
        {
            case AttemptReported reported:
                Handle(trial, reported);
                break;
            case AttemptEnded ended:
                Handle(trial, ended);
                break;
        }
    }

    private void Handle(Trial trial, AttemptReported reported)
    {
        var step = Math.Max(trial.Step, reported.Step ?? 0);
        Write(new TrialReported(reported.At, trial.Number, trial.Attempt, step, reported.Values, reported.SinceStart));
        if (reported.Committed is { } committed)
        {
            _afterCommit.Add(committed);
        }

        if (_progress.Stopping(trial.Number) is null && !Diverged(trial))
        {
            Judge(trial);
        }
    }

    private bool Diverged(Trial trial)
    {
        foreach (var objective in _study.Objectives)
        {
            if (trial.Updated(objective.Metric) is { } series && !double.IsFinite(series.Last))
            {
                Stop(trial, TrialState.Failed, "diverged", string.Create(
                    CultureInfo.InvariantCulture, $"diverged: {objective.Metric} is {series.Last} at step {trial.Step}"));
                return true;
            }
        }

        return false;
    }

    private void Judge(Trial trial)
    {
        foreach (var rule in _study.Rules)
        {
            if (rule.Judge(trial, _progress.History) is { Stops: true } verdict)
            {
                Stop(trial, TrialState.Stopped, rule.Name, verdict.Reason);
                return;
            }
        }
    }

    private void Stop(Trial trial, TrialState state, string rule, string reason)
    {
        Write(new StopDecided(Now, trial.Number, state, rule, reason));
        var attempt = trial.Attempt;
        _afterCommit.Add(() => _pool.Stop(trial.Number, attempt));
    }

    private void Handle(Trial trial, AttemptEnded ended)
    {
        _open--;
        _slotTime.Release(ended.At);
        if (_progress.Stopping(trial.Number) is { } decided)
        {
            End(trial, ended.At, decided.State, decided.Reason, ended.SinceStart);
        }
        else if (ended.Outcome == AttemptOutcome.Succeeded)
        {
            var missing = _study.Objectives.FirstOrDefault(o => trial.Series(o.Metric) is null);
            var reason = missing is null ? "" : $"ended without reporting {missing.Metric}";
            End(trial, ended.At, missing is null ? TrialState.Complete : TrialState.Failed, reason, ended.SinceStart);
        }
        else if (_killing || ended.Outcome == AttemptOutcome.Stopped)
        {
            Requeue(trial, "interrupted", Now, isRetry: false);
        }
        else if (ended.Outcome == AttemptOutcome.Crashed && _progress.Retries(trial.Number) < _study.Retries.Retries)
        {
            var wait = _study.Retries.WaitBefore(_progress.Retries(trial.Number) + 1);
            Requeue(trial, ended.Reason, Now + wait, isRetry: true);
        }
        else
        {
            End(trial, ended.At, TrialState.Failed, ended.Reason, ended.SinceStart);
        }
    }

    private void End(Trial trial, DateTimeOffset at, TrialState state, string reason, TimeSpan wall) =>
        Write(new TrialEnded(at, trial.Number, state, reason, _study.ValuesOf(trial), _study.ViolationOf(trial), wall));

    private void Requeue(Trial trial, string reason, DateTimeOffset notBefore, bool isRetry)
    {
        Write(new TrialRequeued(Now, trial.Number, reason, notBefore, isRetry));
        _waiting.Add(trial.Number, notBefore);
    }

    private void TakeUpWhatWasLeft()
    {
        foreach (var trial in _progress.Live.Values.OrderBy(t => t.Number).ToArray())
        {
            if (trial.State == TrialState.Waiting)
            {
                _waiting.Add(trial.Number, Now);
            }
            else if (_progress.Stopping(trial.Number) is { } decided)
            {
                End(trial, Now, decided.State, decided.Reason, trial.Elapsed);
            }
            else
            {
                Requeue(trial, "the tuner was interrupted", Now, isRetry: false);
            }
        }
    }

    private void Kill()
    {
        _killing = true;
        foreach (var trial in Running)
        {
            _pool.Stop(trial.Number, trial.Attempt, force: true);
        }
    }

    // Time budgets first: when one is spent, running trials end too.
    private void CheckBudget()
    {
        var spent = _progress.Spent(Now);
        _budgetSpent = _study.Budget.Exhausted(spent);
        if (_open == 0 || _study.Budget.ExhaustedWhileRunning(spent) is not { } reason)
        {
            return;
        }

        foreach (var trial in Running.Where(trial => _progress.Stopping(trial.Number) is null))
        {
            Stop(trial, TrialState.Stopped, "budget", reason);
        }
    }

    // A trial that waits has been counted already, so a spent budget of trials does not hold it back.
    private bool MayStart => !IsEnding && (_budgetSpent is null || _study.Budget.ExhaustedWhileRunning(_progress.Spent(Now)) is null);

    private bool MayPropose => !IsEnding && _budgetSpent is null && !_samplerEnded;

    private void Refill()
    {
        if (_study.Rounds && _open > 0)
        {
            return;
        }

        while (_open < _pool.Slots && MayStart && (NextWaiting() ?? Propose()) is { } trial)
        {
            Start(trial);
        }

        if (!MayPropose)
        {
            _slotTime.End(Now);
        }
    }

    private Trial? NextWaiting() => _waiting.Take(Now) is { } number ? _progress.Live[number] : null;

    private Trial? Propose()
    {
        if (!MayPropose)
        {
            return null;
        }

        var number = _progress.LastNumber + 1;
        var random = new SeededRandom(SeededRandom.Derive(_samplerSeed, (ulong)number));
        if (_progress.Sampler.Ask(number, random) is not { } configuration)
        {
            _samplerEnded = !_progress.Sampler.IsWaiting || (_open == 0 && _waiting.Count == 0);
            return null;
        }

        Write(new TrialProposed(Now, number, configuration));
        _budgetSpent = _study.Budget.Exhausted(_progress.Spent(Now));
        return _progress.Live[number];
    }

    private void Start(Trial trial)
    {
        var attempt = trial.Attempt + 1;
        Write(new TrialStarted(Now, trial.Number, attempt));
        _open++;
        _slotTime.Take(Now);
        var seed = (int)(SeededRandom.Derive((ulong)_study.Seed, (ulong)trial.Number, (ulong)attempt) >> 33);
        _afterCommit.Add(() => _pool.Start(new TrialOrder(_study.Name, trial.Number, attempt, trial.Configuration, seed)));
        foreach (var rule in _study.Rules)
        {
            if (rule.WakeAfter is { } wake)
            {
                _wakes.Enqueue((trial.Number, attempt), Now + wake);
            }
        }
    }

    private void FireWakes()
    {
        while (_wakes.TryPeek(out var wake, out var at) && at <= Now)
        {
            _wakes.Dequeue();
            if (_progress.Live.TryGetValue(wake.Trial, out var trial) && trial.State == TrialState.Running
                && trial.Attempt == wake.Attempt && _progress.Stopping(trial.Number) is null)
            {
                trial.Elapsed = Now - trial.StartedAt;
                Judge(trial);
            }
        }
    }

    private DateTimeOffset? NextWake()
    {
        DateTimeOffset? next = _wakes.TryPeek(out _, out var at) ? at : null;
        if (MayStart && _open < _pool.Slots && !(_study.Rounds && _open > 0))
        {
            next = Earlier(next, _waiting.Earliest);
        }

        if (_study.Budget.Time is { } limit && _budgetSpent is null)
        {
            next = Earlier(next, Now + (limit - _progress.Spent(Now).Wall));
        }

        return next;
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? a, DateTimeOffset? b) => a < b || b is null ? a : b;

    private void Write(StudyEvent entry)
    {
        _journal.Append(entry);
        _progress.Apply(entry);
    }

    private StudyResult Result()
    {
        var isDone = _waiting.Count == 0 && (_budgetSpent is not null || _samplerEnded);
        var state = isDone || !IsEnding ? StudyState.Finished : StudyState.Interrupted;
        var reason = _budgetSpent ?? (_samplerEnded ? "the sampler has no more configurations" : "interrupted");
        return _progress.Result(Now) with { State = state, Reason = reason, Utilization = _slotTime.Utilization(Now) };
    }
}

