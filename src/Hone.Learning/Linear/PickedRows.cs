using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hone.Learning.Linear;

/// <summary>Some rows of a matrix, in an order of their own, and those that will be wanted after them.</summary>
/// <remarks>The indices are trusted: callers check shapes once, when they are built.</remarks>
/// <param name="features">The matrix, row by row.</param>
/// <param name="width">Its columns.</param>
/// <param name="rows">The rows picked.</param>
/// <param name="ahead">The rows to be fetched from memory meanwhile, at most as many as are worth it; may be empty.</param>
internal readonly ref struct PickedRows<T>(ReadOnlySpan<T> features, int width, ReadOnlySpan<int> rows, ReadOnlySpan<int> ahead = default)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly ref T _first = ref MemoryMarshal.GetReference(features);

    /// <summary>Columns of the matrix.</summary>
    public int Width { get; } = width;

    /// <summary>The rows picked.</summary>
    public ReadOnlySpan<int> Rows { get; } = rows;

    /// <summary>The rows that will be wanted after them.</summary>
    public ReadOnlySpan<int> Ahead { get; } = ahead;

    /// <summary>How many are picked.</summary>
    public int Count => Rows.Length;

    /// <summary>The first value of a row picked.</summary>
    public ref T this[int index] => ref At(Rows[index]);

    /// <summary>The first value of a row of the matrix.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref T At(int row) => ref Unsafe.Add(ref _first, (nint)row * Width);

    /// <summary>
    /// Asks for a row ahead, where there is one with this index, and does not wait for it. Rows in shuffled order are no stream that the
    /// processor could foresee: without this a pass over rows that are not in a cache waits longer for them than it computes.
    /// </summary>
    public unsafe void Fetch(int index)
    {
        if (!Sse.IsSupported || (uint)index >= (uint)Ahead.Length)
        {
            return;
        }

        // A prefetch of an address never faults and keeps nothing alive: that the row moves meanwhile costs only its use.
        var row = (byte*)Unsafe.AsPointer(ref At(Ahead[index]));
        for (var offset = 0; offset < Width * sizeof(T); offset += Vector512<byte>.Count)
        {
            Sse.Prefetch1(row + offset);
        }
    }
}
