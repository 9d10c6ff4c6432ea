namespace Hone.Learning.Descent;

/// <summary>
/// What training makes small. p is the model's output and y the target: a number for <see cref="Squared"/> and <see cref="Huber"/>, else
/// +1 for the class and -1 for the others.
/// </summary>
public enum TrainingLoss
{
    /// <summary>(p - y)² / 2, as scikit-learn has it.</summary>
    Squared,

    /// <summary>ln(1 + e^(-yp)), the logistic loss; with three or more classes, each against the rest and summed.</summary>
    Log,

    /// <summary>-ln of the class's share in the softmax of all outputs: multinomial logistic regression. Needs an output for each class.</summary>
    CrossEntropy,

    /// <summary>max(0, 1 - yp), the loss of the support vector machine; with three or more classes, each against the rest and summed.</summary>
    Hinge,

    /// <summary>max(0, 1 - yp)²; with three or more classes, each against the rest and summed.</summary>
    SquaredHinge,

    /// <summary>(p - y)² / 2 up to the distance δ and δ (|p - y| - δ / 2) beyond, so that outliers pull no harder than δ (Huber 1964).</summary>
    Huber,

    /// <summary>
    /// The Cauchy–Schwarz divergence of the softmax q of all outputs from the class, -ln(q_y / ‖q‖) (Principe 2010). It is half the
    /// cross-entropy of doubled outputs. Needs an output for each class.
    /// </summary>
    CauchySchwarz,
}

/// <summary>What a loss needs.</summary>
internal static class TrainingLosses
{
    /// <summary>Whether it is for numbers; otherwise it is for classes.</summary>
    public static bool IsForNumbers(this TrainingLoss loss) => loss is TrainingLoss.Squared or TrainingLoss.Huber;

    /// <summary>Whether the softmax of the outputs is taken, so that there is one for each class even where there are two.</summary>
    public static bool IsSoftmax(this TrainingLoss loss) => loss is TrainingLoss.CrossEntropy or TrainingLoss.CauchySchwarz;

    /// <summary>How many outputs a model of some classes needs, 0 classes standing for numbers.</summary>
    /// <exception cref="ArgumentException">The loss is for classes and there are none, or the other way round.</exception>
    public static int OutputsFor(this TrainingLoss loss, int classes)
    {
        if (loss.IsForNumbers() != (classes == 0))
        {
            throw new ArgumentException($"The loss {loss} does not go with examples of {classes} classes.", nameof(loss));
        }

        return loss.IsSoftmax() || classes > 2 ? classes : 1;
    }
}
