using Hone.Trials;

namespace Hone.Analysis.Comparing;

/// <summary>One study of a comparison: a model that was tuned on a data set, with the best trial that was found.</summary>
public sealed record Contender
{
    /// <summary>Name of the study.</summary>
    public required string Study { get; init; }

    /// <summary>What was tuned, such as a learner's name: the studies of one model on several data sets have the same.</summary>
    public required string Model { get; init; }

    /// <summary>What it was tuned on: the studies of several models on one data set have the same.</summary>
    public required string Data { get; init; }

    /// <summary>The study's first objective.</summary>
    public required Objective Objective { get; init; }

    /// <summary>
    /// The best trial by that objective, with its history unless the objective takes the last value; null if no trial is complete, within
    /// the constraints and finite.
    /// </summary>
    public required TrialRecord? Best { get; init; }

    /// <summary>How many trials the study has: among more of them the best one looks better.</summary>
    public int Trials { get; init; } = 1;

    /// <summary>How rows were parted for learning and judging, setting by setting; empty if it is not known.</summary>
    public IReadOnlyDictionary<string, string> Evaluation { get; init; } = new Dictionary<string, string>();

    /// <summary>Rows that a fold is judged by, over the rows that it learns from, above 0; null if it is not known.</summary>
    public double? TestRatio { get; init; }

    /// <summary>What its metrics called loss measure, such as <c>hinge</c>; null if it is not known.</summary>
    public string? Loss { get; init; }

    /// <summary>Whether the best trial reported the metric, or one fold's.</summary>
    public bool Has(string metric) =>
        Best is not null && (FoldScores(metric).Length > 0 || Best.Metrics.Any(m => m.Metric == metric));

    /// <summary>
    /// The metric of the best trial, NaN if it was not reported: its last value, but of the objective's own metric, and of its folds', what
    /// the objective takes of the series.
    /// </summary>
    internal double Score(string metric) => Value(metric, metric);

    /// <summary>The metric of each fold, from the first on: those that the best trial reported as <c>fold_1/METRIC</c> and so on.</summary>
    internal double[] FoldScores(string metric)
    {
        var names = Best?.Metrics.Select(m => m.Metric).ToHashSet(StringComparer.Ordinal) ?? [];
        return [.. Enumerable.Range(1, names.Count).Select(fold => $"fold_{fold}/{metric}").TakeWhile(names.Contains).Select(name => Value(name, metric))];
    }

    private double Value(string name, string metric)
    {
        if (Best is null || Best.Metrics.All(m => m.Metric != name))
        {
            return double.NaN;
        }

        if (metric != Objective.Metric || Objective.Take == Aggregate.Last)
        {
            return Best.Metrics.First(m => m.Metric == name).Value;
        }

        var series = new MetricSeries();
        foreach (var (at, measurement) in Best.History.Where(m => m.Metric == name).Index())
        {
            series.Add(at, measurement.Value);
        }

        return series.Take(Objective.Take);
    }
}
