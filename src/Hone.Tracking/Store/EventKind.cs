using Hone.Tuning;

namespace Hone.Tracking.Store;

/// <summary>The words for events in the store. Reports have none: they stand among the metrics.</summary>
internal static class EventKind
{
    public const string SessionBegan = "session began";
    public const string SessionEnded = "session ended";
    public const string Proposed = "proposed";
    public const string Started = "started";
    public const string StopDecided = "stop decided";
    public const string Requeued = "requeued";
    public const string Ended = "ended";

    public static string Of(StudyEvent entry) => entry switch
    {
        Tuning.SessionBegan => SessionBegan,
        Tuning.SessionEnded => SessionEnded,
        TrialProposed => Proposed,
        TrialStarted => Started,
        Tuning.StopDecided => StopDecided,
        TrialRequeued => Requeued,
        TrialEnded => Ended,
        _ => throw new ArgumentException($"The store has no word for the event {entry.GetType().Name}.", nameof(entry)),
    };
}
