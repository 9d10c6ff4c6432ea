using System.Text;
using Hone.Tuning;

namespace Hone.Cli.Progress;

/// <summary>Draws a study that is being tuned on a terminal, over and over at the same place, until it is disposed.</summary>
/// <remarks>Each picture is one write, so that it does not flicker. The cursor is hidden meanwhile and always given back.</remarks>
internal sealed class LiveProgress : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);
    private readonly ProgressBoard _board;
    private readonly Terminal _terminal;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Task _drawing;
    private int[] _widths = [];
    private string _notice = "";
    private bool _isDirty = true;

    /// <param name="board">How the study stands; events are passed on to it.</param>
    /// <param name="terminal">Where to draw.</param>
    /// <param name="time">The clock.</param>
    public LiveProgress(ProgressBoard board, Terminal terminal, TimeProvider time)
    {
        _board = board;
        _terminal = terminal;
        _time = time;
        _drawing = DrawAsync();
    }

    /// <summary>Takes in an event.</summary>
    public void See(StudyEvent entry, bool isEarlier)
    {
        lock (_gate)
        {
            _board.See(entry);
            _isDirty = true;
        }
    }

    /// <summary>Shows a line below everything else until another one takes its place.</summary>
    public void Notice(string notice)
    {
        lock (_gate)
        {
            _notice = notice;
            _isDirty = true;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _drawing;
        _end.Dispose();

        // The last picture is wiped: the summary takes its place.
        _terminal.Write(Wipe(Terminal.Columns) + "\e[?25h");
    }

    private async Task DrawAsync()
    {
        _terminal.Write("\e[?25l");
        using var timer = new PeriodicTimer(Pause, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token))
            {
                Draw();
            }
        }
        catch (OperationCanceledException)
        {
            // The study has ended.
        }
    }

    private void Draw()
    {
        var columns = Terminal.Columns;
        IReadOnlyList<TerminalLine> lines;
        lock (_gate)
        {
            if (_board.Began is null && !_isDirty)
            {
                return;
            }

            _isDirty = false;
            lines = new LiveFrame(_board, columns, Terminal.Rows, _terminal.HasColor).Draw(_time.GetUtcNow(), _notice);
        }

        // Synchronized output, where the terminal knows it, shows the wiping and the drawing at once.
        var text = new StringBuilder("\e[?2026h").Append(Up(columns));
        foreach (var line in lines)
        {
            text.Append(line).Append("\e[K\r\n");
        }

        _terminal.Write(text.Append("\e[J\e[?2026l").ToString());
        _widths = [.. lines.Select(line => line.Width)];
    }

    private string Wipe(int columns) => Up(columns) + "\e[J";

    // Lines of the last picture that are wider than the terminal now have been wrapped by it.
    private string Up(int columns)
    {
        var wrapsAt = columns + 1;
        var height = _widths.Sum(width => Math.Max(1, (width + wrapsAt - 1) / wrapsAt));
        return height == 0 ? "\r" : $"\r\e[{height}A";
    }
}
