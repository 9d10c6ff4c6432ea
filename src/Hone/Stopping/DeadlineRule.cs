using System.Globalization;
using Hone.Trials;

namespace Hone.Stopping;

/// <summary>Stops a trial that has run for too long, whether it reports or hangs.</summary>
public sealed class DeadlineRule : IStoppingRule
{
    private readonly TimeSpan _limit;

    /// <param name="limit">Wall time of one attempt; above 0.</param>
    public DeadlineRule(TimeSpan limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero);
        _limit = limit;
    }

    /// <inheritdoc/>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"deadline {_limit.TotalSeconds} s");

    /// <inheritdoc/>
    public TimeSpan? WakeAfter => _limit;

    /// <inheritdoc/>
    public Verdict Judge(Trial trial, StudyHistory history)
    {
        ArgumentNullException.ThrowIfNull(trial);
        return trial.Elapsed >= _limit
            ? Verdict.Stop(string.Create(
                CultureInfo.InvariantCulture, $"ran for {trial.Elapsed.TotalSeconds:0.0} s, its deadline is {_limit.TotalSeconds:0.###} s"))
            : Verdict.Continue;
    }
}
