using Hone.Sampling.Tpe;

namespace Hone.Tests.Sampling;

/// <summary>The mixture of product kernels as its definition reads, one kernel, one dimension and one neighbour at a time.</summary>
internal static class PlainMixture
{
    public static double LogDensity(Dimension[] dimensions, List<double[]> set, Func<int, double> point, bool recent)
    {
        var weights = set.Select((_, i) => recent ? Weight(i, set.Count) : 1).ToArray();
        var logs = set.Select((_, i) => Math.Log(weights[i]) + dimensions.Select((_, d) => LogKernel(dimensions, d, set, i, point(d))).Sum())
            .Append(dimensions.Select((dimension, d) => LogPrior(dimension, point(d))).Sum()).ToArray();
        var largest = logs.Max();
        return largest + Math.Log(logs.Sum(l => Math.Exp(l - largest))) - Math.Log(weights.Sum() + 1);
    }

    private static double Weight(int rank, int count) =>
        rank >= count - 25 ? 1 : (1.0 / count) + ((1 - (1.0 / count)) * rank / Math.Max(1, count - 26));

    private static double LogKernel(Dimension[] dimensions, int d, List<double[]> set, int i, double code)
    {
        var dimension = dimensions[d];
        var own = set[i][dimension.Index];
        if (dimension.Spread == Spread.Categorical)
        {
            var share = 1.0 / (set.Count + 1);
            return Math.Log(((code == own ? 1 : 0) + share) / (1 + (dimension.Choices * share)));
        }

        var centre = dimension.ToUnit(own);
        var sorted = set.Select((codes, k) => (At: dimension.ToUnit(codes[dimension.Index]), k)).Append((0.5, int.MaxValue)).Order().ToList();
        var at = sorted.FindIndex(e => e.Item2 == i);
        var left = at > 0 ? centre - sorted[at - 1].Item1 : double.NaN;
        var right = at < sorted.Count - 1 ? sorted[at + 1].Item1 - centre : double.NaN;
        var gap = double.IsNaN(left) ? right : double.IsNaN(right) ? left : Math.Max(left, right);
        return LogTruncated(dimension, centre, Math.Clamp(gap, 1.0 / Math.Min(100, set.Count + 2), 1), code);
    }

    private static double LogPrior(Dimension dimension, double code) =>
        dimension.Spread == Spread.Categorical ? -Math.Log(dimension.Choices) : LogTruncated(dimension, 0.5, 1, code);

    private static double LogTruncated(Dimension dimension, double centre, double width, double code)
    {
        var inside = NormalIntegral.Mass(-centre / width, (1 - centre) / width);
        var (from, to) = dimension.Cell(code);
        if (dimension.Spread == Spread.Stepped)
        {
            // Far cells underflow; the prior is all that is left there.
            return Math.Log(Math.Max(1e-300, NormalIntegral.Mass((from - centre) / width, (to - centre) / width))) - Math.Log(inside);
        }

        var z = (from - centre) / width;
        return (-z * z / 2) - Math.Log(width * Math.Sqrt(2 * Math.PI) * inside);
    }
}
