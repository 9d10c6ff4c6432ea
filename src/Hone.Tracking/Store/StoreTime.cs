namespace Hone.Tracking.Store;

/// <summary>Points in time as the store writes them: ticks of 100 ns since 1970, in UTC.</summary>
internal static class StoreTime
{
    public static long ToStore(DateTimeOffset at) => at.UtcTicks - DateTime.UnixEpoch.Ticks;

    public static DateTimeOffset FromStore(long ticks) => new(ticks + DateTime.UnixEpoch.Ticks, TimeSpan.Zero);
}
