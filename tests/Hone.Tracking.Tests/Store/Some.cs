using Hone.Budgets;
using Hone.Space;
using Hone.Trials;
using Hone.Tuning;

namespace Hone.Tracking.Tests.Store;

/// <summary>Valid studies and events, to be changed where a test cares.</summary>
internal static class Some
{
    public static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    public static readonly SearchSpace Space = new(
    [
        new FloatParameter("learning_rate", 1e-4, 0.1, log: true),
        new IntParameter("batch_size", 1, 512, log: true),
        new CategoricalParameter("optimizer", "sgd", "adam", "ünïcode ☃"),
        new FloatParameter("momentum", 0, 0.99) { When = [new Condition("optimizer", ["sgd"])] },
        new OrdinalParameter("alpha", 0.001, 0.01, 1, true, "off"),
    ]);

    public static Study Study(string name = "diabetes") =>
        new() { Name = name, Space = Space, Objectives = [new Objective("loss")] };

    public static Configuration Configuration(int seed = 1) => Space.Sample(new SeededRandom((ulong)seed));

    public static TrialProposed Proposed(int trial, Configuration? configuration = null) =>
        new(Noon.AddSeconds(trial), trial, configuration ?? Configuration(trial));

    public static TrialStarted Started(int trial, int attempt = 1) => new(Noon.AddSeconds(trial), trial, attempt);

    public static TrialReported Reported(int trial, long step, params MetricValue[] values) =>
        new(Noon.AddSeconds(trial + step), trial, 1, step, values, TimeSpan.FromSeconds(step));

    public static TrialEnded Ended(int trial, params double[] values) =>
        new(Noon.AddHours(1), trial, TrialState.Complete, "", values, 0, TimeSpan.FromMinutes(1));

    public static Spending Spent(int trials) => new() { Trials = trials, Wall = TimeSpan.FromTicks(123_456_789), Steps = 7, CpuSeconds = 0.1 };

    /// <summary>The events of one complete trial that reported a loss at each step from 1.</summary>
    public static IEnumerable<StudyEvent> Complete(int trial, params double[] losses)
    {
        yield return Proposed(trial);
        yield return Started(trial);
        for (var i = 0; i < losses.Length; i++)
        {
            yield return Reported(trial, i + 1, new MetricValue("loss", losses[i]));
        }

        yield return Ended(trial, losses[^1]);
    }
}
