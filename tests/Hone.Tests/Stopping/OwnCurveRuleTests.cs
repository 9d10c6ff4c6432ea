using Hone.Stopping;
using Hone.Trials;

namespace Hone.Tests.Stopping;

/// <summary>The rules that look at the trial alone.</summary>
public sealed class OwnCurveRuleTests
{
    private static int? StopsAt(IStoppingRule rule, params double[] losses)
    {
        var at = Some.Verdicts(rule, losses).FindIndex(v => v.Stops);
        return at < 0 ? null : at + 1;
    }

    private static Comparison Above(double limit) => new("loss", Comparator.Above, limit);

    [Fact]
    public void A_threshold_stops_at_the_first_value_beyond_it()
    {
        Assert.Equal(3, StopsAt(new ThresholdRule(Above(5)), 1, 5, 6, 1));
        Assert.Equal("loss is 6 at step 3: loss > 5", Some.Verdicts(new ThresholdRule(Above(5)), [1, 5, 6])[2].Reason);
    }

    [Fact]
    public void A_threshold_waits_for_steps_and_for_time()
    {
        Assert.Equal(3, StopsAt(new ThresholdRule(Above(5), new After(3, default)), 9, 9, 9));
        Assert.Equal(2, StopsAt(new ThresholdRule(Above(5), new After(0, TimeSpan.FromSeconds(2))), 9, 9, 9));
    }

    [Fact]
    public void A_threshold_may_ask_for_several_of_the_latest_values()
    {
        var rule = new ThresholdRule(Above(5), times: 3, of: 5);

        Assert.Equal(7, StopsAt(rule, 9, 1, 1, 9, 1, 9, 9, 9));
        Assert.Null(StopsAt(rule, 9, 1, 1, 9, 1, 1, 9, 1));
    }

    [Fact]
    public void A_threshold_may_look_at_the_largest_smallest_or_mean_value()
    {
        Assert.Equal(1, StopsAt(new ThresholdRule(new Comparison("loss", Comparator.AtMost, 2, Aggregate.Min)), 1, 9));
        Assert.Equal(3, StopsAt(new ThresholdRule(new Comparison("loss", Comparator.AtLeast, 4, Aggregate.Mean)), 1, 5, 6));
    }

    [Fact]
    public void A_threshold_never_holds_for_NaN_or_for_a_metric_not_reported()
    {
        Assert.Null(StopsAt(new ThresholdRule(Above(0)), double.NaN));
        Assert.Null(StopsAt(new ThresholdRule(new Comparison("other", Comparator.Above, 0)), 9));
    }

    [Fact]
    public void A_threshold_refuses_to_count_values_of_an_aggregate() => Assert.Equal(
        "'max(loss) > 1' looks at all values already. Name the metric alone to count its last 2 values. (Parameter 'of')",
        Assert.Throws<ArgumentException>(
            () => new ThresholdRule(new Comparison("loss", Comparator.Above, 1, Aggregate.Max), of: 2)).Message);

    [Fact]
    public void Patience_ends_after_so_many_reports_without_progress()
    {
        Assert.Equal(5, StopsAt(new PatienceRule("loss", Goal.Minimize, 3), 5, 4, 4, 4, 4));
        Assert.Null(StopsAt(new PatienceRule("loss", Goal.Minimize, 3), 5, 4, 4, 4, 3, 3, 3, 2));
        Assert.Equal(4, StopsAt(new PatienceRule("loss", Goal.Maximize, 3), 5, 4, 3, 2));
    }

    [Fact]
    public void Patience_takes_a_gain_within_the_noise_for_none() =>
        Assert.Equal(4, StopsAt(new PatienceRule("loss", Goal.Minimize, 3, delta: 0.5), 5, 4.9, 4.8, 4.7));

    // E: 10, 8, 5, 5.2, 5.6; GL of the last: 100 (5.6/5 - 1) = 12 %.
    [Theory]
    [InlineData(11.9, 5)]
    [InlineData(12.1, null)]
    public void Generalization_loss_is_measured_from_the_smallest_error(double alpha, int? stops) =>
        Assert.Equal(stops, StopsAt(new GeneralizationLossRule("loss", alpha), 10, 8, 5, 5.2, 5.6));

    [Fact]
    public void Generalization_loss_is_not_judged_where_the_error_is_not_positive() =>
        Assert.Null(StopsAt(new GeneralizationLossRule("loss", 1), -1, 5, 9));

    // Strips of 2: (9, 8), (7, 6), (8, 9), (9.5, 9): at 4 E = 6 < 8; at 6: 9 > 6; at 8: 9 > 9 is false.
    [Fact]
    public void Successive_rises_are_counted_at_the_ends_of_strips()
    {
        Assert.Equal(6, StopsAt(new SuccessiveRiseRule("loss", 1, 2), 9, 8, 7, 6, 8, 9, 9.5, 9));
        Assert.Null(StopsAt(new SuccessiveRiseRule("loss", 2, 2), 9, 8, 7, 6, 8, 9, 9.5, 9));
        Assert.Equal(8, StopsAt(new SuccessiveRiseRule("loss", 2, 2), 9, 8, 7, 6, 8, 9, 9.5, 10));
    }

    [Fact]
    public void The_progress_quotient_weighs_overfitting_against_training_progress()
    {
        // Prechelt: P_2 over (1.2, 1.0) = 1000 (1.1/1.0 - 1) = 100; GL at 6 after a best of 5 = 20 %; quotient 0.2.
        Assert.Equal(0.2, Quotient([(5, 1.4), (5, 1.3), (5.5, 1.2), (6, 1.0)], alpha: 0.19, out var reason), 12);
        Assert.Equal("validation rises faster than training falls: quotient 0.2 at step 4, more than 0.19", reason);
        Assert.Equal(0, Quotient([(5, 1.4), (5, 1.3), (5.5, 1.2), (6, 1.0)], alpha: 0.21, out _));
    }

    [Fact]
    public void The_progress_quotient_ends_training_that_makes_no_progress()
    {
        Quotient([(5, 1), (5, 1)], alpha: 1, out var reason);

        Assert.Equal("training has ended: training moved by 0 thousandths in the last 2 reports, less than 0.1", reason);
    }

    [Fact]
    public void A_deadline_is_judged_by_time_alone()
    {
        var rule = new DeadlineRule(TimeSpan.FromSeconds(3));

        Assert.Equal(3, StopsAt(rule, 1, 1, 1, 1));
        Assert.Equal(TimeSpan.FromSeconds(3), rule.WakeAfter);
        Assert.Equal("ran for 3.0 s, its deadline is 3 s", Some.Verdicts(rule, [1, 1, 1])[2].Reason);
    }

    [Fact]
    public void Any_stops_with_the_first_and_all_only_together()
    {
        IStoppingRule[] rules = [new ThresholdRule(Above(5)), new ThresholdRule(Above(7))];

        Assert.Equal(2, StopsAt(new AnyRule(rules), 1, 6, 8));
        Assert.Equal(3, StopsAt(new AllRule(rules), 1, 6, 8));
        Assert.Equal("loss is 8 at step 3: loss > 5 and loss is 8 at step 3: loss > 7", Some.Verdicts(new AllRule(rules), [1, 6, 8])[2].Reason);
    }

    private static double Quotient((double Validation, double Training)[] curve, double alpha, out string reason)
    {
        var rule = new ProgressQuotientRule("validation", "training", alpha, strip: 2, after: new After(curve.Length, default));
        var history = new StudyHistory([rule]);
        var trial = Some.Trial(1);
        for (var i = 0; i < curve.Length; i++)
        {
            trial.Report(
                i + 1, [new MetricValue("validation", curve[i].Validation), new MetricValue("training", curve[i].Training)], TimeSpan.Zero);
        }

        reason = rule.Judge(trial, history).Reason;
        var at = reason.IndexOf("quotient ", StringComparison.Ordinal);
        return at < 0 ? 0 : double.Parse(reason.AsSpan(at + 9).ToString().Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
    }
}
