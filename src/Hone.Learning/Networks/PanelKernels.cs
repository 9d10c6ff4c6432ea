using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Hone.Learning.Networks;

/// <summary>
/// The two matrix products that a layer lives on. The weights lie in panels of <see cref="Width{T}"/> outputs: all inputs' weights of the
/// first panel, input by input, then those of the next, so that a product reads them front to back. They run in tiles of registers on
/// 512-bit vectors where the processor has them, else on 256-bit ones, with fused multiply-add, and allocate nothing.
/// </summary>
/// <remarks>The spans are trusted: a layer checks shapes once, when it is built.</remarks>
internal static class PanelKernels
{
    /// <summary>Outputs in a panel: 32 for <see cref="float"/>, 16 for <see cref="double"/>.</summary>
    public static int Width<T>() => 2 * Vector512<T>.Count;

    /// <summary>outputs[i, k] = bias[k] + inputs[i] · weights of k, for all k of all panels.</summary>
    /// <param name="inputs">One row an example.</param>
    /// <param name="inputStride">From a row of inputs to the next.</param>
    /// <param name="depth">How many inputs of a row count.</param>
    /// <param name="rows">How many rows there are.</param>
    /// <param name="weights">In panels.</param>
    /// <param name="bias">One an output; as many as the panels hold.</param>
    /// <param name="outputs">One row an example, without gaps.</param>
    public static void Multiply<T>(
        ReadOnlySpan<T> inputs, int inputStride, int depth, int rows, ReadOnlySpan<T> weights, ReadOnlySpan<T> bias, Span<T> outputs)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ref var x = ref MemoryMarshal.GetReference(inputs);
        ref var w = ref MemoryMarshal.GetReference(weights);
        ref var b = ref MemoryMarshal.GetReference(bias);
        ref var z = ref MemoryMarshal.GetReference(outputs);
        var tall = Vector512.IsHardwareAccelerated ? 8 : 2;
        for (int i = 0, step; i < rows; i += step)
        {
            step = i + tall <= rows ? tall : 1;
            ref var row = ref Unsafe.Add(ref x, (nint)i * inputStride);
            for (var k = 0; k < bias.Length; k += Width<T>())
            {
                ref var panel = ref Unsafe.Add(ref w, (nint)k * depth);
                ref var to = ref Unsafe.Add(ref z, ((nint)i * bias.Length) + k);
                if (step == 8)
                {
                    Rows8(ref row, inputStride, depth, ref panel, ref Unsafe.Add(ref b, k), ref to, bias.Length);
                }
                else if (step == 2)
                {
                    Rows2(ref row, inputStride, depth, ref panel, ref Unsafe.Add(ref b, k), ref to, bias.Length);
                }
                else
                {
                    Row1(ref row, depth, ref panel, ref Unsafe.Add(ref b, k), ref to);
                }
            }
        }
    }

    /// <summary>weights[j, k] = keep · weights[j, k] + Σ over i of inputs[i, j] · slopes[i, k].</summary>
    /// <param name="inputs">One row an example.</param>
    /// <param name="inputStride">From a row of inputs to the next.</param>
    /// <param name="depth">How many inputs of a row count.</param>
    /// <param name="rows">How many rows there are.</param>
    /// <param name="slopes">One row an example, one column an output, without gaps.</param>
    /// <param name="width">Columns of slopes: as many as the panels hold.</param>
    /// <param name="keep">What the weights are multiplied by.</param>
    /// <param name="weights">In panels.</param>
    public static void AddProducts<T>(
        ReadOnlySpan<T> inputs, int inputStride, int depth, int rows, ReadOnlySpan<T> slopes, int width, T keep, Span<T> weights)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ref var x = ref MemoryMarshal.GetReference(inputs);
        ref var w = ref MemoryMarshal.GetReference(weights);
        ref var d = ref MemoryMarshal.GetReference(slopes);
        var tall = Vector512.IsHardwareAccelerated ? 8 : 2;
        for (int j = 0, step; j < depth; j += step)
        {
            step = j + tall <= depth ? tall : 1;
            ref var column = ref Unsafe.Add(ref x, j);
            for (var k = 0; k < width; k += Width<T>())
            {
                ref var panel = ref Unsafe.Add(ref w, ((nint)k * depth) + ((nint)j * Width<T>()));
                if (step == 8)
                {
                    Columns8(ref column, inputStride, rows, ref Unsafe.Add(ref d, k), width, keep, ref panel);
                }
                else if (step == 2)
                {
                    Columns2(ref column, inputStride, rows, ref Unsafe.Add(ref d, k), width, keep, ref panel);
                }
                else
                {
                    Column1(ref column, inputStride, rows, ref Unsafe.Add(ref d, k), width, keep, ref panel);
                }
            }
        }
    }

    // 16 sums in registers: each load of two vectors of weights serves 8 rows.
    private static void Rows8<T>(ref T x0, int stride, int depth, ref T w, ref T bias, ref T z, int width)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ref var x1 = ref Unsafe.Add(ref x0, stride);
        ref var x2 = ref Unsafe.Add(ref x1, stride);
        ref var x3 = ref Unsafe.Add(ref x2, stride);
        ref var x4 = ref Unsafe.Add(ref x3, stride);
        ref var x5 = ref Unsafe.Add(ref x4, stride);
        ref var x6 = ref Unsafe.Add(ref x5, stride);
        ref var x7 = ref Unsafe.Add(ref x6, stride);
        var n = Vector512<T>.Count;
        Vector512<T> a0, a1, a2, a3, a4, a5, a6, a7, b0, b1, b2, b3, b4, b5, b6, b7;
        a0 = a1 = a2 = a3 = a4 = a5 = a6 = a7 = Load512(ref bias, 0);
        b0 = b1 = b2 = b3 = b4 = b5 = b6 = b7 = Load512(ref bias, n);
        for (nint j = 0; j < depth; j++)
        {
            var a = Load512(ref w, 0);
            var b = Load512(ref w, n);
            w = ref Unsafe.Add(ref w, 2 * n);
            var x = Vector512.Create(Unsafe.Add(ref x0, j));
            (a0, b0) = (MultiplyAdd(x, a, a0), MultiplyAdd(x, b, b0));
            x = Vector512.Create(Unsafe.Add(ref x1, j));
            (a1, b1) = (MultiplyAdd(x, a, a1), MultiplyAdd(x, b, b1));
            x = Vector512.Create(Unsafe.Add(ref x2, j));
            (a2, b2) = (MultiplyAdd(x, a, a2), MultiplyAdd(x, b, b2));
            x = Vector512.Create(Unsafe.Add(ref x3, j));
            (a3, b3) = (MultiplyAdd(x, a, a3), MultiplyAdd(x, b, b3));
            x = Vector512.Create(Unsafe.Add(ref x4, j));
            (a4, b4) = (MultiplyAdd(x, a, a4), MultiplyAdd(x, b, b4));
            x = Vector512.Create(Unsafe.Add(ref x5, j));
            (a5, b5) = (MultiplyAdd(x, a, a5), MultiplyAdd(x, b, b5));
            x = Vector512.Create(Unsafe.Add(ref x6, j));
            (a6, b6) = (MultiplyAdd(x, a, a6), MultiplyAdd(x, b, b6));
            x = Vector512.Create(Unsafe.Add(ref x7, j));
            (a7, b7) = (MultiplyAdd(x, a, a7), MultiplyAdd(x, b, b7));
        }

        Store(ref z, a0, b0);
        Store(ref z = ref Unsafe.Add(ref z, width), a1, b1);
        Store(ref z = ref Unsafe.Add(ref z, width), a2, b2);
        Store(ref z = ref Unsafe.Add(ref z, width), a3, b3);
        Store(ref z = ref Unsafe.Add(ref z, width), a4, b4);
        Store(ref z = ref Unsafe.Add(ref z, width), a5, b5);
        Store(ref z = ref Unsafe.Add(ref z, width), a6, b6);
        Store(ref Unsafe.Add(ref z, width), a7, b7);
    }

    private static void Rows2<T>(ref T x0, int stride, int depth, ref T w, ref T bias, ref T z, int width)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ref var x1 = ref Unsafe.Add(ref x0, stride);
        var n = Vector256<T>.Count;
        Vector256<T> a0, b0, c0, d0, a1, b1, c1, d1;
        a0 = a1 = Load256(ref bias, 0);
        b0 = b1 = Load256(ref bias, n);
        c0 = c1 = Load256(ref bias, 2 * n);
        d0 = d1 = Load256(ref bias, 3 * n);
        for (nint j = 0; j < depth; j++)
        {
            var (x, y) = (Vector256.Create(Unsafe.Add(ref x0, j)), Vector256.Create(Unsafe.Add(ref x1, j)));
            var v = Load256(ref w, 0);
            (a0, a1) = (MultiplyAdd(x, v, a0), MultiplyAdd(y, v, a1));
            v = Load256(ref w, n);
            (b0, b1) = (MultiplyAdd(x, v, b0), MultiplyAdd(y, v, b1));
            v = Load256(ref w, 2 * n);
            (c0, c1) = (MultiplyAdd(x, v, c0), MultiplyAdd(y, v, c1));
            v = Load256(ref w, 3 * n);
            (d0, d1) = (MultiplyAdd(x, v, d0), MultiplyAdd(y, v, d1));
            w = ref Unsafe.Add(ref w, 4 * n);
        }

        Store(ref z, a0, b0, c0, d0);
        Store(ref Unsafe.Add(ref z, width), a1, b1, c1, d1);
    }

    // Two inputs at a time into sums of their own, because one sum would wait for its own last addition.
    private static void Row1<T>(ref T x, int depth, ref T w, ref T bias, ref T z)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var n = Vector256<T>.Count;
        var (a0, b0, c0, d0) = (Load256(ref bias, 0), Load256(ref bias, n), Load256(ref bias, 2 * n), Load256(ref bias, 3 * n));
        Vector256<T> a1 = default, b1 = default, c1 = default, d1 = default;
        nint j = 0;
        for (; j + 2 <= depth; j += 2)
        {
            var (x0, x1) = (Vector256.Create(Unsafe.Add(ref x, j)), Vector256.Create(Unsafe.Add(ref x, j + 1)));
            (a0, b0) = (MultiplyAdd(x0, Load256(ref w, 0), a0), MultiplyAdd(x0, Load256(ref w, n), b0));
            (c0, d0) = (MultiplyAdd(x0, Load256(ref w, 2 * n), c0), MultiplyAdd(x0, Load256(ref w, 3 * n), d0));
            (a1, b1) = (MultiplyAdd(x1, Load256(ref w, 4 * n), a1), MultiplyAdd(x1, Load256(ref w, 5 * n), b1));
            (c1, d1) = (MultiplyAdd(x1, Load256(ref w, 6 * n), c1), MultiplyAdd(x1, Load256(ref w, 7 * n), d1));
            w = ref Unsafe.Add(ref w, 8 * n);
        }

        if (j < depth)
        {
            var x0 = Vector256.Create(Unsafe.Add(ref x, j));
            (a0, b0) = (MultiplyAdd(x0, Load256(ref w, 0), a0), MultiplyAdd(x0, Load256(ref w, n), b0));
            (c0, d0) = (MultiplyAdd(x0, Load256(ref w, 2 * n), c0), MultiplyAdd(x0, Load256(ref w, 3 * n), d0));
        }

        Store(ref z, a0 + a1, b0 + b1, c0 + c1, d0 + d1);
    }

    private static void Columns8<T>(ref T x, int stride, int rows, ref T slopes, int width, T keep, ref T w)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var n = Vector512<T>.Count;
        var k = Vector512.Create(keep);
        var (a0, b0, a1, b1) = (Load512(ref w, 0) * k, Load512(ref w, n) * k, Load512(ref w, 2 * n) * k, Load512(ref w, 3 * n) * k);
        var (a2, b2, a3, b3) = (Load512(ref w, 4 * n) * k, Load512(ref w, 5 * n) * k, Load512(ref w, 6 * n) * k, Load512(ref w, 7 * n) * k);
        var (a4, b4, a5, b5) = (Load512(ref w, 8 * n) * k, Load512(ref w, 9 * n) * k, Load512(ref w, 10 * n) * k, Load512(ref w, 11 * n) * k);
        var (a6, b6, a7, b7) = (Load512(ref w, 12 * n) * k, Load512(ref w, 13 * n) * k, Load512(ref w, 14 * n) * k, Load512(ref w, 15 * n) * k);
        for (var i = 0; i < rows; i++)
        {
            var (a, b) = (Load512(ref slopes, 0), Load512(ref slopes, n));
            var v = Vector512.Create(x);
            (a0, b0) = (MultiplyAdd(v, a, a0), MultiplyAdd(v, b, b0));
            v = Vector512.Create(Unsafe.Add(ref x, 1));
            (a1, b1) = (MultiplyAdd(v, a, a1), MultiplyAdd(v, b, b1));
            v = Vector512.Create(Unsafe.Add(ref x, 2));
            (a2, b2) = (MultiplyAdd(v, a, a2), MultiplyAdd(v, b, b2));
            v = Vector512.Create(Unsafe.Add(ref x, 3));
            (a3, b3) = (MultiplyAdd(v, a, a3), MultiplyAdd(v, b, b3));
            v = Vector512.Create(Unsafe.Add(ref x, 4));
            (a4, b4) = (MultiplyAdd(v, a, a4), MultiplyAdd(v, b, b4));
            v = Vector512.Create(Unsafe.Add(ref x, 5));
            (a5, b5) = (MultiplyAdd(v, a, a5), MultiplyAdd(v, b, b5));
            v = Vector512.Create(Unsafe.Add(ref x, 6));
            (a6, b6) = (MultiplyAdd(v, a, a6), MultiplyAdd(v, b, b6));
            v = Vector512.Create(Unsafe.Add(ref x, 7));
            (a7, b7) = (MultiplyAdd(v, a, a7), MultiplyAdd(v, b, b7));
            x = ref Unsafe.Add(ref x, stride);
            slopes = ref Unsafe.Add(ref slopes, width);
        }

        Store(ref w, a0, b0);
        Store(ref Unsafe.Add(ref w, 2 * n), a1, b1);
        Store(ref Unsafe.Add(ref w, 4 * n), a2, b2);
        Store(ref Unsafe.Add(ref w, 6 * n), a3, b3);
        Store(ref Unsafe.Add(ref w, 8 * n), a4, b4);
        Store(ref Unsafe.Add(ref w, 10 * n), a5, b5);
        Store(ref Unsafe.Add(ref w, 12 * n), a6, b6);
        Store(ref Unsafe.Add(ref w, 14 * n), a7, b7);
    }

    private static void Columns2<T>(ref T x, int stride, int rows, ref T slopes, int width, T keep, ref T w)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var n = Vector256<T>.Count;
        var k = Vector256.Create(keep);
        var (a0, b0, c0, d0) = (Load256(ref w, 0) * k, Load256(ref w, n) * k, Load256(ref w, 2 * n) * k, Load256(ref w, 3 * n) * k);
        var (a1, b1, c1, d1) = (Load256(ref w, 4 * n) * k, Load256(ref w, 5 * n) * k, Load256(ref w, 6 * n) * k, Load256(ref w, 7 * n) * k);
        for (var i = 0; i < rows; i++)
        {
            var (v0, v1) = (Vector256.Create(x), Vector256.Create(Unsafe.Add(ref x, 1)));
            var s = Load256(ref slopes, 0);
            (a0, a1) = (MultiplyAdd(v0, s, a0), MultiplyAdd(v1, s, a1));
            s = Load256(ref slopes, n);
            (b0, b1) = (MultiplyAdd(v0, s, b0), MultiplyAdd(v1, s, b1));
            s = Load256(ref slopes, 2 * n);
            (c0, c1) = (MultiplyAdd(v0, s, c0), MultiplyAdd(v1, s, c1));
            s = Load256(ref slopes, 3 * n);
            (d0, d1) = (MultiplyAdd(v0, s, d0), MultiplyAdd(v1, s, d1));
            x = ref Unsafe.Add(ref x, stride);
            slopes = ref Unsafe.Add(ref slopes, width);
        }

        Store(ref w, a0, b0, c0, d0);
        Store(ref Unsafe.Add(ref w, 4 * n), a1, b1, c1, d1);
    }

    private static void Column1<T>(ref T x, int stride, int rows, ref T slopes, int width, T keep, ref T w)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var n = Vector256<T>.Count;
        var k = Vector256.Create(keep);
        var (a, b, c, d) = (Load256(ref w, 0) * k, Load256(ref w, n) * k, Load256(ref w, 2 * n) * k, Load256(ref w, 3 * n) * k);
        for (var i = 0; i < rows; i++)
        {
            var v = Vector256.Create(x);
            (a, b) = (MultiplyAdd(v, Load256(ref slopes, 0), a), MultiplyAdd(v, Load256(ref slopes, n), b));
            (c, d) = (MultiplyAdd(v, Load256(ref slopes, 2 * n), c), MultiplyAdd(v, Load256(ref slopes, 3 * n), d));
            x = ref Unsafe.Add(ref x, stride);
            slopes = ref Unsafe.Add(ref slopes, width);
        }

        Store(ref w, a, b, c, d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Load512<T>(ref T first, int index) => Vector512.LoadUnsafe(ref first, (nuint)index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> Load256<T>(ref T first, int index) => Vector256.LoadUnsafe(ref first, (nuint)index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<T>(ref T to, Vector512<T> a, Vector512<T> b)
    {
        a.StoreUnsafe(ref to);
        b.StoreUnsafe(ref to, (nuint)Vector512<T>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<T>(ref T to, Vector256<T> a, Vector256<T> b, Vector256<T> c, Vector256<T> d)
    {
        var n = (nuint)Vector256<T>.Count;
        a.StoreUnsafe(ref to);
        b.StoreUnsafe(ref to, n);
        c.StoreUnsafe(ref to, 2 * n);
        d.StoreUnsafe(ref to, 3 * n);
    }

    // The JIT compiles each T for itself and keeps one branch.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> MultiplyAdd<T>(Vector512<T> a, Vector512<T> b, Vector512<T> c) => typeof(T) == typeof(float)
        ? Vector512.MultiplyAddEstimate(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>()
        : Vector512.MultiplyAddEstimate(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> MultiplyAdd<T>(Vector256<T> a, Vector256<T> b, Vector256<T> c) => typeof(T) == typeof(float)
        ? Vector256.MultiplyAddEstimate(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>()
        : Vector256.MultiplyAddEstimate(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>();
}
