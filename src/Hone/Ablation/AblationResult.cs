using Hone.Analysis;
using Hone.Analysis.Statistics;
using Hone.Space;
using Hone.Trials;

namespace Hone.Ablation;

/// <summary>What a plan has come to.</summary>
public sealed record AblationResult
{
    /// <summary>The plan.</summary>
    public required AblationPlan Plan { get; init; }

    /// <summary>What arms are compared by.</summary>
    public required Objective Objective { get; init; }

    /// <summary>Every arm.</summary>
    public required IReadOnlyList<ArmResult> Arms { get; init; }

    /// <summary>The answers by the objective: components in the plan's order, then pairs of them. Empty for a path.</summary>
    public required IReadOnlyList<ContrastResult> Contrasts { get; init; }

    /// <summary>The same contrasts by every metric of cost, over all pairs there are.</summary>
    public required IReadOnlyList<CostContrasts> Costs { get; init; }

    /// <summary>The steps of a path as far as it has been walked; empty for other designs.</summary>
    public required IReadOnlyList<PathStep> Path { get; init; }

    /// <summary>Whether every look has been taken, or everything is decided.</summary>
    public required bool IsWhole { get; init; }

    /// <summary>Trials that have ended.</summary>
    public required int Trials { get; init; }

    /// <summary>Trials of a design that gives every arm all seeds.</summary>
    public int FixedTrials => Plan.Arms.Count * Plan.Options.Seeds * Plan.TrialsEach;

    /// <summary>Judges the trials of a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="study">Its trials as stored; histories are not needed.</param>
    /// <param name="costs">The metrics of cost, smaller is better; those that no trial has reported are left out.</param>
    public static AblationResult Of(AblationPlan plan, StudyRecord study, IReadOnlyList<string> costs)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(study);
        ArgumentNullException.ThrowIfNull(costs);
        var objective = study.Objectives[0];
        (Configuration Configuration, TrialRecord Trial)[] ended =
            [.. study.Trials.Where(trial => trial.State is not (TrialState.Waiting or TrialState.Running)).Select(trial => (Configuration.Of(plan.Space, trial.Parameters), trial))];
        var trials = ended.Length;
        ended = Chosen(plan, objective, ended);
        var table = PairedTable.Of(plan, ended.Select(t => (t.Configuration, t.Trial.Counts ? t.Trial.Values[0] : double.NaN)), objective.Goal);
        var race = new Race(plan, table);
        race.Advance();
        var path = plan.Options.Design == AblationDesign.Path ? AblationPath.Steps(plan, table) : [];
        return new AblationResult
        {
            Plan = plan,
            Objective = objective,
            Arms = [.. plan.Arms.Select((arm, i) => ArmResult.Of(arm, i, table, objective))],
            Contrasts = race.Results(),
            Costs = [.. costs.Select(metric => CostContrasts.Of(plan, metric, ended)).OfType<CostContrasts>()],
            Path = PathStep.Of(plan, path, table),
            IsWhole = plan.Options.Design == AblationDesign.Path ? path.Count == plan.Components.Count + 1 : race.IsOver,
            Trials = trials,
        };
    }

    // Of every arm and seed whose tuning has ended the trial that counts: the best one.
    private static (Configuration Configuration, TrialRecord Trial)[] Chosen(
        AblationPlan plan, Objective objective, (Configuration Configuration, TrialRecord Trial)[] ended) => plan.TrialsEach == 1
        ? ended
        : [.. ended.GroupBy(t => plan.Find(t.Configuration)).Where(group => group.Count() >= plan.TrialsEach)
            .Select(group => group.MinBy(t => t.Trial.Counts ? objective.Signed(t.Trial.Values[0]) : double.PositiveInfinity))];
}

/// <summary>What an arm has reached.</summary>
/// <param name="Arm">The arm.</param>
/// <param name="Pairs">How many of its trials have a finite value.</param>
/// <param name="Failures">How many have ended without.</param>
/// <param name="Mean">Of the objective, in its own sign; NaN without trials.</param>
/// <param name="Deviation">Standard deviation over the seeds; NaN for fewer than two.</param>
public sealed record ArmResult(AblationArm Arm, int Pairs, int Failures, double Mean, double Deviation)
{
    internal static ArmResult Of(AblationArm arm, int place, PairedTable table, Objective objective)
    {
        var values = table.Values(place);
        return new ArmResult(
            arm, values.Count, table.Failures(place), values.Count == 0 ? double.NaN : objective.Signed(values.Average()), ContrastStatistics.Deviation(values));
    }
}

/// <summary>The contrasts of a plan by one metric of cost, Holm's way over each family, without a margin.</summary>
/// <param name="Metric">Name of the metric.</param>
/// <param name="Base">Mean of the first arm.</param>
/// <param name="Contrasts">In the plan's order. A mean below 0 says that without the component it costs less.</param>
public sealed record CostContrasts(string Metric, double Base, IReadOnlyList<ContrastResult> Contrasts)
{
    internal static CostContrasts? Of(AblationPlan plan, string metric, (Configuration Configuration, TrialRecord Trial)[] ended)
    {
        double Value(TrialRecord trial) => trial.Counts && trial.Metrics.Any(m => m.Metric == metric) ? trial.Metrics.First(m => m.Metric == metric).Value : double.NaN;
        if (!ended.Any(t => double.IsFinite(Value(t.Trial))))
        {
            return null;
        }

        var table = PairedTable.Of(plan, ended.Select(t => (t.Configuration, Value(t.Trial))), Goal.Minimize);
        var results = plan.Contrasts.Select(contrast => ContrastStatistics.Of(contrast, table.Differences(contrast), double.NaN)).ToArray();
        foreach (var isInteraction in (bool[])[false, true])
        {
            int[] family = [.. Enumerable.Range(0, results.Length).Where(i => results[i].Contrast.IsInteraction == isInteraction)];
            var adjusted = Adjustment.Holm([.. family.Select(i => results[i].P)]);
            for (var k = 0; k < family.Length; k++)
            {
                results[family[k]] = ContrastStatistics.WithInterval(results[family[k]] with { AdjustedP = adjusted[k] }, plan.Options.Alpha);
            }
        }

        var first = table.Values(0);
        return new CostContrasts(metric, first.Count == 0 ? double.NaN : first.Average(), results);
    }
}

/// <summary>A step of a path.</summary>
/// <param name="Arm">What was reached.</param>
/// <param name="Added">The component that was added; null for the start.</param>
/// <param name="Gain">
/// What the objective gained over the step before, over the common seeds, with its interval; more than 0 is better. Chosen as the best
/// of several, so too good; NaN for the start.
/// </param>
/// <param name="P">Two-sided sign-flip p of the gain, not raised for the choice; NaN for the start.</param>
public sealed record PathStep(AblationArm Arm, string? Added, Interval Gain, double P)
{
    internal static IReadOnlyList<PathStep> Of(AblationPlan plan, IReadOnlyList<(int Arm, int Added)> steps, PairedTable table) => [.. steps.Select((step, i) =>
    {
        if (i == 0)
        {
            return new PathStep(plan.Arms[step.Arm], null, new Interval(double.NaN, double.NaN, double.NaN), double.NaN);
        }

        var contrast = new AblationContrast(plan.Components[step.Added].Name, [step.Added], [(steps[i - 1].Arm, 1), (step.Arm, -1)]);
        var gain = ContrastStatistics.WithInterval(ContrastStatistics.Of(contrast, table.Differences(contrast), double.NaN), plan.Options.Alpha);
        return new PathStep(plan.Arms[step.Arm], contrast.Name, gain.Mean, gain.P);
    })];
}
