namespace Hone.Tracking.Telemetry;

/// <summary>How many values lay below each of some bounds, and their sum; may be told of values by several threads at once.</summary>
/// <param name="bounds">The bounds, rising.</param>
internal sealed class Distribution(double[] bounds)
{
    // One more for what lies above all bounds.
    private readonly long[] _counts = new long[bounds.Length + 1];
    private double _sum;

    /// <summary>The bounds.</summary>
    public IReadOnlyList<double> Bounds => bounds;

    /// <summary>The sum of all values.</summary>
    public double Sum => Volatile.Read(ref _sum);

    /// <summary>Adds a value. Called once a request and once a commit.</summary>
    public void Add(double value)
    {
        var i = 0;
        while (i < bounds.Length && value > bounds[i])
        {
            i++;
        }

        Interlocked.Increment(ref _counts[i]);
        double before, read = Volatile.Read(ref _sum);
        do
        {
            before = read;
            read = Interlocked.CompareExchange(ref _sum, before + value, before);
        }
        while (read != before);
    }

    /// <summary>How many values lay at or below each bound, and at the end how many there were.</summary>
    public long[] Cumulated()
    {
        var cumulated = new long[_counts.Length];
        long total = 0;
        for (var i = 0; i < cumulated.Length; i++)
        {
            cumulated[i] = total += Interlocked.Read(ref _counts[i]);
        }

        return cumulated;
    }
}
