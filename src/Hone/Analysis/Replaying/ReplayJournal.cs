using Hone.Trials;
using Hone.Tuning;

namespace Hone.Analysis.Replaying;

/// <summary>Hears what the tuner decides in a replay, and keeps the decisions that count.</summary>
internal sealed class ReplayJournal(RecordedStudy study, RecordedPool pool) : IStudyJournal
{
    private readonly Dictionary<int, TrialReported> _latest = [];
    private readonly HashSet<int> _asRecorded = [];
    private StudyEvent? _last;

    /// <summary>The decisions of rules, by number in the replay, in order.</summary>
    public List<(int Trial, ReplayDecision Decision)> Decisions { get; } = [];

    /// <summary>Whether a trial, by its number in the record, was stopped as it was there.</summary>
    public bool IsAsRecorded(int number) => _asRecorded.Contains(number);

    public IAsyncEnumerable<StudyEvent> ReadAsync(CancellationToken cancellationToken) => AsyncEnumerable.Empty<StudyEvent>();

    public void Append(StudyEvent entry)
    {
        if (entry is TrialReported reported)
        {
            _latest[reported.Trial] = reported;
        }
        else if (entry is StopDecided decided)
        {
            Take(decided);
        }

        _last = entry;
    }

    public ValueTask CommitAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    private void Take(StopDecided decided)
    {
        // A rule that wakes by time may judge a trial whose slot is only held. Of its last report it may judge even then.
        var followsReport = _last is TrialReported reported && reported.Trial == decided.Trial && reported.At == decided.At;
        if (!followsReport && pool.IsOver(decided.Trial))
        {
            return;
        }

        var record = study.Trials[decided.Trial - 1].Record;
        if (IsSame(record, decided, followsReport))
        {
            _asRecorded.Add(record.Number);
            pool.StopAsRecorded(decided.Trial);
        }

        if (decided.State == TrialState.Stopped)
        {
            var latest = _latest.GetValueOrDefault(decided.Trial);
            var sinceStart = followsReport ? latest!.SinceStart : pool.Elapsed(decided.Trial);
            Decisions.Add((decided.Trial, new ReplayDecision(record.Number, latest?.Step ?? 0, sinceStart, decided.Rule, decided.Reason)));
        }
    }

    // The reason has the numbers that decided, so it stands for the decision; but a rule that acts by the clock acted a moment late then.
    private static bool IsSame(TrialRecord record, StopDecided decided, bool followsReport) =>
        record.State == decided.State
        && (record.Rule.Length == 0 || record.Rule == decided.Rule)
        && (record.Reason == decided.Reason || (!followsReport && record.Rule == decided.Rule));
}
