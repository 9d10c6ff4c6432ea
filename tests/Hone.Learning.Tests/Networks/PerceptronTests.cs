using Hone.Learning.Data;
using Hone.Learning.Descent;
using Hone.Learning.Networks;

namespace Hone.Learning.Tests.Networks;

public sealed class PerceptronTests
{
    [Theory]
    [InlineData(TrainingLoss.Squared, 0, Activation.Tanh)]
    [InlineData(TrainingLoss.Huber, 0, Activation.Relu)]
    [InlineData(TrainingLoss.Log, 2, Activation.Tanh)]
    [InlineData(TrainingLoss.CrossEntropy, 5, Activation.Relu)]
    [InlineData(TrainingLoss.CauchySchwarz, 3, Activation.Tanh)]
    [InlineData(TrainingLoss.SquaredHinge, 3, Activation.Relu)]
    public void A_step_moves_by_the_rate_times_the_numerical_gradient(TrainingLoss loss, int classes, Activation activation)
    {
        const double Rate = 1e-3;
        const double H = 1e-6;
        for (var seed = 1UL; seed <= 5; seed++)
        {
            var examples = Some.Examples(23, 6, classes, seed);
            var start = Network(examples, loss, activation, seed);
            var stepped = Network(examples, loss, activation, seed);
            new PerceptronTrainer<double>(
                stepped, examples, new SgdOptions { Loss = loss, BatchSize = 23, LearningRate = Rate, Penalty = Penalty.None }).Step();
            for (var l = 0; l < start.Layers.Length; l++)
            {
                Check(start.Layers[l].Weights, stepped.Layers[l].Weights, l);
                Check(start.Layers[l].Bias, stepped.Layers[l].Bias, l);
            }

            void Check(double[] parameters, double[] moved, int layer)
            {
                for (var i = 0; i < parameters.Length; i++)
                {
                    var value = parameters[i];
                    if (moved[i] == value)
                    {
                        // Padding, or a unit that is off for all rows.
                        continue;
                    }

                    parameters[i] = value + H;
                    var above = start.Evaluate(examples, loss).Loss;
                    parameters[i] = value - H;
                    var below = start.Evaluate(examples, loss).Loss;
                    parameters[i] = value;
                    var (gradient, move) = ((above - below) / (2 * H), (value - moved[i]) / Rate);
                    Assert.True(Math.Abs(gradient - move) < 2e-6, $"seed {seed}, layer {layer}, {i}: gradient {gradient}, moved {move}");
                }
            }
        }
    }

    [Theory]
    [InlineData(Optimizer.Sgd)]
    [InlineData(Optimizer.Nesterov)]
    [InlineData(Optimizer.AdamW)]
    public void Blocks_of_a_large_batch_make_one_step_of_it(Optimizer optimizer)
    {
        // 300 rows go through in three blocks. The same rows four times over, in ten, have the same mean gradient.
        var examples = Some.Examples(300, 5, 3);
        var repeated = new Examples<double>(
            new Matrix<double>(1200, 5, [.. Enumerable.Repeat(examples.Features.Values, 4).SelectMany(v => v)]),
            [.. Enumerable.Repeat(examples.Targets, 4).SelectMany(v => v)],
            [.. Enumerable.Repeat(examples.Labels, 4).SelectMany(v => v)], 3);
        Perceptron<double> After(Examples<double> rows)
        {
            var model = Network(examples, TrainingLoss.CrossEntropy, Activation.Tanh, 1);
            var trainer = new PerceptronTrainer<double>(
                model, rows, new SgdOptions { Loss = TrainingLoss.CrossEntropy, BatchSize = 5000, Optimizer = optimizer, Alpha = 0.01 });
            for (var step = 0; step < 5; step++)
            {
                trainer.Step();
            }

            return model;
        }

        var (one, other) = (After(examples), After(repeated));

        for (var l = 0; l < one.Layers.Length; l++)
        {
            Assert.All(one.Layers[l].Weights.Zip(other.Layers[l].Weights), pair => Assert.Equal(pair.First, pair.Second, 1e-10));
        }
    }

    [Theory]
    [InlineData(Optimizer.Sgd, 0.5)]
    [InlineData(Optimizer.Momentum, 0.1)]
    [InlineData(Optimizer.Nesterov, 0.1)]
    [InlineData(Optimizer.Adam, 0.02)]
    [InlineData(Optimizer.AdamW, 0.02)]
    public void Learns_exclusive_or_which_no_linear_model_can(Optimizer optimizer, double rate)
    {
        var examples = new Examples<double>(new Matrix<double>(4, 2, [-1, -1, -1, 1, 1, -1, 1, 1]), [0, 1, 1, 0], [0, 1, 1, 0], 2);
        var model = new Perceptron<double>(2, [8], 1, Activation.Tanh, new SeededRandom(3));
        var trainer = new PerceptronTrainer<double>(
            model, examples, new SgdOptions { Loss = TrainingLoss.Log, BatchSize = 4, LearningRate = rate, Optimizer = optimizer });

        for (var step = 0; step < 500; step++)
        {
            trainer.Step();
        }

        Assert.Equal(1, model.Evaluate(examples, TrainingLoss.Log).Accuracy);
    }

    [Fact]
    public void Float_and_double_learn_the_same_but_for_rounding()
    {
        var examples = Some.Examples(200, 9, 3);
        var singles = new Examples<float>(
            new Matrix<float>(200, 9, Array.ConvertAll(examples.Features.Values, v => (float)v)),
            Array.ConvertAll(examples.Targets, v => (float)v), examples.Labels, 3);
        var options = new SgdOptions { Loss = TrainingLoss.CrossEntropy, LearningRate = 0.1, BatchSize = 19 };
        var one = new Perceptron<double>(9, [20, 10], 3, Activation.Relu, new SeededRandom(2));
        var other = new Perceptron<float>(9, [20, 10], 3, Activation.Relu, new SeededRandom(2));
        var (trainer, single) = (new PerceptronTrainer<double>(one, examples, options), new PerceptronTrainer<float>(other, singles, options));

        for (var step = 0; step < 40; step++)
        {
            Assert.Equal(trainer.Step(), single.Step(), 1e-4);
        }

        Assert.Equal(one.Evaluate(examples, options.Loss).Loss, other.Evaluate(singles, options.Loss).Loss, 1e-4);
    }

    [Theory]
    [InlineData(Optimizer.Sgd)]
    [InlineData(Optimizer.AdamW)]
    public void A_step_and_an_evaluation_allocate_nothing(Optimizer optimizer)
    {
        var examples = Some.Examples(300, 20, 3);
        var model = Network(examples, TrainingLoss.CrossEntropy, Activation.Tanh, 1);
        var trainer = new PerceptronTrainer<double>(
            model, examples, new SgdOptions { Loss = TrainingLoss.CrossEntropy, BatchSize = 40, Optimizer = optimizer });
        trainer.Step();
        model.Evaluate(examples, TrainingLoss.CrossEntropy);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var step = 0; step < 20; step++)
        {
            trainer.Step();
        }

        model.Evaluate(examples, TrainingLoss.CrossEntropy);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Refuses_shapes_that_cannot_be()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Perceptron<float>(2, [], 1, Activation.Relu, new SeededRandom(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Perceptron<float>(2, [3, 0], 1, Activation.Relu, new SeededRandom(1)));
        var model = new Perceptron<double>(4, [3], 2, Activation.Relu, new SeededRandom(1));
        var exception = Assert.Throws<ArgumentException>(() => new PerceptronTrainer<double>(
            model, Some.Examples(9, 5, 3), new SgdOptions { Loss = TrainingLoss.CrossEntropy }));
        Assert.StartsWith("A model of 5 features and 3 outputs is needed, not 4 and 2.", exception.Message, StringComparison.Ordinal);
    }

    private static Perceptron<double> Network(Examples<double> examples, TrainingLoss loss, Activation activation, ulong seed)
    {
        var random = new SeededRandom(seed);
        var model = new Perceptron<double>(examples.Features.Columns, [7, 4], loss.OutputsFor(examples.Classes), activation, random);
        foreach (var layer in model.Layers)
        {
            for (var k = 0; k < layer.Outputs; k++)
            {
                // Otherwise a unit whose inputs are all off would stand at the kink of ReLU, where there is no gradient.
                layer.Bias[k] = random.NextNormal() / 5;
            }
        }

        return model;
    }
}
