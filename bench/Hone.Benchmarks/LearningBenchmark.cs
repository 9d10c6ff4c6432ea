using System.Globalization;
using Hone.Learning.Data;
using Hone.Learning.Descent;
using Hone.Learning.Linear;
using Hone.Learning.Networks;

namespace Hone.Benchmarks;

/// <summary>
/// Rows that a learner takes in a CPU-second on one core, by batch size, beside PyTorch and scikit-learn on one thread, and what share of
/// the core's arithmetic and of its memory bandwidth that is. The table is as large as Fashion-MNIST (61,440 rows here, 784 features, 10
/// classes, random values) and its rows come in shuffled order. Everything is measured in turn, several rounds long, and the medians are
/// shown. Arguments: seconds for each figure, by default 0.2; rounds, by default 5; <c>hone</c> leaves Python out.
/// </summary>
internal static class LearningBenchmark
{
    // A whole number of batches of each size, so that every step takes as many rows as it is counted for.
    private const int Rows = 61_440;

    private const int Features = 784;

    private static readonly int[] Batches = [1, 32, 256, 4096];

    public static Task RunAsync(string[] args)
    {
        double[] numbers = [.. args.Where(arg => arg != "hone").Select(arg => double.Parse(arg, CultureInfo.InvariantCulture))];
        var seconds = numbers.Length > 0 ? numbers[0] : 0.2;
        var rounds = numbers.Length > 1 ? (int)numbers[1] : 5;
        using var python = args.Contains("hone") ? null : new Opponents();
        var peak = new CorePeak();
        Case[] cases = [.. Batches.SelectMany(Cases)];
        foreach (var entry in cases.Where(entry => entry.Batch == 32))
        {
            // So that the runtime has compiled everything for good before the first figure.
            Run(entry.Trainer, 32, 0.5);
        }

        for (var round = 0; round < rounds; round++)
        {
            peak.Measure();
            foreach (var entry in cases)
            {
                entry.Measure(seconds, python);
            }
        }

        Print(peak, rounds, cases);
        return Task.CompletedTask;
    }

    private static IEnumerable<Case> Cases(int batch)
    {
        var images = Tables.Images;
        var sgd = new SgdOptions { Loss = TrainingLoss.CrossEntropy, BatchSize = batch, LearningRate = 0.001 };
        yield return new("logistic", batch, Linear(images, sgd), 10) { Opponents = ["pytorch", "scikit-learn"] };
        yield return new("linear", batch, Linear(Tables.Numbers, sgd with { Loss = TrainingLoss.Squared }), 1) { Opponents = ["pytorch"] };
        var network = new Perceptron<float>(Features, [128], 10, Activation.Relu, new SeededRandom(1));
        yield return new("mlp", batch, new PerceptronTrainer<float>(network, images, sgd), 0) { Opponents = ["pytorch"] };
        yield return new("binary logistic", batch, Linear(Tables.Halves, sgd with { Loss = TrainingLoss.Log }), 1);
        yield return new("logistic, one against the rest", batch, Linear(images, sgd with { Loss = TrainingLoss.Log }), 10);
        yield return new("svm, hinge", batch, Linear(images, sgd with { Loss = TrainingLoss.Hinge }), 10);
        yield return new("svm, squared hinge", batch, Linear(images, sgd with { Loss = TrainingLoss.SquaredHinge }), 10);
        yield return new("logistic, L1", batch, Linear(images, sgd with { Penalty = Penalty.L1 }), 10);
        yield return new("logistic, elastic net", batch, Linear(images, sgd with { Penalty = Penalty.ElasticNet }), 10);
        foreach (var optimizer in (Optimizer[])[Optimizer.Momentum, Optimizer.Nesterov, Optimizer.Adam, Optimizer.AdamW])
        {
            yield return new($"logistic, {optimizer}", batch, Linear(images, sgd with { Optimizer = optimizer }), 10);
        }
    }

    private static void Print(CorePeak peak, int rounds, Case[] cases)
    {
        Line(
            $"One core: {peak.Flops:n1} GFLOP/s (fused multiply-add, float), reads {peak.Reads:n1} GB/s, triad {peak.Triads:n1} GB/s.");
        Line($"Medians of {rounds} rounds, CPU time. Counted for a row: a multiplication and an addition as one flop each;");
        Line($"4 x 784 x outputs flops for a linear model, forward and gradient; 2 x (2 x 784 x 128 + 3 x 128 x 10) = {Case.PerceptronFlops}");
        Line($"for the perceptron; losses and updates not. Bytes: 4 x 784, each feature read once; weights stay in the caches.");
        Line($"{"learner",-31}{"batch",6}{"rows/CPU-s",12}{"GFLOP/s",9}{"of peak",9}{"GB/s",7}{"of reads",10}  beside it (ratio, from-to)");
        foreach (var entry in cases.OrderBy(entry => Array.FindIndex(cases, other => other.Name == entry.Name)))
        {
            var (flops, bytes) = (entry.Rate * entry.Flops / 1e9, entry.Rate * Features * sizeof(float) / 1e9);
            var (ofPeak, ofReads) = (100 * flops / peak.Flops, 100 * bytes / peak.Reads);
            var beside = string.Join("   ", entry.Comparisons());
            Line($"{entry.Name,-31}{entry.Batch,6}{entry.Rate,12:n0}{flops,9:n1}{ofPeak,7:n0} %{bytes,7:n1}{ofReads,8:n0} %  {beside}");
        }
    }

    private static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private static SgdTrainer<float> Linear(Examples<float> examples, SgdOptions options) =>
        new(new LinearModel<float>(examples, options.Loss), examples, options);

    // Looks at the clock after a share of the work, which costs nothing beside it.
    private static long Run(ITrainer trainer, int batch, double seconds)
    {
        var end = Environment.CpuUsage.TotalTime + TimeSpan.FromSeconds(seconds);
        var steps = 0L;
        do
        {
            for (var i = 0; i < Math.Max(1, 1600 / batch); i++, steps++)
            {
                trainer.Step();
            }
        }
        while (Environment.CpuUsage.TotalTime < end);
        return steps;
    }

    /// <summary>One learner at one batch size, and what was measured of it. The perceptron is the one with 0 outputs.</summary>
    private sealed class Case(string name, int batch, ITrainer trainer, int outputs)
    {
        public const double PerceptronFlops = 2.0 * ((2 * Features * 128) + (3 * 128 * 10));

        private readonly List<double> _rates = [];
        private readonly Dictionary<string, List<double>> _others = [];

        public string Name => name;

        public int Batch => batch;

        public ITrainer Trainer => trainer;

        public string[] Opponents { get; init; } = [];

        public double Flops => outputs == 0 ? PerceptronFlops : 4.0 * Features * outputs;

        public double Rate => CorePeak.Median(_rates);

        public void Measure(double seconds, Opponents? python)
        {
            Run(trainer, batch, seconds / 4);
            var before = Environment.CpuUsage.TotalTime;
            var steps = Run(trainer, batch, seconds);
            _rates.Add(steps * (double)batch / (Environment.CpuUsage.TotalTime - before).TotalSeconds);
            foreach (var library in python is null ? [] : Opponents)
            {
                _others.TryAdd(library, []);
                _others[library].Add(python!.Rate(library, name, batch, seconds));
            }
        }

        public IEnumerable<string> Comparisons()
        {
            foreach (var (library, rates) in _others)
            {
                double[] ratios = [.. _rates.Zip(rates, (mine, theirs) => mine / theirs)];
                yield return string.Create(
                    CultureInfo.InvariantCulture,
                    $"{library} {CorePeak.Median(rates):n0} ({CorePeak.Median(ratios):0.0}x, {ratios.Min():0.0}-{ratios.Max():0.0})");
            }
        }
    }

    /// <summary>The same random rows with labels of ten classes, of two, and with numbers.</summary>
    private static class Tables
    {
        public static readonly Examples<float> Images = Table(10);

        public static readonly Examples<float> Halves = With(Images, Array.ConvertAll(Images.Labels, label => label % 2), 2);

        public static readonly Examples<float> Numbers = With(Images, [], 0);

        private static Examples<float> Table(int classes)
        {
            var random = new SeededRandom(1);
            var values = new float[Rows * Features];
            foreach (ref var value in values.AsSpan())
            {
                value = random.NextSingle();
            }

            var labels = new int[Rows];
            foreach (ref var label in labels.AsSpan())
            {
                label = random.Next(classes);
            }

            return new Examples<float>(
                new Matrix<float>(Rows, Features, values), Array.ConvertAll(labels, label => (float)label), labels, classes);
        }

        private static Examples<float> With(Examples<float> table, int[] labels, int classes) =>
            new(table.Features, table.Targets, labels, classes);
    }
}
