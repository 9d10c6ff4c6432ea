using Hone.Trials;
using Hone.Tuning;

namespace Hone.Cli.Progress;

/// <summary>Tells what happens in a study, one line an event, for a log or a pipe.</summary>
/// <param name="board">How the study stands; events are passed on to it.</param>
/// <param name="output">Gets the lines.</param>
/// <param name="isVerbose">Whether every report is told too.</param>
internal sealed class LineProgress(ProgressBoard board, TextWriter output, bool isVerbose)
{
    private TimeSpan _elapsed;

    /// <summary>Takes in an event, and tells it if it is new.</summary>
    public void See(StudyEvent entry, bool isEarlier)
    {
        var trial = entry is TrialEnded ended ? board.Find(ended.Trial) : null;
        var best = board.Best;
        board.See(entry);
        if (!isEarlier && Tell(entry, trial, isNewBest: !ReferenceEquals(best, board.Best)) is { } line)
        {
            // An event that a worker stamped may be a little older than what was told last.
            var elapsed = entry.At - (board.Began ?? entry.At);
            _elapsed = elapsed > _elapsed ? elapsed : _elapsed;
            output.WriteLine($"{Figures.Duration(_elapsed),8}  {line.ReplaceLineEndings(" ")}");
        }
    }

    private string? Tell(StudyEvent entry, RunningTrial? trial, bool isNewBest) => entry switch
    {
        SessionBegan when board.EndedInAll + board.Live.Count > 0 =>
            $"{board.Study.Name} goes on: {board.EndedInAll} trials have ended{(board.Live.Count > 0 ? $", {board.Live.Count} are to be tried again" : "")}",
        SessionBegan => $"{board.Study.Name} begins",
        TrialStarted started when board.Find(started.Trial) is { } begun =>
            $"trial {started.Trial} started{(started.Attempt > 1 ? $", attempt {started.Attempt}" : "")}: {begun.Configuration}",
        TrialReported reported when isVerbose =>
            $"trial {reported.Trial} step {reported.Step}: {string.Join(' ', reported.Values.Select(v => $"{v.Metric}={Figures.Number(v.Value)}"))}",
        TrialRequeued requeued => $"trial {requeued.Trial} is to be tried again: {requeued.Reason}",
        TrialEnded { State: TrialState.Complete } ended =>
            $"trial {ended.Trial} complete: {Values(ended)} in {Figures.Duration(ended.Wall)}{Remark(ended, isNewBest)}",
        TrialEnded { State: TrialState.Stopped } ended => $"trial {ended.Trial} stopped by {trial?.StoppedBy}: {ended.Reason}",
        TrialEnded { State: TrialState.Failed } ended => $"trial {ended.Trial} failed: {ended.Reason}",
        TrialEnded ended => $"trial {ended.Trial} vetoed: {ended.Reason}",
        _ => null,
    };

    private string Values(TrialEnded ended) =>
        string.Join(", ", board.Study.Objectives.Select((objective, i) => $"{objective.Metric} {Figures.Number(ended.Values[i])}"));

    private static string Remark(TrialEnded ended, bool isNewBest) =>
        isNewBest ? ", the best so far" : ended.Violation > 0 ? ", which violates a constraint" : "";
}
