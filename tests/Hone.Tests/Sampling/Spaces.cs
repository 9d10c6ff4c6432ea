using Hone.Space;
using Hone.Trials;

namespace Hone.Tests.Sampling;

/// <summary>Search spaces for the samplers' tests.</summary>
internal static class Spaces
{
    public static SearchSpace Mixed() => new(
    [
        new FloatParameter("rate", 1e-5, 1, log: true),
        new IntParameter("layers", 1, 6),
        new CategoricalParameter("optimizer", "sgd", "adam", "rmsprop"),
        new FloatParameter("dropout", 0, 0.7),
        new IntParameter("batch", 8, 512, log: true),
        new FloatParameter("momentum", 0, 0.9, step: 0.1),
        new OrdinalParameter("width", 16, 32, 64, 128),
        new ConstantParameter("data", "diabetes"),
    ]);

    public static SearchSpace Conditional() => new(
    [
        new FloatParameter("leaf", 0, 1) { When = [new("algorithm", ["forest"])] },
        new CategoricalParameter("algorithm", "forest", "machine", "nearest", "naive"),
        new CategoricalParameter("kernel", "linear", "radial") { When = [new("algorithm", ["machine"])] },
        new FloatParameter("gamma", 1e-4, 10, log: true) { When = [new("kernel", ["radial"])] },
        new FloatParameter("c", 1e-3, 1e3, log: true) { When = [new("algorithm", ["machine"])] },
        new IntParameter("neighbours", 1, 50) { When = [new("algorithm", ["nearest"])] },
        new FloatParameter("share", 0.1, 1),
    ]);

    public static TrialResult Complete(int number, Configuration configuration, params double[] values) => new()
    {
        Number = number,
        Configuration = configuration,
        State = TrialState.Complete,
        Values = values,
        Steps = 10,
    };
}
