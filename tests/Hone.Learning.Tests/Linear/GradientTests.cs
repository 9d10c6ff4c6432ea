using Hone.Learning.Data;
using Hone.Learning.Descent;
using Hone.Learning.Linear;

namespace Hone.Learning.Tests.Linear;

/// <summary>A step must move against the gradient, which central differences of the mean loss give without any calculus.</summary>
public sealed class GradientTests
{
    private const double Rate = 1e-3;

    [Theory]
    [InlineData(TrainingLoss.Squared, 0)]
    [InlineData(TrainingLoss.Huber, 0)]
    [InlineData(TrainingLoss.Log, 2)]
    [InlineData(TrainingLoss.Log, 4)]
    [InlineData(TrainingLoss.CrossEntropy, 2)]
    [InlineData(TrainingLoss.CrossEntropy, 5)]
    [InlineData(TrainingLoss.CauchySchwarz, 2)]
    [InlineData(TrainingLoss.CauchySchwarz, 4)]
    [InlineData(TrainingLoss.Hinge, 2)]
    [InlineData(TrainingLoss.Hinge, 3)]
    [InlineData(TrainingLoss.SquaredHinge, 2)]
    [InlineData(TrainingLoss.Hinge, 11)]
    [InlineData(TrainingLoss.SquaredHinge, 3)]
    [InlineData(TrainingLoss.SquaredHinge, 11)]
    [InlineData(TrainingLoss.CrossEntropy, 11)]
    public void A_step_moves_by_the_rate_times_the_numerical_gradient(TrainingLoss loss, int classes)
    {
        for (var seed = 1UL; seed <= 10; seed++)
        {
            var examples = Some.Examples(23, 5, classes, seed);
            var start = Random(examples, loss, seed);
            var stepped = Random(examples, loss, seed);
            Full(stepped, examples, loss).Step();

            AssertMoves(start.Weights, stepped.Weights, start, examples, loss, seed);
            AssertMoves(start.Intercepts, stepped.Intercepts, start, examples, loss, seed);
        }
    }

    [Fact]
    public void The_loss_that_a_step_returns_is_that_of_the_batch_before_it()
    {
        var examples = Some.Examples(23, 5, 3);
        var model = Random(examples, TrainingLoss.CrossEntropy, 4);
        var before = model.Evaluate(examples, TrainingLoss.CrossEntropy).Loss;

        Assert.Equal(before, Full(model, examples, TrainingLoss.CrossEntropy).Step(), 1e-12);
    }

    [Fact]
    public void L2_shrinks_by_rate_times_alpha_and_l1_moves_that_far_towards_zero_but_not_beyond()
    {
        // A target that the model meets exactly has no gradient, so that only the penalty moves the weights.
        var examples = new Examples<double>(new Matrix<double>(1, 3, [0, 0, 0]), [0], [], 0);
        LinearModel<double> After(Penalty penalty)
        {
            var model = new LinearModel<double>(3, 1);
            (model.Weights[0], model.Weights[1], model.Weights[2]) = (2, -1, 0.01);
            new SgdTrainer<double>(model, examples, new SgdOptions
            {
                Loss = TrainingLoss.Squared,
                LearningRate = 0.1,
                Alpha = 0.5,
                Penalty = penalty,
            }).Step();
            return model;
        }

        Assert.Equal([2, -1, 0.01], After(Penalty.None).Weights);
        Assert.Equal([1.9, -0.95, 0.0095], After(Penalty.L2).Weights);
        Assert.Equal([1.95, -0.95, 0], After(Penalty.L1).Weights);
    }

    [Fact]
    public void Cauchy_schwarz_is_minus_ln_of_the_cosine_of_the_angle_to_the_class()
    {
        var examples = Some.Examples(1, 4, 3);
        var model = Random(examples, TrainingLoss.CauchySchwarz, 2);
        var outputs = new double[3];
        model.Compute(examples.Features, outputs);
        var shares = Array.ConvertAll(outputs, Math.Exp);

        Assert.Equal(
            -Math.Log(shares[examples.Labels[0]] / Math.Sqrt(shares.Sum(share => share * share))),
            model.Evaluate(examples, TrainingLoss.CauchySchwarz).Loss, 1e-12);
    }

    [Fact]
    public void Huber_is_a_square_up_to_delta_and_a_line_beyond()
    {
        var examples = new Examples<double>(new Matrix<double>(2, 1, [0, 0]), [0.5, -7], [], 0);

        var evaluation = new LinearModel<double>(1, 1).Evaluate(examples, TrainingLoss.Huber, huberDelta: 2);

        Assert.Equal(((0.25 / 2) + (2 * (7 - 1))) / 2, evaluation.Loss, 1e-15);
        Assert.Equal(Math.Sqrt((0.25 + 49) / 2), evaluation.RootMeanSquaredError!.Value, 1e-15);
    }

    [Theory]
    [InlineData(Optimizer.Momentum)]
    [InlineData(Optimizer.Nesterov)]
    [InlineData(Optimizer.Adam)]
    [InlineData(Optimizer.AdamW)]
    public void Every_optimizer_reaches_least_squares(Optimizer optimizer)
    {
        // The targets are a weighted sum of the features, so that the least loss is 0.
        var examples = Some.Examples(60, 5, 0);
        var model = new LinearModel<double>(examples, TrainingLoss.Squared);
        var trainer = new SgdTrainer<double>(model, examples, new SgdOptions
        {
            Loss = TrainingLoss.Squared,
            BatchSize = 60,
            LearningRate = 0.05,
            Alpha = 0,
            Optimizer = optimizer,
            Schedule = Schedule.Cosine,
            ScheduleSteps = 2000,
        });
        for (var step = 0; step < 2000; step++)
        {
            trainer.Step();
        }

        Assert.InRange(model.Evaluate(examples, TrainingLoss.Squared).Loss, 0, 1e-8);
    }

    [Fact]
    public void L2_never_turns_a_weight_round_however_strong()
    {
        var examples = new Examples<double>(new Matrix<double>(1, 1, [0]), [0], [], 0);
        var model = new LinearModel<double>(1, 1);
        model.Weights[0] = 3;

        new SgdTrainer<double>(model, examples, new SgdOptions { Loss = TrainingLoss.Squared, LearningRate = 10, Alpha = 10 }).Step();

        Assert.Equal([0.0], model.Weights);
    }

    [Fact]
    public void Inverse_scaling_divides_the_rate_by_the_step_to_the_power()
    {
        // The one row has the features 0, so that the intercept alone learns, by the rate times its error.
        var examples = new Examples<double>(new Matrix<double>(1, 1, [0]), [1], [], 0);
        var model = new LinearModel<double>(1, 1);
        var trainer = new SgdTrainer<double>(model, examples, new SgdOptions
        {
            Loss = TrainingLoss.Squared,
            LearningRate = 0.5,
            Schedule = Schedule.InverseScaling,
            Power = 0.5,
        });
        var expected = 0.0;
        for (var step = 1; step <= 4; step++)
        {
            trainer.Step();
            expected += 0.5 / Math.Sqrt(step) * (1 - expected);
            Assert.Equal(expected, model.Intercepts[0], 1e-15);
        }
    }

    [Theory]
    [InlineData(TrainingLoss.Log, 1e4)]
    [InlineData(TrainingLoss.Log, -1e4)]
    [InlineData(TrainingLoss.CrossEntropy, 1e4)]
    [InlineData(TrainingLoss.CrossEntropy, -1e4)]
    public void Outputs_far_from_zero_do_not_overflow(TrainingLoss loss, double intercept)
    {
        var examples = new Examples<double>(new Matrix<double>(2, 1, [0, 0]), [0, 1], [0, 1], 2);
        var model = new LinearModel<double>(examples, loss);
        model.Intercepts[0] = intercept;

        var before = model.Evaluate(examples, loss).Loss;
        Full(model, examples, loss).Step();

        Assert.Equal(5000, before, 1e-9);
        Assert.True(double.IsFinite(model.Intercepts[0]));
    }

    private static SgdTrainer<double> Full(LinearModel<double> model, Examples<double> examples, TrainingLoss loss) =>
        new(model, examples, new SgdOptions { Loss = loss, BatchSize = 1000, LearningRate = Rate, Penalty = Penalty.None });

    private static LinearModel<double> Random(Examples<double> examples, TrainingLoss loss, ulong seed)
    {
        var random = new SeededRandom(seed);
        var model = new LinearModel<double>(examples, loss);
        foreach (ref var weight in model.Weights.AsSpan())
        {
            weight = random.NextNormal();
        }

        foreach (ref var intercept in model.Intercepts.AsSpan())
        {
            intercept = random.NextNormal();
        }

        return model;
    }

    private static void AssertMoves(
        double[] parameters, double[] stepped, LinearModel<double> model, Examples<double> examples, TrainingLoss loss, ulong seed)
    {
        const double H = 1e-6;
        for (var i = 0; i < parameters.Length; i++)
        {
            var value = parameters[i];
            parameters[i] = value + H;
            var above = model.Evaluate(examples, loss).Loss;
            parameters[i] = value - H;
            var below = model.Evaluate(examples, loss).Loss;
            parameters[i] = value;
            var gradient = (above - below) / (2 * H);

            Assert.True(
                Math.Abs(gradient - ((value - stepped[i]) / Rate)) < 1e-6,
                $"seed {seed}, parameter {i}: gradient {gradient}, moved {(value - stepped[i]) / Rate}");
        }
    }
}
