namespace Hone.Learning.Linear;

/// <summary>
/// What training makes small. p is the model's output and y the target: a number for <see cref="Squared"/>, else +1 for the class and
/// -1 for the others.
/// </summary>
public enum LinearLoss
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
}
