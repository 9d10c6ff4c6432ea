namespace Hone.Sampling.Sobol;

/// <summary>Points that fill the unit cube evenly: of any 2^k in a row from a multiple of 2^k, each elementary interval gets its share.</summary>
/// <remarks>
/// Sobol 1967 in Gray code order (Antonov and Saleev 1979). The scrambling is Owen's nested one (1995), by hashing: Laine and Karras 2011 with
/// the constants of Vegdahl, as in Burley, "Practical Hash-based Owen Scrambling", JCGT 9(4), 2020.
/// </remarks>
internal sealed class SobolSequence
{
    private readonly uint[][] _directions;
    private readonly uint[]? _seeds;

    /// <param name="dimensions">1 to <see cref="DirectionNumbers.Dimensions"/>.</param>
    /// <param name="seed">Fixes the scrambling; null: none.</param>
    public SobolSequence(int dimensions, ulong? seed)
    {
        _directions = DirectionNumbers.First(dimensions);
        _seeds = seed is { } s ? [.. Enumerable.Range(0, dimensions).Select(d => (uint)SeededRandom.Derive(s, (ulong)d))] : null;
    }

    /// <summary>A coordinate of a point, in [0, 1).</summary>
    /// <param name="index">The point, from 0.</param>
    /// <param name="dimension">The coordinate, from 0.</param>
    public double this[uint index, int dimension]
    {
        get
        {
            var bits = 0u;
            var gray = index ^ (index >> 1);
            for (var k = 0; gray != 0; k++, gray >>= 1)
            {
                bits ^= (gray & 1) * _directions[dimension][k];
            }

            return (_seeds is null ? bits : Scramble(bits, _seeds[dimension])) * (1.0 / (1UL << 32));
        }
    }

    // Each bit is flipped or not by a hash of the bits above it; reversed, that is a hash in which bits act on higher ones only.
    private static uint Scramble(uint bits, uint seed)
    {
        var x = Reverse(bits);
        x ^= x * 0x3D20ADEA;
        x += seed;
        x *= (seed >> 16) | 1;
        x ^= x * 0x05526C56;
        x ^= x * 0x53A22864;
        return Reverse(x);
    }

    private static uint Reverse(uint x)
    {
        x = ((x >> 1) & 0x55555555) | ((x & 0x55555555) << 1);
        x = ((x >> 2) & 0x33333333) | ((x & 0x33333333) << 2);
        x = ((x >> 4) & 0x0F0F0F0F) | ((x & 0x0F0F0F0F) << 4);
        return System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(x);
    }
}
