using System.Globalization;
using System.Text.Json;
using Hone.Learning.Data;
using Hone.Learning.Descent;
using Hone.Learning.Networks;
using Hone.Learning.Training;

namespace Hone.Learning.Tests.Training;

public sealed class NetworkTrainingTests : IDisposable
{
    private static readonly NetworkDescription Network = new()
    {
        Input = new TensorShape(8),
        Layers =
        [
            new DenseDescription { Name = "hidden", Units = 12, Activation = Activation.Tanh },
            new DropoutDescription { Name = "dropout", Rate = 0.1 },
            new ResidualDescription { Name = "skip", Layers = [new DenseDescription { Name = "inner", Units = 12, Activation = Activation.Relu }] },
            new DenseDescription { Name = "output", Units = 2 },
        ],
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("hone-network").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Learns_and_predicts_from_its_file_what_the_training_reported()
    {
        var path = Path.Combine(_folder, "model.json");
        var accuracy = Accuracy(Run($"steps=300 optimizer=adam save={path}"));

        var predicted = Predict(SavedModel.Load(path));

        var table = DataSource.Load<double>("diabetes");
        var rows = Split.HoldOut(768).Validation;
        var right = rows.Count(row => predicted[row] == table.Targets[row].ToString(CultureInfo.InvariantCulture));
        Assert.Equal(accuracy, (double)right / rows.Length, 1e-12);
        Assert.InRange(accuracy, 0.7, 1);
    }

    [Fact]
    public void The_same_seed_trains_the_same_network() =>
        Assert.Equal(Run("steps=30 seed=3"), Run("steps=30 seed=3"));

    [Fact]
    public void Trains_without_the_layers_that_are_left_out()
    {
        Assert.NotEqual(Run("steps=30"), Run("steps=30 without=skip"));
        Assert.Equal(
            "--model: the network: 'output' is the last layer of the network, which cannot be taken out. Name others.",
            Assert.Throws<TrainOptionsException>(() => Run("steps=30 without=skip,output")).Message);
    }

    [Fact]
    public void Images_can_be_moved_and_mirrored_in_training()
    {
        var image = Network with { Input = new TensorShape(2, 4, 1), Layers = [new FlattenDescription { Name = "flatten" }, .. Network.Layers] };

        Assert.NotEqual(Run("steps=30", image), Run("steps=30 augment=both", image));
        Assert.Equal(Run("steps=30 augment=both", image), Run("steps=30 augment=both", image));
        Assert.StartsWith(
            "--model: the network: Only images can be moved or mirrored, and the network's input is 8.",
            Assert.Throws<TrainOptionsException>(() => Run("steps=30 augment=shift")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_that_takes_any_features_goes_with_those_that_are_left()
    {
        var any = Network with { Input = new TensorShape(1), TakesAnyFeatures = true };

        Assert.Equal(Run("steps=30"), Run("steps=30", any));
        Assert.NotEqual(Run("steps=30"), Run("steps=30 ignore=age,mass", any));
        Assert.StartsWith(
            "--model: the network: The network's input 8 takes 8 numbers, and the data have 6 features.",
            Assert.Throws<TrainOptionsException>(() => Run("steps=30 ignore=age,mass")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Trains_a_network_of_numbers_with_a_clipped_gradient()
    {
        var numbers = Network with
        {
            Input = new TensorShape(4),
            Layers = [.. Network.Layers.SkipLast(1), new DenseDescription { Name = "output", Units = 1 }],
        };

        var report = JsonDocument.Parse(Run("data=pollen steps=400 optimizer=adam clip_norm=1", numbers).Split('\n')[^2]).RootElement;

        Assert.InRange(report.GetProperty("validation_rmse").GetDouble(), 1.3, 2.2);
    }

    [Fact]
    public void Weights_that_were_kept_come_back_with_what_layers_remember()
    {
        var description = Network with { Layers = [Network.Layers[0], new BatchNormDescription { Name = "norm" }, .. Network.Layers.Skip(1)] };
        var network = new Network<float>(description, new SeededRandom(1));
        var random = new SeededRandom(2);
        var labels = Enumerable.Range(0, 40).Select(i => i % 2).ToArray();
        var features = new Matrix<float>(40, 8, [.. Enumerable.Range(0, 320).Select(_ => random.NextSingle())]);
        var examples = new Examples<float>(features, Array.ConvertAll(labels, label => (float)label), labels, 2);
        float[] Outputs()
        {
            var outputs = new float[80];
            network.Compute(features, outputs);
            return outputs;
        }

        var kept = new KeptWeights(network);
        kept.Take();
        var before = Outputs();
        new NetworkTrainer<float>(network, examples, new SgdOptions { Loss = TrainingLoss.CrossEntropy }).Step();
        Assert.NotEqual(before, Outputs());
        kept.Restore();

        Assert.Equal(before, Outputs());
    }

    [Fact]
    public void Stops_early_and_cross_validates_as_the_other_learners_do()
    {
        Assert.Contains("validation_accuracy", Run("steps=300 early_stopping=gl early_stopping_at=1 report_every=10 learning_rate=0.3"), StringComparison.Ordinal);
        Assert.Contains("fold_3/validation_accuracy", Run("steps=20 folds=3"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("learner=network", "--model: is needed with --learner network: the file that describes its layers.")]
    [InlineData("learner=svm model=x.yaml", "--model, --without, --clip-norm and --augment go with --learner network, not svm.")]
    public void Says_which_options_do_not_go_together(string settings, string message) =>
        Assert.Equal(message, Assert.Throws<TrainOptionsException>(() => TrainSettings.Parse(Settings($"{settings} data=diabetes"))).Message);

    [Theory]
    [InlineData("data=pollen", "--model: the network: The network's input 8 takes 8 numbers, and the data have 4 features. Change input.")]
    [InlineData("loss=log", "--model: the network: Layer 'output' is the last and gives 2, and the loss Log of 2 classes needs 1. Change the layer.")]
    public void Says_what_does_not_go_with_the_data(string settings, string message) =>
        Assert.Equal(message, Assert.Throws<TrainOptionsException>(() => Run(settings)).Message);

    private static double Accuracy(string output) =>
        JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]).RootElement.GetProperty("validation_accuracy").GetDouble();

    private static string[] Predict(SavedModel model)
    {
        var output = new StringWriter();
        model.Predict("diabetes", output);
        return [.. output.ToString().TrimEnd().Split('\n')[1..].Select(line => line.Split('\t')[0])];
    }

    private static string Run(string settings, NetworkDescription? network = null)
    {
        var output = new StringWriter();
        var values = Settings(settings.Contains("data=", StringComparison.Ordinal) ? settings : "data=diabetes " + settings);
        values["learner"] = "network";
        values["model"] = "the network";
        TrainingRun.Run(TrainSettings.Parse(values) with { Network = network ?? Network }, output);
        return output.ToString();
    }

    private static Dictionary<string, string> Settings(string settings) =>
        settings.Split(' ').Select(s => s.Split('=')).ToDictionary(s => s[0], s => s[1]);
}
