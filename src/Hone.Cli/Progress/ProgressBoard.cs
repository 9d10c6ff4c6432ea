using Hone.Budgets;
using Hone.Space;
using Hone.Trials;
using Hone.Tuning;

namespace Hone.Cli.Progress;

/// <summary>A trial that ended, as it is shown.</summary>
/// <param name="Number">From 1.</param>
/// <param name="State">How it ended.</param>
/// <param name="Rule">The rule that ended it; empty if none did.</param>
/// <param name="Reason">Why, in words.</param>
internal sealed record EndedTrial(int Number, TrialState State, string Rule, string Reason);

/// <summary>The best trial so far.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Configuration">What was tried.</param>
/// <param name="Values">One value an objective.</param>
internal sealed record BestTrial(int Number, Configuration Configuration, IReadOnlyList<double> Values);

/// <summary>How a study stands while it is tuned: a fold over its events. Not thread-safe.</summary>
internal sealed class ProgressBoard(Study study)
{
    /// <summary>How many of the latest stops and failures are kept.</summary>
    public const int Notices = 6;

    private readonly SortedDictionary<int, RunningTrial> _live = [];
    private readonly Ledger _ledger = new();
    private readonly int[] _ended = new int[Enum.GetValues<TrialState>().Length];
    private readonly Queue<EndedTrial> _notices = new();
    private TimeSpan _earlierSessions;
    private DateTimeOffset _latest;

    /// <summary>The study.</summary>
    public Study Study { get; } = study;

    /// <summary>When this session began; null before it.</summary>
    public DateTimeOffset? Began { get; private set; }

    /// <summary>The trials that wait or run, by number.</summary>
    public IReadOnlyCollection<RunningTrial> Live => _live.Values;

    /// <summary>The complete, feasible trial with the best value of the first objective; null if there is none.</summary>
    public BestTrial? Best { get; private set; }

    /// <summary>The latest stops and failures, the latest last.</summary>
    public IReadOnlyCollection<EndedTrial> Recent => _notices;

    /// <summary>How many trials had ended when this session began.</summary>
    public int EndedBefore { get; private set; }

    /// <summary>How many trials have ended.</summary>
    public int EndedInAll => _ended.Sum();

    /// <summary>How many trials ended in a state.</summary>
    public int Ended(TrialState state) => _ended[(int)state];

    /// <summary>What has been spent, all sessions together.</summary>
    public Spending Spent(DateTimeOffset now) => _ledger.Spent(_earlierSessions + (now - Began ?? TimeSpan.Zero));

    /// <summary>The trial of that number, if it waits or runs.</summary>
    public RunningTrial? Find(int trial) => _live.GetValueOrDefault(trial);

    /// <summary>Takes in an event.</summary>
    public void See(StudyEvent entry)
    {
        switch (entry)
        {
            case SessionBegan began:
                _earlierSessions += Began is { } before ? _latest - before : TimeSpan.Zero;
                Began = began.At;
                EndedBefore = EndedInAll;
                break;
            case SessionEnded ended:
                _earlierSessions = ended.Spent.Wall;
                Began = null;
                break;
            case TrialProposed proposed:
                _live[proposed.Trial] = new RunningTrial(proposed.Trial, proposed.Configuration, proposed.At);
                _ledger.Propose();
                break;
            case TrialStarted started when Find(started.Trial) is { } trial:
                trial.Begin(started.Attempt, started.At);
                _ledger.Begin(trial.Reported);
                break;
            case TrialReported reported when Find(reported.Trial) is { Started: not null } trial:
                trial.Reported.Report(reported.Step, reported.Values as MetricValue[] ?? [.. reported.Values], reported.SinceStart);
                _ledger.Book(trial.Reported);
                break;
            case StopDecided decided when Find(decided.Trial) is { } trial:
                trial.StoppedBy = decided.Rule;
                break;
            case TrialRequeued requeued when Find(requeued.Trial) is { } trial:
                _ledger.Close(trial.Reported);
                trial.Requeue();
                break;
            case TrialEnded ended when _live.Remove(ended.Trial, out var trial):
                End(ended, trial);
                break;
        }

        _latest = entry.At;
    }

    private void End(TrialEnded ended, RunningTrial trial)
    {
        _ledger.Close(trial.Reported);
        _ended[(int)ended.State]++;
        if (ended.State == TrialState.Complete)
        {
            Rank(ended, trial);
            return;
        }

        _notices.Enqueue(new EndedTrial(trial.Number, ended.State, trial.StoppedBy, ended.Reason));
        if (_notices.Count > Notices)
        {
            _notices.Dequeue();
        }
    }

    private void Rank(TrialEnded ended, RunningTrial trial)
    {
        var objective = Study.Objectives[0];
        if (ended.Violation == 0 && ended.Values.All(double.IsFinite)
            && (Best is null || objective.Signed(ended.Values[0]) < objective.Signed(Best.Values[0])))
        {
            Best = new BestTrial(trial.Number, trial.Configuration, ended.Values);
        }
    }
}
