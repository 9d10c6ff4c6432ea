using Hone.Analysis;
using Hone.Trials;

namespace Hone.Dashboard;

/// <summary>What the report says of a study beyond what is stored: its best trials, its columns, what stopping saved.</summary>
internal sealed class StudyFacts
{
    public StudyFacts(StudyRecord study)
    {
        Study = study;
        Trials = study.Trials;
        Parameters = ParameterColumn.Of(study);
        Metrics = MetricColumn.Of(study);
        Front = ParetoFront(study);
        Best = BestOf(study);
        Savings = StopSavings.Of(Trials);
        Occupancy = SlotOccupancy.Of(Trials);
    }

    public StudyRecord Study { get; }

    public IReadOnlyList<TrialRecord> Trials { get; }

    public IReadOnlyList<ParameterColumn> Parameters { get; }

    public IReadOnlyList<MetricColumn> Metrics { get; }

    /// <summary>Row of the trial with the best value of the first objective, the lower number of equals; null if none counts.</summary>
    public int? Best { get; }

    /// <summary>Rows of the trials that no other one beats in every objective; empty for a single objective.</summary>
    public IReadOnlyList<int> Front { get; }

    public StopSavings Savings { get; }

    public SlotOccupancy? Occupancy { get; }

    /// <summary>How many trials ended or stand in a state.</summary>
    public int Count(TrialState state) => Trials.Count(t => t.State == state);

    /// <summary>The value of an objective, or the last one reported of its metric; NaN if there is neither.</summary>
    public double Value(TrialRecord trial, int objective)
    {
        var value = objective < trial.Values.Count ? trial.Values[objective] : double.NaN;
        return double.IsFinite(value) ? value : LastOf(trial, Study.Objectives[objective].Metric);
    }

    /// <summary>The last value of a metric; NaN if the trial never reported it.</summary>
    public static double LastOf(TrialRecord trial, string metric)
    {
        foreach (var (name, value) in trial.Metrics)
        {
            if (name == metric)
            {
                return value;
            }
        }

        return double.NaN;
    }

    private static int? BestOf(StudyRecord study)
    {
        int? best = null;
        for (var i = 0; i < study.Trials.Count; i++)
        {
            if (study.Trials[i].Counts && (best is not { } b || Signed(study, i, 0) < Signed(study, b, 0)))
            {
                best = i;
            }
        }

        return best;
    }

    private static List<int> ParetoFront(StudyRecord study)
    {
        if (study.Objectives.Count < 2)
        {
            return [];
        }

        var rows = Enumerable.Range(0, study.Trials.Count).Where(i => study.Trials[i].Counts).ToList();
        return [.. rows.Where(i => !rows.Exists(j => Dominates(study, j, i)))];
    }

    private static bool Dominates(StudyRecord study, int a, int b)
    {
        var better = false;
        for (var k = 0; k < study.Objectives.Count; k++)
        {
            if (Signed(study, a, k) > Signed(study, b, k))
            {
                return false;
            }

            better |= Signed(study, a, k) < Signed(study, b, k);
        }

        return better;
    }

    private static double Signed(StudyRecord study, int row, int objective) =>
        study.Objectives[objective].Signed(study.Trials[row].Values[objective]);
}
