using Hone.Analysis;

namespace Hone.Dashboard;

/// <summary>One metric over all trials.</summary>
/// <param name="Name">As reported.</param>
/// <param name="Label">As shown: a system metric without its prefix and unit, any other as reported.</param>
/// <param name="Unit">From the end of the name; empty if it tells none.</param>
/// <param name="IsSystem">Whether it says what a trial costs rather than what it learns.</param>
internal sealed record MetricColumn(string Name, string Label, string Unit, bool IsSystem)
{
    private const string SystemPrefix = "system/";

    private static readonly (string Suffix, string Unit)[] Units =
        [("_megabytes", "MB"), ("_seconds", "s"), ("_percent", "%"), ("_joules", "J"), ("_watts", "W")];

    /// <summary>Every metric of the objectives, the trials and their histories: those of learning first, each group by name.</summary>
    public static IReadOnlyList<MetricColumn> Of(StudyRecord study)
    {
        var names = new HashSet<string>(study.Objectives.Select(o => o.Metric), StringComparer.Ordinal);
        foreach (var trial in study.Trials)
        {
            foreach (var metric in trial.Metrics)
            {
                names.Add(metric.Metric);
            }

            foreach (var measurement in trial.History)
            {
                names.Add(measurement.Metric);
            }
        }

        return [.. names.Select(Named).OrderBy(m => m.IsSystem).ThenBy(m => m.Name, StringComparer.Ordinal)];
    }

    /// <summary>The column of a name.</summary>
    public static MetricColumn Named(string name)
    {
        var isSystem = name.StartsWith(SystemPrefix, StringComparison.Ordinal);
        var (suffix, unit) = Array.Find(Units, u => name.EndsWith(u.Suffix, StringComparison.Ordinal));
        var label = isSystem ? name[SystemPrefix.Length..^(suffix?.Length ?? 0)].Replace('_', ' ') : name;
        return new MetricColumn(name, label, unit ?? "", isSystem);
    }
}
