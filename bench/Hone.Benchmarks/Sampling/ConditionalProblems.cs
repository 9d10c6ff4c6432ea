using Hone.Space;

namespace Hone.Benchmarks.Sampling;

/// <summary>Spaces in which a choice decides which other parameters exist.</summary>
/// <remarks>The sampler's settings were chosen on <see cref="Cash"/>; <see cref="Models"/> and <see cref="Network"/> were written afterwards, to judge them.</remarks>
internal static class ConditionalProblems
{
    /// <summary>Four algorithms: the forest is good everywhere, never better than 0.07; the support vector machine is the best, but only in a small region.</summary>
    public static Problem Cash { get; } = new("cash", CashSpace(), 0, c => (CashValue(c.Codes), 0));

    /// <summary>Three models of 1, 2 and 3 parameters: the largest is the best, in a narrow region; the smallest is mediocre everywhere.</summary>
    public static Problem Models { get; } = new("models", ModelsSpace(), 0, c => (ModelsValue(c.Codes), 0));

    /// <summary>Nested conditions, nine ways through them: an optimizer with or without momentum, and one to three layers of their own widths.</summary>
    public static Problem Network { get; } = new("network", NetworkSpace(), 0, c => (NetworkValue(c.Codes), 0));

    private static SearchSpace CashSpace()
    {
        Condition When(string value) => new("algo", [value]);
        return new SearchSpace(
        [
            new CategoricalParameter("algo", "forest", "svm", "boost", "knn"),
            new IntParameter("depth", 1, 20) { When = [When("forest")] },
            new FloatParameter("features", 0.1, 1) { When = [When("forest")] },
            new FloatParameter("c", 1e-3, 1e3, log: true) { When = [When("svm")] },
            new FloatParameter("gamma", 1e-4, 10, log: true) { When = [When("svm")] },
            new FloatParameter("shrinkage", 1e-3, 1, log: true) { When = [When("boost")] },
            new IntParameter("trees", 10, 1000, log: true) { When = [When("boost")] },
            new IntParameter("k", 1, 50) { When = [When("knn")] },
        ]);
    }

    private static double CashValue(ReadOnlySpan<double> x) => (int)x[0] switch
    {
        0 => 0.07 + (0.04 * Square((x[1] - 12) / 20)) + (0.03 * Square(x[2] - 0.5)),
        1 => 0.3 * (1 - Math.Exp(-(Square(Math.Log10(x[3]) - 1.2) / 0.8) - (Square(Math.Log10(x[4]) + 1.9) / 0.5))),
        2 => 0.05 + Math.Min(0.2, (0.08 * Square(Math.Log10(x[5]) + 1.1)) + (0.08 * Square(Math.Log10(x[6]) - 2.4))),
        _ => 0.12 + (0.1 * Square((x[7] - 9) / 50)),
    };

    private static SearchSpace ModelsSpace()
    {
        Condition When(string value) => new("model", [value]);
        return new SearchSpace(
        [
            new CategoricalParameter("model", "linear", "tree", "net"),
            new FloatParameter("ridge", 1e-6, 1e2, log: true) { When = [When("linear")] },
            new IntParameter("depth", 1, 20) { When = [When("tree")] },
            new FloatParameter("eta", 1e-3, 1, log: true) { When = [When("tree")] },
            new FloatParameter("lr", 1e-6, 1, log: true) { When = [When("net")] },
            new FloatParameter("decay", 1e-6, 1e-1, log: true) { When = [When("net")] },
            new IntParameter("width", 8, 2048, log: true) { When = [When("net")] },
        ]);
    }

    private static double ModelsValue(ReadOnlySpan<double> x) => (int)x[0] switch
    {
        0 => 0.15 + (0.002 * Square(Math.Log10(x[1]) + 2)),
        1 => 0.08 + Math.Min(0.3, (0.002 * Square(x[2] - 6)) + (0.1 * Square(Math.Log10(x[3]) + 1))),
        _ => 0.4 * (1 - Math.Exp(-(Square(Math.Log10(x[4]) + 3) / 0.6) - (Square(Math.Log10(x[5]) + 4) / 2) - (Square(Math.Log2(x[6]) - 8) / 6))),
    };

    private static SearchSpace NetworkSpace()
    {
        Condition[] momentum = [new("momentum", ["on"])];
        return new SearchSpace(
        [
            new CategoricalParameter("optimizer", "sgd", "adam"),
            new FloatParameter("lr", 1e-5, 1, log: true),
            new CategoricalParameter("momentum", "off", "on") { When = [new("optimizer", ["sgd"])] },
            new FloatParameter("beta", 0.5, 0.99) { When = momentum },
            new CategoricalParameter("nesterov", "no", "yes") { When = momentum },
            new FloatParameter("slack", 1e-4, 1e-1, log: true) { When = [new("optimizer", ["adam"])] },
            new IntParameter("depth", 1, 3),
            new IntParameter("width1", 8, 512, log: true),
            new IntParameter("width2", 8, 512, log: true) { When = [new("depth", [2, 3])] },
            new IntParameter("width3", 8, 512, log: true) { When = [new("depth", [3])] },
        ]);
    }

    private static double NetworkValue(ReadOnlySpan<double> x)
    {
        var rate = Math.Log10(x[1]);
        var optimizer = x[0] == 1 ? 0.03 + (0.1 * Square(rate + 3)) + (0.01 * Square(Math.Log10(x[5]) + 3))
            : x[2] == 0 ? 0.06 + (0.1 * Square(rate + 0.5))
            : (0.1 * Square(rate + 1.5)) + (0.3 * Square(x[3] - 0.9)) + (x[4] == 1 ? 0 : 0.01);
        double[] best = [7, 6, 5];
        var layers = x[6] == 1 ? 0.05 : x[6] == 2 ? 0 : 0.01;
        for (var i = 0; i < (int)x[6]; i++)
        {
            layers += 0.01 * Square(Math.Log2(x[7 + i]) - best[i]);
        }

        return optimizer + layers;
    }

    private static double Square(double x) => x * x;
}
