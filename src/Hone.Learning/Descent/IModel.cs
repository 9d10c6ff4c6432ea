using System.Numerics;
using Hone.Learning.Data;
using Hone.Learning.Scores;

namespace Hone.Learning.Descent;

/// <summary>A model that turns features into outputs: one for a number or for two classes, else one a class. Not thread-safe.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public interface IModel<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>How many features it takes.</summary>
    int Features { get; }

    /// <summary>How many outputs it has.</summary>
    int Outputs { get; }

    /// <summary>Writes the outputs for all rows of a matrix: one row a row, one column an output.</summary>
    void Compute(Matrix<T> features, Span<T> outputs);

    /// <summary>How well it does on examples. Allocates nothing.</summary>
    /// <param name="examples">At least one.</param>
    /// <param name="loss">The loss that it was trained with.</param>
    /// <param name="huberDelta">As <see cref="SgdOptions.HuberDelta"/>.</param>
    Evaluation Evaluate(Examples<T> examples, TrainingLoss loss, double huberDelta = 1);
}

/// <summary>Trains a model, a mini-batch a step.</summary>
public interface ITrainer
{
    /// <summary>How many steps were made.</summary>
    long Steps { get; }

    /// <summary>Learns from the next mini-batch. Allocates nothing.</summary>
    /// <returns>The mean loss of the batch, without penalty, at the parameters before the update.</returns>
    double Step();
}
