using System.Collections.Concurrent;

namespace Hone.Tracking.Telemetry;

/// <summary>How often a route was asked, with what outcome, and how long it took.</summary>
/// <param name="method">Its method.</param>
/// <param name="route">Its address, with names in braces for what differs from request to request.</param>
internal sealed class RouteMeter(string method, string route)
{
    private static readonly double[] Seconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
    private readonly ConcurrentDictionary<int, Counter> _statuses = new();

    /// <summary>Of requests that no route answers.</summary>
    public static RouteMeter Unrouted { get; } = new("", "none");

    /// <summary>The method.</summary>
    public string Method => method;

    /// <summary>The address.</summary>
    public string Route => route;

    /// <summary>How long answers took, in seconds.</summary>
    public Distribution Durations { get; } = new(Seconds);

    /// <summary>How many requests were answered, by status.</summary>
    public IEnumerable<(int Status, long Count)> Statuses => _statuses.OrderBy(pair => pair.Key).Select(pair => (pair.Key, Interlocked.Read(ref pair.Value.Count)));

    /// <summary>Counts a request that was answered.</summary>
    public void Add(int status, TimeSpan duration)
    {
        Interlocked.Increment(ref _statuses.GetOrAdd(status, static _ => new Counter()).Count);
        Durations.Add(duration.TotalSeconds);
    }

    private sealed class Counter
    {
        public long Count;
    }
}
