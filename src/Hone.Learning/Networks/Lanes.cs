using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hone.Learning.Networks;

/// <summary>Marks a kernel that works on a whole panel: two 512-bit vectors a row.</summary>
internal readonly struct WholePanel;

/// <summary>Marks a kernel that works on the half panel which a width may end with: one 512-bit vector a row.</summary>
internal readonly struct HalfPanel;

/// <summary>Loads and stores a row of a panel. The JIT compiles each kind of panel and number for itself and keeps one branch.</summary>
internal static class Lanes
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<T> A, Vector512<T> B) Load512<T, TPart>(ref T first)
        where TPart : struct => (
            Vector512.LoadUnsafe(ref first),
            typeof(TPart) == typeof(WholePanel) ? Vector512.LoadUnsafe(ref first, (nuint)Vector512<T>.Count) : default);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<T> A, Vector256<T> B, Vector256<T> C, Vector256<T> D) Load256<T, TPart>(ref T first)
        where TPart : struct
    {
        var n = (nuint)Vector256<T>.Count;
        return typeof(TPart) == typeof(WholePanel)
            ? (Vector256.LoadUnsafe(ref first), Vector256.LoadUnsafe(ref first, n),
                Vector256.LoadUnsafe(ref first, 2 * n), Vector256.LoadUnsafe(ref first, 3 * n))
            : (Vector256.LoadUnsafe(ref first), Vector256.LoadUnsafe(ref first, n), default, default);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T, TPart>(ref T to, Vector512<T> a, Vector512<T> b)
        where TPart : struct
    {
        a.StoreUnsafe(ref to);
        if (typeof(TPart) == typeof(WholePanel))
        {
            b.StoreUnsafe(ref to, (nuint)Vector512<T>.Count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T, TPart>(ref T to, Vector256<T> a, Vector256<T> b, Vector256<T> c, Vector256<T> d)
        where TPart : struct
    {
        var n = (nuint)Vector256<T>.Count;
        a.StoreUnsafe(ref to);
        b.StoreUnsafe(ref to, n);
        if (typeof(TPart) == typeof(WholePanel))
        {
            c.StoreUnsafe(ref to, 2 * n);
            d.StoreUnsafe(ref to, 3 * n);
        }
    }

    /// <summary>a b + c, rounded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> MultiplyAdd<T>(Vector512<T> a, Vector512<T> b, Vector512<T> c) => typeof(T) == typeof(float)
        ? Vector512.MultiplyAddEstimate(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>()
        : Vector512.MultiplyAddEstimate(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>();

    /// <summary>a b + c, rounded once where the processor can.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> MultiplyAdd<T>(Vector256<T> a, Vector256<T> b, Vector256<T> c) => typeof(T) == typeof(float)
        ? Vector256.MultiplyAddEstimate(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>()
        : Vector256.MultiplyAddEstimate(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>();
}
