using Hone.Tracking.Runs;
using Hone.Trials;

namespace Hone.Tracking.Rest;

/// <summary>Turns what a client logs into reports of steps.</summary>
internal static class TrialReports
{
    // Clients that watch the machine count these readings by themselves: their steps are no steps of the training.
    private const string System = "system/";

    /// <summary>One report for each step, the smallest step first. Of values at one step the order stays.</summary>
    /// <remarks>A step below 0 counts as 0. Values of the machine come last, and count as of the last step that the trial has reported.</remarks>
    public static List<StepReport> Of(List<LoggedMetric> metrics)
    {
        var steps = new SortedDictionary<long, List<MetricValue>>();
        List<MetricValue>? ofMachine = null;
        foreach (var metric in metrics)
        {
            var values = metric.Key.StartsWith(System, StringComparison.Ordinal) ? ofMachine ??= [] : At(steps, Math.Max(metric.Step, 0));
            values.Add(new MetricValue(metric.Key, metric.Value));
        }

        List<StepReport> reports = [.. steps.Select(step => new StepReport(step.Key, step.Value))];
        if (ofMachine is not null)
        {
            reports.Add(new StepReport(null, ofMachine));
        }

        return reports;
    }

    private static List<MetricValue> At(SortedDictionary<long, List<MetricValue>> steps, long step)
    {
        if (!steps.TryGetValue(step, out var values))
        {
            steps.Add(step, values = []);
        }

        return values;
    }
}
