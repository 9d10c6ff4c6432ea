using Hone.Trials;

namespace Hone.Analysis.Replaying;

/// <summary>One report of a recorded trial.</summary>
/// <param name="Arrival">When the tuner took it, counted from the trial's start.</param>
/// <param name="SinceStart">When it was made, by the trial's own clock.</param>
/// <param name="Step">Step of the values.</param>
/// <param name="Values">The values.</param>
/// <param name="Order">Its place among the reports of the study, or null.</param>
internal readonly record struct RecordedReport(TimeSpan Arrival, TimeSpan SinceStart, long Step, MetricValue[] Values, long? Order);

/// <summary>A recorded trial as a replay needs it: its reports and what it cost at any time.</summary>
internal sealed class RecordedTrial
{
    private readonly CostCurve _cost;

    public RecordedTrial(TrialRecord record)
    {
        Record = record;
        Reports = Group(record);
        var wall = TimeSpan.FromSeconds(record.WallSeconds);
        Wall = Reports.Length > 0 && Reports[^1].SinceStart > wall ? Reports[^1].SinceStart : wall;
        _cost = new CostCurve(Reports, Wall);
    }

    public TrialRecord Record { get; }

    public RecordedReport[] Reports { get; }

    /// <summary>How long it ran by its own clock, at least up to its last report.</summary>
    public TimeSpan Wall { get; }

    /// <summary>How long it took the slot, at least until its last report had arrived.</summary>
    public TimeSpan Duration => Reports.Length > 0 && Reports[^1].Arrival > Wall ? Reports[^1].Arrival : Wall;

    /// <summary>How long its slot stayed empty afterwards; below 0 if clocks disagree.</summary>
    public TimeSpan Hold { get; set; }

    /// <summary>Whether the record holds how it ended by itself.</summary>
    public bool EndIsKnown => Record.State is TrialState.Complete or TrialState.Failed;

    /// <summary>Whether one of the study's rules ended it; the budget is none.</summary>
    public bool WasStoppedByRule =>
        Record.State == TrialState.Stopped && Record.Rule != "budget" && !Record.Reason.StartsWith("budget: ", StringComparison.Ordinal);

    public Cost CostAt(TimeSpan time) => _cost.At(time < Wall ? time : Wall);

    /// <summary>Puts a report's arrival off: the tuner took it later than the trial's clock says.</summary>
    public void PutOff(int report, TimeSpan arrival) => Reports[report] = Reports[report] with { Arrival = arrival };

    // The values of one report stand together. Without their order, a metric that comes twice begins another report.
    private static RecordedReport[] Group(TrialRecord record)
    {
        var reports = new List<RecordedReport>();
        var values = new List<MetricValue>();
        for (var i = 0; i < record.History.Count; i++)
        {
            var measurement = record.History[i];
            values.Add(new MetricValue(measurement.Metric, measurement.Value));
            if (i + 1 == record.History.Count || IsNext(record, i, values))
            {
                long? order = record.Order.Count > 0 ? record.Order[i] : null;
                reports.Add(new(measurement.SinceStart, measurement.SinceStart, measurement.Step, [.. values], order));
                values.Clear();
            }
        }

        return [.. reports];
    }

    private static bool IsNext(TrialRecord record, int i, List<MetricValue> values)
    {
        if (record.Order.Count > 0)
        {
            return record.Order[i] != record.Order[i + 1];
        }

        var (measurement, next) = (record.History[i], record.History[i + 1]);
        return measurement.SinceStart != next.SinceStart || measurement.Step != next.Step || values.Exists(v => v.Metric == next.Metric);
    }
}
