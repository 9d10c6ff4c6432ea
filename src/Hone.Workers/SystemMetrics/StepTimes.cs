using Hone.Trials;

namespace Hone.Workers.SystemMetrics;

/// <summary>What a report of a step says of the time that steps take. Null where it says nothing: at the first report, or at a step that was there before.</summary>
/// <param name="StepSeconds">Wall time of a step, the mean over the steps since the last report.</param>
/// <param name="MeanStepSeconds">Wall time of a step, the mean over the trial without its warm-up.</param>
/// <param name="StepCpuSeconds">CPU time of a step, the mean over the steps since it was last known.</param>
public readonly record struct StepTimes(double? StepSeconds, double? MeanStepSeconds, double? StepCpuSeconds)
{
    /// <summary>Adds the times that are known, under their metrics' names.</summary>
    public void AddTo(ICollection<MetricValue> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        Add(values, SystemMetric.StepSeconds, StepSeconds);
        Add(values, SystemMetric.MeanStepSeconds, MeanStepSeconds);
        Add(values, SystemMetric.StepCpuSeconds, StepCpuSeconds);
    }

    private static void Add(ICollection<MetricValue> values, string metric, double? value)
    {
        if (value is { } known)
        {
            values.Add(new MetricValue(metric, known));
        }
    }
}
