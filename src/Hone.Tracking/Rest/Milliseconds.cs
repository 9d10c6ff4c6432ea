using Hone.Tracking.Runs;

namespace Hone.Tracking.Rest;

/// <summary>The protocol's points in time, milliseconds since 1970, and the store's, ticks of 100 ns.</summary>
internal static class Milliseconds
{
    private const long Most = long.MaxValue / TimeSpan.TicksPerMillisecond;

    /// <summary>The store's time of a client's.</summary>
    /// <exception cref="TrackingException">It lies before 1970, or beyond all calendars.</exception>
    public static long ToTicks(long milliseconds, string field) => milliseconds is >= 0 and <= Most
        ? milliseconds * TimeSpan.TicksPerMillisecond
        : throw TrackingException.Invalid(
            $"Invalid value {milliseconds} for parameter '{field}' supplied: expected milliseconds since 1970, from 0 to {Most}.");

    /// <summary>The client's time of the store's.</summary>
    public static long FromTicks(long ticks) => ticks / TimeSpan.TicksPerMillisecond;
}
