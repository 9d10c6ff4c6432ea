using System.Numerics;

namespace Hone.Learning.Data;

/// <summary>Scaled rows with what is to be learned of each.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Examples<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <param name="features">One row an example.</param>
    /// <param name="targets">One an example.</param>
    /// <param name="labels">One an example, from 0; none when numbers are learned.</param>
    /// <param name="classes">How many classes there are; 0 when numbers are learned.</param>
    /// <exception cref="ArgumentException">The counts differ, or a label is not below the number of classes.</exception>
    public Examples(Matrix<T> features, T[] targets, int[] labels, int classes)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(labels);
        if (targets.Length != features.Rows || labels.Length != (classes == 0 ? 0 : features.Rows))
        {
            throw new ArgumentException($"{features.Rows} rows do not go with {targets.Length} targets and {labels.Length} labels.");
        }

        if (Array.Exists(labels, label => label < 0 || label >= classes))
        {
            throw new ArgumentException($"A label is not from 0 to {classes - 1}.", nameof(labels));
        }

        Features = features;
        Targets = targets;
        Labels = labels;
        Classes = classes;
    }

    /// <summary>How many there are.</summary>
    public int Count => Features.Rows;

    /// <summary>One row an example.</summary>
    public Matrix<T> Features { get; }

    /// <summary>The number to learn, or the code of the class.</summary>
    public T[] Targets { get; }

    /// <summary>The class of each example, from 0; empty when numbers are learned.</summary>
    public int[] Labels { get; }

    /// <summary>How many classes there are; 0 when numbers are learned.</summary>
    public int Classes { get; }
}
