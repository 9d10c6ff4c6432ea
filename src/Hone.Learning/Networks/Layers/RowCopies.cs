using System.Numerics;
using System.Numerics.Tensors;

namespace Hone.Learning.Networks.Layers;

/// <summary>Copies rows between buffers of another width, and adds them up.</summary>
internal static class RowCopies
{
    /// <summary>Copies rows into wider ones, whose padding is left alone.</summary>
    public static void Widen<T>(ReadOnlySpan<T> from, int columns, int rows, Span<T> to, int width)
    {
        for (var i = 0; i < rows; i++)
        {
            from.Slice(i * columns, columns).CopyTo(to[(i * width)..]);
        }
    }

    /// <summary>Copies the beginnings of rows into narrower ones.</summary>
    public static void Narrow<T>(ReadOnlySpan<T> from, int width, int rows, Span<T> to, int columns)
    {
        for (var i = 0; i < rows; i++)
        {
            from.Slice(i * width, columns).CopyTo(to[(i * columns)..]);
        }
    }

    /// <summary>Adds every row to sums.</summary>
    public static void AddTo<T>(Span<T> sums, ReadOnlySpan<T> rows)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (var i = 0; i < rows.Length; i += sums.Length)
        {
            TensorPrimitives.Add(sums, rows.Slice(i, sums.Length), sums);
        }
    }
}
