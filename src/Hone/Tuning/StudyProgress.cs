using Hone.Budgets;
using Hone.Sampling;
using Hone.Stopping;
using Hone.Trials;

namespace Hone.Tuning;

/// <summary>The state of a study: a fold over its events, the same for those that happen and those read from the journal.</summary>
internal sealed class StudyProgress
{
    private readonly string _study;
    private readonly Dictionary<int, Trial> _live = [];
    private readonly Dictionary<int, StopDecided> _stopping = [];
    private readonly Dictionary<int, int> _retries = [];
    private readonly Ledger _ledger = new();
    private readonly Savings _savings = new();
    private readonly ParetoFront _front;
    private readonly ISampler _sampler;
    private readonly int[] _ended = new int[Enum.GetValues<TrialState>().Length];
    private DateTimeOffset? _sessionBegan;
    private DateTimeOffset _latest;
    private TimeSpan _earlierSessions;

    public StudyProgress(Study study)
    {
        _study = study.Name;
        var seed = SeededRandom.Derive((ulong)(study.Sampler.Seed ?? study.Seed), 0);
        _sampler = study.Sampler.Create(study.Space, study.Objectives, seed);
        _front = new ParetoFront(study.Objectives);
        History = new StudyHistory(study.Rules);
    }

    public StudyHistory History { get; }

    public ISampler Sampler => _sampler;

    public int LastNumber { get; private set; }

    /// <summary>The trials that wait or run, by number.</summary>
    public IReadOnlyDictionary<int, Trial> Live => _live;

    public StopDecided? Stopping(int trial) => _stopping.GetValueOrDefault(trial);

    public int Retries(int trial) => _retries.GetValueOrDefault(trial);

    public Spending Spent(DateTimeOffset now) => _ledger.Spent(_earlierSessions + (now - _sessionBegan ?? TimeSpan.Zero));

    /// <summary>What the study has come to so far.</summary>
    public StudyResult Result(DateTimeOffset now)
    {
        var (savedSteps, savedCpuSeconds) = _savings.Estimate();
        return new StudyResult
        {
            Study = _study,
            State = StudyState.Running,
            Reason = "",
            Complete = _ended[(int)TrialState.Complete],
            Stopped = _ended[(int)TrialState.Stopped],
            Failed = _ended[(int)TrialState.Failed],
            Vetoed = _ended[(int)TrialState.Vetoed],
            Best = _front.Best,
            Front = _front.Trials,
            Spent = Spent(now),
            SavedSteps = savedSteps,
            SavedCpuSeconds = savedCpuSeconds,
        };
    }

    public void Apply(StudyEvent entry)
    {
        switch (entry)
        {
            case SessionBegan:
                EndSession();
                _sessionBegan = entry.At;
                break;
            case SessionEnded ended:
                _sessionBegan = null;
                _earlierSessions = ended.Spent.Wall;
                break;
            case TrialProposed proposed:
                LastNumber = Math.Max(LastNumber, proposed.Trial);
                _live.Add(proposed.Trial, new Trial(proposed.Trial, proposed.Configuration, proposed.At));
                _sampler.Begin(proposed.Trial, proposed.Configuration);
                _ledger.Propose();
                break;
            case TrialStarted started:
                _live[started.Trial].Begin(started.Attempt, started.At);
                _ledger.Begin(_live[started.Trial]);
                break;
            case TrialReported reported:
                Report(reported);
                break;
            case StopDecided decided:
                _stopping[decided.Trial] = decided;
                break;
            case TrialRequeued requeued:
                Requeue(requeued);
                break;
            case TrialEnded ended:
                End(ended);
                break;
        }

        _latest = entry.At;
    }

    /// <summary>Closes a session that was killed before it could say so: it lasted until its latest event.</summary>
    public void EndSession()
    {
        if (_sessionBegan is { } began)
        {
            _earlierSessions += _latest - began;
            _sessionBegan = null;
        }
    }

    private void Report(TrialReported reported)
    {
        var trial = _live[reported.Trial];
        var values = reported.Values as MetricValue[] ?? [.. reported.Values];
        trial.Report(reported.Step, values, reported.SinceStart);
        _ledger.Book(trial);
        History.Add(trial);
    }

    private void Requeue(TrialRequeued requeued)
    {
        var trial = _live[requeued.Trial];
        trial.State = TrialState.Waiting;
        History.Remove(trial);
        _ledger.Close(trial);
        if (requeued.IsRetry)
        {
            _retries[trial.Number] = Retries(trial.Number) + 1;
        }
    }

    private void End(TrialEnded ended)
    {
        _live.Remove(ended.Trial, out var trial);
        trial!.State = ended.State;
        _stopping.Remove(ended.Trial);
        _retries.Remove(ended.Trial);
        _ended[(int)ended.State]++;
        History.Close(trial);
        var cpuSeconds = _ledger.Close(trial);
        if (ended.State == TrialState.Complete)
        {
            _savings.AddComplete(trial.Step);
        }
        else if (ended.State == TrialState.Stopped)
        {
            _savings.AddStopped(trial.Step, cpuSeconds);
        }

        var result = new TrialResult
        {
            Number = ended.Trial,
            Configuration = trial.Configuration,
            State = ended.State,
            Reason = ended.Reason,
            Values = ended.Values,
            Violation = ended.Violation,
            Steps = trial.Step,
        };
        _sampler.Tell(result);
        _front.Add(result);
    }
}

