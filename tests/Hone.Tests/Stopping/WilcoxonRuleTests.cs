using Hone.Stopping;
using Hone.Trials;

namespace Hone.Tests.Stopping;

public sealed class WilcoxonRuleTests
{
    private static readonly double[] Best = [0.50, 0.48, 0.52, 0.49, 0.51];

    // Five folds: looks after 2, 3 and 4. After n folds p is 2^-n at least, so that alpha must be above the chance of all looks at that level.
    [Theory]
    [InlineData(0.4, 2)]
    [InlineData(0.2, 3)]
    [InlineData(0.1, 4)]
    [InlineData(0.05, 0)]
    public void Stops_a_trial_that_is_worse_in_every_fold_as_soon_as_alpha_allows(double alpha, int stopsAfter)
    {
        var verdicts = Judge(new WilcoxonRule("loss", Goal.Minimize, alpha), Best, [0.60, 0.59, 0.63, 0.61, 0.64]);

        Assert.Equal(stopsAfter, verdicts.FindIndex(verdict => verdict.Stops) + 1);
    }

    [Fact]
    public void Says_by_what_a_trial_was_stopped() =>
        Assert.Equal(
            "loss is worse than that of trial 1 in 2 of 2 folds, p 0.25; stopped from 0.25 down",
            Judge(new WilcoxonRule("loss", Goal.Minimize, 0.4), Best, [0.60, 0.59])[1].Reason);

    [Fact]
    public void One_look_after_the_second_fold_needs_no_more_than_its_own_p() =>
        Assert.Equal(0.25, new WilcoxonRule("loss", Goal.Minimize, 0.25).LevelFor(3));

    [Fact]
    public void Never_stops_a_trial_whose_mean_is_not_worse()
    {
        // Worse in three folds of four, and much better in one: the ranks alone would say stop at this alpha.
        var verdicts = Judge(new WilcoxonRule("loss", Goal.Minimize, 0.9), Best, [0.10, 0.49, 0.53, 0.50]);

        Assert.All(verdicts, verdict => Assert.False(verdict.Stops));
    }

    [Fact]
    public void Never_stops_a_trial_that_is_as_good_fold_by_fold() =>
        Assert.All(Judge(new WilcoxonRule("loss", Goal.Minimize, 0.9), Best, Best), verdict => Assert.False(verdict.Stops));

    [Fact]
    public void Turns_round_for_a_metric_to_maximize()
    {
        var rule = new WilcoxonRule("loss", Goal.Maximize, 0.4);

        Assert.True(Judge(rule, Best, [0.40, 0.39])[1].Stops);
        Assert.False(Judge(rule, Best, [0.60, 0.59])[1].Stops);
    }

    [Fact]
    public void Takes_a_fold_that_diverged_as_worse_than_any() =>
        Assert.True(Judge(new WilcoxonRule("loss", Goal.Minimize, 0.4), Best, [0.60, double.NaN])[1].Stops);

    [Fact]
    public void Does_not_judge_before_so_many_folds_nor_after_the_last()
    {
        var late = new WilcoxonRule("loss", Goal.Minimize, 0.9, after: 4);

        Assert.Equal([false, false, false, true, false], Judge(late, Best, [1, 1, 1, 1, 1]).Select(verdict => verdict.Stops));
    }

    [Fact]
    public void Does_not_judge_while_no_trial_is_complete()
    {
        var rule = new WilcoxonRule("loss", Goal.Minimize, 0.9);
        var history = new StudyHistory([rule]);
        var running = Some.Trial(1);
        foreach (var fold in (int[])[1, 2, 3])
        {
            Report(history, running, fold, fold, fold, 0.5);
        }

        var trial = Some.Trial(2);
        Report(history, trial, 1, 2, 2, 9);

        Assert.False(rule.Judge(trial, history).Stops);
    }

    [Fact]
    public void Does_not_judge_between_the_ends_of_folds()
    {
        var rule = new WilcoxonRule("loss", Goal.Minimize, 0.9);
        var history = History(rule, Best);
        var trial = Some.Trial(2);
        Report(history, trial, 1, 1, 1, 0.6);
        Assert.False(rule.Judge(trial, history).Stops);

        // The second fold runs: its bad beginning is no result.
        Report(history, trial, 2, 2, 1, 9);
        Assert.False(rule.Judge(trial, history).Stops);
        Report(history, trial, 3, 2, 2, 0.6);
        Assert.True(rule.Judge(trial, history).Stops);
        Report(history, trial, 4, 3, 2, 9);
        Assert.False(rule.Judge(trial, history).Stops);
    }

    [Fact]
    public void Takes_each_fold_as_finished_where_a_program_reports_it_once()
    {
        var rule = new WilcoxonRule("loss", Goal.Minimize, 0.4);
        var history = History(rule, Best);
        var trial = Some.Trial(2);
        trial.Report(1, [new MetricValue("fold_1/loss", 0.6)], TimeSpan.Zero);
        Assert.False(rule.Judge(trial, history).Stops);
        trial.Report(2, [new MetricValue("fold_2/loss", 0.6)], TimeSpan.Zero);

        Assert.True(rule.Judge(trial, history).Stops);
    }

    [Fact]
    public void Compares_with_the_best_complete_trial_whichever_came_first()
    {
        var rule = new WilcoxonRule("loss", Goal.Minimize, 0.4);
        var history = History(rule, [0.7, 0.7, 0.7, 0.7, 0.7], Best, [0.8, 0.8, 0.8, 0.8, 0.8], [double.NaN, 0, 0, 0, 0]);

        Assert.Equal(2, history.Best(rule.Folds[0])!.Trial);
        Assert.Equal(0.5, history.Best(rule.Folds[0])!.Mean, 1e-12);
    }

    [Fact]
    public void A_larger_alpha_never_stops_later_and_a_worse_trial_never_goes_on_longer()
    {
        for (var seed = 0UL; seed < 200; seed++)
        {
            var random = new SeededRandom(seed);
            double[] best = [.. Enumerable.Range(0, 8).Select(_ => random.NextDouble())];
            double[] own = [.. best.Select(value => value + random.NextNormal())];
            var (strict, loose) = (StopsAt(0.15, best, own), StopsAt(0.4, best, own));
            var worse = StopsAt(0.15, best, [.. own.Select(value => value + 0.5)]);

            Assert.True(loose <= strict, $"seed {seed}: {loose}, {strict}");
            Assert.True(worse <= strict, $"seed {seed}: {worse}, {strict}");
        }
    }

    [Theory]
    [InlineData(0.1, 5)]
    [InlineData(0.4, 5)]
    [InlineData(0.1, 10)]
    [InlineData(0.25, 25)]
    public void Stops_trials_that_are_as_good_as_the_best_no_more_often_than_alpha(double alpha, int folds)
    {
        const int Trials = 2000;
        var rule = new WilcoxonRule("loss", Goal.Minimize, alpha);
        var random = new SeededRandom(11);
        var best = new double[folds];
        var history = History(rule, best);
        var stopped = 0;
        for (var t = 0; t < Trials; t++)
        {
            var trial = Some.Trial(t + 2);
            for (var fold = 1; fold <= folds; fold++)
            {
                Report(history, trial, fold, fold, fold, random.NextNormal());
                if (rule.Judge(trial, history).Stops)
                {
                    stopped++;
                    break;
                }
            }
        }

        // Three standard errors of a share of 2000.
        Assert.InRange(stopped / (double)Trials, 0.01, alpha + (3 * Math.Sqrt(alpha * (1 - alpha) / Trials)));
    }

    private static int StopsAt(double alpha, double[] best, double[] own)
    {
        var at = Judge(new WilcoxonRule("loss", Goal.Minimize, alpha), best, own).FindIndex(verdict => verdict.Stops);
        return at < 0 ? int.MaxValue : at;
    }

    private static List<Verdict> Judge(WilcoxonRule rule, double[] best, double[] own)
    {
        var history = History(rule, best);
        var trial = Some.Trial(2);
        return [.. own.Select((value, fold) =>
        {
            Report(history, trial, fold + 1, fold + 1, fold + 1, value);
            return rule.Judge(trial, history);
        })];
    }

    // A history with complete trials, numbered from 1.
    private static StudyHistory History(WilcoxonRule rule, params double[][] trials)
    {
        var history = new StudyHistory([rule]);
        for (var t = 0; t < trials.Length; t++)
        {
            var trial = Some.Trial(t + 1);
            for (var fold = 1; fold <= trials[t].Length; fold++)
            {
                Report(history, trial, fold, fold, fold, trials[t][fold - 1]);
            }

            trial.State = TrialState.Complete;
            history.Close(trial);
        }

        return history;
    }

    private static void Report(StudyHistory history, Trial trial, int step, int fold, int finished, double value)
    {
        trial.Report(step, [new MetricValue($"fold_{fold}/loss", value), new MetricValue(FoldKey.Finished, finished)], TimeSpan.Zero);
        history.Add(trial);
    }
}
