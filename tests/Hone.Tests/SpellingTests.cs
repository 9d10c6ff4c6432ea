namespace Hone.Tests;

public sealed class SpellingTests
{
    [Theory]
    [InlineData("optimiser", "optimizer")]
    [InlineData("tnue", "tune")]
    [InlineData("target", "Target")]
    [InlineData("validation_los", "validation_loss")]
    [InlineData("tuen", "tune")]
    public void A_slip_of_the_pen_is_understood(string written, string meant) =>
        Assert.Equal(meant, Spelling.Nearest(written, ["replay", "optimizer", "tune", "Target", "validation_loss"]));

    [Theory]
    [InlineData("elephant")]
    [InlineData("")]
    public void Another_word_is_not(string written) => Assert.Null(Spelling.Nearest(written, ["tune", "x", "validation_loss", ""]));

    [Fact]
    public void A_long_text_is_no_name_and_costs_nothing()
    {
        Assert.Null(Spelling.Nearest(new string('x', 1_000_000), ["tune"]));
        Assert.Null(Spelling.Nearest("tune", [new string('x', 1_000_000)]));
    }
}
