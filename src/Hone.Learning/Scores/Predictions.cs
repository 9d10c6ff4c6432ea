namespace Hone.Learning.Scores;

/// <summary>What was true and what a model said, for some examples, all in one order. Immutable.</summary>
public sealed class Predictions
{
    private readonly double[] _targets = [];
    private readonly double[] _numbers = [];
    private readonly int[] _labels = [];
    private readonly int[] _predicted = [];
    private readonly double[] _outputs = [];

    private Predictions(double[] targets, double[] numbers)
    {
        _targets = targets;
        _numbers = numbers;
    }

    private Predictions(int classes, int[] labels, int[] predicted, double[] outputs, bool areProbabilities)
    {
        Classes = classes;
        _labels = labels;
        _predicted = predicted;
        _outputs = outputs;
        AreProbabilities = areProbabilities;
    }

    /// <summary>How many classes there are; 0 where numbers are predicted.</summary>
    public int Classes { get; }

    /// <summary>How many examples there are.</summary>
    public int Count => Classes == 0 ? _targets.Length : _labels.Length;

    /// <summary>Whether <see cref="Outputs"/> are probabilities that sum to 1; otherwise only their order means something.</summary>
    public bool AreProbabilities { get; }

    /// <summary>The true numbers; empty for classes.</summary>
    public ReadOnlySpan<double> Targets => _targets;

    /// <summary>The predicted numbers; empty for classes.</summary>
    public ReadOnlySpan<double> Numbers => _numbers;

    /// <summary>The true classes, from 0; empty for numbers.</summary>
    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>The predicted classes, from 0; empty for numbers.</summary>
    public ReadOnlySpan<int> Predicted => _predicted;

    /// <summary>A row an example and a column a class, larger for a class that is more likely; empty for numbers.</summary>
    public ReadOnlySpan<double> Outputs => _outputs;

    /// <summary>Predicted numbers.</summary>
    /// <exception cref="ArgumentException">The counts differ or are 0.</exception>
    public static Predictions OfNumbers(double[] targets, double[] predicted)
    {
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(predicted);
        ArgumentOutOfRangeException.ThrowIfZero(targets.Length, nameof(targets));
        ArgumentOutOfRangeException.ThrowIfNotEqual(predicted.Length, targets.Length, nameof(predicted));
        return new Predictions(targets, predicted);
    }

    /// <summary>Predicted classes.</summary>
    /// <param name="classes">How many there are, at least 2.</param>
    /// <param name="labels">The true ones.</param>
    /// <param name="predicted">The predicted ones.</param>
    /// <param name="outputs">A row an example, a column a class.</param>
    /// <param name="areProbabilities">Whether each row of outputs holds probabilities.</param>
    /// <exception cref="ArgumentException">The counts differ or are 0.</exception>
    public static Predictions OfClasses(int classes, int[] labels, int[] predicted, double[] outputs, bool areProbabilities)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(predicted);
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentOutOfRangeException.ThrowIfZero(labels.Length, nameof(labels));
        ArgumentOutOfRangeException.ThrowIfNotEqual(predicted.Length, labels.Length, nameof(predicted));
        ArgumentOutOfRangeException.ThrowIfNotEqual(outputs.Length, labels.Length * classes, nameof(outputs));
        return new Predictions(classes, labels, predicted, outputs, areProbabilities);
    }

    /// <summary>The predictions of several folds in one, as if one model had made them.</summary>
    /// <exception cref="ArgumentException">There are none, or they are of different classes.</exception>
    public static Predictions Merge(IReadOnlyList<Predictions> folds)
    {
        ArgumentNullException.ThrowIfNull(folds);
        ArgumentOutOfRangeException.ThrowIfZero(folds.Count, nameof(folds));
        var classes = folds[0].Classes;
        if (folds.Any(fold => fold.Classes != classes))
        {
            throw new ArgumentException("The folds have different numbers of classes.", nameof(folds));
        }

        return classes == 0
            ? OfNumbers([.. folds.SelectMany(f => f._targets)], [.. folds.SelectMany(f => f._numbers)])
            : OfClasses(
                classes,
                [.. folds.SelectMany(f => f._labels)],
                [.. folds.SelectMany(f => f._predicted)],
                [.. folds.SelectMany(f => f._outputs)],
                folds.All(f => f.AreProbabilities));
    }

    /// <summary>Some of the examples.</summary>
    /// <param name="examples">Positions from 0; at least one.</param>
    public Predictions Select(IReadOnlyList<int> examples)
    {
        ArgumentNullException.ThrowIfNull(examples);
        return Classes == 0
            ? OfNumbers([.. examples.Select(i => _targets[i])], [.. examples.Select(i => _numbers[i])])
            : OfClasses(
                Classes,
                [.. examples.Select(i => _labels[i])],
                [.. examples.Select(i => _predicted[i])],
                [.. examples.SelectMany(i => _outputs[(i * Classes)..((i + 1) * Classes)])],
                AreProbabilities);
    }
}
