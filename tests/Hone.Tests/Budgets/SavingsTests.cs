using Hone.Budgets;

namespace Hone.Tests.Budgets;

public sealed class SavingsTests
{
    [Fact]
    public void A_stopped_trial_is_taken_to_have_gone_on_to_the_median_length_at_its_own_pace()
    {
        var savings = new Savings();
        savings.AddComplete(90);
        savings.AddComplete(100);
        savings.AddComplete(1000);
        savings.AddStopped(20, cpuSeconds: 4);

        Assert.Equal((80, 16.0), savings.Estimate());
    }

    [Fact]
    public void Nothing_is_claimed_while_no_trial_is_complete()
    {
        var savings = new Savings();
        savings.AddStopped(20, 4);

        Assert.Equal((0, 0.0), savings.Estimate());
    }

    [Fact]
    public void A_trial_stopped_later_than_the_median_saved_nothing()
    {
        var savings = new Savings();
        savings.AddComplete(10);
        savings.AddStopped(20, 4);

        Assert.Equal((0, 0.0), savings.Estimate());
    }
}
