namespace Hone.Analysis.Replaying;

/// <summary>How a recorded study is replayed.</summary>
public sealed record ReplayOptions
{
    /// <summary>
    /// How many trials run at once, each starting as soon as a slot is free. Null: as recorded, with the record's pauses between trials.
    /// </summary>
    public int? Slots { get; init; }

    /// <summary>How long a stopped trial goes on costing after the decision; a stop that the record has takes as long as it took.</summary>
    public TimeSpan StopDelay { get; init; }
}
