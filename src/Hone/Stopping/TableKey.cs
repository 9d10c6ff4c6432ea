namespace Hone.Stopping;

/// <summary>Which number of a trial, at a step, goes into a table.</summary>
public enum TableValue
{
    /// <summary>The mean of the trial's values up to the step.</summary>
    RunningMean,

    /// <summary>The trial's latest value.</summary>
    Latest,
}

/// <summary>Names a table of what all trials had at each step; two rules that name the same one share it.</summary>
/// <param name="Metric">Name of the metric.</param>
/// <param name="Value">Which number of each trial goes in.</param>
/// <param name="Rungs">The steps that the table has; null: every step that some trial reports.</param>
public readonly record struct TableKey(string Metric, TableValue Value, Rungs? Rungs = null);

/// <summary>Steps in geometric progression: <c>first * factor^k</c>, rounded down, k = 0, 1, 2, …</summary>
/// <param name="First">The first rung, at least 1.</param>
/// <param name="Factor">The ratio of neighbouring rungs, at least 2.</param>
public sealed record Rungs(long First, int Factor)
{
    /// <summary>The first rung above a step.</summary>
    public long After(long step)
    {
        var rung = First;
        while (rung <= step)
        {
            rung *= Factor;
        }

        return rung;
    }
}
