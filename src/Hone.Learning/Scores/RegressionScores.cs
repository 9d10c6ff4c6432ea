namespace Hone.Learning.Scores;

/// <summary>Scores of predicted numbers. Examples stand in the same order in all arguments.</summary>
public static class RegressionScores
{
    /// <summary>Root of the mean squared distance between target and prediction, in the target's unit.</summary>
    public static double RootMeanSquaredError(ReadOnlySpan<double> targets, ReadOnlySpan<double> predicted)
    {
        ArgumentOutOfRangeException.ThrowIfZero(targets.Length, nameof(targets));
        ArgumentOutOfRangeException.ThrowIfNotEqual(predicted.Length, targets.Length, nameof(predicted));
        var sum = 0.0;
        for (var i = 0; i < targets.Length; i++)
        {
            var error = predicted[i] - targets[i];
            sum += error * error;
        }

        return Math.Sqrt(sum / targets.Length);
    }
}
