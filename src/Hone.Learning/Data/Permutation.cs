namespace Hone.Learning.Data;

/// <summary>
/// Orders that are fixed by a seed and easy to repeat in any language: row i gets the (i+1)-th output of SplitMix64 (Steele, Lea and
/// Flood 2014) started at the seed as its key, and the rows are sorted by key.
/// </summary>
public static class Permutation
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    /// <summary>The numbers from 0 to <paramref name="count"/> - 1 in the order of the seed.</summary>
    public static int[] Of(ulong seed, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var order = new int[count];
        Fill(seed, order, new ulong[count], new int[count + 1]);
        return order;
    }

    /// <summary>Writes the numbers from 0 to n - 1 in the order of the seed, without allocating, in time proportional to n.</summary>
    /// <param name="seed">Any number.</param>
    /// <param name="order">Receives the n numbers.</param>
    /// <param name="keys">Room for n keys.</param>
    /// <param name="ends">Room for n + 1 counts.</param>
    internal static void Fill(ulong seed, Span<int> order, Span<ulong> keys, Span<int> ends)
    {
        // Called once an epoch. The keys are spread evenly, so that n buckets by their leading bits hold one each on average; that is
        // five times as fast as a general sort. Keys are made twice: that is cheaper than to keep them. No two are equal, for the mixing
        // is a bijection.
        ends.Clear();
        for (var i = 0; i < order.Length; i++)
        {
            ends[Bucket(Key(seed, i), order.Length) + 1]++;
        }

        for (var bucket = 1; bucket < ends.Length; bucket++)
        {
            ends[bucket] += ends[bucket - 1];
        }

        for (var i = 0; i < order.Length; i++)
        {
            var key = Key(seed, i);
            var place = ends[Bucket(key, order.Length)]++;
            keys[place] = key;
            order[place] = i;
        }

        SortNearlySorted(keys, order);
    }

    private static void SortNearlySorted(Span<ulong> keys, Span<int> order)
    {
        for (var i = 1; i < keys.Length; i++)
        {
            var (key, row) = (keys[i], order[i]);
            var place = i;
            for (; place > 0 && keys[place - 1] > key; place--)
            {
                keys[place] = keys[place - 1];
                order[place] = order[place - 1];
            }

            keys[place] = key;
            order[place] = row;
        }
    }

    private static int Bucket(ulong key, int buckets) => (int)Math.BigMul(key, (ulong)buckets, out _);

    private static ulong Key(ulong seed, int row)
    {
        var z = seed + (((ulong)row + 1) * Golden);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
