namespace Hone.Simulation;

/// <summary>A clock that stands still until it is moved, so that a night of tuning takes a moment. Not thread-safe.</summary>
/// <remarks>It has no timers: what waits in virtual time asks the simulated pool to.</remarks>
public sealed class VirtualTime : TimeProvider
{
    private DateTimeOffset _now = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _now;

    /// <inheritdoc/>
    public override long GetTimestamp() => _now.UtcTicks;

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        throw new NotSupportedException("Virtual time has no timers.");

    /// <summary>Moves the clock.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time lies before the current one.</exception>
    public void MoveTo(DateTimeOffset time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, _now);
        _now = time;
    }
}
