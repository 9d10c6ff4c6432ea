using System.Globalization;

namespace Hone.Tracking.Client;

/// <summary>Sends the spools of many runs, one after another, in the order in which they were begun.</summary>
internal sealed class MirrorSending(RunPlan plan, HoneRunOptions options) : IDisposable
{
    private static readonly TimeSpan SendEvery = TimeSpan.FromMilliseconds(250);
    private readonly TrackingConnection _connection = new(plan.Address, options.RequestLimit, options.Time);
    private readonly CancellationTokenSource _hurry = new(); // no more comes: send what is left at once
    private readonly CancellationTokenSource _stop = new(); // the time for that is over
    private readonly Backoff _backoff = new(new SeededRandom(BitConverter.ToUInt64(Guid.Parse(plan.Run.Key).ToByteArray())));

    // Runs that are logged to, and such as have ended and are not sent yet. Guarded by itself.
    private readonly List<(RunLog Log, SpoolSender Sender)> _logs = [];
    private readonly SpoolBatch _batch = new();
    private ITimer? _writer;
    private Task _sending = Task.CompletedTask;
    private bool _areOthersSent;
    private bool _isAway;

    /// <summary>Begins to send.</summary>
    public void Begin()
    {
        _writer = options.Time.CreateTimer(_ => Drain(), null, RunLog.WriteEvery, RunLog.WriteEvery);
        _sending = Task.Run(SendAsync);
    }

    /// <summary>Takes another run; it is closed when it has ended and is sent.</summary>
    public void Add(RunLog log)
    {
        lock (_logs)
        {
            _logs.Add((log, new SpoolSender(log.Spool, _connection, options.Notice, _batch)));
        }
    }

    /// <summary>Sends what is left, within the limit of the end.</summary>
    public async Task EndAsync()
    {
        Drain();
        await _hurry.CancelAsync();
        try
        {
            await _sending.WaitAsync(options.EndLimit, options.Time);
        }
        catch (TimeoutException)
        {
            // What is left stays in the spools.
        }

        await _stop.CancelAsync();
        await _sending;
        Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _writer?.Dispose();
        var left = Snapshot();
        foreach (var (log, _) in left)
        {
            log.Drain();
            log.Spool.Flush();
            log.Dispose();
        }

        if (left.Length > 0)
        {
            options.Notice(string.Create(
                CultureInfo.InvariantCulture, $"{left.Length} trials are not wholly sent to {plan.Address}: they stay in {plan.Folder} for the next session, or hone run --flush-spool"));
        }

        _connection.Dispose();
        _hurry.Dispose();
        _stop.Dispose();
    }

    private (RunLog Log, SpoolSender Sender)[] Snapshot()
    {
        lock (_logs)
        {
            return [.. _logs];
        }
    }

    private void Drain()
    {
        foreach (var (log, _) in Snapshot())
        {
            log.Drain();
        }
    }

    private async Task SendAsync()
    {
        try
        {
            var (pause, mayHurry) = (TimeSpan.Zero, true);
            while (true)
            {
                mayHurry &= await PauseAsync(pause, mayHurry);
                var answer = await SendOnceAsync();
                Tell(answer);
                pause = answer.Kind == AnswerKind.Done ? (mayHurry ? SendEvery : TimeSpan.Zero) : _backoff.Next(answer.RetryAfter);
                if (!mayHurry && Snapshot().Length == 0)
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The time for what was left is over.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            options.Notice($"{plan.Folder}: the study is not mirrored any more: {e.Message}");
        }
    }

    // Everything that is there, once; not done: why the server does not take it now.
    private async Task<ServerAnswer> SendOnceAsync()
    {
        if (!_areOthersSent)
        {
            var replay = await SpoolFolder.ReplayAsync(plan.Folder, _connection, plan.Run.Server, options.Notice, _stop.Token);
            if (replay.Trouble.Length > 0)
            {
                return ServerAnswer.None(replay.Trouble);
            }

            _areOthersSent = true;
        }

        foreach (var (log, sender) in Snapshot())
        {
            var before = log.Spool.Sent;
            var hasEnd = log.Spool.HasEnd;
            var answer = await sender.SendAsync(_stop.Token);
            if (log.Spool.Sent != before)
            {
                _backoff.Reset();
            }

            if (answer.Kind == AnswerKind.TryAgain || answer.IsForbidden)
            {
                return answer;
            }

            if (answer.Kind == AnswerKind.Refused)
            {
                Remove(log);
                options.Notice(SpoolFolder.Aside(log.Spool.Run, answer.Message, log.SetAside()));
            }
            else if (hasEnd)
            {
                Remove(log);
                log.Spool.Delete();
                log.Dispose();
            }
        }

        return ServerAnswer.Done;
    }

    private void Remove(RunLog log)
    {
        lock (_logs)
        {
            _logs.RemoveAll(other => other.Log == log);
        }
    }

    private void Tell(ServerAnswer answer)
    {
        var isAway = answer.Kind != AnswerKind.Done;
        if (isAway != _isAway)
        {
            options.Notice(isAway
                ? $"{answer.Message}; the study goes on, and what is to be mirrored is kept in {plan.Folder}"
                : $"{plan.Address} is there and has what was to be mirrored so far");
        }

        _isAway = isAway;
    }

    // The end cuts the wait short, once: a server that is not there must not be asked without a pause.
    private async Task<bool> PauseAsync(TimeSpan pause, bool mayHurry)
    {
        try
        {
            await Task.Delay(pause, options.Time, mayHurry ? _hurry.Token : _stop.Token);
            return true;
        }
        catch (OperationCanceledException) when (mayHurry)
        {
            _backoff.Reset();
            return false;
        }
    }
}
