using Hone.Analysis.Effects;
using Hone.Analysis.Importance;
using Hone.Space;

namespace Hone.Analysis;

/// <summary>How a study is analysed.</summary>
public sealed record AnalysisOptions
{
    /// <summary>The metrics to analyse; null: all that some complete trial has.</summary>
    public IReadOnlyList<string>? Metrics { get; init; }

    /// <summary>The space where it is at hand; null: what the record says of it.</summary>
    public SearchSpace? Space { get; init; }

    /// <summary>Level of all intervals, in (0, 1).</summary>
    public double Level { get; init; } = 0.95;

    /// <summary>Parts of an axis in effect plots.</summary>
    public int Bins { get; init; } = 8;

    /// <summary>Pairs of parameters that get a pairwise effect, the strongest of each metric.</summary>
    public int Grids { get; init; } = 3;

    /// <summary>How fANOVA works.</summary>
    public FanovaOptions Fanova { get; init; } = new();

    /// <summary>The share of trials that counts as the best for PED-ANOVA, in (0, 1).</summary>
    public double BestShare { get; init; } = 0.1;
}

/// <summary>What one parameter does to one metric.</summary>
public sealed record ParameterEffect
{
    /// <summary>Name of the parameter.</summary>
    public required string Parameter { get; init; }

    /// <summary>Spearman's rho; null for a listed parameter without order that has more than two levels.</summary>
    public required Correlation? Spearman { get; init; }

    /// <summary>Kendall's tau-b; null as above.</summary>
    public required Correlation? Kendall { get; init; }

    /// <summary>Means over parts of the axis.</summary>
    public required Marginal Marginal { get; init; }

    /// <summary>The law that fits best; null for a parameter whose values are no numbers, or with too few trials.</summary>
    public required Law? Law { get; init; }
}

/// <summary>What the parameters do to one metric.</summary>
public sealed record MetricAnalysis
{
    /// <summary>Name of the metric.</summary>
    public required string Metric { get; init; }

    /// <summary>How many complete trials have it.</summary>
    public required int Trials { get; init; }

    /// <summary>Which parameters decide whether a trial is among the best.</summary>
    public required ImportanceResult PedAnova { get; init; }

    /// <summary>Which parameters explain the variance over the whole space.</summary>
    public required ImportanceResult Fanova { get; init; }

    /// <summary>One a parameter, in the space's order.</summary>
    public required IReadOnlyList<ParameterEffect> Effects { get; init; }

    /// <summary>Pairwise effects of the pairs that fANOVA finds strongest.</summary>
    public required IReadOnlyList<EffectGrid> Grids { get; init; }
}

/// <summary>How the hyperparameters of a study affect what its trials learn and what they cost.</summary>
public sealed record StudyAnalysis
{
    /// <summary>Name of the study.</summary>
    public required string Study { get; init; }

    /// <summary>How many complete trials it is based on.</summary>
    public required int Trials { get; init; }

    /// <summary>How many others were left out: stopped, failed or not ended.</summary>
    public required int LeftOut { get; init; }

    /// <summary>The metrics, objectives first, then by name.</summary>
    public required IReadOnlyList<MetricAnalysis> Metrics { get; init; }

    /// <summary>A front for each objective and each system metric.</summary>
    public required IReadOnlyList<CostFront> Fronts { get; init; }

    /// <summary>Analyses a study.</summary>
    /// <param name="record">The study; histories are not needed.</param>
    /// <param name="options">How; null: the defaults.</param>
    /// <exception cref="ArgumentException">A metric is named that no complete trial has.</exception>
    public static StudyAnalysis Of(StudyRecord record, AnalysisOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(record);
        options ??= new AnalysisOptions();
        var table = StudyTable.Of(record, options.Space);
        var metrics = options.Metrics ?? table.Metrics;
        return new StudyAnalysis
        {
            Study = record.Name,
            Trials = table.Trials.Count,
            LeftOut = record.Trials.Count - table.Trials.Count,
            Metrics = [.. metrics.Select(metric => Of(table, metric, options))],
            Fronts =
            [
                .. from objective in record.Objectives
                   where table.Metrics.Contains(objective.Metric)
                   from cost in table.Metrics
                   where cost.StartsWith("system/", StringComparison.Ordinal) && cost != objective.Metric
                   select CostFront.Of(table, objective, cost),
            ],
        };
    }

    private static MetricAnalysis Of(StudyTable table, string metric, AnalysisOptions options)
    {
        var fanova = Importance.Fanova.Of(table, metric, options.Fanova);
        int IndexOf(string name) => Enumerable.Range(0, table.Axes.Count).First(axis => table.Axes[axis].Name == name);
        return new MetricAnalysis
        {
            Metric = metric,
            Trials = table.RowsWith(metric).Length,
            PedAnova = Importance.PedAnova.Of(table, metric, options.BestShare),
            Fanova = fanova,
            Effects = [.. Enumerable.Range(0, table.Axes.Count).Select(axis => Effect(table, axis, metric, options))],
            Grids = [.. fanova.Pairs.Take(options.Grids)
                .Select(pair => Marginals.Grid(table, IndexOf(pair.First), IndexOf(pair.Second), metric))],
        };
    }

    private static ParameterEffect Effect(StudyTable table, int axis, string metric, AnalysisOptions options)
    {
        var place = table.Axes[axis];
        var rows = table.RowsWith(metric);
        double[] x = [.. rows.Select(row => table.Numbers(axis)[row])];
        double[] y = [.. rows.Select(row => table[metric][row])];
        var isOrdered = place.Kind != AxisKind.Categorical || place.Levels.Count == 2;
        return new ParameterEffect
        {
            Parameter = place.Name,
            Spearman = isOrdered ? Correlations.Spearman(x, y, options.Level) : null,
            Kendall = isOrdered ? Correlations.Kendall(x, y, options.Level) : null,
            Marginal = Marginals.Of(table, axis, metric, options.Bins, options.Level),
            Law = place.HasNumbers ? Laws.Best(x, y, options.Level) : null,
        };
    }
}
