using Hone.Space;
using Hone.Tests.Sampling;

namespace Hone.Tests.Space;

public sealed class ConfigurationTests
{
    private static readonly SearchSpace Space = new(
    [
        new CategoricalParameter("optimizer", "sgd", "adam"), new FloatParameter("momentum", 0, 1) { When = [new("optimizer", ["sgd"])] },
    ]);

    [Fact]
    public void Named_values_lead_back_to_the_same_configuration()
    {
        var random = new SeededRandom(1);
        foreach (var space in new[] { Spaces.Mixed(), Spaces.Conditional() })
        {
            for (var i = 0; i < 500; i++)
            {
                var configuration = space.Sample(random);
                var again = Configuration.Of(space, configuration.Values);

                Assert.Equal(configuration, again);
                Assert.Equal(configuration.GetHashCode(), again.GetHashCode());
            }
        }
    }

    [Fact]
    public void Shows_the_active_values() =>
        Assert.Equal("optimizer=sgd momentum=0.5", new Configuration(Space, [0, 0.5]).ToString());

    [Fact]
    public void An_inactive_parameter_has_no_value()
    {
        var configuration = new Configuration(Space, [1, double.NaN]);

        Assert.False(configuration.TryGet("momentum", out _));
        Assert.Equal(
            "There is no active parameter 'momentum' in this configuration.",
            Assert.Throws<KeyNotFoundException>(() => configuration["momentum"]).Message);
    }

    [Theory]
    [InlineData(0, double.NaN, "Parameter 'momentum' is active and has no value.")]
    [InlineData(0, 1.5, "Parameter 'momentum': code 1.5 is not one of float [0, 1].")]
    [InlineData(1, 0.5, "Parameter 'momentum' is inactive here and must have no value.")]
    [InlineData(2, double.NaN, "Parameter 'optimizer': code 2 is not one of choice [sgd, adam].")]
    public void A_configuration_that_cannot_be_is_refused_and_says_why(double optimizer, double momentum, string message) =>
        Assert.Equal(message, Assert.Throws<SearchSpaceException>(() => new Configuration(Space, [optimizer, momentum])).Message);

    [Fact]
    public void An_unknown_name_or_value_is_refused_and_says_why()
    {
        Assert.Equal("The space has no parameter 'rate'.", Refused(new("rate", 1)));
        Assert.Equal("Parameter 'optimizer': lion is not one of choice [sgd, adam].", Refused(new("optimizer", "lion")));
    }

    private static string Refused(KeyValuePair<string, ParameterValue> value) =>
        Assert.Throws<SearchSpaceException>(() => Configuration.Of(Space, [value])).Message;
}
