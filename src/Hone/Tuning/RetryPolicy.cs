namespace Hone.Tuning;

/// <summary>How often and when a crashed trial is tried again.</summary>
public sealed record RetryPolicy
{
    /// <summary>How many more attempts a trial gets after its first crash; 0: none. A trial that ended by itself without its objective is not retried.</summary>
    public int Retries { get; init; } = 1;

    /// <summary>Wait before the first retry; it doubles with each further one.</summary>
    public TimeSpan BackOff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait.</summary>
    public TimeSpan LongestBackOff { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The wait before a retry.</summary>
    /// <param name="retry">From 1.</param>
    public TimeSpan WaitBefore(int retry)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(retry, 1);
        var seconds = BackOff.TotalSeconds * Math.Pow(2, Math.Min(retry - 1, 30));
        return TimeSpan.FromSeconds(Math.Min(seconds, LongestBackOff.TotalSeconds));
    }
}

