namespace Hone.Analysis.Replaying;

/// <summary>The trials of a recorded study in the order in which they began, and the slots that they ran on.</summary>
internal sealed class RecordedStudy
{
    // Stored times may be rounded to a millisecond, so that a trial seems to begin before its slot was free.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(1);

    public RecordedStudy(StudyRecord record, int? slots)
    {
        Record = record;
        Trials = [.. record.Trials.Where(t => t.Started is not null).OrderBy(t => t.Started).ThenBy(t => t.Number).Select(Trial)];
        if (Trials.Length == 0)
        {
            throw new ArgumentException($"No trial of study '{record.Name}' has begun: there is nothing to replay.", nameof(record));
        }

        PutReportsInOrder();
        Openings = slots is { } count ? [.. Enumerable.Repeat(TimeSpan.Zero, count)] : FindSlots();
    }

    public StudyRecord Record { get; }

    public RecordedTrial[] Trials { get; }

    /// <summary>When each slot was first taken, counted from the first trial's start.</summary>
    public TimeSpan[] Openings { get; }

    private static RecordedTrial Trial(TrialRecord trial)
    {
        if (trial.History.Count == 0 && trial.Metrics.Count > 0)
        {
            throw new ArgumentException(
                $"Trial {trial.Number} has been read without its history. Read the study with histories.", nameof(trial));
        }

        if (trial.Order.Count > 0 && trial.Order.Count != trial.History.Count)
        {
            throw new ArgumentException(
                $"Trial {trial.Number} has {trial.Order.Count} places for {trial.History.Count} measurements. Give one each, or none.",
                nameof(trial));
        }

        return new RecordedTrial(trial);
    }

    private TimeSpan Start(RecordedTrial trial) => trial.Record.Started!.Value - Trials[0].Record.Started!.Value;

    // Where the tuner took a report after one that was made later, it took it at that later time.
    private void PutReportsInOrder()
    {
        var reports = Trials
            .SelectMany(trial => trial.Reports.Select((report, index) => (Trial: trial, Index: index, report.Order)))
            .Where(report => report.Order is not null)
            .OrderBy(report => report.Order);
        var latest = TimeSpan.MinValue;
        foreach (var (trial, index, _) in reports)
        {
            var start = Start(trial);
            var arrival = start + trial.Reports[index].SinceStart;
            latest = arrival > latest ? arrival : latest;
            trial.PutOff(index, latest - start);
        }
    }

    // Each trial takes the slot that became free last before it began. What a slot waited for the next trial is kept, so that under the
    // same rules every trial begins when it did.
    private TimeSpan[] FindSlots()
    {
        var openings = new List<TimeSpan>();
        var free = new List<(TimeSpan At, RecordedTrial Last)>();
        foreach (var trial in Trials)
        {
            var start = Start(trial);
            var taken = Freed(free, start);
            if (taken < 0)
            {
                openings.Add(start);
            }
            else
            {
                free[taken].Last.Hold = start - free[taken].At;
                free.RemoveAt(taken);
            }

            free.Add((start + trial.Duration, trial));
        }

        // A slot that was not taken again was gone, until nothing was left to start.
        var lastStart = Start(Trials[^1]);
        foreach (var (at, last) in free)
        {
            last.Hold = lastStart > at ? lastStart - at : TimeSpan.Zero;
        }

        return [.. openings];
    }

    // The slot that was free last, if any was; otherwise one that should have been free in a moment.
    private static int Freed(List<(TimeSpan At, RecordedTrial Last)> slots, TimeSpan start)
    {
        var (freed, soon) = (-1, -1);
        for (var i = 0; i < slots.Count; i++)
        {
            if (slots[i].At <= start)
            {
                freed = freed < 0 || slots[i].At > slots[freed].At ? i : freed;
            }
            else if (slots[i].At <= start + Tolerance)
            {
                soon = soon < 0 || slots[i].At < slots[soon].At ? i : soon;
            }
        }

        return freed >= 0 ? freed : soon;
    }
}
