namespace Hone.Tracking.Client;

/// <summary>Sends what is logged to a run in the background, and after the first success what earlier processes left.</summary>
internal sealed class RunSending(SpoolSender sender, TrackingConnection connection, RunPlan plan, HoneRunOptions options) : IDisposable
{
    private static readonly TimeSpan SendEvery = TimeSpan.FromMilliseconds(250);
    private readonly CancellationTokenSource _hurry = new(); // the run has ended: send what is left at once
    private readonly CancellationTokenSource _stop = new(); // the time for that is over
    private readonly TaskCompletionSource _met = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _over = new();
    private readonly Backoff _backoff = new(new SeededRandom(BitConverter.ToUInt64(Guid.Parse(plan.Run.Key).ToByteArray())));
    private Task _sending = Task.CompletedTask;
    private Task _replaying = Task.CompletedTask;
    private volatile bool _isComplete;
    private volatile ServerAnswer? _refusal;

    /// <summary>Whether the server has all of the run, its end included.</summary>
    public bool IsComplete => _isComplete;

    /// <summary>Why the server takes nothing more; null: it does.</summary>
    public ServerAnswer? Refusal => _refusal;

    /// <summary>Begins to send.</summary>
    public void Begin()
    {
        _sending = Task.Run(SendAsync);
        _replaying = Task.Run(ReplayAsync);
    }

    /// <summary>Sends what is left, the end of the run being in the spool, within the limit of the end.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        await _hurry.CancelAsync();
        try
        {
            await Task.WhenAll(_sending, _replaying).WaitAsync(options.EndLimit, options.Time, cancellationToken);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            // What is left stays in the spool.
        }

        await _stop.CancelAsync();
        await Task.WhenAll(_sending, _replaying);
    }

    /// <summary>As <see cref="EndAsync"/>, where nothing can be awaited any more; false: there was not time enough.</summary>
    public bool EndWithin(TimeSpan limit)
    {
        _hurry.Cancel();
        return _over.Wait(limit);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _hurry.Dispose();
        _stop.Dispose();
        _over.Dispose();
    }

    private async Task SendAsync()
    {
        try
        {
            var isAway = sender.Spool.Known is null;
            var (pause, mayHurry) = (SendEvery, true);
            while (!_isComplete && _refusal is null)
            {
                mayHurry &= await PauseAsync(pause, mayHurry);
                var before = sender.Spool.Sent;
                var answer = await sender.SendAsync(_stop.Token);
                if (sender.Spool.Sent != before)
                {
                    _backoff.Reset();
                }

                pause = answer.Kind == AnswerKind.TryAgain ? _backoff.Next(answer.RetryAfter) : mayHurry ? SendEvery : TimeSpan.Zero;
                Take(answer, ref isAway);
            }
        }
        catch (OperationCanceledException)
        {
            // The time for what was left is over.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            options.Notice($"{sender.Spool.Path} cannot be read or written, nothing more is sent: {e.Message}");
        }
        finally
        {
            _met.TrySetCanceled();
            _over.Set();
        }
    }

    private void Take(ServerAnswer answer, ref bool isAway)
    {
        var path = sender.Spool.Path;
        switch (answer.Kind)
        {
            case AnswerKind.Done:
                Tell(isAway, $"{plan.Address} is there and has what was logged so far");
                isAway = false;
                _met.TrySetResult();
                _isComplete = sender.Spool.HasEnd && sender.Spool.Unsent == 0;
                break;
            case AnswerKind.TryAgain:
                Tell(!isAway, $"{answer.Message}; what is logged is kept in {path} until it is there again");
                isAway = true;
                break;
            default:
                _refusal = answer;
                options.Notice($"{plan.Address} takes nothing more for this run: {answer.Message} What is logged is kept in {path}.");
                break;
        }
    }

    // The end of the run cuts the wait short, once: a server that is not there must not be asked without a pause.
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

    private async Task ReplayAsync()
    {
        try
        {
            await _met.Task;
            await SpoolFolder.ReplayAsync(plan.Folder, connection, plan.Run.Server, options.Notice, _stop.Token);
        }
        catch (OperationCanceledException)
        {
            // The next process goes on with it.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            options.Notice($"{plan.Folder}: what earlier runs left cannot be sent: {e.Message}");
        }
    }

    private void Tell(bool isNews, string line)
    {
        if (isNews)
        {
            options.Notice(line);
        }
    }
}
