using Hone.Learning.Data;
using Hone.Learning.Descent;
using Hone.Learning.Linear;

namespace Hone.Learning.Tests.Linear;

public sealed class SgdTrainerTests
{
    [Fact]
    public void The_same_seed_gives_the_same_weights_and_another_seed_others()
    {
        Assert.Equal(Train(seed: 1).Weights, Train(seed: 1).Weights);
        Assert.NotEqual(Train(seed: 1).Weights, Train(seed: 2).Weights);

        static LinearModel<double> Train(ulong seed) => Trained(Some.Examples(50, 4, 3), TrainingLoss.CrossEntropy, 20, seed);
    }

    [Fact]
    public void An_epoch_sees_every_row_once_and_ends_with_a_smaller_batch()
    {
        // The features are 0 and the rate 1: with per-row updates each slope is its row's error, so that losses name the rows.
        var examples = new Examples<double>(new Matrix<double>(7, 1, new double[7]), [1, 2, 4, 8, 16, 32, 64], [], 0);
        var model = new LinearModel<double>(1, 1);
        var trainer = new SgdTrainer<double>(
            model, examples, new SgdOptions { Loss = TrainingLoss.Squared, BatchSize = 3, LearningRate = 1e-12, Penalty = Penalty.None });
        double[] halfSquares = [.. examples.Targets.Select(target => target * target / 2)];

        for (var epoch = 0; epoch < 3; epoch++)
        {
            var sum = (3 * trainer.Step()) + (3 * trainer.Step()) + trainer.Step();
            Assert.Equal(halfSquares.Sum(), sum, 1e-6);
        }

        Assert.Equal(9, trainer.Steps);
    }

    [Theory]
    [InlineData(TrainingLoss.Log)]
    [InlineData(TrainingLoss.CrossEntropy)]
    [InlineData(TrainingLoss.Hinge)]
    [InlineData(TrainingLoss.SquaredHinge)]
    public void Renaming_the_classes_renames_the_outputs_and_nothing_else(TrainingLoss loss)
    {
        int[] renamed = [2, 0, 3, 1];
        var examples = Some.Examples(60, 4, 4);
        var other = new Examples<double>(
            examples.Features, examples.Targets, Array.ConvertAll(examples.Labels, label => renamed[label]), 4);

        var a = Trained(examples, loss, 30, 1);
        var b = Trained(other, loss, 30, 1);

        for (var k = 0; k < 4; k++)
        {
            Assert.Equal(a.Intercepts[k], b.Intercepts[renamed[k]], 1e-12);
            for (var j = 0; j < 4; j++)
            {
                Assert.Equal(a.Weights[(k * 4) + j], b.Weights[(renamed[k] * 4) + j], 1e-12);
            }
        }
    }

    [Fact]
    public void Swapping_two_classes_turns_the_one_output_round()
    {
        var examples = Some.Examples(60, 4, 2);
        var other = new Examples<double>(examples.Features, examples.Targets, Array.ConvertAll(examples.Labels, label => 1 - label), 2);

        var a = Trained(examples, TrainingLoss.Log, 30, 1);
        var b = Trained(other, TrainingLoss.Log, 30, 1);

        Assert.All(a.Weights.Zip(b.Weights), pair => Assert.Equal(pair.First, -pair.Second, 1e-12));
    }

    [Fact]
    public void Two_copies_of_every_row_in_a_full_batch_teach_what_one_does()
    {
        var examples = Some.Examples(30, 4, 2);
        var doubled = new Examples<double>(
            new Matrix<double>(60, 4, [.. examples.Features.Values, .. examples.Features.Values]),
            [.. examples.Targets, .. examples.Targets], [.. examples.Labels, .. examples.Labels], 2);

        var a = Trained(examples, TrainingLoss.Log, 20, 1, batch: 1000);
        var b = Trained(doubled, TrainingLoss.Log, 20, 1, batch: 1000);

        Assert.All(a.Weights.Zip(b.Weights), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
    }

    [Fact]
    public void The_size_of_the_batch_does_not_change_what_per_row_updates_learn()
    {
        var examples = Some.Examples(24, 4, 2);

        Assert.Equal(Epoch(1).Weights, Epoch(24).Weights);
        Assert.Equal(Epoch(1).Weights, Epoch(5).Weights);

        LinearModel<double> Epoch(int batch)
        {
            var model = new LinearModel<double>(examples, TrainingLoss.Log);
            var trainer = new SgdTrainer<double>(
                model, examples, new SgdOptions { Loss = TrainingLoss.Log, BatchSize = batch, Update = Update.PerRow, LearningRate = 0.1 });
            for (var row = 0; row < 24; row += batch)
            {
                trainer.Step();
            }

            return model;
        }
    }

    [Fact]
    public void A_rate_that_is_too_large_ends_in_losses_that_are_not_finite_and_not_in_an_exception()
    {
        var examples = Some.Examples(50, 4, 0);
        var model = new LinearModel<double>(examples, TrainingLoss.Squared);
        var trainer = new SgdTrainer<double>(model, examples, new SgdOptions { Loss = TrainingLoss.Squared, LearningRate = 1e6 });

        var last = 0.0;
        for (var step = 0; step < 1000; step++)
        {
            last = trainer.Step();
        }

        Assert.False(double.IsFinite(last));
        Assert.False(double.IsFinite(model.Evaluate(examples, TrainingLoss.Squared).Loss));
    }

    [Fact]
    public void A_step_allocates_nothing()
    {
        var examples = Some.Examples(100, 8, 3);
        var model = new LinearModel<double>(examples, TrainingLoss.CrossEntropy);
        var trainer = new SgdTrainer<double>(model, examples, new SgdOptions { Loss = TrainingLoss.CrossEntropy });
        trainer.Step();
        model.Evaluate(examples, TrainingLoss.CrossEntropy);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var step = 0; step < 100; step++)
        {
            trainer.Step();
        }

        model.Evaluate(examples, TrainingLoss.CrossEntropy);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Classifies_as_it_evaluates()
    {
        foreach (var (loss, classes) in ((TrainingLoss, int)[])[(TrainingLoss.Log, 2), (TrainingLoss.CrossEntropy, 5), (TrainingLoss.Hinge, 3)])
        {
            var examples = Some.Examples(600, 6, classes);
            var model = Trained(examples, loss, 200, 1);
            var predicted = new int[600];

            model.Classify(examples.Features, predicted);

            var accuracy = Learning.Scores.ClassificationScores.Accuracy(examples.Labels, predicted);
            Assert.Equal(accuracy, model.Evaluate(examples, loss).Accuracy);
            Assert.True(accuracy > 0.6, $"{loss} {classes}: {accuracy}");
        }
    }

    [Fact]
    public void Options_and_shapes_that_cannot_be_are_refused()
    {
        var numbers = Some.Examples(10, 2, 0);
        var classes = Some.Examples(10, 2, 3);
        var options = new SgdOptions { Loss = TrainingLoss.Squared };

        Assert.Throws<ArgumentException>(() => new LinearModel<double>(numbers, TrainingLoss.Hinge));
        Assert.Throws<ArgumentException>(() => new LinearModel<double>(classes, TrainingLoss.Squared));
        Assert.Throws<ArgumentException>(() => new SgdTrainer<double>(new LinearModel<double>(3, 1), numbers, options));
        foreach (var bad in (SgdOptions[])[
            options with { BatchSize = 0 }, options with { LearningRate = 0 }, options with { LearningRate = double.NaN },
            options with { Alpha = -1 }, options with { Alpha = double.PositiveInfinity }, options with { Power = -1 }])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => new SgdTrainer<double>(new LinearModel<double>(2, 1), numbers, bad));
        }
    }

    private static LinearModel<double> Trained(Examples<double> examples, TrainingLoss loss, int steps, ulong seed, int batch = 16)
    {
        var model = new LinearModel<double>(examples, loss);
        var trainer = new SgdTrainer<double>(
            model, examples, new SgdOptions { Loss = loss, BatchSize = batch, LearningRate = 0.1, ShuffleSeed = seed });
        for (var step = 0; step < steps; step++)
        {
            trainer.Step();
        }

        return model;
    }
}
