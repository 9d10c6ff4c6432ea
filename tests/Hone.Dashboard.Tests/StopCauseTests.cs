namespace Hone.Dashboard.Tests;

public sealed class StopCauseTests
{
    [Theory]
    [InlineData("best loss 0.6 is worse than the median 0.5 of 7 peers at step 300", "median(loss)")]
    [InlineData("best loss 0.6 is worse than the best 25 %, which begins at 0.5 of 7 peers at step 300", "percentile 25(loss)")]
    [InlineData("loss 0.61 ranks 5 of 9 at rung 27, where the best 3 go on", "asha(loss)")]
    [InlineData("system/memory_megabytes is 812.4 at step 5: system/memory_megabytes > 800", "when system/memory_megabytes > 800")]
    [InlineData("system/mean_step_seconds is 0.06 at step 5: system/mean_step_seconds > 0.05, 3 of the last 5 values", "when system/mean_step_seconds > 0.05")]
    [InlineData("ran for 61.2 s, its deadline is 60 s", "deadline")]
    [InlineData("loss has not improved on 0.4 by more than 0 in the last 5 reports", "patience(loss)")]
    [InlineData("loss 0.5 at step 40 is 12 % above its best 0.44, more than 10 %", "prechelt gl(loss)")]
    [InlineData("loss rises faster than training_loss falls: quotient 3 at step 40, more than 2", "prechelt pq(loss)")]
    [InlineData("training has ended: training_loss moved by 0.04 thousandths in the last 5 reports, less than 0.1", "prechelt pq(training_loss)")]
    [InlineData("loss rose in 3 successive strips of 5 reports, to 0.7 at step 90", "prechelt up(loss)")]
    [InlineData("budget: time 30 of 30 s spent", "budget: time")]
    [InlineData("somebody's own rule: 3.5 after 1e-07, layer2", "somebody's own rule: … after …, layer2")]
    [InlineData("", "unknown")]
    public void A_stop_counts_under_the_rule_behind_its_reason(string reason, string cause) => Assert.Equal(cause, StopCause.Of(reason));
}
