namespace Hone.Analysis.Statistics;

/// <summary>Tests of equal variances and equal means of several groups, for numbers that are normal.</summary>
public static class VarianceTests
{
    /// <summary>Bartlett's test of equal variances (1937); the statistic is chi-squared with k - 1 degrees of freedom.</summary>
    /// <param name="groups">At least two, each of at least two numbers.</param>
    public static TestResult Bartlett(IReadOnlyList<double[]> groups)
    {
        Check(groups, 2);
        var n = groups.Sum(group => group.Length);
        var (k, pooled, logs, inverses) = (groups.Count, 0.0, 0.0, 0.0);
        foreach (var group in groups)
        {
            var (freedom, variance) = (group.Length - 1, Variance(group));
            pooled += freedom * variance;
            logs += freedom * Math.Log(variance);
            inverses += 1.0 / freedom;
        }

        var statistic = (((n - k) * Math.Log(pooled / (n - k))) - logs) / (1 + ((inverses - (1.0 / (n - k))) / (3 * (k - 1))));
        return new TestResult("bartlett", statistic, Distributions.ChiSquaredTail(statistic, k - 1));
    }

    /// <summary>One-way analysis of variance of independent groups; the statistic is F with k - 1 and n - k degrees of freedom.</summary>
    /// <param name="groups">At least two, with more numbers than groups.</param>
    public static TestResult Anova(IReadOnlyList<double[]> groups)
    {
        Check(groups, 1);
        var (k, n) = (groups.Count, groups.Sum(group => group.Length));
        var mean = groups.Sum(group => group.Sum()) / n;
        var between = groups.Sum(group => group.Length * Square(group.Average() - mean));
        var within = groups.Sum(group => group.Sum(value => Square(value - group.Average())));
        var f = between / (k - 1) / (within / (n - k));
        return new TestResult("anova", f, Distributions.FTail(f, k - 1, n - k));
    }

    /// <summary>
    /// Analysis of variance of repeated measures: every model (column) on every block (row); F with k - 1 and (k - 1)(N - 1) degrees of
    /// freedom.
    /// </summary>
    /// <remarks>It takes sphericity for granted; where that is in doubt, go by Friedman's test.</remarks>
    /// <param name="blocks">At least two rows, each with one value a model; at least two models.</param>
    public static TestResult RepeatedAnova(IReadOnlyList<double[]> blocks)
    {
        var (n, k) = Blocks.Check(blocks);
        var mean = blocks.Average(block => block.Average());
        double[] columns = [.. Enumerable.Range(0, k).Select(j => blocks.Average(block => block[j]))];
        var between = columns.Sum(column => n * Square(column - mean));
        var rest = blocks.Sum(block => block.Select((value, j) => Square(value - columns[j] - block.Average() + mean)).Sum());
        var f = between / (k - 1) / (rest / ((k - 1) * (n - 1)));
        return new TestResult("repeated anova", f, Distributions.FTail(f, k - 1, (k - 1) * (n - 1)));
    }

    private static void Check(IReadOnlyList<double[]> groups, int fewest)
    {
        ArgumentNullException.ThrowIfNull(groups);
        if (groups.Count < 2 || groups.Any(group => group.Length < fewest) || groups.Sum(group => group.Length) <= groups.Count)
        {
            throw new ArgumentException(
                $"At least two groups of {fewest} or more numbers are needed, and more numbers than groups.", nameof(groups));
        }
    }

    private static double Variance(double[] values)
    {
        var mean = values.Average();
        return values.Sum(value => Square(value - mean)) / (values.Length - 1);
    }

    private static double Square(double value) => value * value;
}
