using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Hone.Learning.Networks;

/// <summary>
/// gradient[j, k] = keep · gradient[j, k] + Σ over rows i of row i[j] · slopes[i, k]: what <see cref="PatchProducts"/> pass back to their
/// weights. Made as those are.
/// </summary>
internal static class PatchSums
{
    /// <summary>Adds the products of rows with the slopes of their outputs.</summary>
    /// <param name="inputs">Where the rows lie.</param>
    /// <param name="patches">How they lie there.</param>
    /// <param name="rows">How many, from the first of the patches.</param>
    /// <param name="slopes">One row a row, as wide as the weights with their padding, without gaps.</param>
    /// <param name="keep">What the gradient so far is multiplied by, 0 or 1.</param>
    /// <param name="weights">Whose gradient it is; as deep as the rows.</param>
    public static void Add<T>(
        ReadOnlySpan<T> inputs, Patches patches, int rows, ReadOnlySpan<T> slopes, T keep, PanelWeights<T> weights)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ref var x = ref MemoryMarshal.GetReference(inputs);
        ref var d = ref MemoryMarshal.GetReference(slopes);
        ref var g = ref MemoryMarshal.GetArrayDataReference(weights.Gradient);
        var (panel, width) = (PanelWeights<T>.Panel, weights.Width);
        for (var k = 0; k < width; k += panel)
        {
            ref var own = ref Unsafe.Add(ref g, (nint)k * patches.Depth);
            if (k + panel <= width)
            {
                Panel<T, WholePanel>(ref x, patches, rows, ref Unsafe.Add(ref d, k), width, keep, ref own);
            }
            else
            {
                Panel<T, HalfPanel>(ref x, patches, rows, ref Unsafe.Add(ref d, k), width, keep, ref own);
            }
        }
    }

    private static void Panel<T, TPart>(ref T x, Patches patches, int rows, ref T slopes, nint width, T keep, ref T g)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TPart : struct
    {
        ref var at = ref MemoryMarshal.GetArrayDataReference(patches.Offsets);
        var row = typeof(TPart) == typeof(WholePanel) ? PanelWeights<T>.Panel : PanelWeights<T>.Lane;
        for (var r = 0; r < patches.Runs; r++)
        {
            ref var run = ref Unsafe.Add(ref x, r * patches.RunStride);
            for (int j = 0, step; j < patches.RunLength; j += step)
            {
                step = Step(patches.RunLength - j);
                ref var column = ref Unsafe.Add(ref run, j);
                switch (step)
                {
                    case 8:
                        Columns8<T, TPart>(ref column, ref at, rows, ref slopes, width, keep, ref g);
                        break;
                    case 4:
                        Columns4<T, TPart>(ref column, ref at, rows, ref slopes, width, keep, ref g);
                        break;
                    case 2:
                        Columns2<T, TPart>(ref column, ref at, rows, ref slopes, width, keep, ref g);
                        break;
                    default:
                        Column1<T, TPart>(ref column, ref at, rows, ref slopes, width, keep, ref g);
                        break;
                }

                g = ref Unsafe.Add(ref g, step * row);
            }
        }
    }

    private static int Step(int columns) => Vector512.IsHardwareAccelerated
        ? columns >= 8 ? 8 : columns >= 4 ? 4 : 1
        : columns >= 2 ? 2 : 1;

    private static void Columns8<T, TPart>(ref T x, ref int at, int rows, ref T slopes, nint width, T keep, ref T g)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TPart : struct
    {
        var n = Vector512<T>.Count;
        var both = typeof(TPart) == typeof(WholePanel);
        var row = both ? 2 * n : n;
        Vector512<T> a0, a1, a2, a3, a4, a5, a6, a7, b0, b1, b2, b3, b4, b5, b6, b7;
        a0 = a1 = a2 = a3 = a4 = a5 = a6 = a7 = b0 = b1 = b2 = b3 = b4 = b5 = b6 = b7 = Vector512<T>.Zero;
        for (nint i = 0; i < rows; i++)
        {
            ref var from = ref Unsafe.Add(ref x, Unsafe.Add(ref at, i));
            var (a, b) = Lanes.Load512<T, TPart>(ref slopes);
            slopes = ref Unsafe.Add(ref slopes, width);
            var v = Vector512.Create(from);
            (a0, b0) = (Lanes.MultiplyAdd(v, a, a0), both ? Lanes.MultiplyAdd(v, b, b0) : b0);
            v = Vector512.Create(Unsafe.Add(ref from, 1));
            (a1, b1) = (Lanes.MultiplyAdd(v, a, a1), both ? Lanes.MultiplyAdd(v, b, b1) : b1);
            v = Vector512.Create(Unsafe.Add(ref from, 2));
            (a2, b2) = (Lanes.MultiplyAdd(v, a, a2), both ? Lanes.MultiplyAdd(v, b, b2) : b2);
            v = Vector512.Create(Unsafe.Add(ref from, 3));
            (a3, b3) = (Lanes.MultiplyAdd(v, a, a3), both ? Lanes.MultiplyAdd(v, b, b3) : b3);
            v = Vector512.Create(Unsafe.Add(ref from, 4));
            (a4, b4) = (Lanes.MultiplyAdd(v, a, a4), both ? Lanes.MultiplyAdd(v, b, b4) : b4);
            v = Vector512.Create(Unsafe.Add(ref from, 5));
            (a5, b5) = (Lanes.MultiplyAdd(v, a, a5), both ? Lanes.MultiplyAdd(v, b, b5) : b5);
            v = Vector512.Create(Unsafe.Add(ref from, 6));
            (a6, b6) = (Lanes.MultiplyAdd(v, a, a6), both ? Lanes.MultiplyAdd(v, b, b6) : b6);
            v = Vector512.Create(Unsafe.Add(ref from, 7));
            (a7, b7) = (Lanes.MultiplyAdd(v, a, a7), both ? Lanes.MultiplyAdd(v, b, b7) : b7);
        }

        Put512<T, TPart>(ref g, keep, a0, b0);
        Put512<T, TPart>(ref Unsafe.Add(ref g, row), keep, a1, b1);
        Put512<T, TPart>(ref Unsafe.Add(ref g, 2 * row), keep, a2, b2);
        Put512<T, TPart>(ref Unsafe.Add(ref g, 3 * row), keep, a3, b3);
        Put512<T, TPart>(ref Unsafe.Add(ref g, 4 * row), keep, a4, b4);
        Put512<T, TPart>(ref Unsafe.Add(ref g, 5 * row), keep, a5, b5);
        Put512<T, TPart>(ref Unsafe.Add(ref g, 6 * row), keep, a6, b6);
        Put512<T, TPart>(ref Unsafe.Add(ref g, 7 * row), keep, a7, b7);
    }

    private static void Columns4<T, TPart>(ref T x, ref int at, int rows, ref T slopes, nint width, T keep, ref T g)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TPart : struct
    {
        var n = Vector512<T>.Count;
        var both = typeof(TPart) == typeof(WholePanel);
        var row = both ? 2 * n : n;
        Vector512<T> a0, a1, a2, a3, b0, b1, b2, b3;
        a0 = a1 = a2 = a3 = b0 = b1 = b2 = b3 = Vector512<T>.Zero;
        for (nint i = 0; i < rows; i++)
        {
            ref var from = ref Unsafe.Add(ref x, Unsafe.Add(ref at, i));
            var (a, b) = Lanes.Load512<T, TPart>(ref slopes);
            slopes = ref Unsafe.Add(ref slopes, width);
            var v = Vector512.Create(from);
            (a0, b0) = (Lanes.MultiplyAdd(v, a, a0), both ? Lanes.MultiplyAdd(v, b, b0) : b0);
            v = Vector512.Create(Unsafe.Add(ref from, 1));
            (a1, b1) = (Lanes.MultiplyAdd(v, a, a1), both ? Lanes.MultiplyAdd(v, b, b1) : b1);
            v = Vector512.Create(Unsafe.Add(ref from, 2));
            (a2, b2) = (Lanes.MultiplyAdd(v, a, a2), both ? Lanes.MultiplyAdd(v, b, b2) : b2);
            v = Vector512.Create(Unsafe.Add(ref from, 3));
            (a3, b3) = (Lanes.MultiplyAdd(v, a, a3), both ? Lanes.MultiplyAdd(v, b, b3) : b3);
        }

        Put512<T, TPart>(ref g, keep, a0, b0);
        Put512<T, TPart>(ref Unsafe.Add(ref g, row), keep, a1, b1);
        Put512<T, TPart>(ref Unsafe.Add(ref g, 2 * row), keep, a2, b2);
        Put512<T, TPart>(ref Unsafe.Add(ref g, 3 * row), keep, a3, b3);
    }

    // Of 256-bit vectors, for processors without larger ones.
    private static void Columns2<T, TPart>(ref T x, ref int at, int rows, ref T slopes, nint width, T keep, ref T g)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TPart : struct
    {
        var both = typeof(TPart) == typeof(WholePanel);
        Vector256<T> a0, b0, c0, d0, a1, b1, c1, d1;
        a0 = b0 = c0 = d0 = a1 = b1 = c1 = d1 = Vector256<T>.Zero;
        for (nint i = 0; i < rows; i++)
        {
            ref var from = ref Unsafe.Add(ref x, Unsafe.Add(ref at, i));
            var (u, v) = (Vector256.Create(from), Vector256.Create(Unsafe.Add(ref from, 1)));
            var (a, b, c, d) = Lanes.Load256<T, TPart>(ref slopes);
            slopes = ref Unsafe.Add(ref slopes, width);
            (a0, a1) = (Lanes.MultiplyAdd(u, a, a0), Lanes.MultiplyAdd(v, a, a1));
            (b0, b1) = (Lanes.MultiplyAdd(u, b, b0), Lanes.MultiplyAdd(v, b, b1));
            if (both)
            {
                (c0, c1) = (Lanes.MultiplyAdd(u, c, c0), Lanes.MultiplyAdd(v, c, c1));
                (d0, d1) = (Lanes.MultiplyAdd(u, d, d0), Lanes.MultiplyAdd(v, d, d1));
            }
        }

        Put256<T, TPart>(ref g, keep, a0, b0, c0, d0);
        Put256<T, TPart>(ref Unsafe.Add(ref g, (both ? 4 : 2) * Vector256<T>.Count), keep, a1, b1, c1, d1);
    }

    private static void Column1<T, TPart>(ref T x, ref int at, int rows, ref T slopes, nint width, T keep, ref T g)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TPart : struct
    {
        Vector256<T> a0, b0, c0, d0;
        a0 = b0 = c0 = d0 = Vector256<T>.Zero;
        for (nint i = 0; i < rows; i++)
        {
            var v = Vector256.Create(Unsafe.Add(ref x, Unsafe.Add(ref at, i)));
            var (a, b, c, d) = Lanes.Load256<T, TPart>(ref slopes);
            slopes = ref Unsafe.Add(ref slopes, width);
            (a0, b0) = (Lanes.MultiplyAdd(v, a, a0), Lanes.MultiplyAdd(v, b, b0));
            if (typeof(TPart) == typeof(WholePanel))
            {
                (c0, d0) = (Lanes.MultiplyAdd(v, c, c0), Lanes.MultiplyAdd(v, d, d0));
            }
        }

        Put256<T, TPart>(ref g, keep, a0, b0, c0, d0);
    }

    // A gradient that is not kept is not read: what stands there may be NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put512<T, TPart>(ref T g, T keep, Vector512<T> a, Vector512<T> b)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TPart : struct
    {
        if (keep != T.Zero)
        {
            var (oldA, oldB) = Lanes.Load512<T, TPart>(ref g);
            (a, b) = (a + (oldA * keep), b + (oldB * keep));
        }

        Lanes.Store<T, TPart>(ref g, a, b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put256<T, TPart>(ref T g, T keep, Vector256<T> a, Vector256<T> b, Vector256<T> c, Vector256<T> d)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TPart : struct
    {
        if (keep != T.Zero)
        {
            var (oldA, oldB, oldC, oldD) = Lanes.Load256<T, TPart>(ref g);
            (a, b, c, d) = (a + (oldA * keep), b + (oldB * keep), c + (oldC * keep), d + (oldD * keep));
        }

        Lanes.Store<T, TPart>(ref g, a, b, c, d);
    }
}
