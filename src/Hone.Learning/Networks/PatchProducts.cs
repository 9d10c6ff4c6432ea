using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Hone.Learning.Networks;

/// <summary>
/// outputs[i, k] = start[k] + row i · weights of k, for rows that lie as <see cref="Patches"/> say and weights in panels
/// (<see cref="PanelWeights{T}"/>). Runs in tiles of registers on 512-bit vectors where the processor has them, else on 256-bit ones, with
/// fused multiply-add, and allocates nothing. All tiles add in the same order, so that a row's outputs do not depend on the rows beside it.
/// </summary>
/// <remarks>
/// The spans are trusted: a layer checks shapes once, when it is built. Called for every image of a convolution and every step of a
/// recurrent layer: 10^4 to 10^6 times a second. A tile takes its places one by one, more than elsewhere is right: a record of them would
/// be built for every tile. For the same reason <c>Rows8</c> stands in one piece.
/// </remarks>
internal static class PatchProducts
{
    /// <summary>outputs[i] = bias + row i · weights.</summary>
    /// <param name="inputs">Where the rows lie.</param>
    /// <param name="patches">How they lie there.</param>
    /// <param name="rows">How many, from the first of the patches.</param>
    /// <param name="weights">As deep as the rows.</param>
    /// <param name="bias">One an output, with its padding.</param>
    /// <param name="outputs">One row a row, as wide as the weights with their padding, without gaps.</param>
    public static void Multiply<T>(
        ReadOnlySpan<T> inputs, Patches patches, int rows, PanelWeights<T> weights, ReadOnlySpan<T> bias, Span<T> outputs)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Run(inputs, patches, rows, weights, ref MemoryMarshal.GetReference(bias), 0, outputs);

    /// <summary>outputs[i] += row i · weights; the parameters are as for <see cref="Multiply"/>.</summary>
    public static void Add<T>(ReadOnlySpan<T> inputs, Patches patches, int rows, PanelWeights<T> weights, Span<T> outputs)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Run(inputs, patches, rows, weights, ref MemoryMarshal.GetReference(outputs), weights.Width, outputs);

    private static void Run<T>(
        ReadOnlySpan<T> inputs, Patches patches, int rows, PanelWeights<T> weights, ref T start, int startStride, Span<T> outputs)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ref var at = ref MemoryMarshal.GetArrayDataReference(patches.Offsets);
        ref var z = ref MemoryMarshal.GetReference(outputs);
        for (int i = 0, step; i < rows; i += step)
        {
            step = Step(rows - i);
            ref var startRow = ref Unsafe.Add(ref start, (nint)i * startStride);
            ref var row = ref Unsafe.Add(ref z, (nint)i * weights.Width);
            Tile(ref MemoryMarshal.GetReference(inputs), ref Unsafe.Add(ref at, i), patches, step, weights, ref startRow, startStride, ref row);
        }
    }

    private static int Step(int rows) => Vector512.IsHardwareAccelerated
        ? rows >= 8 ? 8 : rows >= 4 ? 4 : 1
        : rows >= 2 ? 2 : 1;

    private static void Tile<T>(
        ref T x, ref int at, Patches patches, int rows, PanelWeights<T> weights, ref T start, nint startStride, ref T z)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ref var w = ref MemoryMarshal.GetArrayDataReference(weights.Values);
        var (panel, stride) = (PanelWeights<T>.Panel, weights.Width);
        for (var k = 0; k < stride; k += panel)
        {
            ref var own = ref Unsafe.Add(ref w, (nint)k * patches.Depth);
            ref var from = ref Unsafe.Add(ref start, k);
            ref var to = ref Unsafe.Add(ref z, k);
            if (k + panel <= stride)
            {
                Tile<T, WholePanel>(ref x, ref at, patches, rows, ref own, ref from, startStride, ref to, stride);
            }
            else
            {
                Tile<T, HalfPanel>(ref x, ref at, patches, rows, ref own, ref from, startStride, ref to, stride);
            }
        }
    }

    private static void Tile<T, TPart>(
        ref T x, ref int at, Patches patches, int rows, ref T w, ref T start, nint startStride, ref T z, nint stride)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TPart : struct
    {
        switch (rows)
        {
            case 8:
                Rows8<T, TPart>(ref x, ref at, patches, ref w, ref start, startStride, ref z, stride);
                break;
            case 4:
                Rows4<T, TPart>(ref x, ref at, patches, ref w, ref start, startStride, ref z, stride);
                break;
            case 2:
                Rows2<T, TPart>(ref x, ref at, patches, ref w, ref start, startStride, ref z, stride);
                break;
            default:
                Row1<T, TPart>(ref x, ref at, patches, ref w, ref start, ref z);
                break;
        }
    }

    // 16 sums in registers: each load of two vectors of weights serves 8 rows.
    private static void Rows8<T, TPart>(
        ref T x, ref int at, Patches patches, ref T w, ref T start, nint startStride, ref T z, nint stride)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TPart : struct
    {
        var n = Vector512<T>.Count;
        var both = typeof(TPart) == typeof(WholePanel);
        Vector512<T> a0, a1, a2, a3, a4, a5, a6, a7, b0, b1, b2, b3, b4, b5, b6, b7;
        (a0, b0) = Lanes.Load512<T, TPart>(ref start);
        (a1, b1) = Lanes.Load512<T, TPart>(ref Unsafe.Add(ref start, startStride));
        (a2, b2) = Lanes.Load512<T, TPart>(ref Unsafe.Add(ref start, 2 * startStride));
        (a3, b3) = Lanes.Load512<T, TPart>(ref Unsafe.Add(ref start, 3 * startStride));
        (a4, b4) = Lanes.Load512<T, TPart>(ref Unsafe.Add(ref start, 4 * startStride));
        (a5, b5) = Lanes.Load512<T, TPart>(ref Unsafe.Add(ref start, 5 * startStride));
        (a6, b6) = Lanes.Load512<T, TPart>(ref Unsafe.Add(ref start, 6 * startStride));
        (a7, b7) = Lanes.Load512<T, TPart>(ref Unsafe.Add(ref start, 7 * startStride));
        var (runs, length, runStride) = (patches.Runs, patches.RunLength, patches.RunStride);
        for (nint r = 0; r < runs; r++)
        {
            ref var run = ref Unsafe.Add(ref x, r * runStride);
            ref var x0 = ref Unsafe.Add(ref run, at);
            ref var x1 = ref Unsafe.Add(ref run, Unsafe.Add(ref at, 1));
            ref var x2 = ref Unsafe.Add(ref run, Unsafe.Add(ref at, 2));
            ref var x3 = ref Unsafe.Add(ref run, Unsafe.Add(ref at, 3));
            ref var x4 = ref Unsafe.Add(ref run, Unsafe.Add(ref at, 4));
            ref var x5 = ref Unsafe.Add(ref run, Unsafe.Add(ref at, 5));
            ref var x6 = ref Unsafe.Add(ref run, Unsafe.Add(ref at, 6));
            ref var x7 = ref Unsafe.Add(ref run, Unsafe.Add(ref at, 7));
            for (nint j = 0; j < length; j++)
            {
                var (a, b) = Lanes.Load512<T, TPart>(ref w);
                w = ref Unsafe.Add(ref w, both ? 2 * n : n);
                var v = Vector512.Create(Unsafe.Add(ref x0, j));
                (a0, b0) = (Lanes.MultiplyAdd(v, a, a0), both ? Lanes.MultiplyAdd(v, b, b0) : b0);
                v = Vector512.Create(Unsafe.Add(ref x1, j));
                (a1, b1) = (Lanes.MultiplyAdd(v, a, a1), both ? Lanes.MultiplyAdd(v, b, b1) : b1);
                v = Vector512.Create(Unsafe.Add(ref x2, j));
                (a2, b2) = (Lanes.MultiplyAdd(v, a, a2), both ? Lanes.MultiplyAdd(v, b, b2) : b2);
                v = Vector512.Create(Unsafe.Add(ref x3, j));
                (a3, b3) = (Lanes.MultiplyAdd(v, a, a3), both ? Lanes.MultiplyAdd(v, b, b3) : b3);
                v = Vector512.Create(Unsafe.Add(ref x4, j));
                (a4, b4) = (Lanes.MultiplyAdd(v, a, a4), both ? Lanes.MultiplyAdd(v, b, b4) : b4);
                v = Vector512.Create(Unsafe.Add(ref x5, j));
                (a5, b5) = (Lanes.MultiplyAdd(v, a, a5), both ? Lanes.MultiplyAdd(v, b, b5) : b5);
                v = Vector512.Create(Unsafe.Add(ref x6, j));
                (a6, b6) = (Lanes.MultiplyAdd(v, a, a6), both ? Lanes.MultiplyAdd(v, b, b6) : b6);
                v = Vector512.Create(Unsafe.Add(ref x7, j));
                (a7, b7) = (Lanes.MultiplyAdd(v, a, a7), both ? Lanes.MultiplyAdd(v, b, b7) : b7);
            }
        }

        Lanes.Store<T, TPart>(ref z, a0, b0);
        Lanes.Store<T, TPart>(ref Unsafe.Add(ref z, stride), a1, b1);
        Lanes.Store<T, TPart>(ref Unsafe.Add(ref z, 2 * stride), a2, b2);
        Lanes.Store<T, TPart>(ref Unsafe.Add(ref z, 3 * stride), a3, b3);
        Lanes.Store<T, TPart>(ref Unsafe.Add(ref z, 4 * stride), a4, b4);
        Lanes.Store<T, TPart>(ref Unsafe.Add(ref z, 5 * stride), a5, b5);
        Lanes.Store<T, TPart>(ref Unsafe.Add(ref z, 6 * stride), a6, b6);
        Lanes.Store<T, TPart>(ref Unsafe.Add(ref z, 7 * stride), a7, b7);
    }

    private static void Rows4<T, TPart>(
        ref T x, ref int at, Patches patches, ref T w, ref T start, nint startStride, ref T z, nint stride)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TPart : struct
    {
        var n = Vector512<T>.Count;
        var both = typeof(TPart) == typeof(WholePanel);
        var (a0, b0) = Lanes.Load512<T, TPart>(ref start);
        var (a1, b1) = Lanes.Load512<T, TPart>(ref Unsafe.Add(ref start, startStride));
        var (a2, b2) = Lanes.Load512<T, TPart>(ref Unsafe.Add(ref start, 2 * startStride));
        var (a3, b3) = Lanes.Load512<T, TPart>(ref Unsafe.Add(ref start, 3 * startStride));
        var (runs, length, runStride) = (patches.Runs, patches.RunLength, patches.RunStride);
        for (nint r = 0; r < runs; r++)
        {
            ref var run = ref Unsafe.Add(ref x, r * runStride);
            ref var x0 = ref Unsafe.Add(ref run, at);
            ref var x1 = ref Unsafe.Add(ref run, Unsafe.Add(ref at, 1));
            ref var x2 = ref Unsafe.Add(ref run, Unsafe.Add(ref at, 2));
            ref var x3 = ref Unsafe.Add(ref run, Unsafe.Add(ref at, 3));
            for (nint j = 0; j < length; j++)
            {
                var (a, b) = Lanes.Load512<T, TPart>(ref w);
                w = ref Unsafe.Add(ref w, both ? 2 * n : n);
                var v = Vector512.Create(Unsafe.Add(ref x0, j));
                (a0, b0) = (Lanes.MultiplyAdd(v, a, a0), both ? Lanes.MultiplyAdd(v, b, b0) : b0);
                v = Vector512.Create(Unsafe.Add(ref x1, j));
                (a1, b1) = (Lanes.MultiplyAdd(v, a, a1), both ? Lanes.MultiplyAdd(v, b, b1) : b1);
                v = Vector512.Create(Unsafe.Add(ref x2, j));
                (a2, b2) = (Lanes.MultiplyAdd(v, a, a2), both ? Lanes.MultiplyAdd(v, b, b2) : b2);
                v = Vector512.Create(Unsafe.Add(ref x3, j));
                (a3, b3) = (Lanes.MultiplyAdd(v, a, a3), both ? Lanes.MultiplyAdd(v, b, b3) : b3);
            }
        }

        Lanes.Store<T, TPart>(ref z, a0, b0);
        Lanes.Store<T, TPart>(ref Unsafe.Add(ref z, stride), a1, b1);
        Lanes.Store<T, TPart>(ref Unsafe.Add(ref z, 2 * stride), a2, b2);
        Lanes.Store<T, TPart>(ref Unsafe.Add(ref z, 3 * stride), a3, b3);
    }

    // Of 256-bit vectors, for processors without larger ones.
    private static void Rows2<T, TPart>(
        ref T x, ref int at, Patches patches, ref T w, ref T start, nint startStride, ref T z, nint stride)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TPart : struct
    {
        var n = Vector256<T>.Count;
        var both = typeof(TPart) == typeof(WholePanel);
        var (a0, b0, c0, d0) = Lanes.Load256<T, TPart>(ref start);
        var (a1, b1, c1, d1) = Lanes.Load256<T, TPart>(ref Unsafe.Add(ref start, startStride));
        var (runs, length, runStride) = (patches.Runs, patches.RunLength, patches.RunStride);
        for (nint r = 0; r < runs; r++)
        {
            ref var run = ref Unsafe.Add(ref x, r * runStride);
            ref var x0 = ref Unsafe.Add(ref run, at);
            ref var x1 = ref Unsafe.Add(ref run, Unsafe.Add(ref at, 1));
            for (nint j = 0; j < length; j++)
            {
                var (u, v) = (Vector256.Create(Unsafe.Add(ref x0, j)), Vector256.Create(Unsafe.Add(ref x1, j)));
                var (a, b, c, d) = Lanes.Load256<T, TPart>(ref w);
                w = ref Unsafe.Add(ref w, both ? 4 * n : 2 * n);
                (a0, a1) = (Lanes.MultiplyAdd(u, a, a0), Lanes.MultiplyAdd(v, a, a1));
                (b0, b1) = (Lanes.MultiplyAdd(u, b, b0), Lanes.MultiplyAdd(v, b, b1));
                if (both)
                {
                    (c0, c1) = (Lanes.MultiplyAdd(u, c, c0), Lanes.MultiplyAdd(v, c, c1));
                    (d0, d1) = (Lanes.MultiplyAdd(u, d, d0), Lanes.MultiplyAdd(v, d, d1));
                }
            }
        }

        Lanes.Store<T, TPart>(ref z, a0, b0, c0, d0);
        Lanes.Store<T, TPart>(ref Unsafe.Add(ref z, stride), a1, b1, c1, d1);
    }

    private static void Row1<T, TPart>(ref T x, ref int at, Patches patches, ref T w, ref T start, ref T z)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TPart : struct
    {
        var n = Vector256<T>.Count;
        var both = typeof(TPart) == typeof(WholePanel);
        var (a0, b0, c0, d0) = Lanes.Load256<T, TPart>(ref start);
        var (runs, length, runStride) = (patches.Runs, patches.RunLength, patches.RunStride);
        for (nint r = 0; r < runs; r++)
        {
            ref var x0 = ref Unsafe.Add(ref x, (r * runStride) + at);
            for (nint j = 0; j < length; j++)
            {
                var v = Vector256.Create(Unsafe.Add(ref x0, j));
                var (a, b, c, d) = Lanes.Load256<T, TPart>(ref w);
                w = ref Unsafe.Add(ref w, both ? 4 * n : 2 * n);
                (a0, b0) = (Lanes.MultiplyAdd(v, a, a0), Lanes.MultiplyAdd(v, b, b0));
                if (both)
                {
                    (c0, d0) = (Lanes.MultiplyAdd(v, c, c0), Lanes.MultiplyAdd(v, d, d0));
                }
            }
        }

        Lanes.Store<T, TPart>(ref z, a0, b0, c0, d0);
    }
}
