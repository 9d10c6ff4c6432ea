using System.Collections.Concurrent;

namespace Hone.Tracking.Access;

/// <summary>For each key a bucket of tokens that fills at a steady rate: what is done takes one, and what finds none waits.</summary>
/// <param name="perSecond">Tokens that come a second; above 0.</param>
/// <param name="most">How many a bucket holds; at least 1. A key that was not seen yet has a full one.</param>
/// <param name="time">The clock.</param>
internal sealed class TokenBuckets<TKey>(double perSecond, double most, TimeProvider time)
    where TKey : notnull
{
    // A full bucket is as good as none: so many are kept before the full ones are dropped.
    private const int MostKept = 10_000;
    private readonly ConcurrentDictionary<TKey, Bucket> _buckets = new();
    private int _isDropping;
    private int _dropAt = MostKept;

    /// <summary>Takes a token; zero if there was one, else how long it takes until there is.</summary>
    public TimeSpan Take(TKey key) => Take(key, 1);

    /// <summary>How long it takes until there is a token; zero if there is one now. None is taken.</summary>
    public TimeSpan Wait(TKey key) => Take(key, 0);

    private TimeSpan Take(TKey key, double taken)
    {
        if (!_buckets.TryGetValue(key, out var bucket))
        {
            DropFull();
            bucket = _buckets.GetOrAdd(key, new Bucket { Tokens = most, At = time.GetTimestamp() });
        }

        lock (bucket)
        {
            Fill(bucket);
            if (bucket.Tokens >= 1)
            {
                bucket.Tokens -= taken;
                return TimeSpan.Zero;
            }

            return TimeSpan.FromSeconds((1 - bucket.Tokens) / perSecond);
        }
    }

    private void Fill(Bucket bucket)
    {
        var now = time.GetTimestamp();
        bucket.Tokens = Math.Min(most, bucket.Tokens + (time.GetElapsedTime(bucket.At, now).TotalSeconds * perSecond));
        bucket.At = now;
    }

    private void DropFull()
    {
        if (_buckets.Count < Volatile.Read(ref _dropAt) || Interlocked.Exchange(ref _isDropping, 1) != 0)
        {
            return;
        }

        foreach (var (key, bucket) in _buckets)
        {
            lock (bucket)
            {
                Fill(bucket);
                if (bucket.Tokens >= most)
                {
                    _buckets.TryRemove(key, out _);
                }
            }
        }

        // Among many that are not full, the next look is worth it only when there are twice as many.
        Volatile.Write(ref _dropAt, Math.Max(MostKept, 2 * _buckets.Count));
        Interlocked.Exchange(ref _isDropping, 0);
    }

    private sealed class Bucket
    {
        public double Tokens { get; set; }

        public long At { get; set; }
    }
}
