namespace Hone.Trials;

/// <summary>What one trial has reported of one metric so far, in order of arrival. Not thread-safe.</summary>
public sealed class MetricSeries
{
    private long[] _steps = new long[4];
    private double[] _values = new double[4];
    private double _sum;

    /// <summary>How many values there are.</summary>
    public int Count { get; private set; }

    /// <summary>The steps, never falling.</summary>
    public ReadOnlySpan<long> Steps => _steps.AsSpan(0, Count);

    /// <summary>The values, beside their <see cref="Steps"/>.</summary>
    public ReadOnlySpan<double> Values => _values.AsSpan(0, Count);

    /// <summary>The last value; NaN before the first.</summary>
    public double Last => Count == 0 ? double.NaN : _values[Count - 1];

    /// <summary>The step of the last value; -1 before the first.</summary>
    public long LastStep => Count == 0 ? -1 : _steps[Count - 1];

    /// <summary>The smallest value that is not NaN; NaN if there is none.</summary>
    public double Min { get; private set; } = double.NaN;

    /// <summary>The largest value that is not NaN; NaN if there is none.</summary>
    public double Max { get; private set; } = double.NaN;

    /// <summary>The mean of all values; NaN before the first, and from the first NaN on.</summary>
    public double Mean => Count == 0 ? double.NaN : _sum / Count;

    /// <summary>The best value that is not NaN; NaN if there is none.</summary>
    public double Best(Goal goal) => goal == Goal.Minimize ? Min : Max;

    /// <summary>The series as one number.</summary>
    public double Take(Aggregate aggregate) => aggregate switch
    {
        Aggregate.Min => Min,
        Aggregate.Max => Max,
        Aggregate.Mean => Mean,
        _ => Last,
    };

    /// <summary>Adds a value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The step is before the last one.</exception>
    public void Add(long step, double value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(step, LastStep);
        if (Count == _values.Length)
        {
            Array.Resize(ref _steps, Count * 2);
            Array.Resize(ref _values, Count * 2);
        }

        _steps[Count] = step;
        _values[Count++] = value;
        _sum += value;
        if (!(Min <= value) && !double.IsNaN(value))
        {
            Min = value;
        }

        if (!(Max >= value) && !double.IsNaN(value))
        {
            Max = value;
        }
    }
}
