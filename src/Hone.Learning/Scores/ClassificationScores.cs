namespace Hone.Learning.Scores;

/// <summary>Scores of predicted classes. Classes are numbered from 0; examples stand in the same order in all arguments.</summary>
public static class ClassificationScores
{
    private const double SmallestProbability = 2.220446049250313e-16;

    /// <summary>Share of the examples whose class was predicted, from 0 to 1.</summary>
    public static double Accuracy(ReadOnlySpan<int> labels, ReadOnlySpan<int> predicted)
    {
        ArgumentOutOfRangeException.ThrowIfZero(labels.Length, nameof(labels));
        ArgumentOutOfRangeException.ThrowIfNotEqual(predicted.Length, labels.Length, nameof(predicted));
        var right = 0;
        for (var i = 0; i < labels.Length; i++)
        {
            right += labels[i] == predicted[i] ? 1 : 0;
        }

        return (double)right / labels.Length;
    }

    /// <summary>Share of the examples whose class was not predicted, from 0 to 1.</summary>
    public static double ErrorRate(ReadOnlySpan<int> labels, ReadOnlySpan<int> predicted) => 1 - Accuracy(labels, predicted);

    /// <summary>
    /// Mean squared distance of the probabilities from the truth (Brier 1950): for two classes that of class 1 alone, from 0 to 1, as in
    /// scikit-learn; for more the sum over all classes, from 0 to 2.
    /// </summary>
    /// <param name="labels">The true classes.</param>
    /// <param name="probabilities">A row an example, a column a class.</param>
    public static double Brier(ReadOnlySpan<int> labels, ReadOnlySpan<double> probabilities)
    {
        var classes = ClassesOf(labels, probabilities);
        var sum = 0.0;
        for (var i = 0; i < labels.Length; i++)
        {
            for (var k = classes == 2 ? 1 : 0; k < classes; k++)
            {
                var distance = probabilities[(i * classes) + k] - (labels[i] == k ? 1 : 0);
                sum += distance * distance;
            }
        }

        return sum / labels.Length;
    }

    /// <summary>
    /// Mean of -ln of the probability given to the true class. As in scikit-learn, probabilities are cut to [ε, 1 - ε] with ε = 2^-52 and
    /// a row is divided by its sum.
    /// </summary>
    /// <param name="labels">The true classes.</param>
    /// <param name="probabilities">A row an example, a column a class.</param>
    public static double LogLoss(ReadOnlySpan<int> labels, ReadOnlySpan<double> probabilities)
    {
        var classes = ClassesOf(labels, probabilities);
        var sum = 0.0;
        for (var i = 0; i < labels.Length; i++)
        {
            var total = 0.0;
            foreach (var probability in probabilities.Slice(i * classes, classes))
            {
                total += Cut(probability);
            }

            sum -= Math.Log(Cut(probabilities[(i * classes) + labels[i]]) / total);
        }

        return sum / labels.Length;
    }

    private static int ClassesOf(ReadOnlySpan<int> labels, ReadOnlySpan<double> probabilities)
    {
        ArgumentOutOfRangeException.ThrowIfZero(labels.Length, nameof(labels));
        var classes = probabilities.Length / labels.Length;
        ArgumentOutOfRangeException.ThrowIfNotEqual(probabilities.Length, classes * labels.Length, nameof(probabilities));
        return classes;
    }

    private static double Cut(double probability) => Math.Clamp(probability, SmallestProbability, 1 - SmallestProbability);
}
