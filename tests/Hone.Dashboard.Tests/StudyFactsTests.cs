using Hone.Analysis;
using Hone.Budgets;
using Hone.Trials;
using Hone.Tuning;

namespace Hone.Dashboard.Tests;

public sealed class StudyFactsTests
{
    [Fact]
    public void A_stopped_trial_saves_the_steps_up_to_the_median_of_the_complete_ones_at_its_own_cpu_time()
    {
        var savings = StopSavings.Of(
        [
            Trial(1, TrialState.Complete, steps: 900), Trial(2, TrialState.Complete, steps: 1100),
            Trial(3, TrialState.Stopped, steps: 250, cpu: 5), Trial(4, TrialState.Stopped, steps: 1200, cpu: 9), Trial(5, TrialState.Failed, steps: 3),
        ]);

        Assert.Equal(1000, savings.MedianSteps);
        Assert.Equal([null, null, new Saving(750, 15), new Saving(0, 0), null], savings.ByRow);
        Assert.Equal((750, 15), (savings.Steps, savings.CpuSeconds));
    }

    [Fact]
    public void Nothing_is_said_of_savings_while_no_trial_has_completed()
    {
        var savings = StopSavings.Of([Trial(1, TrialState.Stopped, steps: 250, cpu: 5)]);

        Assert.Null(savings.MedianSteps);
        Assert.Null(savings.CpuSeconds);
    }

    [Fact]
    public void Slots_are_the_most_trials_that_ran_at_once()
    {
        var occupancy = SlotOccupancy.Of(
        [
            Trial(1, TrialState.Complete, started: 0, wall: 10), Trial(2, TrialState.Complete, started: 0, wall: 4),
            Trial(3, TrialState.Complete, started: 4, wall: 2), Trial(4, TrialState.Waiting),
        ]);

        Assert.Equal(new SlotOccupancy(2, 16 / 20.0), occupancy);
    }

    [Fact]
    public void The_front_holds_the_trials_that_none_beats_and_the_best_is_best_in_the_first_objective()
    {
        var facts = new StudyFacts(Study([new Objective("loss"), new Objective("accuracy", Goal.Maximize)],
        [
            Trial(1, TrialState.Complete, values: [2, 5]), Trial(2, TrialState.Complete, values: [1, 4]),
            Trial(3, TrialState.Complete, values: [2, 4]), Trial(4, TrialState.Failed, values: [0, 9]), Trial(5, TrialState.Complete, values: [1, 4]),
        ]));

        Assert.Equal([0, 1, 4], facts.Front);
        Assert.Equal(1, facts.Best);
    }

    [Theory]
    [InlineData("system/memory_megabytes", "memory", "MB", true)]
    [InlineData("system/mean_step_seconds", "mean step", "s", true)]
    [InlineData("system/cpu_percent", "cpu", "%", true)]
    [InlineData("system/energy_joules", "energy", "J", true)]
    [InlineData("validation_loss", "validation_loss", "", false)]
    [InlineData("fit_seconds", "fit_seconds", "s", false)]
    public void A_metric_has_the_unit_that_its_name_ends_in(string name, string label, string unit, bool isSystem) =>
        Assert.Equal(new MetricColumn(name, label, unit, isSystem), MetricColumn.Named(name));

    [Fact]
    public void A_parameter_is_drawn_on_the_scale_of_its_space()
    {
        var columns = ParameterColumn.Of(SampleStudy.Of(30, reports: 2));

        Assert.Equal(["learning_rate", "batch_size", "alpha", "penalty", "optimizer", "momentum"], columns.Select(c => c.Name));
        Assert.Equal((true, 1e-4, 0.1), (columns[0].IsLog, columns[0].Low, columns[0].High));
        Assert.Equal(["0.0001", "0.001", "0.01"], columns[2].Categories!);
        Assert.Equal(["none", "l1", "l2"], columns[3].Categories!);
        Assert.Equal((false, 0, 0.99), (columns[5].IsLog, columns[5].Low, columns[5].High));
    }

    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(0.25, "250 ms")]
    [InlineData(59.97, "1 min")]
    [InlineData(250, "4 min 10 s")]
    [InlineData(7500, "2 h 5 min")]
    [InlineData(86_399, "1 d")]
    [InlineData(180_000, "2 d 2 h")]
    public void A_duration_is_told_in_its_two_largest_units(double seconds, string words) => Assert.Equal(words, Words.Duration(seconds));

    private static StudyRecord Study(IReadOnlyList<Objective> objectives, IReadOnlyList<TrialRecord> trials) =>
        new() { Name = "s", State = StudyState.Finished, Objectives = objectives, Spent = new Spending(), Trials = trials };

    private static TrialRecord Trial(
        int number, TrialState state, long steps = 0, double? cpu = null, double[]? values = null, double? started = null, double wall = 0) => new()
        {
            Number = number,
            State = state,
            Parameters = [],
            Metrics = cpu is { } seconds ? [new MetricValue("system/cpu_seconds", seconds)] : [],
            Values = values ?? [],
            Steps = steps,
            Started = started is { } at ? DateTimeOffset.UnixEpoch.AddSeconds(at) : null,
            WallSeconds = wall,
        };
}
