namespace Hone.Tracking.Runs;

/// <summary>A change that is one of the program's own, and no request's.</summary>
internal sealed class StoreChange(Action<TrackingSession> change) : PendingChange
{
    /// <inheritdoc/>
    public override void Apply(TrackingSession session) => change(session);
}
