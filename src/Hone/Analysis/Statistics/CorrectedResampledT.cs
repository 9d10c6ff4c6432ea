namespace Hone.Analysis.Statistics;

/// <summary>What a comparison of two models gave.</summary>
/// <param name="Difference">The mean difference.</param>
/// <param name="Low">Lower end of its interval.</param>
/// <param name="High">Upper end of its interval.</param>
/// <param name="Test">The statistic t and its two-sided p.</param>
public sealed record DifferenceResult(double Difference, double Low, double High, TestResult Test);

/// <summary>Compares two models on the folds of one data set.</summary>
/// <remarks>
/// Nadeau and Bengio, "Inference for the Generalization Error", Machine Learning 52 (2003): t = mean / sqrt((1/J + n_test/n_train) s^2)
/// over J differences, with J - 1 degrees of freedom. Folds share training rows, so their scores depend on each other; the plain paired t
/// test takes no notice and finds differences where there are none.
/// </remarks>
public static class CorrectedResampledT
{
    /// <summary>Tests whether the mean difference is 0.</summary>
    /// <param name="differences">One a fold (and repeat); at least two.</param>
    /// <param name="testShare">n_test / n_train: 1/9 for ten folds, 3/7 for a hold-out of 30 %; above 0.</param>
    /// <param name="level">Of the interval, in (0, 1).</param>
    public static DifferenceResult Of(ReadOnlySpan<double> differences, double testShare, double level = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(differences.Length, 2, nameof(differences));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(testShare);
        var values = differences.ToArray();
        var (count, mean) = (values.Length, values.Average());
        var variance = values.Sum(d => (d - mean) * (d - mean)) / (count - 1);
        var error = Math.Sqrt(((1.0 / count) + testShare) * variance);
        var t = mean == 0 ? 0 : mean / error;
        var half = Distributions.StudentTQuantile((1 + level) / 2, count - 1) * error;
        return new DifferenceResult(
            mean, mean - half, mean + half, new("corrected resampled t", t, 2 * Distributions.StudentTTail(Math.Abs(t), count - 1)));
    }
}
