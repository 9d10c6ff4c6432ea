using Hone.Learning.Data;
using Hone.Learning.Descent;
using Hone.Learning.Networks;
using Hone.Space;
using Hone.Trials;
using Hone.Workers.Threads;

namespace Hone.Benchmarks;

/// <summary>
/// The CNN of Maggy's example on Fashion-MNIST, small: two convolutions without borders, a pool, dropout, a dense layer, dropout, the output;
/// kernel, pool and dropout are searched over the ranges of that example (logicalclocks/hops-examples, maggy-fashion-mnist-example.ipynb).
/// </summary>
internal sealed class FashionTrials
{
    public const string Accuracy = "validation_accuracy";
    public const string TestAccuracy = "test_accuracy";
    public const int Reports = 20;
    private const int Validated = 500;
    private const int Tested = 1000;
    private const int BatchSize = 64;

    private readonly Examples<float> _training;
    private readonly Examples<float> _validation;
    private readonly Examples<float> _test;
    private readonly int _steps;

    /// <param name="rows">Images to learn from.</param>
    /// <param name="epochs">How often.</param>
    public FashionTrials(int rows, double epochs)
    {
        var data = DataSource.Load<float>("fashion_mnist");
        var order = Split.HoldOut(data.Features.Rows, 0.5).Training.AsSpan(0, rows + Validated + Tested);
        var training = order[..rows];
        var scaler = Standardizer.Fit(data.Features, training);
        _training = data.Select(training, scaler, asClasses: true);
        _validation = data.Select(order.Slice(rows, Validated), scaler, asClasses: true);
        _test = data.Select(order[(rows + Validated)..], scaler, asClasses: true);
        _steps = Math.Max(Reports, (int)(epochs * rows / BatchSize));
    }

    public static SearchSpace Space { get; } = new(
        [new IntParameter("kernel", 2, 8), new IntParameter("pool", 2, 8), new FloatParameter("dropout", 0.01, 0.99)]);

    /// <summary>Trains one, and reports its validation accuracy twenty times; at the end its test accuracy too.</summary>
    public void Train(TrialContext trial, CancellationToken stop)
    {
        var configuration = trial.Configuration;
        var network = new Network<float>(
            Describe((int)configuration["kernel"].Number, (int)configuration["pool"].Number, configuration["dropout"].Number), trial.CreateRandom());
        var trainer = new NetworkTrainer<float>(network, _training, new SgdOptions
        {
            Loss = TrainingLoss.CrossEntropy,
            BatchSize = BatchSize,
            Optimizer = Optimizer.Adam,
            LearningRate = 0.002,
            Penalty = Penalty.None,
            ShuffleSeed = (ulong)trial.Seed,
        });
        for (var report = 1; report <= Reports; report++)
        {
            var end = (long)_steps * report / Reports;
            while (trainer.Steps < end)
            {
                trainer.Step();
            }

            var accuracy = new MetricValue(Accuracy, Score(network, _validation));
            if (report < Reports)
            {
                trial.Report(report, accuracy);
            }
            else
            {
                trial.Report(report, accuracy, new MetricValue(TestAccuracy, Score(network, _test)));
            }
        }
    }

    private static double Score(Network<float> network, Examples<float> examples) => network.Evaluate(examples, TrainingLoss.CrossEntropy).Accuracy!.Value;

    private static NetworkDescription Describe(int kernel, int pool, double dropout) => new()
    {
        Input = new TensorShape(28, 28, 1),
        Layers =
        [
            new ConvolutionDescription { Name = "conv1", Filters = 8, Size = kernel, Border = Border.Valid, Activation = Activation.Relu },
            new ConvolutionDescription { Name = "conv2", Filters = 16, Size = kernel, Border = Border.Valid, Activation = Activation.Relu },
            new MaxPoolDescription { Name = "pool", Size = pool },
            new DropoutDescription { Name = "dropout1", Rate = dropout },
            new FlattenDescription { Name = "flatten" },
            new DenseDescription { Name = "dense", Units = 64, Activation = Activation.Relu },
            new DropoutDescription { Name = "dropout2", Rate = dropout },
            new DenseDescription { Name = "output", Units = 10 },
        ],
    };
}
