using Hone.Space;

namespace Hone.Trials;

/// <summary>One configuration being tried. Changed by the tuner alone; everybody else reads.</summary>
public sealed class Trial
{
    private readonly Dictionary<string, Entry> _series = new(StringComparer.Ordinal);
    private int _reports;

    /// <param name="number">From 1, unique within the study.</param>
    /// <param name="configuration">What is tried.</param>
    /// <param name="proposedAt">When the sampler proposed it, in UTC.</param>
    public Trial(int number, Configuration configuration, DateTimeOffset proposedAt)
    {
        Number = number;
        Configuration = configuration;
        ProposedAt = proposedAt;
    }

    /// <summary>From 1, unique within the study.</summary>
    public int Number { get; }

    /// <summary>What is tried.</summary>
    public Configuration Configuration { get; }

    /// <summary>When the sampler proposed it, in UTC.</summary>
    public DateTimeOffset ProposedAt { get; }

    /// <summary>Where it stands.</summary>
    public TrialState State { get; internal set; }

    /// <summary>The attempt that runs or ran last, from 1; 0 before the first.</summary>
    public int Attempt { get; internal set; }

    /// <summary>When the attempt began, in UTC.</summary>
    public DateTimeOffset StartedAt { get; internal set; }

    /// <summary>How long the attempt had run at its latest report or wake-up.</summary>
    public TimeSpan Elapsed { get; internal set; }

    /// <summary>The largest step reported by the attempt; 0 before the first report.</summary>
    public long Step { get; private set; }

    /// <summary>The step before the latest report; -1 before the first.</summary>
    public long PreviousStep { get; private set; } = -1;

    /// <summary>The names of the metrics that the attempt has reported.</summary>
    public IReadOnlyCollection<string> Metrics => _series.Keys;

    /// <summary>What the attempt has reported of a metric, or null.</summary>
    public MetricSeries? Series(string metric) => _series.TryGetValue(metric, out var entry) ? entry.Series : null;

    /// <summary>The series of a metric, if the latest report had a value of it; null otherwise.</summary>
    public MetricSeries? Updated(string metric) =>
        _series.TryGetValue(metric, out var entry) && entry.Report == _reports ? entry.Series : null;

    /// <summary>Takes in one report. A step before the last one counts as the last one.</summary>
    /// <param name="step">Step of all the values, from 0.</param>
    /// <param name="values">The values.</param>
    /// <param name="elapsed">Time since the attempt began.</param>
    public void Report(long step, ReadOnlySpan<MetricValue> values, TimeSpan elapsed)
    {
        PreviousStep = _reports == 0 ? -1 : Step;
        Step = Math.Max(Step, step);
        Elapsed = elapsed;
        _reports++;
        foreach (var (metric, value) in values)
        {
            if (!_series.TryGetValue(metric, out var entry))
            {
                _series.Add(metric, entry = new Entry());
            }

            entry.Series.Add(Step, value);
            entry.Report = _reports;
        }
    }

    /// <summary>Forgets what an earlier attempt reported.</summary>
    internal void Begin(int attempt, DateTimeOffset at)
    {
        _series.Clear();
        _reports = 0;
        Step = 0;
        PreviousStep = -1;
        Attempt = attempt;
        StartedAt = at;
        Elapsed = TimeSpan.Zero;
        State = TrialState.Running;
    }

    private sealed class Entry
    {
        public MetricSeries Series { get; } = new();
        public int Report { get; set; }
    }
}
