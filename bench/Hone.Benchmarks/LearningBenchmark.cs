using System.Diagnostics;
using System.Globalization;
using Hone.Learning.Data;
using Hone.Learning.Descent;
using Hone.Learning.Linear;
using Hone.Learning.Networks;

namespace Hone.Benchmarks;

/// <summary>
/// Rows that a learner takes in a CPU-second on one core, by batch size: on a table like Fashion-MNIST (784 features, 10 classes, random
/// values), the perceptron with 128 hidden units, and on one like diabetes (8 features, 2 classes). Then scikit-learn and PyTorch on one
/// thread, where Python has them. Arguments: seconds for each figure, by default 0.5; <c>hone</c> leaves Python out.
/// </summary>
internal static class LearningBenchmark
{
    private static readonly int[] Batches = [1, 32, 256, 4096];

    // A whole number of batches of each size, so that every step takes as many rows as it is counted for.
    private const int Rows = 12_288;

    // Of one row through the perceptron: both layers forward, both gradients, and one way back.
    private const double PerceptronFlops = 2.0 * ((2 * 784 * 128) + (3 * 128 * 10));

    public static async Task RunAsync(string[] args)
    {
        var seconds = args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 0.5;
        Console.WriteLine("rows/CPU-s     batch  logistic 784x10  linear 784x1  svm 784x10  mlp 784-128-10 (GFLOP/s)  logistic 8x1");
        var images = Table(Rows, 784, 10);
        var numbers = new Examples<float>(images.Features, images.Targets, [], 0);
        var small = Table(512, 8, 2);
        foreach (var loss in (TrainingLoss[])[TrainingLoss.CrossEntropy, TrainingLoss.Hinge])
        {
            // So that the runtime has compiled everything for good before the first figure.
            Rate(Linear(images, loss, 32), 32, 1);
        }

        Rate(Network(images, 32), 32, 1);
        foreach (var batch in Batches)
        {
            var mlp = Rate(Network(images, batch), batch, seconds);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{batch,20}{Rate(Linear(images, TrainingLoss.CrossEntropy, batch), batch, seconds),17:n0}" +
                $"{Rate(Linear(numbers, TrainingLoss.Squared, batch), batch, seconds),14:n0}" +
                $"{Rate(Linear(images, TrainingLoss.Hinge, batch), batch, seconds),12:n0}{mlp,16:n0} {mlp * PerceptronFlops / 1e9,10:n1}" +
                $"{Rate(Linear(small, TrainingLoss.Log, batch), Math.Min(batch, 512), seconds),14:n0}"));
        }

        if (!args.Contains("hone"))
        {
            var script = Path.Combine(AppContext.BaseDirectory, "python", "learning_speed.py");
            using var process = Process.Start(
                "/usr/bin/python3", [script, seconds.ToString(CultureInfo.InvariantCulture), .. Batches.Select(batch => $"{batch}")]);
            await process.WaitForExitAsync();
        }
    }

    private static SgdTrainer<float> Linear(Examples<float> examples, TrainingLoss loss, int batch) => new(
        new LinearModel<float>(examples, loss), examples, new SgdOptions { Loss = loss, BatchSize = batch, LearningRate = 0.001 });

    private static PerceptronTrainer<float> Network(Examples<float> examples, int batch) => new(
        new Perceptron<float>(784, [128], 10, Activation.Relu, new SeededRandom(1)), examples,
        new SgdOptions { Loss = TrainingLoss.CrossEntropy, BatchSize = batch, LearningRate = 0.001 });

    private static double Rate(ITrainer trainer, int batch, double seconds)
    {
        Run(trainer, batch, seconds / 2);
        var before = Environment.CpuUsage.TotalTime;
        var steps = Run(trainer, batch, seconds);
        return steps * (double)batch / (Environment.CpuUsage.TotalTime - before).TotalSeconds;
    }

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

    private static Examples<float> Table(int rows, int features, int classes)
    {
        var random = new SeededRandom(1);
        var values = new float[rows * features];
        foreach (ref var value in values.AsSpan())
        {
            value = random.NextSingle();
        }

        var labels = new int[rows];
        foreach (ref var label in labels.AsSpan())
        {
            label = random.Next(classes);
        }

        return new Examples<float>(
            new Matrix<float>(rows, features, values), Array.ConvertAll(labels, label => (float)label), labels, classes);
    }
}
