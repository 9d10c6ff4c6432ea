using System.Globalization;
using System.Runtime.InteropServices;
using Hone.Trials;
using Hone.Tuning;
using Hone.Workers.SystemMetrics;

namespace Hone.Workers.Processes;

/// <summary>One attempt at a trial, from the gate to the death of its last process.</summary>
internal sealed class ProcessAttempt
{
    private const int CommandNotExecutable = 126;
    private const int CommandNotFound = 127;
    private static readonly TimeSpan MemberPoll = TimeSpan.FromMilliseconds(10);

    private readonly PoolParts _pool;
    private readonly TrialOrder _order;
    private readonly int _slot;
    private readonly int[]? _cores;
    private readonly string _mark;
    private readonly long _startedAt;

    // Guards what follows, and that nobody signals a group whose number may be a stranger's by now.
    private readonly Lock _lock = new();
    private TrialProcess? _process;
    private TrialMeter? _meter;
    private ITimer? _grace;
    private bool _isStopping;
    private bool _isKilled;
    private bool _isOver;
    private int _reports;
    private long _servedStep = -1;

    public ProcessAttempt(PoolParts pool, TrialOrder order, int slot, int[]? cores, string mark)
    {
        _pool = pool;
        _order = order;
        _slot = slot;
        _cores = cores;
        _mark = mark;
        _startedAt = pool.Time.GetTimestamp();
    }

    /// <summary>Runs to the end and tells it all, but for the end itself.</summary>
    public async Task<AttemptEnded> RunAsync()
    {
        // The one broad catch: whatever goes wrong here, the tuner must hear that this attempt is over.
        try
        {
            var directory = new TrialDirectory(_pool.Options.StudyDirectory, _order.Trial);
            directory.Create();
            using var log = new TrialLog(directory.Log, _pool.Options.LogLimitBytes, _order);
            var service = _pool.Options.Serve?.Invoke(_order, TakeServedAsync);
            using var address = _pool.Endpoint.Open(TakeSentAsync, service?.Answer);
            var environment = _pool.Environment.For(
                _order, directory, _mark, address.Url, service?.Variables(address.ServiceUrl) ?? []);
            var process = TrialProcess.TryStart(
                _pool.Command.Command, _pool.Options.WorkingDirectory, environment, _mark, _pool.Time, out var failure);
            return process is null ? NotStarted(failure) : await RunAsync(process, log, address);
        }
        catch (Exception e)
        {
            return Ended(AttemptOutcome.Crashed, $"could not be run: {e.Message}");
        }
    }

    /// <summary>Asks all processes to end, and ends them when the grace is over; at once by force.</summary>
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
                _process?.Signal(Posix.SignalTerminate);
                _grace = force ? null : _pool.Time.CreateTimer(_ => Kill(), null, _pool.Options.Grace, Timeout.InfiniteTimeSpan);
            }
        }

        if (force)
        {
            Kill();
        }
    }

    private async Task<AttemptEnded> RunAsync(TrialProcess process, TrialLog log, ReportEndpoint.Address address)
    {
        using var output = new OutputReader(process.Output, mayReport: true, log, _pool.Options.LineLimitBytes, _pool.Time);
        using var error = new OutputReader(process.Error, mayReport: false, log, _pool.Options.LineLimitBytes, _pool.Time);
        var exited = _pool.Exits.WhenExitedAsync(process.Id);
        IReadOnlyList<MetricValue> final = [];
        bool hasBegun;
        Task reading;
        try
        {
            Register(process);
            hasBegun = Begin(process);
            reading = Task.WhenAll(output.ReadAsync(TakePrintedAsync), error.ReadAsync(TakePrintedAsync));
            await exited;
            await LetMembersEndAsync(process);
        }
        finally
        {
            final = await EndAsync(process, exited);
        }

        output.EndSoon();
        error.EndSoon();
        await reading;
        address.Dispose();
        if (final.Count > 0)
        {
            await _pool.Events.WriteAsync(Reported(null, final));
        }

        return Judge(await exited, hasBegun, error.LastLine.Length > 0 ? error.LastLine : output.LastLine);
    }

    private void Register(TrialProcess process)
    {
        _pool.Records.Add(_slot, process.Id, process.Start, _mark);
        _pool.Watchdog.Add(process.Id, process.Start);
        if (_cores is not null)
        {
            Posix.Pin(process.Id, _cores);
        }

        _meter = _pool.Sampler.Watch(process.Id, Sampled);
    }

    // False: it was asked to stop before it began.
    private bool Begin(TrialProcess process)
    {
        lock (_lock)
        {
            _process = process;
            if (_isStopping)
            {
                process.CloseGate();
                return false;
            }

            process.OpenGate();
            return true;
        }
    }

    // The leader may be a shell that SIGTERM ends at once, while the program that it waited for still saves its work.
    private async Task LetMembersEndAsync(TrialProcess process)
    {
        while (IsInGrace() && process.HasMembers())
        {
            await Task.Delay(MemberPoll, _pool.Time, CancellationToken.None);
        }
    }

    private bool IsInGrace()
    {
        lock (_lock)
        {
            return _isStopping && !_isKilled;
        }
    }

    private void Kill()
    {
        lock (_lock)
        {
            if (!_isOver)
            {
                _isKilled = true;
                _process?.Signal(Posix.SignalKill);
            }
        }
    }

    // The last reading is taken while the leader is a zombie: its counters can still be read, and nothing is left to change them.
    private async Task<IReadOnlyList<MetricValue>> EndAsync(TrialProcess process, Task exited)
    {
        lock (_lock)
        {
            _isOver = true;
            _grace?.Dispose();
        }

        var final = _meter?.Final() ?? [];
        _meter?.Dispose();
        process.CloseGate();
        process.Signal(Posix.SignalKill);
        await exited;
        await process.EndAllAsync();
        _pool.Watchdog.Remove(process.Id, process.Start);
        _pool.Records.Remove(_slot);
        return final;
    }

    private async ValueTask TakePrintedAsync(Report report)
    {
        Interlocked.Increment(ref _reports);
        await _pool.Events.WriteAsync(Reported(report.Step, Join(report)));
    }

    private Task TakeSentAsync(IReadOnlyList<Report> reports, CancellationToken cancellationToken) =>
        TakeAsync(reports, report => Reported(report.Step, Join(report)), cancellationToken);

    private async Task TakeServedAsync(IReadOnlyList<StepReport> reports, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _pool.Endpoint.Closing);

        // The time of steps that are told together is spread over all of them.
        var last = reports.LastOrDefault(report => report.Step is not null);
        await TakeAsync(reports, report => Reported(report.Step, ReferenceEquals(report, last) ? Join(report) : report.Values), either.Token);
    }

    private async Task TakeAsync<T>(IReadOnlyList<T> reports, Func<T, AttemptReported> book, CancellationToken cancellationToken)
    {
        var committed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        for (var i = 0; i < reports.Count; i++)
        {
            Interlocked.Increment(ref _reports);
            // In order, so the last one being durable says that all are.
            Action? tell = i == reports.Count - 1 ? () => committed.TrySetResult() : null;
            await _pool.Events.WriteAsync(book(reports[i]) with { Committed = tell });
        }

        if (reports.Count > 0)
        {
            await committed.Task.WaitAsync(cancellationToken);
        }
    }

    private List<MetricValue> Join(Report report)
    {
        // A report may be read after the last process has ended; the system's last reading stands for it then.
        lock (_lock)
        {
            if (_isOver || _meter is null)
            {
                return report.Values;
            }
        }

        return [.. report.Values, .. _meter.Report(report.Step)];
    }

    // A client that logs one metric a request reports a step many times: the system's values go with the first of them.
    private IReadOnlyList<MetricValue> Join(StepReport report)
    {
        if (report.Step is not { } step)
        {
            return report.Values;
        }

        lock (_lock)
        {
            if (_isOver || _meter is null || step <= _servedStep)
            {
                return report.Values;
            }

            _servedStep = step;
        }

        return [.. report.Values, .. _meter.Report(step)];
    }

    // A sample that finds no room is dropped: the next one says the same a little later.
    private void Sampled(IReadOnlyList<MetricValue> values)
    {
        lock (_lock)
        {
            if (!_isOver)
            {
                _pool.Events.TryWrite(Reported(null, values));
            }
        }
    }

    private AttemptReported Reported(long? step, IReadOnlyList<MetricValue> values) =>
        new(_pool.Time.GetUtcNow(), _order.Trial, _order.Attempt, step, values, _pool.Time.GetElapsedTime(_startedAt));

    private AttemptEnded Ended(AttemptOutcome outcome, string reason) =>
        new(_pool.Time.GetUtcNow(), _order.Trial, _order.Attempt, outcome, reason, _pool.Time.GetElapsedTime(_startedAt));

    private AttemptEnded Judge(ExitStatus exit, bool hasBegun, string lastLine)
    {
        if (_isStopping)
        {
            return Ended(AttemptOutcome.Stopped, (hasBegun, _isKilled) switch
            {
                (false, _) => "stopped before it began",
                (_, true) when _grace is null => "killed",
                (_, true) => string.Create(
                    CultureInfo.InvariantCulture, $"killed: it did not end within {_pool.Options.Grace.TotalSeconds} s of SIGTERM"),
                _ when exit.Signal == Posix.SignalTerminate => "ended by SIGTERM",
                _ => $"{exit} after SIGTERM",
            });
        }

        if (exit.Status == 0)
        {
            return Ended(AttemptOutcome.Succeeded, "");
        }

        // A program that has reported was found and could be run; what it ends with is its own.
        var isUnstartable = exit.Status is CommandNotExecutable or CommandNotFound && _reports == 0;
        return Ended(
            isUnstartable ? AttemptOutcome.Unstartable : AttemptOutcome.Crashed,
            lastLine.Length > 0 ? $"{exit}: {lastLine}" : exit.ToString());
    }

    private AttemptEnded NotStarted(int failure) => Ended(
        failure is Posix.TryAgain or Posix.OutOfMemory ? AttemptOutcome.Crashed : AttemptOutcome.Unstartable,
        $"/bin/sh could not be started: {Marshal.GetPInvokeErrorMessage(failure)}");
}
