using Hone.Stopping;
using Hone.Trials;

namespace Hone.Tests.Stopping;

public sealed class PercentileRuleTests
{
    private static readonly double[][] Peers = [[5, 3, 1], [6, 4, 2], [9, 8, 7]];

    private static PercentileRule Median(Goal goal = Goal.Minimize, After after = default) =>
        PercentileRule.Median("loss", goal, after, minimumPeers: 3);

    [Fact]
    public void Stops_a_trial_whose_best_value_is_worse_than_the_median_of_the_running_means()
    {
        // Running means at step 3: 3, 4, 8.
        var verdicts = Some.Verdicts(Median(after: new After(3, default)), [9, 9, 8], Peers);

        Assert.Equal([false, false, true], verdicts.Select(v => v.Stops));
        Assert.Equal("best loss 8 is worse than the median 4 of 3 peers at step 3", verdicts[2].Reason);
    }

    [Fact]
    public void Lets_a_trial_go_on_that_is_as_good_as_the_median() =>
        Assert.All(Some.Verdicts(Median(after: new After(3, default)), [9, 9, 4], Peers), v => Assert.False(v.Stops));

    [Fact]
    public void Turns_round_for_a_metric_to_maximize() =>
        Assert.Equal([true, true, true], Some.Verdicts(Median(Goal.Maximize), [1, 1, 1], Peers).Select(v => v.Stops));

    [Fact]
    public void Waits_for_enough_peers() =>
        Assert.All(Some.Verdicts(Median(), [99, 99, 99], Peers[..2]), v => Assert.False(v.Stops));

    [Fact]
    public void Interpolates_percentiles_as_numpy_does()
    {
        // numpy.percentile([3, 4, 8], 25) == 3.5
        var rule = new PercentileRule("loss", Goal.Minimize, 25, new After(3, default), minimumPeers: 3);

        Assert.False(Some.Verdicts(rule, [9, 9, 3.5], Peers)[2].Stops);
        Assert.True(Some.Verdicts(rule, [9, 9, 3.51], Peers)[2].Stops);
    }

    [Fact]
    public void Leaves_out_peers_that_diverged() =>
        Assert.All(Some.Verdicts(Median(), [99, 99, 99], [1, 1, 1], [2, 2, 2], [double.NaN, 1, 1]), v => Assert.False(v.Stops));

    [Fact]
    public void Compares_with_peers_that_report_at_other_steps_by_what_they_had_by_then()
    {
        var rule = PercentileRule.Median("loss", Goal.Minimize, minimumPeers: 1);
        var history = new StudyHistory([rule]);
        var early = Some.Trial(1);
        var peer = Some.Trial(2);
        var late = Some.Trial(3);
        Report(history, early, 15, 100);
        Report(history, peer, 10, 1);
        Report(history, peer, 20, 3);

        // At step 15 the peer had its mean of 1; the early trial is judged against nobody, the late one against 1 and 100.
        Report(history, late, 15, 60);

        Assert.True(rule.Judge(late, history).Stops);
        Assert.Equal("best loss 60 is worse than the median 50.5 of 2 peers at step 15", rule.Judge(late, history).Reason);
    }

    [Fact]
    public void Judges_a_second_value_at_the_same_step_no_more()
    {
        var rule = PercentileRule.Median("loss", Goal.Minimize, minimumPeers: 1);
        var history = new StudyHistory([rule]);
        Report(history, Some.Trial(1), 1, 1);
        var trial = Some.Trial(2);
        Report(history, trial, 1, 0);
        Report(history, trial, 1, 50);

        Assert.False(rule.Judge(trial, history).Stops);
    }

    [Fact]
    public void Never_stops_the_best_of_a_study_with_monotone_curves_that_do_not_cross()
    {
        for (ulong seed = 0; seed < 50; seed++)
        {
            var random = new SeededRandom(seed);
            var curves = Enumerable.Range(0, 20).Select(_ => random.NextDouble())
                .Select(level => Enumerable.Range(1, 10).Select(step => level + (1.0 / step)).ToArray()).ToList();
            var best = curves.MinBy(c => c[^1])!;
            curves.Remove(best);

            Assert.All(Some.Verdicts(Median(), best, [.. curves]), v => Assert.False(v.Stops));
        }
    }

    private static void Report(StudyHistory history, Trial trial, long step, double loss)
    {
        trial.Report(step, [new MetricValue("loss", loss)], TimeSpan.FromSeconds(step));
        history.Add(trial);
    }
}
