using Hone.Space;
using Hone.Trials;
using Hone.Tuning;

namespace Hone.Workers.Threads;

/// <summary>What a training delegate knows of its trial, and where it reports. Thread-safe.</summary>
public sealed class TrialContext
{
    private readonly TrialOrder _order;
    private readonly ThreadAttempt _attempt;

    internal TrialContext(TrialOrder order, ThreadAttempt attempt)
    {
        _order = order;
        _attempt = attempt;
    }

    /// <summary>Name of the study.</summary>
    public string Study => _order.Study;

    /// <summary>Number of the trial, from 1.</summary>
    public int Trial => _order.Trial;

    /// <summary>The attempt at it, from 1.</summary>
    public int Attempt => _order.Attempt;

    /// <summary>What to try.</summary>
    public Configuration Configuration => _order.Configuration;

    /// <summary>Fixed by the study's seed, the trial and the attempt; from 0 to 2^31 - 1.</summary>
    public int Seed => _order.Seed;

    /// <summary>A new generator, seeded with <see cref="Seed"/>: each call gives the same numbers again.</summary>
    public Random CreateRandom() => new SeededRandom((ulong)_order.Seed);

    /// <summary>Reports values of one step; what the step cost is added.</summary>
    /// <remarks>Waits while the tuner has too much unread.</remarks>
    /// <param name="step">From 0; a step lower than the last one counts as the last one.</param>
    /// <param name="values">Any number of metrics. NaN and infinities say that the trial diverged.</param>
    /// <exception cref="ArgumentOutOfRangeException">The step is negative.</exception>
    /// <exception cref="OperationCanceledException">
    /// The trial was asked to stop. The values have been taken, so a loop that reports needs no look at its token.
    /// </exception>
    public void Report(long step, params ReadOnlySpan<MetricValue> values)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        _attempt.Report(step, values);
    }

    /// <summary>Reports one value of one step; what the step cost is added.</summary>
    /// <param name="step">From 0; a step lower than the last one counts as the last one.</param>
    /// <param name="metric">Name of the metric.</param>
    /// <param name="value">NaN and infinities say that the trial diverged.</param>
    /// <exception cref="ArgumentOutOfRangeException">The step is negative.</exception>
    /// <exception cref="OperationCanceledException">The trial was asked to stop. The value has been taken.</exception>
    public void Report(long step, string metric, double value)
    {
        ArgumentNullException.ThrowIfNull(metric);
        Report(step, new MetricValue(metric, value));
    }
}
