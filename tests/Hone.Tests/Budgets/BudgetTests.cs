using Hone.Budgets;

namespace Hone.Tests.Budgets;

public sealed class BudgetTests
{
    [Fact]
    public void Names_the_limit_that_is_spent_with_both_numbers()
    {
        var budget = new Budget { Trials = 10, Cpu = TimeSpan.FromMinutes(1) };

        Assert.Null(budget.Exhausted(new Spending { Trials = 9, CpuSeconds = 59.9 }));
        Assert.Equal("budget: trials 10 of 10 spent", budget.Exhausted(new Spending { Trials = 10 }));
        Assert.Equal("budget: cpu 61.25 of 60 s spent", budget.Exhausted(new Spending { CpuSeconds = 61.25 }));
    }

    [Fact]
    public void The_number_of_trials_does_not_end_trials_that_run() =>
        Assert.Null(new Budget { Trials = 1 }.ExhaustedWhileRunning(new Spending { Trials = 1 }));

    [Fact]
    public void What_cannot_be_measured_is_never_spent() =>
        Assert.Null(new Budget { EnergyJoules = 1 }.Exhausted(new Spending { EnergyJoules = null }));

    [Fact]
    public void A_budget_stays_spent_when_more_is_spent()
    {
        for (ulong seed = 0; seed < 200; seed++)
        {
            var random = new SeededRandom(seed);
            var budget = new Budget { Trials = random.Next(1, 50), Steps = random.Next(1, 50), Time = TimeSpan.FromSeconds(random.Next(1, 50)) };
            var spent = new Spending();
            var wasSpent = false;
            for (var i = 0; i < 60; i++)
            {
                spent = spent with
                {
                    Trials = spent.Trials + random.Next(2),
                    Steps = spent.Steps + random.Next(2),
                    Wall = spent.Wall + TimeSpan.FromSeconds(random.Next(2)),
                };
                var isSpent = budget.Exhausted(spent) is not null;
                Assert.True(isSpent || !wasSpent, $"seed {seed}");
                wasSpent = isSpent;
            }
        }
    }
}
