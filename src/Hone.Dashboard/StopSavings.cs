using Hone.Analysis;
using Hone.Trials;

namespace Hone.Dashboard;

/// <summary>What one stopped trial would have gone on to spend.</summary>
/// <param name="Steps">At least 0.</param>
/// <param name="CpuSeconds">Null where the trial's CPU time was not measured.</param>
internal readonly record struct Saving(double Steps, double? CpuSeconds);

/// <summary>An estimate of what stopping saved.</summary>
/// <remarks>
/// A stopped trial is taken to have had as many steps before it as the median complete trial took in all, each at the CPU time that its
/// own steps took. A trial past the median saved nothing.
/// </remarks>
internal sealed class StopSavings
{
    private StopSavings(double? medianSteps, IReadOnlyList<Saving?> byRow)
    {
        MedianSteps = medianSteps;
        ByRow = byRow;
    }

    /// <summary>The median last step of the complete trials; null if none is complete or none reported steps.</summary>
    public double? MedianSteps { get; }

    /// <summary>One a trial; null for one that was not stopped, and for all if no trial completed.</summary>
    public IReadOnlyList<Saving?> ByRow { get; }

    /// <summary>Steps saved in all.</summary>
    public double Steps => ByRow.Sum(s => s?.Steps ?? 0);

    /// <summary>CPU seconds saved in all; null if no stopped trial's CPU time was measured.</summary>
    public double? CpuSeconds => ByRow.Any(s => s?.CpuSeconds is not null) ? ByRow.Sum(s => s?.CpuSeconds ?? 0) : null;

    public static StopSavings Of(IReadOnlyList<TrialRecord> trials)
    {
        var steps = trials.Where(t => t.State == TrialState.Complete && t.Steps > 0).Select(t => t.Steps).Order().ToList();
        if (steps.Count == 0)
        {
            return new StopSavings(null, new Saving?[trials.Count]);
        }

        var median = (steps[(steps.Count - 1) / 2] + steps[steps.Count / 2]) / 2.0;
        return new StopSavings(median, [.. trials.Select(t => t.State == TrialState.Stopped ? Saved(t, median) : (Saving?)null)]);
    }

    private static Saving Saved(TrialRecord trial, double median)
    {
        var steps = Math.Max(0, median - trial.Steps);
        var cpu = StudyFacts.LastOf(trial, "system/cpu_seconds");
        return new Saving(steps, double.IsFinite(cpu) && trial.Steps > 0 ? cpu / trial.Steps * steps : null);
    }
}
