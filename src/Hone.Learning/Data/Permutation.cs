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
        Fill(seed, order, new ulong[count]);
        return order;
    }

    /// <summary>Writes the numbers from 0 to n - 1 in the order of the seed, without allocating.</summary>
    /// <param name="seed">Any number.</param>
    /// <param name="order">Receives the n numbers.</param>
    /// <param name="keys">Room for n keys; left with the keys in ascending order.</param>
    public static void Fill(ulong seed, Span<int> order, Span<ulong> keys)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(keys.Length, order.Length, nameof(keys));
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
            keys[i] = Mix(seed + (((ulong)i + 1) * Golden));
        }

        // The mixing is a bijection, so no two keys are equal.
        keys.Sort(order);
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
