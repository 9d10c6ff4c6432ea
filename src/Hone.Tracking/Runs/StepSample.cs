namespace Hone.Tracking.Runs;

/// <summary>Which steps of some runs are drawn when there are more than a chart can show.</summary>
internal static class StepSample
{
    /// <summary>Steps at even distances among all that the runs have, the last one included, and each run's own first and last.</summary>
    /// <param name="session">The connection.</param>
    /// <param name="runs">Keys of the runs.</param>
    /// <param name="name">Name of the metric.</param>
    /// <param name="first">The smallest step of interest.</param>
    /// <param name="last">The largest step of interest.</param>
    /// <param name="most">How many steps, from 1, not counting the ends.</param>
    public static HashSet<long> Of(TrackingSession session, List<long> runs, string name, long first, long last, int most)
    {
        var all = new HashSet<long>();
        var kept = new HashSet<long>();
        foreach (var run in runs)
        {
            var (low, high) = (long.MaxValue, long.MinValue);
            var history = new MetricHistory(session, run, name, null, int.MaxValue);
            while (history.Next(out var point))
            {
                if (point.Step >= first && point.Step <= last)
                {
                    all.Add(point.Step);
                    low = Math.Min(low, point.Step);
                    high = Math.Max(high, point.Step);
                }
            }

            if (low <= high)
            {
                kept.Add(low);
                kept.Add(high);
            }
        }

        if (all.Count <= most)
        {
            return all;
        }

        long[] sorted = [.. all];
        Array.Sort(sorted);
        for (var i = 0; i < most; i++)
        {
            kept.Add(sorted[(int)((long)i * sorted.Length / most)]);
        }

        return kept;
    }
}
