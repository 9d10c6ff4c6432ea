using Hone.Budgets;
using Hone.Tuning;

namespace Hone.Cli.StudyFiles;

/// <summary>Reads <c>budget:</c>, <c>retries:</c> and <c>workers:</c>.</summary>
internal sealed class LimitsReader(Findings findings)
{
    private static readonly string[] BudgetKeys = ["trials", "time", "steps", "cpu", "gpu", "energy"];
    private static readonly string[] RetryKeys = ["count", "backoff", "longest"];
    private static readonly string[] WorkerKeys = ["local", "cores_each", "threads", "cluster", "slurm"];

    /// <summary>What the study may spend.</summary>
    public Budget Budget(Field field) => Section.Open(field, findings, BudgetKeys) is not { } budget ? new Budget() : new Budget
    {
        Trials = (int?)budget["trials"]?.Whole(findings, 1, int.MaxValue),
        Time = budget["time"]?.Duration(findings),
        Steps = budget["steps"]?.Whole(findings, 1, 1L << 53),
        Cpu = budget["cpu"]?.Duration(findings),
        Gpu = budget["gpu"]?.Duration(findings),
        EnergyJoules = budget["energy"]?.Energy(findings),
    };

    /// <summary>How often a crashed trial is tried again.</summary>
    public RetryPolicy Retries(Field field)
    {
        var usual = new RetryPolicy();
        if (field.Node is YamlText)
        {
            return field.Whole(findings, 0, 1000) is { } only ? usual with { Retries = (int)only } : usual;
        }

        if (Section.Open(field, findings, RetryKeys) is not { } section)
        {
            return usual;
        }

        var backOff = section["backoff"]?.Duration(findings) ?? usual.BackOff;
        return new RetryPolicy
        {
            Retries = (int)(section["count"]?.Whole(findings, 0, 1000) ?? usual.Retries),
            BackOff = backOff,
            LongestBackOff = section["longest"]?.Duration(findings) ?? (backOff > usual.LongestBackOff ? backOff : usual.LongestBackOff),
        };
    }

    /// <summary>Where trials run.</summary>
    public LocalWorkers Workers(Field field)
    {
        var none = new LocalWorkers(1, null);
        if (Section.Open(field, findings, WorkerKeys) is not { } section)
        {
            return none;
        }

        foreach (var kind in new[] { "threads", "cluster", "slurm" })
        {
            if (section[kind] is { } other)
            {
                findings.Add(other, kind == "threads"
                    ? "threads run .NET code that calls the library, and a study file's trials are processes; expected local: COUNT"
                    : $"'{kind}' is not there yet; expected local: COUNT");
                return none;
            }
        }

        var count = section["local"]?.Whole(findings, 1, 4096) ?? 1;
        var cores = section["cores_each"]?.Whole(findings, 1, 4096);
        if (cores * count > Environment.ProcessorCount)
        {
            findings.Add(
                section["cores_each"]!.Value,
                $"{count} trials with {cores} cores each need {cores * count} cores, and this machine has {Environment.ProcessorCount}");
        }

        return new LocalWorkers((int)count, (int?)cores);
    }
}
