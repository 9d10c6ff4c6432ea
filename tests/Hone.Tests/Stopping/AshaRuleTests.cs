using Hone.Stopping;
using Hone.Trials;

namespace Hone.Tests.Stopping;

public sealed class AshaRuleTests
{
    private static AshaRule Rule(Goal goal = Goal.Minimize) => new("loss", goal, firstRung: 2, factor: 3);

    [Fact]
    public void Lets_trials_go_on_while_fewer_than_eta_are_at_the_rung() =>
        Assert.All(Some.Verdicts(Rule(), [9, 9, 9], [1, 1, 1]), v => Assert.False(v.Stops));

    [Fact]
    public void Stops_at_a_rung_who_is_not_among_the_best_share()
    {
        var verdicts = Some.Verdicts(Rule(), [9, 9, 9], [1, 1, 1], [2, 2, 2]);

        Assert.Equal([false, true, false], verdicts.Select(v => v.Stops));
        Assert.Equal("loss 9 ranks 3 of 3 at rung 2, where the best 1 go on", verdicts[1].Reason);
    }

    [Fact]
    public void Lets_the_best_share_go_on() =>
        Assert.All(Some.Verdicts(Rule(), [0, 0, 0], [1, 1, 1], [2, 2, 2]), v => Assert.False(v.Stops));

    [Fact]
    public void Turns_round_for_a_metric_to_maximize() =>
        Assert.True(Some.Verdicts(Rule(Goal.Maximize), [0, 0, 0], [1, 1, 1], [2, 2, 2])[1].Stops);

    [Fact]
    public void Judges_at_every_rung_that_one_report_passes()
    {
        // Rungs 2, 6, 18: a report at step 18 passes all three.
        var rule = Rule();
        var history = new StudyHistory([rule]);
        for (var number = 1; number <= 3; number++)
        {
            var trial = Some.Trial(number);
            trial.Report(18, [new MetricValue("loss", number)], TimeSpan.FromSeconds(1));
            history.Add(trial);
            Assert.Equal(number == 3, rule.Judge(trial, history).Stops);
        }

        Assert.Equal(3, history[rule.Tables[0]].At(18)!.Count);
        Assert.Equal(3, history[rule.Tables[0]].At(6)!.Count);
    }

    [Fact]
    public void Keeps_one_trial_in_eta_of_many_that_come_in_random_order()
    {
        var random = new SeededRandom(1);
        var rule = new AshaRule("loss", Goal.Minimize, firstRung: 1, factor: 4);
        var history = new StudyHistory([rule]);
        var kept = 0;
        for (var number = 1; number <= 4000; number++)
        {
            var trial = Some.Trial(number);
            trial.Report(1, [new MetricValue("loss", random.NextDouble())], TimeSpan.FromSeconds(1));
            history.Add(trial);
            kept += rule.Judge(trial, history).Stops ? 0 : 1;
        }

        Assert.InRange(kept, 950, 1060);
    }
}
