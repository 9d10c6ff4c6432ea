namespace Hone.Tracking.Tests.Runs;

/// <summary>A clock that a test sets; what waits does so by the real one.</summary>
internal sealed class ManualTime(DateTimeOffset now) : TimeProvider
{
    private DateTimeOffset _now = now;

    public override DateTimeOffset GetUtcNow() => _now;

    public void Advance(TimeSpan by) => _now += by;
}
