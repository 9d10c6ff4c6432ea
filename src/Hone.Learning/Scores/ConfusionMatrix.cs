namespace Hone.Learning.Scores;

/// <summary>How often each class was predicted for each true class, and the scores that follow from these counts.</summary>
/// <remarks>
/// A score whose denominator is 0, such as the precision of a class that is never predicted, is 0, as it is in scikit-learn.
/// </remarks>
public sealed class ConfusionMatrix
{
    private readonly long[] _counts;

    /// <param name="classes">How many classes there are, at least 2.</param>
    public ConfusionMatrix(int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        Classes = classes;
        _counts = new long[checked(classes * classes)];
    }

    /// <summary>Counts predictions.</summary>
    /// <param name="classes">How many classes there are, at least 2.</param>
    /// <param name="labels">The true classes, from 0.</param>
    /// <param name="predicted">The predicted classes, in the same order.</param>
    public static ConfusionMatrix Of(int classes, ReadOnlySpan<int> labels, ReadOnlySpan<int> predicted)
    {
        ArgumentOutOfRangeException.ThrowIfZero(labels.Length, nameof(labels));
        ArgumentOutOfRangeException.ThrowIfNotEqual(predicted.Length, labels.Length, nameof(predicted));
        var matrix = new ConfusionMatrix(classes);
        for (var i = 0; i < labels.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)labels[i], (uint)classes, nameof(labels));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)predicted[i], (uint)classes, nameof(predicted));
            matrix._counts[(labels[i] * classes) + predicted[i]]++;
        }

        return matrix;
    }

    /// <summary>The counts of several matrices of the same classes added up.</summary>
    public static ConfusionMatrix Pool(IReadOnlyList<ConfusionMatrix> matrices)
    {
        ArgumentNullException.ThrowIfNull(matrices);
        ArgumentOutOfRangeException.ThrowIfZero(matrices.Count, nameof(matrices));
        var pool = new ConfusionMatrix(matrices[0].Classes);
        foreach (var matrix in matrices)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(matrix.Classes, pool.Classes, nameof(matrices));
            for (var i = 0; i < pool._counts.Length; i++)
            {
                pool._counts[i] += matrix._counts[i];
            }
        }

        return pool;
    }

    /// <summary>How many classes there are.</summary>
    public int Classes { get; }

    /// <summary>How many examples of a true class were predicted as a class, both from 0.</summary>
    public long this[int label, int predicted] => _counts[(label * Classes) + predicted];

    /// <summary>How many examples were counted.</summary>
    public long Total => _counts.Sum();

    /// <summary>Share of the examples whose class was predicted.</summary>
    public double Accuracy
    {
        get
        {
            var right = 0L;
            for (var k = 0; k < Classes; k++)
            {
                right += this[k, k];
            }

            return Ratio(right, Total);
        }
    }

    /// <summary>Share of the examples predicted as a class that are of it: TP / (TP + FP).</summary>
    public double Precision(Averaging averaging) => Average(averaging, c => Ratio(c.TruePositives, c.TruePositives + c.FalsePositives));

    /// <summary>Share of the examples of a class that were predicted as it: TP / (TP + FN), the sensitivity.</summary>
    public double Recall(Averaging averaging) => Average(averaging, c => Ratio(c.TruePositives, c.TruePositives + c.FalseNegatives));

    /// <summary>Share of the examples of other classes that were not predicted as the class: TN / (TN + FP).</summary>
    public double Specificity(Averaging averaging) => Average(averaging, c => Ratio(c.TrueNegatives, c.TrueNegatives + c.FalsePositives));

    /// <summary>Harmonic mean of precision and recall: 2 TP / (2 TP + FP + FN). The macro average is the mean of the classes' F1.</summary>
    public double F1(Averaging averaging) =>
        Average(averaging, c => Ratio(2 * c.TruePositives, (2 * c.TruePositives) + c.FalsePositives + c.FalseNegatives));

    /// <summary>One class against the others.</summary>
    public ClassCounts CountsOf(int label)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)label, (uint)Classes, nameof(label));
        var (mine, predicted) = (0L, 0L);
        for (var k = 0; k < Classes; k++)
        {
            mine += this[label, k];
            predicted += this[k, label];
        }

        var right = this[label, label];
        return new ClassCounts(right, predicted - right, mine - right, Total - mine - predicted + right);
    }

    private double Average(Averaging averaging, Func<ClassCounts, double> score)
    {
        if (averaging == Averaging.Binary)
        {
            return Classes == 2
                ? score(CountsOf(1))
                : throw new ArgumentException($"The binary average is for 2 classes, not {Classes}.", nameof(averaging));
        }

        var pooled = default(ClassCounts);
        var (sum, weights) = (0.0, 0.0);
        for (var k = 0; k < Classes; k++)
        {
            var counts = CountsOf(k);
            pooled += counts;
            var support = counts.TruePositives + counts.FalseNegatives;
            var weight = averaging == Averaging.Weighted ? support : support + counts.FalsePositives > 0 ? 1 : 0;
            sum += weight == 0 ? 0 : weight * score(counts);
            weights += weight;
        }

        return averaging == Averaging.Micro ? score(pooled) : weights == 0 ? 0 : sum / weights;
    }

    private static double Ratio(long part, long whole) => whole == 0 ? 0 : (double)part / whole;
}
