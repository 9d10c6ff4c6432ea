using System.Numerics;
using Hone.Learning.Data;
using Hone.Learning.Descent;
using Hone.Learning.Linear;

namespace Hone.Learning.Tests.Linear;

/// <summary>
/// Weights after ten batches of 32, computed with NumPy 1.24.2 (mini-batch) and scikit-learn 1.2.1 (per row) under the rule of split,
/// order and scaling that <see cref="Split"/>, <see cref="Permutation"/> and <see cref="Standardizer"/> state.
/// </summary>
public sealed class ReferenceTests
{
    public static TheoryData<string, TrainingLoss, double, Update, double[], double> Traces => new()
    {
        {
            "diabetes", TrainingLoss.Log, 0.01, Update.MiniBatch,
            [0.0111300681583, 0.019259058349, 0.00224515106519, 0.00214910900928, 0.00407268844862, 0.0124236381995, 0.00646548023843, 0.0129423803171],
            -0.0154109981236
        },
        {
            "diabetes", TrainingLoss.Hinge, 0.01, Update.MiniBatch,
            [0.0226960208777, 0.0391219553872, 0.00474288312205, 0.00440548903702, 0.00836456464745, 0.0251965119497, 0.0131900807687, 0.0264294130211],
            -0.03125
        },
        {
            "pollen", TrainingLoss.Squared, 0.001, Update.MiniBatch,
            [-0.021232037475, 0.0130130594533, -0.00300095121505, 0.0112483114652],
            -0.00149634468376
        },
        {
            "diabetes", TrainingLoss.Log, 0.01, Update.PerRow,
            [0.208523143346, 0.401175622934, -0.000765943664956, 0.0305525075971, 0.0531682081721, 0.279606779473, 0.115746059179, 0.231882232035],
            -0.326422160571
        },
        {
            "diabetes", TrainingLoss.Hinge, 0.01, Update.PerRow,
            [0.221888557473, 0.612930816485, -0.0353422762108, -0.0377144911361, 0.0524293579175, 0.384007768339, 0.163985832383, 0.275147641052],
            -0.46
        },
        {
            "pollen", TrainingLoss.Squared, 0.001, Update.PerRow,
            [-0.539335268876, 0.357226425576, -0.122938614986, 0.229924008451],
            -0.0295475859676
        },
    };

    [Theory]
    [MemberData(nameof(Traces))]
    public void Ten_steps_in_double_give_the_weights_of_the_reference_to_1e_9(
        string data, TrainingLoss loss, double rate, Update update, double[] weights, double intercept)
    {
        var model = TenSteps<double>(data, loss, rate, update);

        AssertClose(weights, model.Weights, 1e-9);
        AssertClose([intercept], model.Intercepts, 1e-9);
    }

    [Theory]
    [MemberData(nameof(Traces))]
    public void Ten_steps_in_float_give_the_weights_of_the_reference_to_1e_5(
        string data, TrainingLoss loss, double rate, Update update, double[] weights, double intercept)
    {
        var model = TenSteps<float>(data, loss, rate, update);

        AssertClose(weights, model.Weights, 1e-5);
        AssertClose([intercept], model.Intercepts, 1e-5);
    }

    // Test scores after 20 epochs at the best point of the reference's grid, mini-batch of 32 in NumPy.
    [Theory]
    [InlineData("diabetes", TrainingLoss.Log, 0.1, 0.01, 0.761905, 0.471739)]
    [InlineData("diabetes", TrainingLoss.Hinge, 0.1, 0.0001, 0.753247, 0.524187)]
    [InlineData("pollen", TrainingLoss.Squared, 0.1, 0.001, 1.46661, 1.07547)]
    public void Twenty_epochs_give_the_test_scores_of_the_reference(string data, TrainingLoss loss, double rate, double alpha, double score, double value)
    {
        var (training, test) = Parts<float>(data, loss);
        var model = new LinearModel<float>(training, loss);
        Train(model, training, new SgdOptions { Loss = loss, LearningRate = rate, Alpha = alpha }, epochs: 20);

        var evaluation = model.Evaluate(test, loss);

        Assert.Equal(score, evaluation.Accuracy ?? evaluation.RootMeanSquaredError!.Value, 1e-5);
        Assert.Equal(value, evaluation.Loss, 1e-5);
    }

    // The best cross-validated scores of the same grid: five folds of the 70 %, scaled over the whole 70 % as the reference does.
    [Theory]
    [InlineData("diabetes", TrainingLoss.Log, 0.1, 0.01, 0.77099)]
    [InlineData("diabetes", TrainingLoss.Hinge, 0.1, 0.0001, 0.76914)]
    [InlineData("pollen", TrainingLoss.Squared, 0.1, 0.001, 1.4426)]
    public void Five_folds_give_the_cross_validated_scores_of_the_reference(string data, TrainingLoss loss, double rate, double alpha, double score)
    {
        var table = DataSource.Load<double>(data);
        var training = Split.HoldOut(table.Features.Rows).Training;
        var scaler = Standardizer.Fit(table.Features, training);
        var sum = 0.0;
        foreach (var fold in Split.Folds(training, 5))
        {
            var examples = table.Select(fold.Training, scaler, loss != TrainingLoss.Squared);
            var model = new LinearModel<double>(examples, loss);
            Train(model, examples, new SgdOptions { Loss = loss, LearningRate = rate, Alpha = alpha }, epochs: 20);
            var evaluation = model.Evaluate(table.Select(fold.Validation, scaler, loss != TrainingLoss.Squared), loss);
            sum += evaluation.Accuracy ?? evaluation.RootMeanSquaredError!.Value;
        }

        Assert.Equal(score, sum / 5, 1e-4);
    }

    private static LinearModel<T> TenSteps<T>(string data, TrainingLoss loss, double rate, Update update)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (training, _) = Parts<T>(data, loss);
        var model = new LinearModel<T>(training, loss);
        var trainer = new SgdTrainer<T>(
            model, training, new SgdOptions { Loss = loss, LearningRate = rate, Alpha = 0.0001, BatchSize = 32, Update = update });
        for (var step = 0; step < 10; step++)
        {
            trainer.Step();
        }

        return model;
    }

    private static void Train<T>(LinearModel<T> model, Examples<T> examples, SgdOptions options, int epochs)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var trainer = new SgdTrainer<T>(model, examples, options);
        var steps = epochs * ((examples.Count + options.BatchSize - 1) / options.BatchSize);
        for (var step = 0; step < steps; step++)
        {
            trainer.Step();
        }
    }

    private static (Examples<T> Training, Examples<T> Test) Parts<T>(string data, TrainingLoss loss)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var table = DataSource.Load<T>(data);
        var split = Split.HoldOut(table.Features.Rows);
        var scaler = Standardizer.Fit(table.Features, split.Training);
        var asClasses = loss != TrainingLoss.Squared;
        return (table.Select(split.Training, scaler, asClasses), table.Select(split.Validation, scaler, asClasses));
    }

    private static void AssertClose<T>(double[] expected, T[] actual, double tolerance)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], double.CreateChecked(actual[i]), tolerance);
        }
    }
}
