namespace Hone.Learning.Descent;

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

    /// <summary>L1 with the share <see cref="SgdOptions.L1Ratio"/> of alpha, and L2 with the rest (Zou and Hastie 2005).</summary>
    ElasticNet,
}

/// <summary>How the learning rate changes with the steps.</summary>
public enum Schedule
{
    /// <summary>It does not.</summary>
    Constant,

    /// <summary>At step t, from 1, it is the initial rate / t^power.</summary>
    InverseScaling,

    /// <summary>It is multiplied by <see cref="SgdOptions.ScheduleFactor"/> after every <see cref="SgdOptions.ScheduleSteps"/> steps.</summary>
    Step,

    /// <summary>It falls along half a cosine to 0 within <see cref="SgdOptions.ScheduleSteps"/> steps, and stays there (Loshchilov and
    /// Hutter 2017, without restarts).</summary>
    Cosine,
}

/// <summary>How a gradient moves the parameters.</summary>
public enum Optimizer
{
    /// <summary>By the rate times the gradient.</summary>
    Sgd,

    /// <summary>By the rate times v = momentum v + gradient (Polyak 1964).</summary>
    Momentum,

    /// <summary>By the rate times gradient + momentum v, with v as for <see cref="Momentum"/> (Nesterov 1983, as Sutskever et al. 2013
    /// write it).</summary>
    Nesterov,

    /// <summary>By the rate times the running mean of the gradient over the root of that of its square (Kingma and Ba 2015). L2 is a part
    /// of the gradient.</summary>
    Adam,

    /// <summary>Adam where L2 is none, but shrinks the weights by 1 - rate x alpha (Loshchilov and Hutter 2019).</summary>
    AdamW,
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

/// <summary>How a model is trained by stochastic gradient descent.</summary>
public sealed record SgdOptions
{
    /// <summary>What to make small.</summary>
    public required TrainingLoss Loss { get; init; }

    /// <summary>Rows a step, at least 1; at most all rows are used. The last batch of an epoch holds what is left.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>The initial learning rate, above 0.</summary>
    public double LearningRate { get; init; } = 0.01;

    /// <summary>What keeps weights small.</summary>
    public Penalty Penalty { get; init; } = Penalty.L2;

    /// <summary>Strength of the penalty, at least 0.</summary>
    public double Alpha { get; init; } = 0.0001;

    /// <summary>Share of <see cref="Penalty.ElasticNet"/> that is L1, from 0 to 1.</summary>
    public double L1Ratio { get; init; } = 0.15;

    /// <summary>How a gradient moves the parameters.</summary>
    public Optimizer Optimizer { get; init; }

    /// <summary>Of <see cref="Optimizer.Momentum"/> and <see cref="Optimizer.Nesterov"/>, from 0 to below 1.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>How much Adam's mean gradient keeps at a step, from 0 to below 1.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>How much Adam's mean squared gradient keeps at a step, from 0 to below 1.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Is added to Adam's root, above 0.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Where <see cref="TrainingLoss.Huber"/> turns from a square to a line, in the target's unit, above 0.</summary>
    public double HuberDelta { get; init; } = 1;

    /// <summary>How the learning rate changes.</summary>
    public Schedule Schedule { get; init; }

    /// <summary>The exponent of <see cref="Schedule.InverseScaling"/>, at least 0.</summary>
    public double Power { get; init; } = 0.25;

    /// <summary>Period of <see cref="Schedule.Step"/> or length of <see cref="Schedule.Cosine"/> in updates, at least 1.</summary>
    public long ScheduleSteps { get; init; } = 1000;

    /// <summary>Factor of <see cref="Schedule.Step"/>, above 0 and at most 1.</summary>
    public double ScheduleFactor { get; init; } = 0.1;

    /// <summary>What a step learns from its batch.</summary>
    public Update Update { get; init; }

    /// <summary>Epoch e, from 0, takes the rows in the order of <see cref="Data.Permutation"/> for the seed ShuffleSeed + e.</summary>
    public ulong ShuffleSeed { get; init; } = 1000;

    /// <summary>The strength of the L1 part of the penalty.</summary>
    internal double L1 => Penalty switch { Penalty.L1 => Alpha, Penalty.ElasticNet => Alpha * L1Ratio, _ => 0 };

    /// <summary>The strength of the L2 part of the penalty.</summary>
    internal double L2 => Penalty switch { Penalty.L2 => Alpha, Penalty.ElasticNet => Alpha * (1 - L1Ratio), _ => 0 };

    /// <summary>The learning rate of an update, from 1.</summary>
    internal double RateAt(long update) => LearningRate * Schedule switch
    {
        Schedule.InverseScaling => 1 / Math.Pow(update, Power),
        Schedule.Step => Math.Pow(ScheduleFactor, (update - 1) / ScheduleSteps),
        Schedule.Cosine => update > ScheduleSteps ? 0 : (1 + Math.Cos(Math.PI * (update - 1) / ScheduleSteps)) / 2,
        _ => 1,
    };

    /// <exception cref="ArgumentOutOfRangeException">A value lies outside its range.</exception>
    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(ScheduleSteps, 1);
        ThrowUnless(LearningRate > 0, LearningRate, nameof(LearningRate));
        ThrowUnless(Alpha >= 0, Alpha, nameof(Alpha));
        ThrowUnless(Power >= 0, Power, nameof(Power));
        ThrowUnless(L1Ratio is >= 0 and <= 1, L1Ratio, nameof(L1Ratio));
        ThrowUnless(Momentum is >= 0 and < 1, Momentum, nameof(Momentum));
        ThrowUnless(Beta1 is >= 0 and < 1, Beta1, nameof(Beta1));
        ThrowUnless(Beta2 is >= 0 and < 1, Beta2, nameof(Beta2));
        ThrowUnless(Epsilon > 0, Epsilon, nameof(Epsilon));
        ThrowUnless(HuberDelta > 0, HuberDelta, nameof(HuberDelta));
        ThrowUnless(ScheduleFactor is > 0 and <= 1, ScheduleFactor, nameof(ScheduleFactor));
    }

    private static void ThrowUnless(bool valid, double value, string name)
    {
        if (!valid || !double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(name, value, "The value lies outside the range that the property states.");
        }
    }
}
