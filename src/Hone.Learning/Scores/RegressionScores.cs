namespace Hone.Learning.Scores;

/// <summary>Scores of predicted numbers. Examples stand in the same order in all arguments; NaN predictions give NaN.</summary>
public static class RegressionScores
{
    // As in scikit-learn: the gap from 1 to the next number.
    private const double SmallestTarget = 2.220446049250313e-16;

    /// <summary>Root of the mean squared distance between target and prediction, in the target's unit.</summary>
    public static double RootMeanSquaredError(ReadOnlySpan<double> targets, ReadOnlySpan<double> predicted) =>
        Math.Sqrt(SumOfSquares(targets, predicted) / targets.Length);

    /// <summary>Mean distance between target and prediction, in the target's unit.</summary>
    public static double MeanAbsoluteError(ReadOnlySpan<double> targets, ReadOnlySpan<double> predicted)
    {
        Check(targets, predicted);
        var sum = 0.0;
        for (var i = 0; i < targets.Length; i++)
        {
            sum += Math.Abs(predicted[i] - targets[i]);
        }

        return sum / targets.Length;
    }

    /// <summary>
    /// Mean distance in parts of the target, 0.1 for a tenth. As in scikit-learn, a target nearer to 0 than 2^-52 counts as 2^-52, which
    /// makes the score huge where targets are 0.
    /// </summary>
    public static double MeanAbsolutePercentageError(ReadOnlySpan<double> targets, ReadOnlySpan<double> predicted)
    {
        Check(targets, predicted);
        var sum = 0.0;
        for (var i = 0; i < targets.Length; i++)
        {
            sum += Math.Abs(predicted[i] - targets[i]) / Math.Max(Math.Abs(targets[i]), SmallestTarget);
        }

        return sum / targets.Length;
    }

    /// <summary>
    /// Share of the targets' variance that the predictions explain: 1 is perfect, 0 as good as the mean, below 0 worse. Where all targets
    /// are equal it is 1 for perfect predictions and 0 for others, as in scikit-learn.
    /// </summary>
    public static double R2(ReadOnlySpan<double> targets, ReadOnlySpan<double> predicted)
    {
        var residual = SumOfSquares(targets, predicted);
        var mean = 0.0;
        foreach (var target in targets)
        {
            mean += target / targets.Length;
        }

        var total = 0.0;
        foreach (var target in targets)
        {
            total += (target - mean) * (target - mean);
        }

        return total > 0 || double.IsNaN(residual) ? 1 - (residual / total) : residual == 0 ? 1 : 0;
    }

    private static double SumOfSquares(ReadOnlySpan<double> targets, ReadOnlySpan<double> predicted)
    {
        Check(targets, predicted);
        var sum = 0.0;
        for (var i = 0; i < targets.Length; i++)
        {
            var error = predicted[i] - targets[i];
            sum += error * error;
        }

        return sum;
    }

    private static void Check(ReadOnlySpan<double> targets, ReadOnlySpan<double> predicted)
    {
        ArgumentOutOfRangeException.ThrowIfZero(targets.Length, nameof(targets));
        ArgumentOutOfRangeException.ThrowIfNotEqual(predicted.Length, targets.Length, nameof(predicted));
    }
}
