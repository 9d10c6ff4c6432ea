using System.Diagnostics;
using System.Globalization;
using Hone.Learning.Data;
using Hone.Learning.Descent;
using Hone.Learning.Networks;

namespace Hone.Benchmarks;

/// <summary>
/// Examples that a network learns from in a CPU-second on one core, each step with Adam: a CNN of two convolutions on images like
/// Fashion-MNIST's in batches of 64, an LSTM and a GRU of 50 units over 60 steps of 10 features in batches of 32, and a perceptron in
/// batches of 64; then the same in PyTorch on one thread, where Python has it. Each network runs in a process of its own, whose peak memory
/// stands beside it. Arguments: seconds for each figure, by default 3; <c>hone</c> leaves Python out; a network's name runs it alone, here.
/// </summary>
internal static class NetworksBenchmark
{
    private static readonly string[] Names = ["cnn", "lstm", "gru", "mlp"];

    public static async Task RunAsync(string[] args)
    {
        var seconds = args.Length > 0 ? args[0] : "3";
        if (args.Length > 1 && Names.Contains(args[1]))
        {
            Measure(args[1], double.Parse(seconds, CultureInfo.InvariantCulture));
            return;
        }

        Console.WriteLine("library  network  examples/CPU-s  peak MiB");
        var script = Path.Combine(AppContext.BaseDirectory, "python", "networks_speed.py");
        foreach (var name in Names)
        {
            await RunProcessAsync(Environment.ProcessPath!, Program(["networks", seconds, name]));
            if (!args.Contains("hone"))
            {
                await RunProcessAsync("/usr/bin/python3", [script, seconds, name]);
            }
        }
    }

    // Under "dotnet run" the process is dotnet itself or the program's own host.
    private static string[] Program(string[] args) => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
        ? [typeof(NetworksBenchmark).Assembly.Location, .. args]
        : args;

    private static async Task RunProcessAsync(string program, string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
    }

    private static void Measure(string name, double seconds)
    {
        var description = Describe(name);
        var batch = name is "cnn" or "mlp" ? 64 : 32;
        var trainer = new NetworkTrainer<float>(
            new Network<float>(description, new SeededRandom(1)), Random(64 * batch, description.Input.Count),
            new SgdOptions
            {
                Loss = TrainingLoss.CrossEntropy,
                BatchSize = batch,
                Optimizer = Optimizer.Adam,
                LearningRate = 0.001,
                Penalty = Penalty.None,
            });
        Run(trainer, seconds);
        var before = Environment.CpuUsage.TotalTime;
        var steps = Run(trainer, seconds);
        var rate = steps * batch / (Environment.CpuUsage.TotalTime - before).TotalSeconds;
        using var self = Process.GetCurrentProcess();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{"Hone",-8} {name,-8} {rate,14:n0} {self.PeakWorkingSet64 / 1048576.0,9:n0}"));
    }

    private static long Run(NetworkTrainer<float> trainer, double seconds)
    {
        var end = Environment.CpuUsage.TotalTime + TimeSpan.FromSeconds(seconds);
        var steps = 0L;
        do
        {
            trainer.Step();
            steps++;
        }
        while (Environment.CpuUsage.TotalTime < end);
        return steps;
    }

    private static NetworkDescription Describe(string name) => name switch
    {
        "cnn" => new()
        {
            Input = new TensorShape(28, 28, 1),
            Layers =
            [
                new ConvolutionDescription { Name = "conv1", Filters = 32, Activation = Activation.Relu },
                new MaxPoolDescription { Name = "pool1" },
                new ConvolutionDescription { Name = "conv2", Filters = 64, Activation = Activation.Relu },
                new MaxPoolDescription { Name = "pool2" },
                new FlattenDescription { Name = "flatten" },
                new DenseDescription { Name = "dense", Units = 128, Activation = Activation.Relu },
                new DenseDescription { Name = "output", Units = 10 },
            ],
        },
        "mlp" => new()
        {
            Input = new TensorShape(784),
            Layers =
            [
                new DenseDescription { Name = "dense", Units = 128, Activation = Activation.Relu },
                new DenseDescription { Name = "output", Units = 10 },
            ],
        },
        _ => new()
        {
            Input = new TensorShape(60, 10),
            Layers =
            [
                name == "lstm" ? new LstmDescription { Name = "recurrent", Units = 50 } : new GruDescription { Name = "recurrent", Units = 50 },
                new DenseDescription { Name = "output", Units = 10 },
            ],
        },
    };

    private static Examples<float> Random(int rows, int features)
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
            label = random.Next(10);
        }

        return new Examples<float>(
            new Matrix<float>(rows, features, values), Array.ConvertAll(labels, label => (float)label), labels, 10);
    }
}
