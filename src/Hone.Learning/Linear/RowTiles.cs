using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Hone.Learning.Linear;

/// <summary>
/// The products of <see cref="RowKernels"/> in tiles of 20 sums held in 512-bit registers, for processors that have 32 of them: 4 rows by
/// 5 outputs, and 5 outputs by 4 vectors of features. A tile loads 9 vectors for 20 multiply-adds, so that it waits for arithmetic and
/// not for the cache.
/// </summary>
/// <remarks>
/// The lanes run along features, so that no lane is padding where features come in multiples of 16. The outputs of a tile are its outer
/// loop: the weights of five outputs stay in the first-level cache while a block of rows passes from the second.
/// </remarks>
internal static class RowTiles
{
    /// <summary>Outputs in a tile.</summary>
    public const int Outputs = 5;

    private const int Rows = 4;

    /// <summary>Whether the processor has the registers and rows are long enough to fill them.</summary>
    public static bool Fit<T>(int width) => Vector512.IsHardwareAccelerated && width >= 4 * Vector512<T>.Count;

    /// <summary>
    /// The dots of <see cref="RowKernels.Dots"/>, for the first outputs that fill tiles and the first rows that do. Fetches half of the
    /// rows ahead.
    /// </summary>
    public static void Dots<T>(PickedRows<T> x, ReadOnlySpan<T> weights, ReadOnlySpan<T> bias, Span<T> outputs)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Span<T> lanes = stackalloc T[Rows * Outputs * Vector512<T>.Count];
        ref var sums = ref MemoryMarshal.GetReference(lanes);
        var (fetch, end) = (0, x.Ahead.Length / 2);
        for (var k = 0; k + Outputs <= bias.Length; k += Outputs)
        {
            ref var w = ref Unsafe.Add(ref MemoryMarshal.GetReference(weights), (nint)k * x.Width);
            for (var i = 0; i + Rows <= x.Count; i += Rows)
            {
                if (fetch < end)
                {
                    x.Fetch(fetch++);
                }

                Dots4x5(x, i, ref w, ref sums);
                for (var n = 0; n < Rows * Outputs; n++)
                {
                    var (row, output) = (i + (n % Rows), k + (n / Rows));
                    outputs[(row * bias.Length) + output] = bias[output] + Vector512.Sum(Load(ref sums, n * Vector512<T>.Count));
                }
            }
        }
    }

    /// <summary>
    /// The combinations of <see cref="RowKernels.AddCombinations"/>, for the first outputs that fill tiles. Fetches the second half of the
    /// rows ahead.
    /// </summary>
    public static void AddCombinations<T>(PickedRows<T> x, ReadOnlySpan<T> coefficients, Span<T> sums)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (n, count, fetch) = (Vector512<T>.Count, sums.Length / x.Width, x.Ahead.Length / 2);
        for (int j = 0, step; j < x.Width; j += step)
        {
            step = j + (4 * n) <= x.Width ? 4 * n : n;
            // What is left at the end takes a whole vector too, of which the lanes that had their turn add nothing.
            var first = Math.Min(j, x.Width - n);
            for (var k = 0; k + Outputs <= count; k += Outputs)
            {
                x.Fetch(fetch++);
                ref var c = ref Unsafe.Add(ref MemoryMarshal.GetReference(coefficients), k);
                ref var to = ref Unsafe.Add(ref MemoryMarshal.GetReference(sums), ((nint)k * x.Width) + first);
                if (step > n)
                {
                    Add5x4(x, first, ref c, count, ref to);
                }
                else
                {
                    Add5x1(x, first, From<T>(j - first), ref c, count, ref to);
                }
            }
        }
    }

    // One piece, for the 20 sums must not leave their registers. No call may follow the loop either: a sum that lives across a call is
    // written to the stack at every addition, which made this four times slower.
    private static void Dots4x5<T>(PickedRows<T> x, int row, ref T w0, ref T sums)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var n = Vector512<T>.Count;
        nint width = x.Width;
        var last = width - n;
        ref var x0 = ref x[row];
        ref var x1 = ref x[row + 1];
        ref var x2 = ref x[row + 2];
        ref var x3 = ref x[row + 3];
        ref var w1 = ref Unsafe.Add(ref w0, width);
        ref var w2 = ref Unsafe.Add(ref w1, width);
        ref var w3 = ref Unsafe.Add(ref w2, width);
        ref var w4 = ref Unsafe.Add(ref w3, width);
        Vector512<T> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
        Vector512<T> c0 = default, c1 = default, c2 = default, c3 = default, d0 = default, d1 = default, d2 = default, d3 = default;
        Vector512<T> e0 = default, e1 = default, e2 = default, e3 = default;
        var mask = Vector512<T>.AllBitsSet;
        for (nint j = 0; j < width; j += n)
        {
            if (j > last)
            {
                (mask, j) = (From<T>((int)(j - last)), last);
            }

            var (p, q, r, s) = (Load(ref x0, j), Load(ref x1, j), Load(ref x2, j), Load(ref x3, j));
            var w = Load(ref w0, j) & mask;
            (a0, a1, a2, a3) = (MultiplyAdd(p, w, a0), MultiplyAdd(q, w, a1), MultiplyAdd(r, w, a2), MultiplyAdd(s, w, a3));
            w = Load(ref w1, j) & mask;
            (b0, b1, b2, b3) = (MultiplyAdd(p, w, b0), MultiplyAdd(q, w, b1), MultiplyAdd(r, w, b2), MultiplyAdd(s, w, b3));
            w = Load(ref w2, j) & mask;
            (c0, c1, c2, c3) = (MultiplyAdd(p, w, c0), MultiplyAdd(q, w, c1), MultiplyAdd(r, w, c2), MultiplyAdd(s, w, c3));
            w = Load(ref w3, j) & mask;
            (d0, d1, d2, d3) = (MultiplyAdd(p, w, d0), MultiplyAdd(q, w, d1), MultiplyAdd(r, w, d2), MultiplyAdd(s, w, d3));
            w = Load(ref w4, j) & mask;
            (e0, e1, e2, e3) = (MultiplyAdd(p, w, e0), MultiplyAdd(q, w, e1), MultiplyAdd(r, w, e2), MultiplyAdd(s, w, e3));
        }

        Store(ref sums, a0, a1, a2, a3);
        Store(ref Unsafe.Add(ref sums, 4 * n), b0, b1, b2, b3);
        Store(ref Unsafe.Add(ref sums, 8 * n), c0, c1, c2, c3);
        Store(ref Unsafe.Add(ref sums, 12 * n), d0, d1, d2, d3);
        Store(ref Unsafe.Add(ref sums, 16 * n), e0, e1, e2, e3);
    }

    private static void Add5x4<T>(PickedRows<T> x, int column, ref T c, int count, ref T sum0)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        nint n = Vector512<T>.Count;
        ref var sum1 = ref Unsafe.Add(ref sum0, x.Width);
        ref var sum2 = ref Unsafe.Add(ref sum1, x.Width);
        ref var sum3 = ref Unsafe.Add(ref sum2, x.Width);
        ref var sum4 = ref Unsafe.Add(ref sum3, x.Width);
        var (a0, a1, a2, a3) = (Load(ref sum0, 0), Load(ref sum0, n), Load(ref sum0, 2 * n), Load(ref sum0, 3 * n));
        var (b0, b1, b2, b3) = (Load(ref sum1, 0), Load(ref sum1, n), Load(ref sum1, 2 * n), Load(ref sum1, 3 * n));
        var (c0, c1, c2, c3) = (Load(ref sum2, 0), Load(ref sum2, n), Load(ref sum2, 2 * n), Load(ref sum2, 3 * n));
        var (d0, d1, d2, d3) = (Load(ref sum3, 0), Load(ref sum3, n), Load(ref sum3, 2 * n), Load(ref sum3, 3 * n));
        var (e0, e1, e2, e3) = (Load(ref sum4, 0), Load(ref sum4, n), Load(ref sum4, 2 * n), Load(ref sum4, 3 * n));
        foreach (var row in x.Rows)
        {
            ref var from = ref Unsafe.Add(ref x.At(row), column);
            var (p, q, r, s) = (Load(ref from, 0), Load(ref from, n), Load(ref from, 2 * n), Load(ref from, 3 * n));
            var v = Vector512.Create(c);
            (a0, a1, a2, a3) = (MultiplyAdd(p, v, a0), MultiplyAdd(q, v, a1), MultiplyAdd(r, v, a2), MultiplyAdd(s, v, a3));
            v = Vector512.Create(Unsafe.Add(ref c, 1));
            (b0, b1, b2, b3) = (MultiplyAdd(p, v, b0), MultiplyAdd(q, v, b1), MultiplyAdd(r, v, b2), MultiplyAdd(s, v, b3));
            v = Vector512.Create(Unsafe.Add(ref c, 2));
            (c0, c1, c2, c3) = (MultiplyAdd(p, v, c0), MultiplyAdd(q, v, c1), MultiplyAdd(r, v, c2), MultiplyAdd(s, v, c3));
            v = Vector512.Create(Unsafe.Add(ref c, 3));
            (d0, d1, d2, d3) = (MultiplyAdd(p, v, d0), MultiplyAdd(q, v, d1), MultiplyAdd(r, v, d2), MultiplyAdd(s, v, d3));
            v = Vector512.Create(Unsafe.Add(ref c, 4));
            (e0, e1, e2, e3) = (MultiplyAdd(p, v, e0), MultiplyAdd(q, v, e1), MultiplyAdd(r, v, e2), MultiplyAdd(s, v, e3));
            c = ref Unsafe.Add(ref c, count);
        }

        Store(ref sum0, a0, a1, a2, a3);
        Store(ref sum1, b0, b1, b2, b3);
        Store(ref sum2, c0, c1, c2, c3);
        Store(ref sum3, d0, d1, d2, d3);
        Store(ref sum4, e0, e1, e2, e3);
    }

    private static void Add5x1<T>(PickedRows<T> x, int column, Vector512<T> mask, ref T c, int count, ref T sum0)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ref var sum1 = ref Unsafe.Add(ref sum0, x.Width);
        ref var sum2 = ref Unsafe.Add(ref sum1, x.Width);
        ref var sum3 = ref Unsafe.Add(ref sum2, x.Width);
        ref var sum4 = ref Unsafe.Add(ref sum3, x.Width);
        var (a, b, d, e, f) = (Load(ref sum0, 0), Load(ref sum1, 0), Load(ref sum2, 0), Load(ref sum3, 0), Load(ref sum4, 0));
        foreach (var row in x.Rows)
        {
            var p = Load(ref x.At(row), column) & mask;
            a = MultiplyAdd(p, Vector512.Create(c), a);
            b = MultiplyAdd(p, Vector512.Create(Unsafe.Add(ref c, 1)), b);
            d = MultiplyAdd(p, Vector512.Create(Unsafe.Add(ref c, 2)), d);
            e = MultiplyAdd(p, Vector512.Create(Unsafe.Add(ref c, 3)), e);
            f = MultiplyAdd(p, Vector512.Create(Unsafe.Add(ref c, 4)), f);
            c = ref Unsafe.Add(ref c, count);
        }

        a.StoreUnsafe(ref sum0);
        b.StoreUnsafe(ref sum1);
        d.StoreUnsafe(ref sum2);
        e.StoreUnsafe(ref sum3);
        f.StoreUnsafe(ref sum4);
    }

    /// <summary>All bits of the lanes from one on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> From<T>(int lane)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Vector512.GreaterThanOrEqual(Vector512<T>.Indices, Vector512.Create(T.CreateTruncating(lane)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Load<T>(ref T first, nint index) => Vector512.LoadUnsafe(ref first, (nuint)index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<T>(ref T to, Vector512<T> a, Vector512<T> b, Vector512<T> c, Vector512<T> d)
    {
        var n = (nuint)Vector512<T>.Count;
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
}
