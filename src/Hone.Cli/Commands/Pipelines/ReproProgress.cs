using System.Globalization;
using Hone.Cli.Progress;
using Hone.Pipelines.Stages;

namespace Hone.Cli.Commands.Pipelines;

/// <summary>Tells how stages are reproduced: a line an event, each with its stage's name before it where several may run; on a terminal a last line says what runs now.</summary>
internal sealed class ReproProgress : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private readonly int _total;
    private readonly bool _isParallel;
    private readonly bool _isJson;
    private readonly bool _isQuiet;
    private readonly int _width;
    private readonly Terminal? _terminal;
    private readonly Surroundings _surroundings;
    private readonly Lock _lock = new();
    private readonly Dictionary<Stage, long> _running = [];
    private readonly CancellationTokenSource _end = new();
    private readonly Task _drawing;
    private int _done;
    private bool _hasStatus;

    public ReproProgress(IReadOnlyList<Stage> plan, int jobs, bool isJson, bool isQuiet, Terminal? terminal, Surroundings surroundings)
    {
        _total = plan.Count;
        _width = Math.Min(24, plan.Select(stage => stage.Address.Length).DefaultIfEmpty().Max());
        _isParallel = jobs > 1;
        _isJson = isJson;
        _isQuiet = isQuiet;
        _surroundings = surroundings;

        // One stage alone writes to the terminal itself: nothing may be drawn over what it writes.
        _terminal = _isParallel && !isQuiet ? terminal : null;
        _drawing = _terminal is null ? Task.CompletedTask : DrawAsync();
    }

    /// <summary>Says that a stage will not run whatever changed.</summary>
    public void Frozen(Stage stage) => Tell(stage, $"'{stage}' is frozen: what it reads is not looked at");

    /// <summary>Tells of an event.</summary>
    public void See(StageEvent happened)
    {
        lock (_lock)
        {
            var stage = happened.Stage;
            switch (happened)
            {
                case StageStarted started:
                    _running[stage] = _surroundings.Time.GetTimestamp();
                    Tell(stage, $"Running stage '{stage}': {started.Reason}");
                    break;
                case CommandStarted command:
                    Tell(stage, "> " + command.Command);
                    break;
                case CommandWrote wrote:
                    Write(stage, wrote);
                    break;
                case StageWaits waits:
                    Tell(stage, waits.Process == 0
                        ? $"Stage '{stage}' is run by another process: waiting for it"
                        : string.Create(CultureInfo.InvariantCulture, $"Stage '{stage}' is run by process {waits.Process}: waiting for it"));
                    break;
                case StageEnded ended:
                    _running.Remove(stage);
                    _done++;
                    Tell(stage, Words(ended), isNews: ended.Outcome == StageOutcome.Failed);
                    break;
            }
        }
    }

    /// <summary>Takes the last line away.</summary>
    public async Task EndAsync()
    {
        if (!_end.IsCancellationRequested)
        {
            await _end.CancelAsync();
            await _drawing;
            lock (_lock)
            {
                Wipe();
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _end.Dispose();
    }

    private static string Words(StageEnded ended) => ended.Outcome switch
    {
        StageOutcome.Unchanged => $"Stage '{ended.Stage}' didn't change, skipping",
        StageOutcome.Restored => $"Stage '{ended.Stage}' is cached: its outputs are checked out, it does not run",
        StageOutcome.Ran => $"Stage '{ended.Stage}' is done in {Figures.Duration(ended.Elapsed)}{(ended.IsRecordChanged ? $", '{ended.Stage.LockFile}' is updated" : "")}",
        StageOutcome.Recorded => $"Stage '{ended.Stage}' is frozen: its outputs are recorded as they are",
        StageOutcome.WouldRun => $"Stage '{ended.Stage}' would run",
        StageOutcome.Failed => ended.Detail,
        _ => $"Stage '{ended.Stage}' is left out: {ended.Detail}",
    };

    private void Write(Stage stage, CommandWrote wrote)
    {
        Wipe();
        var output = wrote.IsError || _isJson ? _surroundings.Errors : _surroundings.Output;
        output.WriteLine(_isParallel ? $"{Name(stage)} | {wrote.Line}" : wrote.Line);
    }

    private void Tell(Stage stage, string text, bool isNews = false)
    {
        if (!_isQuiet || isNews)
        {
            Wipe();
            _surroundings.Errors.WriteLine(isNews ? $"hone: {text}" : _isParallel ? $"{Name(stage)} | {text}" : text);
        }
    }

    private string Name(Stage stage) => stage.Address.PadRight(_width);

    private async Task DrawAsync()
    {
        using var timer = new PeriodicTimer(Pause, _surroundings.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token))
            {
                lock (_lock)
                {
                    Draw();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // All is done.
        }
    }

    private void Draw()
    {
        var running = string.Join(", ", _running.Select(entry => $"{entry.Key} {Figures.Duration(_surroundings.Time.GetElapsedTime(entry.Value))}"));
        var line = string.Create(CultureInfo.InvariantCulture, $"[{_done}/{_total}] {(running.Length == 0 ? "looking for changes" : running)}");
        _terminal!.Write($"\r{(line.Length > Terminal.Columns ? line[..Terminal.Columns] : line)}\e[K");
        _hasStatus = true;
    }

    private void Wipe()
    {
        if (_hasStatus)
        {
            _terminal!.Write("\r\e[K");
            _hasStatus = false;
        }
    }
}
