namespace Hone.Dashboard;

/// <summary>One point of a learning curve.</summary>
internal readonly record struct CurvePoint(long Step, double Value);

/// <summary>Keeps the points of a curve that its shape needs.</summary>
/// <remarks>
/// Largest-Triangle-Three-Buckets (Steinarsson, "Downsampling Time Series for Visual Representation", University of Iceland 2013): the
/// first and the last point stay, the rest is cut into equal buckets, and of each the point that spans the largest triangle with the
/// point kept before it and the mean of the next bucket. Points that are not finite are left out first.
/// </remarks>
internal static class CurveThinning
{
    /// <summary>Points of all curves of the objectives' metrics together, and as many again of all other metrics.</summary>
    public const int PointsOfAGroup = 60_000;

    /// <summary>A curve never keeps more.</summary>
    public const int Most = 200;

    /// <summary>A curve may always keep as many.</summary>
    public const int Least = 4;

    /// <summary>How many points each of so many curves may keep.</summary>
    public static int Share(int curves) => Math.Clamp(PointsOfAGroup / Math.Max(curves, 1), Least, Most);

    /// <summary>At most <paramref name="limit"/> points of the curve, in order.</summary>
    /// <param name="points">Steps never fall; values are finite.</param>
    /// <param name="limit">At least 3.</param>
    public static IReadOnlyList<CurvePoint> Thin(IReadOnlyList<CurvePoint> points, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 3);
        if (points.Count <= limit)
        {
            return points;
        }

        var kept = new List<CurvePoint>(limit) { points[0] };
        var width = (points.Count - 2) / (double)(limit - 2);
        for (var bucket = 0; bucket < limit - 2; bucket++)
        {
            var from = (int)(bucket * width) + 1;
            var to = (int)((bucket + 1) * width) + 1;
            var next = Mean(points, to, Math.Min((int)((bucket + 2) * width) + 1, points.Count));
            kept.Add(Largest(points, from, to, kept[^1], next));
        }

        kept.Add(points[^1]);
        return kept;
    }

    private static (double Step, double Value) Mean(IReadOnlyList<CurvePoint> points, int from, int to)
    {
        double step = 0;
        double value = 0;
        for (var i = from; i < to; i++)
        {
            step += points[i].Step;
            value += points[i].Value;
        }

        return (step / (to - from), value / (to - from));
    }

    private static CurvePoint Largest(
        IReadOnlyList<CurvePoint> points, int from, int to, CurvePoint before, (double Step, double Value) next)
    {
        var best = points[from];
        var area = -1.0;
        for (var i = from; i < to; i++)
        {
            var p = points[i];
            var a = Math.Abs(((before.Step - next.Step) * (p.Value - before.Value)) - ((before.Step - p.Step) * (next.Value - before.Value)));
            if (a > area)
            {
                (best, area) = (p, a);
            }
        }

        return best;
    }
}
