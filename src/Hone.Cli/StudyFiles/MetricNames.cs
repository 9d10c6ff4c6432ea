using Hone.Trials;
using Hone.Workers.SystemMetrics;

namespace Hone.Cli.StudyFiles;

/// <summary>Checks the names of metrics as far as they can be known before a trial runs: those of the system, and those of built-in learners.</summary>
internal sealed class MetricNames(Findings findings)
{
    private const string SystemPrefix = "system/";

    /// <summary>The metrics of the system; the unit is the end of the name.</summary>
    private static readonly string[] System =
    [
        SystemMetric.MemoryMegabytes, SystemMetric.MemoryPeakMegabytes, SystemMetric.CpuPercent, SystemMetric.CpuSeconds,
        SystemMetric.StepSeconds, SystemMetric.MeanStepSeconds, SystemMetric.StepCpuSeconds, SystemMetric.WaitSeconds,
        SystemMetric.ElapsedSeconds, SystemMetric.ReadMegabytes, SystemMetric.WriteMegabytes, SystemMetric.GpuPercent,
        SystemMetric.GpuMemoryMegabytes, SystemMetric.EnergyJoules,
    ];

    private readonly HashSet<string> _checked = new(StringComparer.Ordinal);

    /// <summary>What the built-in learner of the study reports; null if a command trains, whose metrics nobody knows.</summary>
    public IReadOnlyCollection<string>? OfLearner { get; set; }

    /// <summary>Every name that has been checked, once.</summary>
    public IReadOnlyCollection<string> Checked => _checked;

    /// <summary>Checks a name and returns it.</summary>
    public string Check(Field field, string name)
    {
        _checked.Add(name);
        if (name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
        {
            findings.Add(field, $"'{name}' has blanks; expected the name of a metric");
        }
        else if (name.StartsWith(SystemPrefix, StringComparison.Ordinal))
        {
            if (!System.Contains(name))
            {
                findings.Add(field, $"'{name}' is no metric of the system{NearestName.Hint(name, System)}");
            }
        }
        else if (OfLearner is { } known && !known.Contains(name))
        {
            findings.Add(field, $"'{name}' is not what this learner reports{NearestName.Hint(name, known)}");
        }

        return name;
    }

    /// <summary>Reads an inequality and checks its metric; null, with a finding, if it is none.</summary>
    public Comparison? Comparison(Field field)
    {
        if (field.Text(findings, "METRIC SIGN NUMBER, such as \"system/memory_megabytes <= 800\"") is not { } text)
        {
            return null;
        }

        try
        {
            var comparison = Trials.Comparison.Parse(text);
            Check(field, comparison.Metric);
            return comparison;
        }
        catch (FormatException wrong)
        {
            findings.Add(field, wrong.Message);
            return null;
        }
    }
}
