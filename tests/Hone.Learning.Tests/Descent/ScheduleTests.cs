using Hone.Learning.Descent;

namespace Hone.Learning.Tests.Descent;

public sealed class ScheduleTests
{
    private static readonly SgdOptions Options = new()
    {
        Loss = TrainingLoss.Squared,
        LearningRate = 0.8,
        ScheduleSteps = 4,
        ScheduleFactor = 0.5,
        Power = 0.5,
    };

    [Theory]
    [InlineData(Schedule.Constant, new[] { 0.8, 0.8, 0.8, 0.8, 0.8, 0.8 })]
    [InlineData(Schedule.Step, new[] { 0.8, 0.8, 0.8, 0.8, 0.4, 0.4 })]
    [InlineData(Schedule.Cosine, new[] { 0.8, 0.68284271247, 0.4, 0.11715728753, 0, 0 })]
    [InlineData(Schedule.InverseScaling, new[] { 0.8, 0.565685424949, 0.461880215352, 0.4, 0.35777087640, 0.326598632371 })]
    public void A_schedule_gives_the_rate_of_each_update(Schedule schedule, double[] rates)
    {
        var options = Options with { Schedule = schedule };

        for (var update = 1; update <= rates.Length; update++)
        {
            Assert.Equal(rates[update - 1], options.RateAt(update), 1e-10);
        }
    }

    [Fact]
    public void Elastic_net_divides_alpha_between_l1_and_l2()
    {
        var options = Options with { Penalty = Penalty.ElasticNet, Alpha = 0.1, L1Ratio = 0.3 };

        Assert.Equal(0.03, options.L1, 1e-15);
        Assert.Equal(0.07, options.L2, 1e-15);
        Assert.Equal((0.1, 0.0), ((options with { Penalty = Penalty.L1 }).L1, (options with { Penalty = Penalty.L1 }).L2));
        Assert.Equal((0.0, 0.1), ((options with { Penalty = Penalty.L2 }).L1, (options with { Penalty = Penalty.L2 }).L2));
        Assert.Equal((0.0, 0.0), ((options with { Penalty = Penalty.None }).L1, (options with { Penalty = Penalty.None }).L2));
    }

    [Fact]
    public void Options_outside_their_range_are_refused_by_name()
    {
        SgdOptions[] wrong =
        [
            Options with { Momentum = 1 }, Options with { Beta1 = -0.1 }, Options with { Beta2 = 1 }, Options with { Epsilon = 0 },
            Options with { HuberDelta = 0 }, Options with { ScheduleFactor = 0 }, Options with { ScheduleSteps = 0 },
            Options with { L1Ratio = 1.1 }, Options with { LearningRate = double.NaN }, Options with { Alpha = double.PositiveInfinity },
        ];

        Assert.Equal(
            ["Momentum", "Beta1", "Beta2", "Epsilon", "HuberDelta", "ScheduleFactor", "ScheduleSteps", "L1Ratio", "LearningRate", "Alpha"],
            wrong.Select(options => Assert.Throws<ArgumentOutOfRangeException>(options.Check).ParamName));
    }
}
