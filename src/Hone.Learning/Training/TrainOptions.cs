using Hone.Learning.Data;
using Hone.Learning.Descent;
using Hone.Learning.Networks;
using Hone.Learning.Scores;

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

    /// <summary>Multi-layer perceptron, of classes or, with the loss squared or Huber, of numbers.</summary>
    Perceptron,

    /// <summary>A network of layers that a file describes.</summary>
    Network,
}

/// <summary>When a learner stops by itself, after Prechelt, "Automatic early stopping using cross validation", Neural Networks 11 (1998).</summary>
public enum EarlyStopping
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>GL: when the validation loss is more than so many percent above its smallest.</summary>
    Gl,

    /// <summary>PQ: when that loss, in percent, is more than so many times the progress of training over a strip of reports, in thousandths.</summary>
    Pq,

    /// <summary>UP: when the validation loss rose in so many successive strips of reports.</summary>
    Up,
}

/// <summary>What is done to features before a model sees them.</summary>
public enum Scaling
{
    /// <summary>Each is moved and scaled to mean 0 and standard deviation 1, as they are in the rows for training.</summary>
    Standard,

    /// <summary>Nothing.</summary>
    None,
}

/// <summary>In which order the models of a cross-validation are trained. Each ends up the same either way.</summary>
public enum FoldOrder
{
    /// <summary>All a step each, so that every report is about the same step of all.</summary>
    Together,

    /// <summary>One after the other, so that a fold is finished before the next begins, and memory is that of one.</summary>
    Turns,
}

/// <summary>What <c>hone train</c> trains, on what, and how. <see cref="TrainSettings"/> makes one from texts.</summary>
public sealed record TrainOptions
{
    /// <summary>The kind of model.</summary>
    public required Learner Learner { get; init; }

    /// <summary>What <see cref="DataSource"/> takes: a name, <c>pmlb:NAME</c>, or a path.</summary>
    public required string Data { get; init; }

    /// <summary>Column to learn.</summary>
    public string Target { get; init; } = "target";

    /// <summary>The most rows to use, at least 2, drawn by chance from all; null: all. Another <see cref="SplitSeed"/> draws others.</summary>
    public int? Rows { get; init; }

    /// <summary>What is done to features first.</summary>
    public Scaling Scaling { get; init; }

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

    /// <summary>Share of elastic net that is L1, from 0 to 1.</summary>
    public double L1Ratio { get; init; } = 0.15;

    /// <summary>Where the Huber loss turns from a square to a line, in the target's unit.</summary>
    public double HuberDelta { get; init; } = 1;

    /// <summary>How a gradient moves the parameters.</summary>
    public Optimizer Optimizer { get; init; }

    /// <summary>Of momentum and Nesterov, from 0 to below 1.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Of Adam, from 0 to below 1.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Of Adam, from 0 to below 1.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Of Adam, above 0.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Units of the perceptron's hidden layers, such as <c>128x64</c>.</summary>
    public string Hidden { get; init; } = "128";

    /// <summary>What the perceptron's hidden units do.</summary>
    public Activation Activation { get; init; }

    /// <summary>Path of the file that describes the network, with <see cref="Learner.Network"/>.</summary>
    public string? Model { get; init; }

    /// <summary>What that file says: whoever starts the training reads it.</summary>
    public NetworkDescription? Network { get; init; }

    /// <summary>Names of layers, modules and residual blocks to leave out of the network, between commas.</summary>
    public string Without { get; init; } = "";

    /// <summary>Largest norm of a network's gradient, above 0; null: any.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>What is done to a network's images by chance in training.</summary>
    public Augmentation Augment { get; init; }

    /// <summary>How the learning rate changes.</summary>
    public Schedule Schedule { get; init; }

    /// <summary>Exponent of inverse scaling, at least 0.</summary>
    public double Power { get; init; } = 0.25;

    /// <summary>Period of the step schedule, null for 1000; length of the cosine, null for the whole training.</summary>
    public long? ScheduleSteps { get; init; }

    /// <summary>Factor of the step schedule, above 0 and at most 1.</summary>
    public double ScheduleFactor { get; init; } = 0.1;

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

    /// <summary>Draws other rows for each part; 0, the usual, the same for all trainings.</summary>
    public int SplitSeed { get; init; }

    /// <summary>0: validate on the rows held out; k from 2 up: cross-validate k-fold on the other rows, and leave those held out alone.</summary>
    public int Folds { get; init; }

    /// <summary>In which order the folds are trained. <see cref="Steps"/> are those of each fold; in turn they are counted on from fold to fold.</summary>
    public FoldOrder FoldOrder { get; init; }

    /// <summary>Share of the rows held out, above 0 and below 1; with folds also 0.</summary>
    public double TestShare { get; init; } = 0.3;

    /// <summary>Whether the parts are drawn from all rows alike.</summary>
    public SplitKind Split { get; init; }

    /// <summary>Column of the groups, with <see cref="SplitKind.Grouped"/>; nothing is learned from it.</summary>
    public string? Group { get; init; }

    /// <summary>Column of the times, with <see cref="SplitKind.TimeOrdered"/>.</summary>
    public string? Time { get; init; }

    /// <summary>How often to cross-validate, each time with other folds; at least 1.</summary>
    public int Repeats { get; init; } = 1;

    /// <summary>What to do where values are missing.</summary>
    public Missing Missing { get; init; }

    /// <summary>Names of columns of categories though they may look like numbers, between commas.</summary>
    public string Categories { get; init; } = "";

    /// <summary>Names of columns not to learn from, between commas.</summary>
    public string Ignore { get; init; } = "";

    /// <summary>More scores to report, by <see cref="Score.Name"/>, between commas.</summary>
    public string Scores { get; init; } = "";

    /// <summary>Columns whose values each get scores of their own, between commas.</summary>
    public string Slices { get; init; } = "";

    /// <summary>When the learner stops by itself.</summary>
    public EarlyStopping EarlyStopping { get; init; }

    /// <summary>The percent of GL, quotient of PQ or number of strips of UP, above 0; null for 5, 0.75 and 3.</summary>
    public double? EarlyStoppingAt { get; init; }

    /// <summary>Reports in a strip, at least 2.</summary>
    public int EarlyStoppingStrip { get; init; } = 5;

    /// <summary>Where to save the trained model, or null. Not with folds.</summary>
    public string? Save { get; init; }

    /// <summary>The names between the commas of a list.</summary>
    internal static string[] Names(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The loss with the learner's default in place.</summary>
    internal TrainingLoss LossFor(LearningTask task) => Loss ?? Learner switch
    {
        Learner.Linear => TrainingLoss.Squared,
        Learner.Logistic => task == LearningTask.Multiclass ? TrainingLoss.CrossEntropy : TrainingLoss.Log,
        Learner.Perceptron or Learner.Network => task == LearningTask.Regression ? TrainingLoss.Squared : TrainingLoss.CrossEntropy,
        _ => TrainingLoss.Hinge,
    };

    /// <summary>How the model is trained.</summary>
    /// <param name="loss">What to make small.</param>
    /// <param name="steps">Of the whole training.</param>
    internal SgdOptions Descent(TrainingLoss loss, long steps) => new()
    {
        Loss = loss,
        BatchSize = BatchSize,
        LearningRate = LearningRate,
        Penalty = Penalty,
        Alpha = Alpha,
        L1Ratio = L1Ratio,
        HuberDelta = HuberDelta,
        Optimizer = Optimizer,
        Momentum = Momentum,
        Beta1 = Beta1,
        Beta2 = Beta2,
        Epsilon = Epsilon,
        Schedule = Schedule,
        ScheduleSteps = ScheduleSteps ?? (Schedule == Schedule.Cosine ? steps : 1000),
        ScheduleFactor = ScheduleFactor,
        Power = Power,
        Update = Update,
        ShuffleSeed = SeededRandom.Derive((ulong)Seed, 0),
    };

    /// <summary>How the table is read.</summary>
    internal TableOptions Table()
    {
        var types = new Dictionary<string, ColumnType>();
        foreach (var (names, type) in ((string, ColumnType)[])[(Categories, ColumnType.Category), (Ignore, ColumnType.Ignored)])
        {
            foreach (var name in Names(names))
            {
                types[name] = type;
            }
        }

        if (Time is not null)
        {
            types[Time] = ColumnType.Time;
        }

        return new TableOptions { Target = Target, Missing = Missing, Types = types };
    }
}
