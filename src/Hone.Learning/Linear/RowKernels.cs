using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Hone.Learning.Linear;

/// <summary>
/// The two products that a linear layer lives on, over picked rows of a matrix: all dot products of rows with weights, and weights plus
/// a combination of rows. Both run in blocks of registers on 256-bit vectors with fused multiply-add and allocate nothing.
/// </summary>
/// <remarks>
/// A step of training calls each once; they are nearly all of its time. The order of summation differs from a plain loop, so results
/// agree with one to rounding. The spans are trusted: callers check shapes once, when they are built.
/// </remarks>
internal static class RowKernels
{
    /// <summary>outputs[i, k] = bias[k] + x[i] · weights[k].</summary>
    /// <param name="x">The rows to take.</param>
    /// <param name="weights">One row an output.</param>
    /// <param name="bias">One an output.</param>
    /// <param name="outputs">Receives one row a row taken, one column an output.</param>
    public static void Dots<T>(PickedRows<T> x, ReadOnlySpan<T> weights, ReadOnlySpan<T> bias, Span<T> outputs)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ref var w = ref MemoryMarshal.GetReference(weights);
        var count = bias.Length;
        var done = 0;
        if (RowTiles.Fit<T>(x.Width))
        {
            RowTiles.Dots(x, weights, bias, outputs);
            done = count - (count % RowTiles.Outputs);
        }

        var i = 0;
        for (; i + 4 <= x.Count; i += 4)
        {
            var to = outputs.Slice(i * count, 4 * count);
            var k = done;
            for (; k + 2 <= count; k += 2)
            {
                Dots4x2(x, i, ref Row(ref w, k, x.Width), to[k..], count, bias[k..]);
            }

            if (k < count)
            {
                Dots4x1(x, i, ref Row(ref w, k, x.Width), to[k..], count, bias[k]);
            }
        }

        for (; i < x.Count; i++)
        {
            for (var k = 0; k < count; k++)
            {
                outputs[(i * count) + k] = bias[k] + Dot(ref x[i], ref Row(ref w, k, x.Width), x.Width);
            }
        }
    }

    /// <summary>sums[k] += Σ over i of coefficients[i, k] · x[i].</summary>
    /// <param name="x">The rows to take.</param>
    /// <param name="coefficients">One row a row taken, one column a sum.</param>
    /// <param name="sums">One row a sum.</param>
    public static void AddCombinations<T>(PickedRows<T> x, ReadOnlySpan<T> coefficients, Span<T> sums)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ref var s = ref MemoryMarshal.GetReference(sums);
        var (width, count) = (x.Width, sums.Length / x.Width);
        var (done, i) = (0, 0);
        if (x.Count >= 4 && RowTiles.Fit<T>(width))
        {
            RowTiles.AddCombinations(x, coefficients, sums);
            done = count - (count % RowTiles.Outputs);
        }

        for (; i + 4 <= x.Count; i += 4)
        {
            var c = coefficients.Slice(i * count, 4 * count);
            var k = done;
            for (; k + 2 <= count; k += 2)
            {
                Add4x2(x, i, c[k..], count, ref Row(ref s, k, width));
            }

            if (k < count)
            {
                Add4(x, i, c[k..], count, ref Row(ref s, k, width));
            }
        }

        for (; i < x.Count; i++)
        {
            for (var k = done; k < count; k++)
            {
                Add1(ref x[i], coefficients[(i * count) + k], ref Row(ref s, k, width), width);
            }
        }
    }

    /// <summary>Multiplies all values by a factor.</summary>
    public static void Scale<T>(Span<T> values, T factor)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ref var v = ref MemoryMarshal.GetReference(values);
        var factors = Vector256.Create(factor);
        var j = 0;
        for (; j + Vector256<T>.Count <= values.Length; j += Vector256<T>.Count)
        {
            (Load(ref v, j) * factors).StoreUnsafe(ref v, (nuint)j);
        }

        for (; j < values.Length; j++)
        {
            values[j] *= factor;
        }
    }

    private static void Dots4x2<T>(PickedRows<T> x, int row, ref T w0, Span<T> to, int stride, ReadOnlySpan<T> bias)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var width = x.Width;
        ref var x0 = ref x[row];
        ref var x1 = ref x[row + 1];
        ref var x2 = ref x[row + 2];
        ref var x3 = ref x[row + 3];
        ref var w1 = ref Unsafe.Add(ref w0, width);
        Vector256<T> s00 = default, s01 = default, s10 = default, s11 = default;
        Vector256<T> s20 = default, s21 = default, s30 = default, s31 = default;
        var j = 0;
        for (; j + Vector256<T>.Count <= width; j += Vector256<T>.Count)
        {
            var a = Load(ref w0, j);
            var b = Load(ref w1, j);
            var v = Load(ref x0, j);
            s00 = MultiplyAdd(v, a, s00);
            s01 = MultiplyAdd(v, b, s01);
            v = Load(ref x1, j);
            s10 = MultiplyAdd(v, a, s10);
            s11 = MultiplyAdd(v, b, s11);
            v = Load(ref x2, j);
            s20 = MultiplyAdd(v, a, s20);
            s21 = MultiplyAdd(v, b, s21);
            v = Load(ref x3, j);
            s30 = MultiplyAdd(v, a, s30);
            s31 = MultiplyAdd(v, b, s31);
        }

        // Before any call: a sum that lives across one is written to the stack at every addition.
        var (bias0, bias1) = (bias[0], bias[1]);
        (to[0], to[1]) = (bias0 + Vector256.Sum(s00), bias1 + Vector256.Sum(s01));
        (to[stride], to[stride + 1]) = (bias0 + Vector256.Sum(s10), bias1 + Vector256.Sum(s11));
        (to[2 * stride], to[(2 * stride) + 1]) = (bias0 + Vector256.Sum(s20), bias1 + Vector256.Sum(s21));
        (to[3 * stride], to[(3 * stride) + 1]) = (bias0 + Vector256.Sum(s30), bias1 + Vector256.Sum(s31));
        if (j < width)
        {
            AddTails(x, row, ref w0, j, to, stride);
            AddTails(x, row, ref w1, j, to[1..], stride);
        }
    }

    private static void Dots4x1<T>(PickedRows<T> x, int row, ref T w, Span<T> to, int stride, T bias)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ref var x0 = ref x[row];
        ref var x1 = ref x[row + 1];
        ref var x2 = ref x[row + 2];
        ref var x3 = ref x[row + 3];
        Vector256<T> s0 = default, s1 = default, s2 = default, s3 = default;
        var j = 0;
        for (; j + Vector256<T>.Count <= x.Width; j += Vector256<T>.Count)
        {
            var a = Load(ref w, j);
            s0 = MultiplyAdd(Load(ref x0, j), a, s0);
            s1 = MultiplyAdd(Load(ref x1, j), a, s1);
            s2 = MultiplyAdd(Load(ref x2, j), a, s2);
            s3 = MultiplyAdd(Load(ref x3, j), a, s3);
        }

        (to[0], to[stride]) = (bias + Vector256.Sum(s0), bias + Vector256.Sum(s1));
        (to[2 * stride], to[3 * stride]) = (bias + Vector256.Sum(s2), bias + Vector256.Sum(s3));
        if (j < x.Width)
        {
            AddTails(x, row, ref w, j, to, stride);
        }
    }

    private static void AddTails<T>(PickedRows<T> x, int row, ref T w, int from, Span<T> to, int stride)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (var i = 0; i < 4; i++)
        {
            to[i * stride] += Tail(ref x[row + i], ref w, from, x.Width);
        }
    }

    private static T Dot<T>(ref T x, ref T w, int width)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        // Four sums, because one would wait for its own last addition.
        Vector256<T> s0 = default, s1 = default, s2 = default, s3 = default;
        var j = 0;
        for (; j + (4 * Vector256<T>.Count) <= width; j += 4 * Vector256<T>.Count)
        {
            s0 = MultiplyAdd(Load(ref x, j), Load(ref w, j), s0);
            s1 = MultiplyAdd(Load(ref x, j + Vector256<T>.Count), Load(ref w, j + Vector256<T>.Count), s1);
            s2 = MultiplyAdd(Load(ref x, j + (2 * Vector256<T>.Count)), Load(ref w, j + (2 * Vector256<T>.Count)), s2);
            s3 = MultiplyAdd(Load(ref x, j + (3 * Vector256<T>.Count)), Load(ref w, j + (3 * Vector256<T>.Count)), s3);
        }

        for (; j + Vector256<T>.Count <= width; j += Vector256<T>.Count)
        {
            s0 = MultiplyAdd(Load(ref x, j), Load(ref w, j), s0);
        }

        return Vector256.Sum((s0 + s1) + (s2 + s3)) + Tail(ref x, ref w, j, width);
    }

    private static void Add4<T>(PickedRows<T> x, int row, ReadOnlySpan<T> c, int stride, ref T sum)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var width = x.Width;
        ref var x0 = ref x[row];
        ref var x1 = ref x[row + 1];
        ref var x2 = ref x[row + 2];
        ref var x3 = ref x[row + 3];
        var (c0, c1, c2, c3) = (c[0], c[stride], c[2 * stride], c[3 * stride]);
        var (v0, v1, v2, v3) = (Vector256.Create(c0), Vector256.Create(c1), Vector256.Create(c2), Vector256.Create(c3));
        var j = 0;
        for (; j + Vector256<T>.Count <= width; j += Vector256<T>.Count)
        {
            var s = MultiplyAdd(Load(ref x0, j), v0, Load(ref sum, j));
            s = MultiplyAdd(Load(ref x1, j), v1, s);
            s = MultiplyAdd(Load(ref x2, j), v2, s);
            MultiplyAdd(Load(ref x3, j), v3, s).StoreUnsafe(ref sum, (nuint)j);
        }

        for (; j < width; j++)
        {
            Unsafe.Add(ref sum, j) += (Unsafe.Add(ref x0, j) * c0) + (Unsafe.Add(ref x1, j) * c1)
                + (Unsafe.Add(ref x2, j) * c2) + (Unsafe.Add(ref x3, j) * c3);
        }
    }

    // Each load of features serves two sums, because loads are what Add4 waits for.
    private static void Add4x2<T>(PickedRows<T> rows, int row, ReadOnlySpan<T> c, int stride, ref T a)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var width = rows.Width;
        ref var x0 = ref rows[row];
        ref var x1 = ref rows[row + 1];
        ref var x2 = ref rows[row + 2];
        ref var x3 = ref rows[row + 3];
        ref var b = ref Unsafe.Add(ref a, width);
        var (a0, a1, a2, a3) = (c[0], c[stride], c[2 * stride], c[3 * stride]);
        var (b0, b1, b2, b3) = (c[1], c[stride + 1], c[(2 * stride) + 1], c[(3 * stride) + 1]);
        var (va0, va1, va2, va3) = (Vector256.Create(a0), Vector256.Create(a1), Vector256.Create(a2), Vector256.Create(a3));
        var (vb0, vb1, vb2, vb3) = (Vector256.Create(b0), Vector256.Create(b1), Vector256.Create(b2), Vector256.Create(b3));
        var j = 0;
        for (; j + Vector256<T>.Count <= width; j += Vector256<T>.Count)
        {
            var x = Load(ref x0, j);
            var (sa, sb) = (MultiplyAdd(x, va0, Load(ref a, j)), MultiplyAdd(x, vb0, Load(ref b, j)));
            x = Load(ref x1, j);
            (sa, sb) = (MultiplyAdd(x, va1, sa), MultiplyAdd(x, vb1, sb));
            x = Load(ref x2, j);
            (sa, sb) = (MultiplyAdd(x, va2, sa), MultiplyAdd(x, vb2, sb));
            x = Load(ref x3, j);
            MultiplyAdd(x, va3, sa).StoreUnsafe(ref a, (nuint)j);
            MultiplyAdd(x, vb3, sb).StoreUnsafe(ref b, (nuint)j);
        }

        for (; j < width; j++)
        {
            var (x, y, z, w) = (Unsafe.Add(ref x0, j), Unsafe.Add(ref x1, j), Unsafe.Add(ref x2, j), Unsafe.Add(ref x3, j));
            Unsafe.Add(ref a, j) += (x * a0) + (y * a1) + (z * a2) + (w * a3);
            Unsafe.Add(ref b, j) += (x * b0) + (y * b1) + (z * b2) + (w * b3);
        }
    }

    private static void Add1<T>(ref T x, T c, ref T sum, int width)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var v = Vector256.Create(c);
        var j = 0;
        for (; j + Vector256<T>.Count <= width; j += Vector256<T>.Count)
        {
            MultiplyAdd(Load(ref x, j), v, Load(ref sum, j)).StoreUnsafe(ref sum, (nuint)j);
        }

        for (; j < width; j++)
        {
            Unsafe.Add(ref sum, j) += Unsafe.Add(ref x, j) * c;
        }
    }

    private static T Tail<T>(ref T x, ref T w, int from, int width)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var sum = T.Zero;
        for (var j = from; j < width; j++)
        {
            sum += Unsafe.Add(ref x, j) * Unsafe.Add(ref w, j);
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref T Row<T>(ref T first, int row, int width) => ref Unsafe.Add(ref first, (nint)row * width);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> Load<T>(ref T first, int index) => Vector256.LoadUnsafe(ref first, (nuint)index);

    // The JIT compiles each T for itself and keeps one branch.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> MultiplyAdd<T>(Vector256<T> a, Vector256<T> b, Vector256<T> c) => typeof(T) == typeof(float)
        ? Vector256.MultiplyAddEstimate(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>()
        : Vector256.MultiplyAddEstimate(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>();
}
