using Hone.Learning.Descent;

namespace Hone.Learning.Tests.Descent;

/// <summary>Expected values by the papers' formulas in NumPy: <c>oracles/optimizers.py</c> made <c>oracles/optimizers.json</c>.</summary>
public sealed class ParameterUpdateTests
{
    [Theory]
    [InlineData(Optimizer.Sgd, "sgd")]
    [InlineData(Optimizer.Momentum, "momentum")]
    [InlineData(Optimizer.Nesterov, "nesterov")]
    [InlineData(Optimizer.Adam, "adam")]
    [InlineData(Optimizer.AdamW, "adam_w")]
    public void Moves_parameters_as_the_paper_says(Optimizer optimizer, string name)
    {
        var oracle = Oracles.Read("optimizers.json");
        double Number(string key) => oracle.GetProperty(key).GetDouble();
        var parameters = oracle.Numbers("start");
        var gradients = oracle.Numbers("gradients");
        var update = new ParameterUpdate<double>(parameters.Length, new SgdOptions
        {
            Loss = TrainingLoss.Squared,
            Optimizer = optimizer,
            Momentum = Number("momentum"),
            Beta1 = Number("beta1"),
            Beta2 = Number("beta2"),
            Epsilon = Number("epsilon"),
        });

        for (var t = 1; t * parameters.Length <= gradients.Length; t++)
        {
            update.Apply(
                parameters, gradients.AsSpan((t - 1) * parameters.Length, parameters.Length), Number("rate"), Number("decay"), t);
        }

        var expected = oracle.GetProperty("after").Numbers(name);
        Assert.All(expected.Zip(parameters), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(37)]
    public void The_l1_penalty_moves_every_weight_towards_zero_and_never_beyond(int count)
    {
        var weights = Enumerable.Range(0, count).Select(i => ((i % 5) - 2) * 0.3f).ToArray();
        weights[1] = float.NaN;
        var moved = weights.ToArray();

        ParameterUpdate<float>.MoveTowardsZero(moved, 0.4);

        Assert.All(weights.Zip(moved), pair => Assert.Equal(
            float.IsNaN(pair.First) ? float.NaN : pair.First is < -0.4f or > 0.4f ? pair.First - float.CopySign(0.4f, pair.First) : 0,
            pair.Second));
    }
}
