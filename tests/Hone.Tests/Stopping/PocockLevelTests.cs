using Hone.Stopping;

namespace Hone.Tests.Stopping;

public sealed class PocockLevelTests
{
    [Theory]
    [InlineData(0.5, 1, 1, 0.5)]
    [InlineData(0.49, 1, 1, 0)]
    [InlineData(0.25, 2, 2, 0.25)]
    [InlineData(0.24, 2, 2, 0)]
    [InlineData(0.0625, 4, 4, 0.0625)]
    [InlineData(0.1, 2, 1, 0)]
    public void One_look_may_use_all_of_alpha(double alpha, int first, int last, double level) =>
        Assert.Equal(level, PocockLevel.Of(alpha, first, last));

    // After 2 pairs p <= 1/4 has the chance 1/4. After 3, given that not: both signs of the first two are not positive, so p <= 1/4
    // (sum 5 or 6 of 6) needs the third positive and the negative one smallest: of 3 x 4 x 2 equal cases of place and signs 2 are new.
    [Fact]
    public void The_chance_of_two_looks_is_that_of_either()
    {
        const double Chance = 0.25 + (2.0 / 24);

        Assert.Equal(0.25, PocockLevel.Of(Chance + 1e-12, 2, 3));
        Assert.Equal(0.125, PocockLevel.Of(Chance - 1e-12, 2, 3));
    }

    [Fact]
    public void A_look_more_or_a_smaller_alpha_never_raises_the_level()
    {
        for (var last = 2; last <= 15; last++)
        {
            Assert.True(PocockLevel.Of(0.1, 2, last) <= PocockLevel.Of(0.2, 2, last));
        }

        for (var last = 4; last < 14; last++)
        {
            // Each number of pairs has its own values of p, so that a level is one of the smaller count's or of the larger one's.
            Assert.True(PocockLevel.Of(0.2, 2, last + 1) <= PocockLevel.Of(0.2, 2, last) * 1.25);
        }
    }

    [Fact]
    public void Draws_say_nearly_what_counting_says()
    {
        // One look more than is counted exactly: the level can hardly differ.
        Assert.InRange(PocockLevel.Of(0.2, 2, 15), PocockLevel.Of(0.2, 2, 14) * 0.85, PocockLevel.Of(0.2, 2, 14) * 1.05);
    }
}
