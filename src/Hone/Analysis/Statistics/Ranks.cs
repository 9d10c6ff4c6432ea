namespace Hone.Analysis.Statistics;

/// <summary>Ranks of numbers.</summary>
internal static class Ranks
{
    /// <summary>From 1 for the smallest; equal numbers share the mean of their places.</summary>
    public static double[] Of(ReadOnlySpan<double> values)
    {
        var keys = values.ToArray();
        var order = new int[keys.Length];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        Array.Sort(keys, order);
        var ranks = new double[keys.Length];
        for (var from = 0; from < keys.Length;)
        {
            var to = from;
            while (to < keys.Length && keys[to] == keys[from])
            {
                to++;
            }

            for (var i = from; i < to; i++)
            {
                ranks[order[i]] = (from + to + 1) / 2.0;
            }

            from = to;
        }

        return ranks;
    }

    /// <summary>Sum of t^3 - t over the groups of t equal numbers.</summary>
    public static double TieTerm(ReadOnlySpan<double> values) =>
        values.ToArray().GroupBy(value => value).Sum(group => Math.Pow(group.Count(), 3) - group.Count());
}
