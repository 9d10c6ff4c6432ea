using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Hone.Benchmarks;

/// <summary>What one core can do at most, in CPU time: single-precision arithmetic, and reads and a triad over arrays no cache holds.</summary>
internal sealed class CorePeak
{
    // Three of 256 MiB: eight times the largest last-level cache in common use.
    private const int Length = 1 << 26;

    private readonly float[] _a = Filled(0);
    private readonly float[] _b = Filled(1);
    private readonly float[] _c = Filled(2);
    private readonly List<double> _flops = [];
    private readonly List<double> _reads = [];
    private readonly List<double> _triads = [];

    /// <summary>Fused multiply-adds on registers alone, GFLOP/s, an addition and a multiplication counting as two. Median of the rounds.</summary>
    public double Flops => Median(_flops);

    /// <summary>Sum of an array, GB/s. Median of the rounds.</summary>
    public double Reads => Median(_reads);

    /// <summary>a = b + s c (McCalpin's STREAM), GB/s, each array counting once. Median of the rounds.</summary>
    public double Triads => Median(_triads);

    /// <summary>Measures all three once more.</summary>
    public void Measure()
    {
        const int chains = 2_000_000;
        _flops.Add(Rate(chains * 12.0 * 2 * (Vector512.IsHardwareAccelerated ? 16 : 8), () =>
            Vector512.IsHardwareAccelerated ? Chains512(chains) : Chains256(chains)));
        _reads.Add(Rate(sizeof(float) * (double)Length, () => Sum(_b)));
        _triads.Add(Rate(3 * sizeof(float) * (double)Length, () => Triad(_a, _b, _c)));
    }

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    // The first run, which the runtime compiles in, does not count.
    private static double Rate(double work, Func<float> run)
    {
        run();
        var clock = Clock.Start();
        for (var i = 0; i < 3; i++)
        {
            GC.KeepAlive(run());
        }

        return 3 * work / clock.Stop().Cpu / 1e9;
    }

    // Twelve chains: two units with a latency of four or five cycles are kept busy by eight to ten.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Chains512(int count)
    {
        var (x, y) = (Vector512.Create(0.999f), Vector512.Create(0.001f));
        var (a, b, c, d, e, f) = (x, x, x, x, x, x);
        var (g, h, i, j, k, l) = (x, x, x, x, x, x);
        for (; count > 0; count--)
        {
            (a, b) = (Vector512.FusedMultiplyAdd(a, x, y), Vector512.FusedMultiplyAdd(b, x, y));
            (c, d) = (Vector512.FusedMultiplyAdd(c, x, y), Vector512.FusedMultiplyAdd(d, x, y));
            (e, f) = (Vector512.FusedMultiplyAdd(e, x, y), Vector512.FusedMultiplyAdd(f, x, y));
            (g, h) = (Vector512.FusedMultiplyAdd(g, x, y), Vector512.FusedMultiplyAdd(h, x, y));
            (i, j) = (Vector512.FusedMultiplyAdd(i, x, y), Vector512.FusedMultiplyAdd(j, x, y));
            (k, l) = (Vector512.FusedMultiplyAdd(k, x, y), Vector512.FusedMultiplyAdd(l, x, y));
        }

        return Vector512.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Chains256(int count)
    {
        var (x, y) = (Vector256.Create(0.999f), Vector256.Create(0.001f));
        var (a, b, c, d, e, f) = (x, x, x, x, x, x);
        var (g, h, i, j, k, l) = (x, x, x, x, x, x);
        for (; count > 0; count--)
        {
            (a, b) = (Vector256.FusedMultiplyAdd(a, x, y), Vector256.FusedMultiplyAdd(b, x, y));
            (c, d) = (Vector256.FusedMultiplyAdd(c, x, y), Vector256.FusedMultiplyAdd(d, x, y));
            (e, f) = (Vector256.FusedMultiplyAdd(e, x, y), Vector256.FusedMultiplyAdd(f, x, y));
            (g, h) = (Vector256.FusedMultiplyAdd(g, x, y), Vector256.FusedMultiplyAdd(h, x, y));
            (i, j) = (Vector256.FusedMultiplyAdd(i, x, y), Vector256.FusedMultiplyAdd(j, x, y));
            (k, l) = (Vector256.FusedMultiplyAdd(k, x, y), Vector256.FusedMultiplyAdd(l, x, y));
        }

        return Vector256.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }

    private static float Sum(float[] values)
    {
        var from = MemoryMarshal.Cast<float, Vector256<float>>(values.AsSpan());
        Vector256<float> a = default, b = default, c = default, d = default;
        for (var i = 0; i + 4 <= from.Length; i += 4)
        {
            (a, b, c, d) = (a + from[i], b + from[i + 1], c + from[i + 2], d + from[i + 3]);
        }

        return Vector256.Sum(a + b + c + d);
    }

    private static float Triad(float[] a, float[] b, float[] c)
    {
        var to = MemoryMarshal.Cast<float, Vector<float>>(a.AsSpan());
        var x = MemoryMarshal.Cast<float, Vector<float>>(b.AsSpan());
        var y = MemoryMarshal.Cast<float, Vector<float>>(c.AsSpan());
        var scale = new Vector<float>(3);
        for (var i = 0; i < to.Length; i++)
        {
            to[i] = x[i] + (y[i] * scale);
        }

        return a[^1];
    }

    private static float[] Filled(float value)
    {
        var values = new float[Length];
        values.AsSpan().Fill(value);
        return values;
    }
}
