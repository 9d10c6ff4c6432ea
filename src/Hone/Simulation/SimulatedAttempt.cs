using Hone.Analysis;
using Hone.Trials;
using Hone.Tuning;

namespace Hone.Simulation;

/// <summary>One report of a simulated trial.</summary>
/// <param name="At">Time since the attempt began; never falls from one report to the next.</param>
/// <param name="Step">Step of the values.</param>
/// <param name="Values">The values.</param>
public readonly record struct SimulatedReport(TimeSpan At, long Step, IReadOnlyList<MetricValue> Values);

/// <summary>What a simulated trial will do if nobody stops it: a curve of values and of times.</summary>
/// <param name="Reports">What it reports, in order; read as it runs, so it may be made on the fly.</param>
/// <param name="Duration">When it ends, not before its last report.</param>
/// <param name="Outcome">How it ends.</param>
/// <param name="Reason">Why, in words, if not well.</param>
public sealed record SimulatedAttempt(
    IEnumerable<SimulatedReport> Reports, TimeSpan Duration, AttemptOutcome Outcome = AttemptOutcome.Succeeded, string Reason = "")
{
    /// <summary>Repeats a recorded trial, values and times.</summary>
    /// <param name="trial">A trial with its history.</param>
    public static SimulatedAttempt Repeat(TrialRecord trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        var reports = trial.History
            .GroupBy(measurement => (measurement.SinceStart, measurement.Step))
            .Select(report => new SimulatedReport(
                report.Key.SinceStart, report.Key.Step, [.. report.Select(m => new MetricValue(m.Metric, m.Value))]));
        var outcome = trial.State == TrialState.Failed ? AttemptOutcome.Crashed : AttemptOutcome.Succeeded;
        return new SimulatedAttempt(reports, TimeSpan.FromSeconds(trial.WallSeconds), outcome, trial.Reason);
    }
}
