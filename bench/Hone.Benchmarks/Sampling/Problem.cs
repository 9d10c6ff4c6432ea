using Hone.Sampling;
using Hone.Space;
using Hone.Trials;

namespace Hone.Benchmarks.Sampling;

/// <summary>A closed-form problem whose optimum is known. <c>bench/python/optuna_quality.py</c> has the same ones by name.</summary>
internal sealed record Problem(string Name, SearchSpace Space, double Optimum, Func<Configuration, (double Value, double Violation)> Evaluate)
{
    private const double Nothing = 100;

    public static IReadOnlyList<Problem> All { get; } =
    [
        Box("sphere5", 5, -5, 5, 0, x => Sum(x, [1.7, -2.3, 3.1, -0.9, 2.4], z => z * z)),
        Box("rosenbrock5", 5, -2.048, 2.048, 0, Rosenbrock),
        Box("rastrigin5", 5, -5.12, 5.12, 0, x => Sum(x, [1.1, -1.7, 2.3, -0.6, 1.9], z => (z * z) + 10 - (10 * Math.Cos(2 * Math.PI * z)))),
        Box("ackley5", 5, -10, 10, 0, Ackley),
        Box("levy5", 5, -10, 10, 0, Levy),
        new("branin2", new SearchSpace([new FloatParameter("x0", -5, 10), new FloatParameter("x1", 0, 15)]), 0.39788735772973816, c => (Branin(c), 0)),
        Box("hartmann6", 6, 0, 1, -3.322368011391339, Hartmann),
        new("lr_surrogate", MixedSpace(), 0, c => (Mixed(c), 0)),
        ConditionalProblems.Cash,
        ConditionalProblems.Models,
        ConditionalProblems.Network,
        new("constrained_ball4", new SearchSpace(Floats(4, -5, 5)), -6.5, Ball),
    ];

    /// <summary>How far the best feasible value of a study is above the optimum; 100 if nothing feasible was found.</summary>
    public double Regret(ISampler sampler, int trials, int seed)
    {
        var best = double.PositiveInfinity;
        for (var t = 1; t <= trials; t++)
        {
            var configuration = sampler.Ask(t, new SeededRandom(SeededRandom.Derive((ulong)seed, (ulong)t)))!;
            var (value, violation) = Evaluate(configuration);
            sampler.Begin(t, configuration);
            sampler.Tell(new TrialResult
            {
                Number = t,
                Configuration = configuration,
                State = TrialState.Complete,
                Values = [value],
                Violation = violation,
                Steps = 1,
            });
            best = violation == 0 ? Math.Min(best, value) : best;
        }

        return double.IsInfinity(best) ? Nothing : best - Optimum;
    }

    private static Problem Box(string name, int count, double low, double high, double optimum, Func<double[], double> f) =>
        new(name, new SearchSpace(Floats(count, low, high)), optimum, c => (f(c.Codes.ToArray()), 0));

    private static List<Parameter> Floats(int count, double low, double high) =>
        [.. Enumerable.Range(0, count).Select(i => new FloatParameter($"x{i}", low, high))];

    private static double Sum(double[] x, double[] shift, Func<double, double> term) => x.Select((v, i) => term(v - shift[i])).Sum();

    private static double Rosenbrock(double[] x) => Enumerable.Range(0, x.Length - 1)
        .Sum(i => (100 * Math.Pow(x[i + 1] - (x[i] * x[i]), 2)) + Math.Pow(1 - x[i], 2));

    private static double Ackley(double[] x)
    {
        double[] shift = [3.3, -4.1, 2.7, -5.9, 1.3];
        var squares = Sum(x, shift, z => z * z) / x.Length;
        return -20 * Math.Exp(-0.2 * Math.Sqrt(squares)) - Math.Exp(Sum(x, shift, z => Math.Cos(2 * Math.PI * z)) / x.Length) + 20 + Math.E;
    }

    private static double Levy(double[] x)
    {
        var w = x.Select(v => 1 + ((v - 1) / 4)).ToArray();
        var last = w[^1];
        return Math.Pow(Math.Sin(Math.PI * w[0]), 2)
            + w[..^1].Sum(v => Math.Pow(v - 1, 2) * (1 + (10 * Math.Pow(Math.Sin((Math.PI * v) + 1), 2))))
            + (Math.Pow(last - 1, 2) * (1 + Math.Pow(Math.Sin(2 * Math.PI * last), 2)));
    }

    private static double Branin(Configuration c)
    {
        var (x, y) = (c.Codes[0], c.Codes[1]);
        return Math.Pow(y - (5.1 / (4 * Math.PI * Math.PI) * x * x) + (5 / Math.PI * x) - 6, 2)
            + (10 * (1 - (1 / (8 * Math.PI))) * Math.Cos(x)) + 10;
    }

    private static double Hartmann(double[] x)
    {
        double[] alpha = [1.0, 1.2, 3.0, 3.2];
        double[][] a = [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]];
        double[][] p =
        [
            [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886], [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
            [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650], [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
        ];
        return -Enumerable.Range(0, 4).Sum(i => alpha[i] * Math.Exp(-x.Select((v, j) => a[i][j] * Math.Pow(v - p[i][j], 2)).Sum()));
    }

    private static SearchSpace MixedSpace() => new(
    [
        new CategoricalParameter("optimizer", "sgd", "momentum", "adam", "rmsprop"),
        new FloatParameter("lr", 1e-5, 1, log: true),
        new IntParameter("batch", 8, 512, log: true),
        new IntParameter("layers", 1, 6),
        new FloatParameter("dropout", 0, 0.7),
        new CategoricalParameter("activation", "relu", "tanh", "gelu"),
    ]);

    private static double Mixed(Configuration c)
    {
        var optimizer = (int)c.Codes[0];
        double[] floor = [0.03, 0.01, 0, 0.02];
        double[] rate = [-0.7, -1.5, -3, -3.3];
        double[] activation = [0.01, 0.03, 0];
        return floor[optimizer] + activation[(int)c.Codes[5]]
            + (0.15 * Math.Pow(Math.Log10(c.Codes[1]) - rate[optimizer], 2)) + (0.01 * Math.Pow(Math.Log2(c.Codes[2] / 64), 2))
            + (0.02 * Math.Pow(c.Codes[3] - 4, 2)) + (0.3 * Math.Pow(c.Codes[4] - 0.23, 2));
    }

    private static (double Value, double Violation) Ball(Configuration c)
    {
        double[] centre = [1, -2, 1.5, -1];
        var x = c.Codes.ToArray();
        return (x.Sum(), Math.Max(0, Sum(x, centre, z => z * z) - 9));
    }
}
