namespace Hone.Tracking.Store;

/// <summary>What the journal remembers of a trial that has not ended: its run, its attempt, and the last value of each metric.</summary>
internal sealed class OpenTrial(long run)
{
    private LatestValue[] _latest = [];

    /// <summary>Key of the trial's run.</summary>
    public long Run { get; } = run;

    /// <summary>The attempt that began last; 0 before the first.</summary>
    public int Attempt { get; private set; }

    /// <summary>The last step that the attempt reported; 0 before its first report.</summary>
    public long Steps { get; private set; }

    /// <summary>How many metrics the attempt has reported.</summary>
    public int Count { get; private set; }

    /// <summary>The last value of each metric, in order of first arrival.</summary>
    public ReadOnlySpan<LatestValue> Latest => _latest.AsSpan(0, Count);

    /// <summary>Begins an attempt, which has reported nothing yet.</summary>
    public void Begin(int attempt)
    {
        Attempt = attempt;
        Count = 0;
        Steps = 0;
    }

    /// <summary>Takes in the step of a report of the attempt.</summary>
    public void Reach(long step) => Steps = Math.Max(Steps, step);

    /// <summary>Takes in one value of a report of the attempt.</summary>
    /// <param name="position">Where it stands in the report: reports mostly have the same metrics in the same order.</param>
    /// <param name="value">The value.</param>
    public void Take(int position, in LatestValue value)
    {
        var index = position < Count && _latest[position].Metric == value.Metric ? position : IndexOf(value.Metric);
        if (index < 0)
        {
            if (Count == _latest.Length)
            {
                Array.Resize(ref _latest, Math.Max(4, Count * 2));
            }

            index = Count++;
        }

        _latest[index] = value;
    }

    private int IndexOf(long metric)
    {
        for (var i = 0; i < Count; i++)
        {
            if (_latest[i].Metric == metric)
            {
                return i;
            }
        }

        return -1;
    }
}

/// <summary>The last value of a metric.</summary>
/// <param name="Metric">Key of the metric's name.</param>
/// <param name="Value">The value.</param>
/// <param name="Step">Its step.</param>
/// <param name="At">When, as the store writes times.</param>
internal readonly record struct LatestValue(long Metric, double Value, long Step, long At);
