using Hone.Budgets;
using Hone.Trials;
using Hone.Tuning;

namespace Hone.Analysis;

/// <summary>Turns the events of a study into its record: for studies that are kept in memory and in no store.</summary>
public static class Recording
{
    /// <summary>The study as it stands after its events, every trial with its history.</summary>
    /// <param name="study">The study.</param>
    /// <param name="events">Its events in the order of the journal, from the first on.</param>
    public static StudyRecord Of(Study study, IEnumerable<StudyEvent> events)
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentNullException.ThrowIfNull(events);
        var trials = new SortedDictionary<int, Draft>();
        var (state, spent, began, place) = (StudyState.Running, new Spending(), (DateTimeOffset?)null, 0L);
        foreach (var entry in events)
        {
            place++;
            switch (entry)
            {
                case SessionBegan:
                    began ??= entry.At;
                    state = StudyState.Running;
                    break;
                case SessionEnded ended:
                    (state, spent) = (ended.State, ended.Spent);
                    break;
                case TrialProposed proposed:
                    trials.Add(proposed.Trial, new Draft(proposed));
                    break;
                case TrialStarted started:
                    trials[started.Trial].Begin(started);
                    break;
                case TrialReported reported:
                    trials[reported.Trial].Report(reported, place);
                    break;
                case StopDecided decided:
                    trials[decided.Trial].Rule = decided.Rule;
                    break;
                case TrialRequeued requeued:
                    trials[requeued.Trial].State = TrialState.Waiting;
                    break;
                case TrialEnded ended:
                    trials[ended.Trial].End = ended;
                    break;
            }
        }

        return new StudyRecord
        {
            Name = study.Name,
            State = state,
            Objectives = study.Objectives,
            Constraints = study.Constraints,
            Space = study.Space.Describe(),
            Origin = study.Origin,
            Began = began,
            Spent = spent,
            Trials = [.. trials.Values.Select(draft => draft.Record())],
        };
    }

    private sealed class Draft(TrialProposed proposed)
    {
        private readonly List<Measurement> _history = [];
        private readonly List<long> _order = [];
        private TrialStarted? _started;

        public TrialState State { get; set; } = TrialState.Waiting;

        public string Rule { get; set; } = "";

        public TrialEnded? End { get; set; }

        public void Begin(TrialStarted started)
        {
            _started = started;
            State = TrialState.Running;
            Rule = "";
            _history.Clear();
            _order.Clear();
        }

        public void Report(TrialReported reported, long place)
        {
            foreach (var (metric, value) in reported.Values)
            {
                _history.Add(new Measurement(metric, reported.Step, value, reported.SinceStart));
                _order.Add(place);
            }
        }

        public TrialRecord Record() => new()
        {
            Number = proposed.Trial,
            State = End?.State ?? State,
            Reason = End?.Reason ?? "",
            Rule = Rule,
            Parameters = [.. proposed.Configuration.Values],
            Metrics = [.. _history.GroupBy(m => m.Metric, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => new MetricValue(g.Key, g.Last().Value))],
            Values = End?.Values ?? [],
            Violation = End?.Violation ?? 0,
            Steps = _history.Count == 0 ? 0 : _history[^1].Step,
            Started = _started?.At,
            WallSeconds = (End?.Wall ?? (_history.Count == 0 ? TimeSpan.Zero : _history[^1].SinceStart)).TotalSeconds,
            Attempts = _started?.Attempt ?? 0,
            History = [.. _history],
            Order = [.. _order],
        };
    }
}
