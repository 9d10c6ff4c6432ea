using System.Globalization;
using Hone.Learning.Data;
using Hone.Learning.Descent;
using Hone.Learning.Networks;
using Hone.Learning.Scores;

namespace Hone.Learning.Training;

/// <summary>All settings of a training, by name, and how options are made from texts.</summary>
/// <remarks>Numbers may be written as any language prints them: <c>0.001</c>, <c>1e-3</c>, <c>32.0</c> for a whole number.</remarks>
public static class TrainSettings
{
    private static readonly (string Name, Learner Value)[] Learners =
    [
        ("linear", Learner.Linear), ("logistic", Learner.Logistic), ("svm", Learner.Svm), ("mlp", Learner.Perceptron),
        ("network", Learner.Network),
    ];

    private static readonly (string Name, TrainingLoss Value)[] Losses =
    [
        ("squared", TrainingLoss.Squared),
        ("log", TrainingLoss.Log),
        ("cross_entropy", TrainingLoss.CrossEntropy),
        ("hinge", TrainingLoss.Hinge),
        ("squared_hinge", TrainingLoss.SquaredHinge),
        ("huber", TrainingLoss.Huber),
        ("cauchy_schwarz", TrainingLoss.CauchySchwarz),
    ];

    private static readonly (string Name, Penalty Value)[] Penalties =
    [
        ("none", Penalty.None), ("l1", Penalty.L1), ("l2", Penalty.L2), ("elastic_net", Penalty.ElasticNet),
    ];

    private static readonly (string Name, Schedule Value)[] Schedules =
    [
        ("constant", Schedule.Constant), ("inverse_scaling", Schedule.InverseScaling), ("step", Schedule.Step), ("cosine", Schedule.Cosine),
    ];

    private static readonly (string Name, Update Value)[] Updates =
    [
        ("mini_batch", Update.MiniBatch), ("per_row", Update.PerRow),
    ];

    private static readonly (string Name, Optimizer Value)[] Optimizers =
    [
        ("sgd", Optimizer.Sgd), ("momentum", Optimizer.Momentum), ("nesterov", Optimizer.Nesterov), ("adam", Optimizer.Adam),
        ("adamw", Optimizer.AdamW),
    ];

    private static readonly (string Name, Activation Value)[] Activations =
    [
        ("relu", Activation.Relu), ("tanh", Activation.Tanh),
    ];

    private static readonly (string Name, Missing Value)[] Missings =
    [
        ("refuse", Missing.Refuse), ("drop", Missing.Drop), ("impute", Missing.Impute),
    ];

    private static readonly (string Name, SplitKind Value)[] SplitKinds =
    [
        ("plain", SplitKind.Plain), ("stratified", SplitKind.Stratified), ("grouped", SplitKind.Grouped), ("time", SplitKind.TimeOrdered),
    ];

    private static readonly (string Name, Augmentation Value)[] Augmentations =
    [
        ("none", Augmentation.None), ("shift", Augmentation.Shift), ("flip", Augmentation.Flip), ("both", Augmentation.Both),
    ];

    private static readonly (string Name, Scaling Value)[] Scalings =
    [
        ("standard", Scaling.Standard), ("none", Scaling.None),
    ];

    private static readonly (string Name, FoldOrder Value)[] FoldOrders =
    [
        ("together", FoldOrder.Together), ("turns", FoldOrder.Turns),
    ];

    private static readonly (string Name, EarlyStopping Value)[] EarlyStoppings =
    [
        ("none", EarlyStopping.None), ("gl", EarlyStopping.Gl), ("pq", EarlyStopping.Pq), ("up", EarlyStopping.Up),
    ];

    /// <summary>The learners' names, as <c>learner:</c> in a study file and <c>--learner</c> take them.</summary>
    public static IReadOnlyList<string> LearnerNames { get; } = Array.ConvertAll(Learners, learner => learner.Name);

    /// <summary>Every setting, in the order of a help text.</summary>
    public static IReadOnlyList<TrainSetting> All { get; } =
    [
        Choice("learner", "What to train.", Learners, (o, v) => o with { Learner = v }),
        Text("data", "Name of a data set (diabetes, pmlb:NAME, ...), or path of a TSV or CSV file (.gz too) or a folder of IDX files.", (o, v) => o with { Data = v }),
        Text("target", "Column to learn; default 'target'.", (o, v) => o with { Target = v }),
        Whole("rows", 2, int.MaxValue, "Most rows to use, drawn by chance; default all.", (o, v) => o with { Rows = (int)v }),
        Choice("loss", "What to make small; the default suits the learner.", Losses, (o, v) => o with { Loss = v }),
        Whole("batch_size", 1, int.MaxValue, "Rows a step; default 32.", (o, v) => o with { BatchSize = (int)v }),
        Number("learning_rate", "a number above 0", v => v > 0, "Initial learning rate; default 0.01.", (o, v) => o with { LearningRate = v }),
        Number("alpha", "a number from 0 up", v => v >= 0, "Strength of the penalty; default 0.0001.", (o, v) => o with { Alpha = v }),
        Choice("penalty", "What keeps weights small; default l2.", Penalties, (o, v) => o with { Penalty = v }),
        Share("l1_ratio", "Share of elastic_net that is L1; default 0.15.", (o, v) => o with { L1Ratio = v }),
        Number("huber_delta", "a number above 0", v => v > 0, "Where huber turns from a square to a line; default 1.", (o, v) => o with { HuberDelta = v }),
        Choice("optimizer", "How a gradient moves the parameters; default sgd.", Optimizers, (o, v) => o with { Optimizer = v }),
        Decay("momentum", "Of momentum and nesterov; default 0.9.", (o, v) => o with { Momentum = v }),
        Decay("beta1", "Of adam and adamw; default 0.9.", (o, v) => o with { Beta1 = v }),
        Decay("beta2", "Of adam and adamw; default 0.999.", (o, v) => o with { Beta2 = v }),
        Number("epsilon", "a number above 0", v => v > 0, "Of adam and adamw; default 1e-8.", (o, v) => o with { Epsilon = v }),
        new("hidden", "units of each hidden layer, such as 128 or 128x64", "Of mlp; default 128.", (o, v) =>
            v.Split('x').All(units => ParseWhole(units) is >= 1 and <= 65536) ? o with { Hidden = v } : null),
        Choice("activation", "Of mlp's hidden units; default relu.", Activations, (o, v) => o with { Activation = v }),
        Text("model", "Of network: file that describes its layers.", (o, v) => o with { Model = v }),
        List("without", "Of network: layers, modules and blocks to leave out, between commas.", (o, v) => o with { Without = v }),
        Number("clip_norm", "a number above 0", v => v > 0, "Of network: largest norm of a gradient; default any.", (o, v) => o with { ClipNorm = v }),
        Choice("augment", "Of network: move images by up to 2 pixels, mirror them, or both, by chance; default none.", Augmentations, (o, v) => o with { Augment = v }),
        Choice("schedule", "How the learning rate changes; default constant.", Schedules, (o, v) => o with { Schedule = v }),
        Number("power", "a number from 0 up", v => v >= 0, "Exponent of inverse_scaling; default 0.25.", (o, v) => o with { Power = v }),
        Whole("schedule_steps", 1, 1L << 53, "Period of step, default 1000; length of cosine, default all steps.", (o, v) => o with { ScheduleSteps = v }),
        Number("schedule_factor", "a number above 0, at most 1", v => v is > 0 and <= 1, "Factor of step; default 0.1.", (o, v) => o with { ScheduleFactor = v }),
        Choice("update", "One update a batch (default), or one for each row of it.", Updates, (o, v) => o with { Update = v }),
        Whole("steps", 1, 1L << 53, "Steps to train, each fold; default 1000.", (o, v) => o with { Steps = v }),
        Whole("epochs", 1, int.MaxValue, "Passes over the data, instead of steps.", (o, v) => o with { Epochs = (int)v }),
        Whole("report_every", 1, 1L << 53, "Steps between reports; default 100.", (o, v) => o with { ReportEvery = v }),
        Whole("seed", 0, int.MaxValue, "Fixes the order of the rows; default: HONE_SEED, or 0.", (o, v) => o with { Seed = (int)v }),
        new("folds", "0, or a whole number from 2 up", "k-fold cross-validation; default 0: hold-out.", (o, v) =>
            ParseWhole(v) is { } folds and (0 or (>= 2 and <= int.MaxValue)) ? o with { Folds = (int)folds } : null),
        Choice("fold_order", "All folds a step each (default), or one after the other.", FoldOrders, (o, v) => o with { FoldOrder = v }),
        Number("test_share", "a number from 0 to below 1", v => v is >= 0 and < 1, "Share of rows held out; default 0.3.", (o, v) => o with { TestShare = v }),
        Choice("split", "How rows are parted; default plain.", SplitKinds, (o, v) => o with { Split = v }),
        Whole("split_seed", 0, int.MaxValue, "Draws other rows for each part; default 0.", (o, v) => o with { SplitSeed = (int)v }),
        Text("group", "Column of the groups of --split grouped.", (o, v) => o with { Group = v }),
        Text("time", "Column of the times of --split time.", (o, v) => o with { Time = v }),
        Whole("repeats", 1, 1000, "How often to cross-validate; default 1.", (o, v) => o with { Repeats = (int)v }),
        Choice("missing", "What to do where values are missing; default refuse.", Missings, (o, v) => o with { Missing = v }),
        Choice("scaling", "Features to mean 0 and standard deviation 1 (default), or as they are.", Scalings, (o, v) => o with { Scaling = v }),
        List("categories", "Columns of categories that look like numbers, between commas.", (o, v) => o with { Categories = v }),
        List("ignore", "Columns not to learn from, between commas.", (o, v) => o with { Ignore = v }),
        new("scores", "scores between commas, of " + string.Join(", ", Score.All.Select(score => score.Name)), "More scores to report.", (o, v) =>
            TrainOptions.Names(v).All(name => Score.Find(name) is not null) ? o with { Scores = v } : null),
        List("slices", "Columns whose values each get scores of their own, between commas.", (o, v) => o with { Slices = v }),
        Choice("early_stopping", "The learner's own, after Prechelt, with the best weights kept; default none.", EarlyStoppings, (o, v) => o with { EarlyStopping = v }),
        Number("early_stopping_at", "a number above 0", v => v > 0, "Percent of gl (5), quotient of pq (0.75), strips of up (3).", (o, v) => o with { EarlyStoppingAt = v }),
        Whole("early_stopping_strip", 2, int.MaxValue, "Reports in a strip; default 5.", (o, v) => o with { EarlyStoppingStrip = (int)v }),
        Text("save", "File to save the trained model in.", (o, v) => o with { Save = v }),
    ];

    internal static TrainOptions Blank { get; } = new() { Learner = Learner.Linear, Data = "" };

    /// <summary>The setting of a name as in a study file, or null.</summary>
    public static TrainSetting? Find(string name) => All.FirstOrDefault(setting => setting.Name == name);

    /// <summary>The setting's name that was most likely meant, or null.</summary>
    public static string? Nearest(string name) => Spelling.Nearest(name, All.Select(setting => setting.Name));

    /// <summary>Makes options from texts.</summary>
    /// <param name="values">Values by names as in a study file (<c>batch_size</c>); <c>learner</c> and <c>data</c> are needed.
    /// The seed is that of the environment's <c>HONE_SEED</c> unless it is given here.</param>
    /// <exception cref="TrainOptionsException">A name is unknown, a value not allowed, or two of them do not go together.</exception>
    public static TrainOptions Parse(IReadOnlyDictionary<string, string> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        foreach (var needed in (string[])["learner", "data"])
        {
            if (!values.ContainsKey(needed))
            {
                throw new TrainOptionsException($"--{needed}: is needed: {Find(needed)!.Expects}.");
            }
        }

        var options = Blank;
        if (Environment.GetEnvironmentVariable("HONE_SEED") is { Length: > 0 } seed)
        {
            options = Find("seed")!.Apply(options, seed);
        }

        foreach (var (name, value) in values)
        {
            options = (Find(name) ?? throw Unknown(name)).Apply(options, value);
        }

        Check(options);
        return options;
    }

    /// <summary>Checks what several options together must satisfy.</summary>
    /// <exception cref="TrainOptionsException">They do not go together.</exception>
    public static void Check(TrainOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options is { Steps: not null, Epochs: not null })
        {
            throw new TrainOptionsException($"--epochs: {options.Epochs} was given beside --steps {options.Steps}. Give one of them.");
        }

        if (options is { TestShare: 0, Folds: 0 })
        {
            throw new TrainOptionsException("--test-share: 0 leaves no rows to validate on. Raise it, or give --folds.");
        }

        if ((options.Split == SplitKind.Grouped) != options.Group is not null)
        {
            throw new TrainOptionsException("--group: is needed with --split grouped, and goes with no other.");
        }

        if ((options.Split == SplitKind.TimeOrdered) != options.Time is not null)
        {
            throw new TrainOptionsException("--time: is needed with --split time, and goes with no other.");
        }

        if (options is { Split: SplitKind.TimeOrdered, Repeats: > 1 } or { Folds: 0, Repeats: > 1 })
        {
            throw new TrainOptionsException($"--repeats: {options.Repeats} need --folds, and a split that is drawn by chance.");
        }

        if (options is { Folds: > 0, Save: not null })
        {
            throw new TrainOptionsException("--save: there is one model for each of the --folds. Train without folds to save one.");
        }

        if (options is { Learner: Learner.Network, Model: null, Network: null })
        {
            throw new TrainOptionsException("--model: is needed with --learner network: the file that describes its layers.");
        }

        if (options.Learner != Learner.Network && (options.Model is not null || options.Without.Length > 0 || options.ClipNorm is not null || options.Augment != Augmentation.None))
        {
            throw new TrainOptionsException($"--model, --without, --clip-norm and --augment go with --learner network, not {NameOf(options.Learner)}.");
        }

        if (options.Loss is { } loss && !LossesOf(options.Learner).Contains(loss))
        {
            throw new TrainOptionsException(
                $"--loss: '{NameOf(loss)}' is not a loss of --learner {NameOf(options.Learner)}. " +
                $"It has {string.Join(" and ", LossesOf(options.Learner).Select(NameOf))}.");
        }
    }

    private static TrainingLoss[] LossesOf(Learner learner) => learner switch
    {
        Learner.Linear => [TrainingLoss.Squared, TrainingLoss.Huber],
        Learner.Logistic => [TrainingLoss.Log, TrainingLoss.CrossEntropy, TrainingLoss.CauchySchwarz],
        Learner.Perceptron or Learner.Network => [.. Losses.Select(loss => loss.Value)],
        _ => [TrainingLoss.Hinge, TrainingLoss.SquaredHinge],
    };

    private static string NameOf(TrainingLoss loss) => Array.Find(Losses, known => known.Value == loss).Name;

    private static string NameOf(Learner learner) => Array.Find(Learners, known => known.Value == learner).Name;

    private static TrainOptionsException Unknown(string name)
    {
        var hint = Nearest(name) is { } nearest ? $"Did you mean '{nearest}'?" : $"There are {string.Join(", ", All.Select(s => s.Name))}.";
        return new TrainOptionsException($"'{name}' is not a setting of a training. {hint}");
    }

    private static TrainSetting Choice<T>(
        string name, string meaning, (string Name, T Value)[] choices, Func<TrainOptions, T, TrainOptions> set)
    {
        var names = Array.ConvertAll(choices, choice => choice.Name);
        return new(name, "one of " + string.Join(", ", names), meaning, (o, text) =>
            Array.IndexOf(names, text) is >= 0 and var index ? set(o, choices[index].Value) : null);
    }

    private static TrainSetting Text(string name, string meaning, Func<TrainOptions, string, TrainOptions> set) =>
        new(name, "a name", meaning, (o, text) => text.Length > 0 ? set(o, text) : null);

    private static TrainSetting Whole(string name, long least, long most, string meaning, Func<TrainOptions, long, TrainOptions> set) =>
        new(name, $"a whole number from {least} up", meaning, (o, text) =>
            ParseWhole(text) is { } value && value >= least && value <= most ? set(o, value) : null);

    private static TrainSetting Number(
        string name, string expects, Func<double, bool> allowed, string meaning, Func<TrainOptions, double, TrainOptions> set) =>
        new(name, expects, meaning, (o, text) => ParseNumber(text) is { } value && allowed(value) ? set(o, value) : null);

    private static TrainSetting Share(string name, string meaning, Func<TrainOptions, double, TrainOptions> set) =>
        Number(name, "a number from 0 to 1", v => v is >= 0 and <= 1, meaning, set);

    private static TrainSetting Decay(string name, string meaning, Func<TrainOptions, double, TrainOptions> set) =>
        Number(name, "a number from 0 to below 1", v => v is >= 0 and < 1, meaning, set);

    private static TrainSetting List(string name, string meaning, Func<TrainOptions, string, TrainOptions> set) =>
        new(name, "names between commas", meaning, (o, text) => set(o, text));

    private static double? ParseNumber(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;

    private static long? ParseWhole(string text) =>
        ParseNumber(text) is { } value && value == Math.Floor(value) && Math.Abs(value) <= 1L << 53 ? (long)value : null;
}
