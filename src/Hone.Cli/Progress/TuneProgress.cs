using Hone.Cli.Commands;
using Hone.Tuning;

namespace Hone.Cli.Progress;

/// <summary>Shows how tuning goes, in the way that suits where it is shown: a picture on a terminal, lines elsewhere, or nothing.</summary>
internal sealed class TuneProgress : IAsyncDisposable
{
    private readonly LiveProgress? _live;

    private TuneProgress(Action<StudyEvent, bool> see, Action<string> notice, LiveProgress? live)
    {
        See = see;
        Notice = notice;
        _live = live;
    }

    /// <summary>Takes in an event, and whether it is of an earlier session.</summary>
    public Action<StudyEvent, bool> See { get; }

    /// <summary>Tells the user what happens next. Thread-safe.</summary>
    public Action<string> Notice { get; }

    /// <summary>The progress for standard error as it is.</summary>
    public static TuneProgress Of(Study study, Surroundings surroundings, bool isQuiet, bool isVerbose)
    {
        if (isQuiet)
        {
            return new TuneProgress((_, _) => { }, _ => { }, null);
        }

        var board = new ProgressBoard(study);
        if (surroundings.Errors == Console.Error && !isVerbose && Terminal.Find() is { } terminal)
        {
            var live = new LiveProgress(board, terminal, surroundings.Time);
            return new TuneProgress(live.See, live.Notice, live);
        }

        var lines = new LineProgress(board, surroundings.Errors, isVerbose);
        return new TuneProgress(lines.See, notice => surroundings.Errors.WriteLine($"hone: {notice}"), null);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_live is not null)
        {
            await _live.DisposeAsync();
        }
    }
}
