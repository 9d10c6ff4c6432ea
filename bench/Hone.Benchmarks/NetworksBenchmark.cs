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
/// <c>fashion</c> trains a CNN on the 60,000 images of Fashion-MNIST instead, for 10 epochs, and tests it on its other 10,000.
/// </summary>
internal static class NetworksBenchmark
{
    // The last is the perceptron that is no network, beside the network of the same layers.
    private static readonly string[] Names = ["cnn", "lstm", "gru", "mlp", "perceptron"];

    public static async Task RunAsync(string[] args)
    {
        if (args.Contains("fashion"))
        {
            FashionMnist();
            return;
        }

        var seconds = args.Length > 0 ? args[0] : "3";
        if (args.Length > 1 && Names.Contains(args[1]))
        {
            Measure(args[1], double.Parse(seconds, CultureInfo.InvariantCulture));
            return;
        }

        Console.WriteLine("library  network    examples/CPU-s  peak MiB");
        var script = Path.Combine(AppContext.BaseDirectory, "python", "networks_speed.py");
        foreach (var name in Names)
        {
            await RunProcessAsync(Environment.ProcessPath!, Program(["networks", seconds, name]));
            if (!args.Contains("hone") && name != "perceptron")
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
        var batch = name is "lstm" or "gru" ? 32 : 64;
        var options = Options(batch);
        ITrainer trainer;
        if (name == "perceptron")
        {
            trainer = new PerceptronTrainer<float>(
                new Perceptron<float>(784, [128], 10, Activation.Relu, new SeededRandom(1)), Random(64 * batch, 784), options);
        }
        else
        {
            var network = new Network<float>(Describe(name), new SeededRandom(1));
            trainer = new NetworkTrainer<float>(network, Random(64 * batch, network.Features), options);
        }

        Run(trainer, seconds);
        var before = Environment.CpuUsage.TotalTime;
        var steps = Run(trainer, seconds);
        var rate = steps * batch / (Environment.CpuUsage.TotalTime - before).TotalSeconds;
        using var self = Process.GetCurrentProcess();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{"Hone",-8} {name,-10} {rate,12:n0} {self.PeakWorkingSet64 / 1048576.0,9:n0}"));
    }

    private static long Run(ITrainer trainer, double seconds)
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

    private static void FashionMnist()
    {
        var data = DataSource.Load<float>("fashion_mnist");
        Examples<float> Part(int first, int count)
        {
            var values = data.Features.Values.AsSpan(first * 784, count * 784).ToArray();
            var labels = Enumerable.Range(first, count).Select(row => (int)data.Targets[row]).ToArray();
            return new Examples<float>(new Matrix<float>(count, 784, values), Array.ConvertAll(labels, label => (float)label), labels, 10);
        }

        var (training, test) = (Part(0, 60_000), Part(60_000, 10_000));
        var network = new Network<float>(
            Describe("cnn") with { Layers = [.. Describe("cnn").Layers.SkipLast(1), new DropoutDescription { Name = "dropout" }, .. Describe("cnn").Layers.TakeLast(1)] },
            new SeededRandom(1));
        const int Epochs = 10;
        var steps = (training.Count + 63) / 64;
        var options = Options(64) with { Schedule = Schedule.Cosine, ScheduleSteps = Epochs * steps };
        var trainer = new NetworkTrainer<float>(network, training, options);
        var clock = Clock.Start();
        for (var epoch = 1; epoch <= Epochs; epoch++)
        {
            var loss = 0.0;
            for (var step = 0; step < steps; step++)
            {
                loss += trainer.Step();
            }

            var tested = network.Evaluate(test, TrainingLoss.CrossEntropy);
            var (seconds, cpu) = clock.Stop();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"epoch {epoch,2}: training loss {loss / steps:n4}, test loss {tested.Loss:n4}, test accuracy {tested.Accuracy:n4}, {cpu:n0} CPU-s, {seconds:n0} s"));
        }
    }

    private static SgdOptions Options(int batch) => new()
    {
        Loss = TrainingLoss.CrossEntropy,
        BatchSize = batch,
        Optimizer = Optimizer.Adam,
        LearningRate = 0.001,
        Penalty = Penalty.None,
    };

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
