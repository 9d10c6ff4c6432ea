namespace Hone.Learning.Linear;

/// <summary>What is added to the loss to keep weights small. Intercepts are never penalised.</summary>
public enum Penalty
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>alpha Σ|w|. After each step every weight moves by rate x alpha towards 0 and stops there, so that weights become exactly 0
    /// (Duchi and Singer 2009; scikit-learn accumulates the penalty instead, after Tsuruoka et al. 2009).</summary>
    L1,

    /// <summary>alpha / 2 Σw². Each step shrinks the weights by the factor max(0, 1 - rate x alpha).</summary>
    L2,
}

/// <summary>How the learning rate changes with the steps.</summary>
public enum Schedule
{
    /// <summary>It does not.</summary>
    Constant,

    /// <summary>At step t, from 1, it is the initial rate / t^power.</summary>
    InverseScaling,
}

/// <summary>What a step learns from a mini-batch.</summary>
public enum Update
{
    /// <summary>One update, by the mean gradient of the batch.</summary>
    MiniBatch,

    /// <summary>
    /// One update for each row of the batch in turn, as scikit-learn's <c>partial_fit</c> does: batch size then changes what a step costs,
    /// and not what is learned. Slopes are cut at 1e12, and a schedule counts rows.
    /// </summary>
    PerRow,
}

/// <summary>How a linear model is trained by stochastic gradient descent.</summary>
public sealed record SgdOptions
{
    /// <summary>What to make small.</summary>
    public required LinearLoss Loss { get; init; }

    /// <summary>Rows a step, at least 1; at most all rows are used. The last batch of an epoch holds what is left.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>The initial learning rate, above 0.</summary>
    public double LearningRate { get; init; } = 0.01;

    /// <summary>What keeps weights small.</summary>
    public Penalty Penalty { get; init; } = Penalty.L2;

    /// <summary>Strength of the penalty, at least 0.</summary>
    public double Alpha { get; init; } = 0.0001;

    /// <summary>How the learning rate changes.</summary>
    public Schedule Schedule { get; init; }

    /// <summary>The exponent of <see cref="Schedule.InverseScaling"/>, at least 0.</summary>
    public double Power { get; init; } = 0.25;

    /// <summary>What a step learns from its batch.</summary>
    public Update Update { get; init; }

    /// <summary>Epoch e, from 0, takes the rows in the order of <see cref="Data.Permutation"/> for the seed ShuffleSeed + e.</summary>
    public ulong ShuffleSeed { get; init; } = 1000;

    /// <exception cref="ArgumentOutOfRangeException">A value lies outside its range.</exception>
    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 1);
        ThrowUnless(double.IsFinite(LearningRate) && LearningRate > 0, LearningRate, nameof(LearningRate));
        ThrowUnless(double.IsFinite(Alpha) && Alpha >= 0, Alpha, nameof(Alpha));
        ThrowUnless(double.IsFinite(Power) && Power >= 0, Power, nameof(Power));
    }

    private static void ThrowUnless(bool valid, double value, string name)
    {
        if (!valid)
        {
            throw new ArgumentOutOfRangeException(name, value, "A finite number was expected, not below 0, and a rate above 0.");
        }
    }
}
