using System.Globalization;
using Hone.Learning.Data;
using Hone.Learning.Descent;
using Hone.Learning.Linear;

namespace Hone.Benchmarks;

/// <summary>
/// Rows that a linear learner takes in a CPU-second on one core, by batch size: on a table like Fashion-MNIST (784 features, 10 classes,
/// random values) and on one like diabetes (8 features, 2 classes). Arguments: seconds for each figure, by default 0.5.
/// </summary>
internal static class LearningBenchmark
{
    public static Task RunAsync(string[] args)
    {
        var seconds = args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 0.5;
        Console.WriteLine("rows/CPU-s     batch  logistic 784x10  linear 784x1  svm 784x10  logistic 8x1");
        var images = Table(10_000, 784, 10);
        var numbers = new Examples<float>(images.Features, images.Targets, [], 0);
        var small = Table(537, 8, 2);
        foreach (var loss in (TrainingLoss[])[TrainingLoss.CrossEntropy, TrainingLoss.Hinge])
        {
            // So that the runtime has compiled everything for good before the first figure.
            Rate(images, loss, 33, 1);
        }

        foreach (var batch in (int[])[1, 32, 256, 4096])
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{batch,20}{Rate(images, TrainingLoss.CrossEntropy, batch, seconds),17:n0}{Rate(numbers, TrainingLoss.Squared, batch, seconds),14:n0}" +
                $"{Rate(images, TrainingLoss.Hinge, batch, seconds),12:n0}{Rate(small, TrainingLoss.Log, batch, seconds),14:n0}"));
        }

        return Task.CompletedTask;
    }

    private static double Rate(Examples<float> examples, TrainingLoss loss, int batch, double seconds)
    {
        var trainer = new SgdTrainer<float>(
            new LinearModel<float>(examples, loss), examples, new SgdOptions { Loss = loss, BatchSize = batch, LearningRate = 0.001 });
        var rows = Math.Min(batch, examples.Count);
        Run(trainer, seconds / 2);
        var before = Environment.CpuUsage.TotalTime;
        var steps = Run(trainer, seconds);
        return steps * (double)rows / (Environment.CpuUsage.TotalTime - before).TotalSeconds;
    }

    // Looks at the clock after a share of the work, which costs nothing beside it.
    private static long Run(SgdTrainer<float> trainer, double seconds)
    {
        var end = Environment.CpuUsage.TotalTime + TimeSpan.FromSeconds(seconds);
        var steps = 0L;
        do
        {
            for (var i = 0; i < 50; i++, steps++)
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
