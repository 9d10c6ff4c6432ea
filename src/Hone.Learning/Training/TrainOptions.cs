using Hone.Learning.Data;
using Hone.Learning.Descent;

namespace Hone.Learning.Training;

/// <summary>A built-in kind of model.</summary>
public enum Learner
{
    /// <summary>Linear regression.</summary>
    Linear,

    /// <summary>Logistic regression; multinomial for three or more classes.</summary>
    Logistic,

    /// <summary>Linear support vector machine; each class against the rest for three or more.</summary>
    Svm,
}

/// <summary>What <c>hone train</c> trains, on what, and how. <see cref="TrainSettings"/> makes one from texts.</summary>
public sealed record TrainOptions
{
    /// <summary>The kind of model.</summary>
    public required Learner Learner { get; init; }

    /// <summary>Name of a shipped data set or path of a table.</summary>
    public required string Data { get; init; }

    /// <summary>Column to learn.</summary>
    public string Target { get; init; } = "target";

    /// <summary>Loss to make small; null: squared for linear, log (cross-entropy from three classes on) for logistic, hinge for svm.</summary>
    public TrainingLoss? Loss { get; init; }

    /// <summary>Rows a step, at least 1; a larger number than there are rows for training means all of them.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Initial learning rate, above 0.</summary>
    public double LearningRate { get; init; } = 0.01;

    /// <summary>Strength of the penalty, at least 0.</summary>
    public double Alpha { get; init; } = 0.0001;

    /// <summary>What keeps weights small.</summary>
    public Penalty Penalty { get; init; } = Penalty.L2;

    /// <summary>How the learning rate changes.</summary>
    public Schedule Schedule { get; init; }

    /// <summary>Exponent of inverse scaling, at least 0.</summary>
    public double Power { get; init; } = 0.25;

    /// <summary>One update a batch, or one a row of it.</summary>
    public Update Update { get; init; }

    /// <summary>How many steps to train, at least 1; null: as <see cref="Epochs"/> says, or 1000.</summary>
    public long? Steps { get; init; }

    /// <summary>How many times to go through the rows for training, at least 1. Not together with <see cref="Steps"/>.</summary>
    public int? Epochs { get; init; }

    /// <summary>Steps between reports, at least 1; the last step is reported too.</summary>
    public long ReportEvery { get; init; } = 100;

    /// <summary>Fixes the order of the rows in each epoch. The split does not depend on it, so that all runs are judged by the same rows.</summary>
    public int Seed { get; init; }

    /// <summary>0: validate on the rows held out; k from 2 up: cross-validate k-fold on the other rows, and leave those held out alone.</summary>
    public int Folds { get; init; }

    /// <summary>Share of the rows held out, above 0 and below 1; with folds also 0.</summary>
    public double TestShare { get; init; } = 0.3;

    /// <summary>The loss with the learner's default in place.</summary>
    internal TrainingLoss LossFor(LearningTask task) => Loss ?? Learner switch
    {
        Learner.Linear => TrainingLoss.Squared,
        Learner.Logistic => task == LearningTask.Multiclass ? TrainingLoss.CrossEntropy : TrainingLoss.Log,
        _ => TrainingLoss.Hinge,
    };
}
