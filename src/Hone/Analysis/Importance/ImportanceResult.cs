namespace Hone.Analysis.Importance;

/// <summary>How much of a metric is due to one parameter.</summary>
/// <param name="Parameter">Name of the parameter.</param>
/// <param name="Share">From 0 to 1; the shares of a study's parameters sum to 1, or are all 0 if nothing matters.</param>
/// <param name="Raw">
/// Before that: for fANOVA the share of the metric's whole variance, interactions excluded; for PED-ANOVA the divergence, at least 0.
/// </param>
/// <param name="Deviation">Of the raw value over the trees of the forest, as a standard deviation; 0 where there is no forest.</param>
public sealed record ParameterImportance(string Parameter, double Share, double Raw, double Deviation);

/// <summary>How much of a metric's variance is due to two parameters together, beyond what each does by itself.</summary>
/// <param name="First">Name of a parameter.</param>
/// <param name="Second">Name of the other one.</param>
/// <param name="Raw">Share of the metric's whole variance.</param>
public sealed record PairImportance(string First, string Second, double Raw);

/// <summary>How much the parameters of a study matter for one metric.</summary>
public sealed record ImportanceResult
{
    /// <summary>Name of the metric.</summary>
    public required string Metric { get; init; }

    /// <summary><c>fanova</c> or <c>ped-anova</c>.</summary>
    public required string Method { get; init; }

    /// <summary>How many trials it is based on.</summary>
    public required int Trials { get; init; }

    /// <summary>The parameters, the most important one first.</summary>
    public required IReadOnlyList<ParameterImportance> Parameters { get; init; }

    /// <summary>Pairs of parameters, the strongest first; empty where the method has none.</summary>
    public IReadOnlyList<PairImportance> Pairs { get; init; } = [];

    /// <summary>
    /// The share of the whole variance that lies between groups of trials with different active parameters. It has been added to the
    /// parameters that decide what is active, in equal parts. 0 in a space without conditions.
    /// </summary>
    public double Activation { get; init; }

    /// <summary>The share of one parameter; 0 for one that does not vary.</summary>
    public double this[string parameter] => Parameters.FirstOrDefault(p => p.Parameter == parameter)?.Share ?? 0;

    internal static IReadOnlyList<ParameterImportance> Ranked(IEnumerable<(string Name, double Raw, double Deviation)> values)
    {
        var all = values.ToArray();
        var sum = all.Sum(value => value.Raw);
        return [.. all
            .Select(value => new ParameterImportance(value.Name, sum > 0 ? value.Raw / sum : 0, value.Raw, value.Deviation))
            .OrderByDescending(importance => importance.Share)];
    }
}
