using Hone.Stopping;

namespace Hone.Budgets;

/// <summary>Estimates what stopping has saved. Not thread-safe.</summary>
/// <remarks>
/// A stopped trial is taken to have gone on to the median of the steps that complete trials took, at its own CPU time a step. That is an
/// estimate: nobody knows how long it would have run.
/// </remarks>
public sealed class Savings
{
    private readonly SortedValues _completeSteps = new();
    private readonly List<(long Steps, double? CpuSeconds)> _stopped = [];

    /// <summary>Notes a complete trial.</summary>
    public void AddComplete(long steps) => _completeSteps.Add(steps);

    /// <summary>Notes a stopped trial.</summary>
    /// <param name="steps">The steps it had done.</param>
    /// <param name="cpuSeconds">The CPU time it had used; null if not measured.</param>
    public void AddStopped(long steps, double? cpuSeconds) => _stopped.Add((steps, cpuSeconds));

    /// <summary>Steps and CPU seconds saved; both 0 while no trial is complete.</summary>
    public (long Steps, double CpuSeconds) Estimate()
    {
        if (_completeSteps.Count == 0)
        {
            return (0, 0);
        }

        var full = (long)_completeSteps[(_completeSteps.Count - 1) / 2];
        long savedSteps = 0;
        double savedSeconds = 0;
        foreach (var (steps, cpuSeconds) in _stopped)
        {
            var rest = Math.Max(0, full - steps);
            savedSteps += rest;
            savedSeconds += steps > 0 ? rest * (cpuSeconds ?? 0) / steps : 0;
        }

        return (savedSteps, savedSeconds);
    }
}
