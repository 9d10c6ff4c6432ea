using Hone.Analysis;
using Hone.Budgets;
using Hone.Space;
using Hone.Trials;
using Hone.Tuning;

namespace Hone.Dashboard.Tests;

/// <summary>Studies as a tuner would leave them, made up from a seed: losses that fall, memory that follows the batch, stops, crashes.</summary>
internal sealed class SampleStudy
{
    private static readonly DateTimeOffset Began = new(2026, 3, 14, 9, 30, 0, TimeSpan.Zero);

    private readonly SeededRandom _random;
    private readonly SearchSpace _space;
    private readonly double[] _slots = new double[8];

    private SampleStudy(ulong seed, SearchSpace space)
    {
        _random = new SeededRandom(seed);
        _space = space;
    }

    public static SearchSpace UsualSpace { get; } = new(
    [
        new FloatParameter("learning_rate", 1e-4, 1e-1, log: true),
        new IntParameter("batch_size", 1, 512, log: true),
        new OrdinalParameter("alpha", 0.0001, 0.001, 0.01),
        new CategoricalParameter("penalty", "none", "l1", "l2"),
        new CategoricalParameter("optimizer", "sgd", "adam"),
        new FloatParameter("momentum", 0, 0.99) { When = [new Condition("optimizer", ["sgd"])] },
    ]);

    /// <summary>A finished study; every trial that completes has as many reports as named.</summary>
    public static StudyRecord Of(int trials, int reports = 100, ulong seed = 7, SearchSpace? space = null, int objectives = 1)
    {
        var sample = new SampleStudy(seed, space ?? UsualSpace);
        var records = Enumerable.Range(1, trials).Select(number => sample.Trial(number, reports, objectives)).ToList();
        Objective[] all = [new("validation_loss"), new("system/memory_megabytes"), new("accuracy", Goal.Maximize)];
        return new StudyRecord
        {
            Name = "diabetes-logistic",
            State = StudyState.Finished,
            Objectives = all[..objectives],
            Constraints = [Comparison.Parse("system/memory_megabytes <= 2000")],
            Space = sample._space.Describe(),
            Began = Began,
            Trials = records,
            Spent = new Spending
            {
                Trials = trials,
                Wall = TimeSpan.FromSeconds(sample._slots.Max()),
                Steps = records.Sum(t => t.Steps),
                CpuSeconds = records.Sum(t => Last(t, "system/cpu_seconds")),
                EnergyJoules = 41_700,
            },
        };
    }

    private static double Last(TrialRecord trial, string metric) => trial.Metrics.Where(m => m.Metric == metric).Sum(m => m.Value);

    private TrialRecord Trial(int number, int reports, int objectives)
    {
        var configuration = _space.Sample(_random);
        var rate = Number(configuration, "learning_rate", 0.01);
        var batch = Number(configuration, "batch_size", 32);
        var far = Math.Abs(Math.Log10(rate / 0.012));
        var goal = 0.48 + (0.11 * far * far) + (configuration.TryGet("penalty", out var p) && p.ToString() == "l1" ? 0.03 : 0) + (_random.NextDouble() * 0.04);
        var fails = _random.NextDouble() < 0.04;
        var stops = number > 6 && !fails && goal > 0.56 && _random.NextDouble() < 0.85;
        var ran = fails ? _random.Next(1, Math.Max(2, reports / 3)) : stops ? Math.Max(1, reports * _random.Next(8, 70) / 100) : reports;
        var stepSeconds = (0.0016 + (batch * 0.00003)) * (0.8 + (0.4 * _random.NextDouble()));
        var history = History(ran, goal, far, stepSeconds, 190 + (batch * 1.7) + (_random.NextDouble() * 40));
        var wall = ran * 50 * stepSeconds * 1.15;
        var slot = Array.IndexOf(_slots, _slots.Min());
        var started = _slots[slot];
        _slots[slot] += wall + 0.02;
        var metrics = history.GroupBy(m => m.Metric).Select(g => new MetricValue(g.Key, g.Last().Value))
            .OrderBy(m => m.Metric, StringComparer.Ordinal).ToList();
        var reached = metrics.Find(m => m.Metric == "validation_loss").Value;
        double[] values = [reached, metrics.Find(m => m.Metric == "system/memory_megabytes").Value, metrics.Find(m => m.Metric == "accuracy").Value];
        return new TrialRecord
        {
            Number = number,
            State = fails ? TrialState.Failed : stops ? TrialState.Stopped : TrialState.Complete,
            Rule = stops ? Rule(number) : "",
            Reason = fails ? "exit status 1: ValueError: matrix is singular" : stops ? Reason(number, ran * 50, reached, stepSeconds) : "",
            Parameters = [.. configuration.Values],
            Metrics = metrics,
            Values = fails ? [.. values[..objectives].Select(_ => double.NaN)] : values[..objectives],
            Steps = ran * 50,
            Started = Began.AddSeconds(started),
            WallSeconds = wall,
            Attempts = fails ? 2 : 1,
            History = history,
        };
    }

    private static string Rule(int number) => (number % 5) switch
    {
        0 => "when system/mean_step_seconds > 0.01",
        1 => "asha(validation_loss)",
        _ => "median(validation_loss)",
    };

    private static string Reason(int number, int step, double loss, double stepSeconds) => (number % 5) switch
    {
        0 => FormattableString.Invariant($"system/mean_step_seconds is {stepSeconds:0.#####} at step {step}: system/mean_step_seconds > 0.01, 3 of the last 5 values"),
        1 => FormattableString.Invariant($"validation_loss {loss:0.####} ranks {number % 9 + 4} of 12 at rung 300, where the best 4 go on"),
        _ => FormattableString.Invariant($"best validation_loss {loss:0.####} is worse than the median {loss - 0.03:0.####} of {number - 1} peers at step {step}"),
    };

    private List<Measurement> History(int reports, double goal, double far, double stepSeconds, double memory)
    {
        var history = new List<Measurement>(reports * 6);
        var noise = 0.0;
        var speed = 14 / (1 + (2 * far));
        for (var i = 1; i <= reports; i++)
        {
            var step = i * 50L;
            var at = TimeSpan.FromSeconds(step * stepSeconds);
            noise = (0.8 * noise) + ((_random.NextDouble() - 0.5) * 0.008);
            var loss = goal + (0.35 * Math.Exp(-speed * i / 100.0)) + noise;
            history.Add(new Measurement("accuracy", step, 1.15 - (0.75 * loss), at));
            history.Add(new Measurement("training_loss", step, loss - (0.02 * i / 100), at));
            history.Add(new Measurement("validation_loss", step, loss, at));
            history.Add(new Measurement("system/cpu_seconds", step, at.TotalSeconds * 1.04, at));
            history.Add(new Measurement("system/memory_megabytes", step, memory * (1 - Math.Exp(-i / 3.0)), at));
            history.Add(new Measurement("system/mean_step_seconds", step, stepSeconds * (1 + (1.0 / i)), at));
        }

        return history;
    }

    private static double Number(Configuration configuration, string name, double otherwise) =>
        configuration.TryGet(name, out var value) && double.IsFinite(value.Number) ? value.Number : otherwise;
}
