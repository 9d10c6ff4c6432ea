using Hone.Trials;

namespace Hone.Cli.StudyFiles;

/// <summary>Reads <c>objective:</c>, one mapping or a list of them.</summary>
internal sealed class ObjectiveReader(Findings findings, MetricNames metrics)
{
    private const string Expected = "{ metric: NAME, goal: minimize }";
    private static readonly string[] Keys = ["metric", "goal", "take"];

    /// <summary>The objectives; empty if something is wrong with all of them.</summary>
    public IReadOnlyList<Objective> Read(Field field)
    {
        if (field.Node is not YamlList)
        {
            return One(field) is { } only ? [only] : [];
        }

        var objectives = new List<Objective>();
        foreach (var item in field.Items(findings, $"{Expected}, or a list of such mappings") ?? [])
        {
            if (One(item) is not { } objective)
            {
                continue;
            }

            if (objectives.Any(o => o.Metric == objective.Metric && o.Take == objective.Take))
            {
                findings.Add(item, $"'{objective.Metric}' is an objective twice; drop one");
            }

            objectives.Add(objective);
        }

        return objectives;
    }

    /// <summary>Reads <c>minimize</c> or <c>maximize</c>.</summary>
    public static Goal? Goal(Field field, Findings findings) => field.Word(findings, "minimize", "maximize") switch
    {
        "minimize" => Trials.Goal.Minimize,
        "maximize" => Trials.Goal.Maximize,
        _ => null,
    };

    private Objective? One(Field field)
    {
        if (field.Node is not YamlMap)
        {
            findings.Add(field, $"{field.Describe()} is no objective; expected {Expected}");
            return null;
        }

        var section = Section.Open(field, findings, Keys)!;
        var goal = section["goal"] is { } given ? Goal(given, findings) : Trials.Goal.Minimize;
        var take = section["take"] is { } which ? Take(which) : Aggregate.Last;
        return section.Require("metric", "the name of the metric to make as small or as large as possible") is { } name
            && name.Text(findings, "the name of a metric") is { } metric && goal is not null && take is not null
            ? new Objective(metrics.Check(name, metric), goal.Value, take.Value)
            : null;
    }

    private Aggregate? Take(Field field) => field.Word(findings, "last", "min", "max", "mean") switch
    {
        "last" => Aggregate.Last,
        "min" => Aggregate.Min,
        "max" => Aggregate.Max,
        "mean" => Aggregate.Mean,
        _ => null,
    };
}
