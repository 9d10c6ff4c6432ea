using Hone.Learning.Data;
using Hone.Learning.Descent;
using Hone.Learning.Networks;

namespace Hone.Learning.Tests.Networks;

public sealed class NetworkTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hone-network").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Equal_seeds_give_equal_networks_and_equal_trainings()
    {
        Assert.Equal(Trained(1), Trained(1));
        Assert.NotEqual(Trained(1), Trained(2));
    }

    [Fact]
    public void Outputs_do_not_depend_on_how_many_rows_go_through_at_once()
    {
        foreach (var description in new[] { SomeNetwork.Cnn(), SomeNetwork.Recurrent() })
        {
            var network = new Network<float>(description, new SeededRandom(1));
            var rows = Rows(network.Features, 131);
            var (together, alone) = (new float[131 * network.Outputs], new float[network.Outputs]);
            network.Compute(rows, together);
            for (var row = 0; row < 131; row += 13)
            {
                network.Compute(new Matrix<float>(1, network.Features, rows.Row(row).ToArray()), alone);

                Assert.Equal(together.AsSpan(row * network.Outputs, network.Outputs).ToArray(), alone);
            }
        }
    }

    [Fact]
    public void Learns_what_can_be_learned()
    {
        var examples = Examples(300);
        var network = new Network<float>(SomeNetwork.Cnn().Without("dropout"), new SeededRandom(1));
        var before = network.Evaluate(examples, TrainingLoss.CrossEntropy);
        var trainer = new NetworkTrainer<float>(network, examples, Options(0.01) with { BatchSize = 50 });
        for (var step = 0; step < 120; step++)
        {
            trainer.Step();
        }

        var after = network.Evaluate(examples, TrainingLoss.CrossEntropy);
        Assert.True(after.Loss < before.Loss / 4, $"{before.Loss} became {after.Loss}");
        Assert.InRange(after.Accuracy!.Value, 0.9, 1);
    }

    [Fact]
    public void A_step_allocates_nothing()
    {
        var network = new Network<float>(SomeNetwork.Cnn(), new SeededRandom(1));
        var trainer = new NetworkTrainer<float>(network, Examples(60), Options(0.01) with { BatchSize = 20 }, largestNorm: 0.5);
        // The runtime may allocate while it compiles.
        for (var step = 0; step < 40; step++)
        {
            trainer.Step();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var step = 0; step < 6; step++)
        {
            trainer.Step();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_gradient_that_is_too_long_is_scaled_down_to_the_largest_norm()
    {
        const double Norm = 0.01;
        var start = new Network<float>(SomeNetwork.Recurrent().Without("dropout"), new SeededRandom(1));
        var moved = new Network<float>(start.Description, new SeededRandom(1));
        new NetworkTrainer<float>(
            moved, Examples(20, 15), Options(1) with { BatchSize = 20, Optimizer = Optimizer.Sgd }, Norm).Step();

        var squares = start.Parameters.Zip(moved.Parameters, (a, b) => a.Parameter.Export().Zip(b.Parameter.Export(), (x, y) => Math.Pow(x - y, 2)).Sum());
        Assert.Equal(Norm, Math.Sqrt(squares.Sum()), 1e-6);
    }

    [Fact]
    public void Dropout_keeps_the_expectation_and_the_share_in_training_and_does_nothing_else()
    {
        foreach (var rate in (double[])[0, 0.25, 0.5, 0.9])
        {
            var network = new Network<double>(
                SomeNetwork.Of([1000], new DropoutDescription { Name = "dropout", Rate = rate }), new SeededRandom(1));
            var (inputs, outputs) = (Enumerable.Repeat(1.0, 50_000).ToArray(), new double[50_000]);

            network.Forward(inputs, outputs, 50, isTraining: true);
            // Six standard deviations of the mean of 50,000 draws.
            var tolerance = 6 * Math.Sqrt(rate / (1 - rate) / 50_000);
            Assert.Equal(1, outputs.Average(), tolerance + 1e-12);
            Assert.All(outputs, value => Assert.True(value == 0 || Math.Abs(value - (1 / (1 - rate))) < 1e-12));

            network.Forward(inputs, outputs, 50, isTraining: false);
            Assert.Equal(inputs, outputs);
        }
    }

    [Fact]
    public void Saved_and_loaded_a_network_computes_the_same()
    {
        foreach (var description in new[] { SomeNetwork.Cnn(), SomeNetwork.Recurrent() })
        {
            var network = new Network<float>(description, new SeededRandom(1));
            var trainer = new NetworkTrainer<float>(network, Examples(20, network.Features), Options(0.01) with { BatchSize = 20 });
            trainer.Step();
            var path = Path.Combine(_folder, "network.json");
            NetworkFile.Of(network).Save(path);

            var loaded = NetworkFile.Load(path);

            Assert.Equal(Outputs(network), Outputs(loaded));
            Assert.Equal(network.Description.Shapes(), loaded.Description.Shapes());
        }
    }

    [Theory]
    [InlineData("\"units\": 9", "\"units\": 900000", "the layers take")]
    [InlineData("\"format\": \"hone-network\"", "\"format\": \"other\"", "not of format hone-network")]
    [InlineData("\"conv1.bias\"", "\"conv1.weights\"", "the parameters are not those of the layers")]
    [InlineData("\"kind\": \"flatten\"", "\"kind\": \"System.Diagnostics.Process\"", "is not a network that Hone saved")]
    [InlineData("\"parameters\": [", "\"parameters\": [ null,", "not of format")]
    [InlineData("\"kind\": \"flatten\"", "\"kind\": \"lstm\", \"units\": 3", "Layer 'flatten' (lstm)")]
    [InlineData("{", "[", "is not a network that Hone saved")]
    public void Refuses_a_damaged_file(string part, string replacement, string message)
    {
        var path = Path.Combine(_folder, "network.json");
        NetworkFile.Of(new Network<float>(SomeNetwork.Cnn(), new SeededRandom(1))).Save(path);
        var text = File.ReadAllText(path);
        Assert.Contains(part, text, StringComparison.Ordinal);
        var at = text.IndexOf(part, StringComparison.Ordinal);
        File.WriteAllText(path, text[..at] + replacement + text[(at + part.Length)..]);

        Assert.Contains(message, Assert.Throws<DataException>(() => NetworkFile.Load(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Says_what_the_data_need()
    {
        var network = new Network<float>(SomeNetwork.Cnn(), new SeededRandom(1));

        Assert.Equal(
            "The network's input 8 x 8 x 1 takes 64 numbers, and the data have 15 features. Change input.",
            Assert.Throws<NetworkException>(() => new NetworkTrainer<float>(network, Examples(9, 15), Options(1))).Message);
        Assert.Equal(
            "Layer 'output' is the last and gives 3, and the loss Squared of numbers needs 1. Change the layer.",
            Assert.Throws<NetworkException>(() => new NetworkTrainer<float>(
                network, new Examples<float>(Rows(64, 9), new float[9], [], 0), Options(1) with { Loss = TrainingLoss.Squared })).Message);
    }

    [Fact]
    public void Says_that_a_batch_does_not_fit_into_memory()
    {
        var description = SomeNetwork.Of([10_000, 10_000, 1], new FlattenDescription { Name = "flatten" }, new LayerNormDescription { Name = "norm" });

        Assert.Equal(
            "64 examples at once do not fit into memory. Make the batch, the input or the layers smaller.",
            Assert.Throws<NetworkException>(() => new Network<float>(description, new SeededRandom(1))).Message);
    }

    [Fact]
    public void A_code_beyond_the_vocabulary_is_told()
    {
        var network = new Network<float>(
            SomeNetwork.Of([2], new EmbeddingDescription { Name = "words", Vocabulary = 5, Features = 2 }), new SeededRandom(1));

        foreach (var code in (float[])[5, -1, 0.5f, float.NaN])
        {
            var message = Assert.Throws<NetworkException>(() => network.Compute(new Matrix<float>(1, 2, [0, code]), new float[4])).Message;
            Assert.StartsWith("Layer 'words': ", message, StringComparison.Ordinal);
        }
    }

    private static SgdOptions Options(double rate) => new()
    {
        Loss = TrainingLoss.CrossEntropy,
        LearningRate = rate,
        Optimizer = Optimizer.Adam,
        Penalty = Penalty.None,
    };

    private static float[] Trained(ulong seed)
    {
        var network = new Network<float>(SomeNetwork.Cnn(), new SeededRandom(seed));
        var trainer = new NetworkTrainer<float>(network, Examples(40), Options(0.01) with { BatchSize = 16 });
        for (var step = 0; step < 5; step++)
        {
            trainer.Step();
        }

        return [.. network.Parameters.SelectMany(named => named.Parameter.Export())];
    }

    private static float[] Outputs(Network<float> network)
    {
        var outputs = new float[10 * network.Outputs];
        network.Compute(Rows(network.Features, 10), outputs);
        return outputs;
    }

    // Three classes, told by where the row is bright.
    private static Examples<float> Examples(int count, int features = 64)
    {
        var rows = Rows(features, count);
        var labels = new int[count];
        for (var i = 0; i < count; i++)
        {
            labels[i] = i % 3;
            for (var j = 0; j < features / 3; j++)
            {
                rows.Values[(i * features) + (labels[i] * features / 3) + j] += 1;
            }
        }

        return new Examples<float>(rows, Array.ConvertAll(labels, label => (float)label), labels, 3);
    }

    private static Matrix<float> Rows(int features, int count)
    {
        var random = new SeededRandom(7);
        return new Matrix<float>(count, features, [.. Enumerable.Range(0, features * count).Select(_ => random.NextSingle())]);
    }
}
