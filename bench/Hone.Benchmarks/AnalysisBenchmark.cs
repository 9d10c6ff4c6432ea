using System.Globalization;
using Hone.Analysis;
using Hone.Analysis.Effects;
using Hone.Analysis.Importance;
using Hone.Analysis.Replaying;
using Hone.Space;
using Hone.Stopping;
using Hone.Trials;
using Hone.Tuning;

namespace Hone.Benchmarks;

/// <summary>
/// What the analysis of a study costs: a replay of 1,000 trials of 100 reports under twelve rule sets, and both measures of importance and the rank
/// correlations over 10 parameters.
/// </summary>
internal static class AnalysisBenchmark
{
    private const int Parameters = 10;
    private const int Reports = 100;

    public static async Task RunAsync(string[] arguments)
    {
        var small = Record(200, history: true);
        await MeasureAsync("warm-up", () => ReplayAsync(small));
        await MeasureAsync("warm-up", () => Task.FromResult(Fanova.Of(StudyTable.Of(small), "loss").Trials));

        var study = Record(1000, history: true);
        await MeasureAsync("replay, 1,000 trials x 100 reports x 12 rule sets", () => ReplayAsync(study));
        var table = StudyTable.Of(study);
        await MeasureAsync("fANOVA, 1,000 trials x 10 parameters, 64 trees, 28 pairs", () => Task.FromResult(Fanova.Of(table, "loss").Trials));
        var large = StudyTable.Of(Record(10_000, history: false));
        await MeasureAsync("PED-ANOVA, 10,000 trials x 10 parameters", () => Task.FromResult(PedAnova.Of(large, "loss").Trials));
        await MeasureAsync("Spearman and Kendall, 10,000 trials x 10 parameters", () => Task.FromResult(Enumerable.Range(0, Parameters)
            .Count(axis => Correlations.Spearman(large.Numbers(axis), large["loss"]).P + Correlations.Kendall(large.Numbers(axis), large["loss"]).P < 2)));
    }

    private static async Task<int> ReplayAsync(StudyRecord study)
    {
        var rules = Enumerable.Range(1, 12).Select(i => RuleSet.Of(i % 2 == 0
            ? new PercentileRule("loss", Goal.Minimize, 8 * i, new After(5, default))
            : new AshaRule("loss", Goal.Minimize, i, 2)));
        return (await Replay.RunAsync(study, [.. rules])).Sum(result => result.Decisions.Count);
    }

    private static async Task MeasureAsync(string what, Func<Task<int>> work)
    {
        var began = Environment.CpuUsage.TotalTime;
        var result = await work();
        var seconds = (Environment.CpuUsage.TotalTime - began).TotalSeconds;
        if (what != "warm-up")
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seconds,8:0.000} CPU s  {what} ({result})"));
        }
    }

    private static StudyRecord Record(int trials, bool history)
    {
        var space = new SearchSpace([.. Enumerable.Range(0, Parameters).Select(i => new FloatParameter($"x{i}", 0, 1))]);
        var random = new SeededRandom(1);
        var began = DateTimeOffset.UnixEpoch;
        return new StudyRecord
        {
            Name = "benchmark",
            State = StudyState.Finished,
            Objectives = [new Objective("loss")],
            Space = space.Describe(),
            Spent = new(),
            Trials = [.. Enumerable.Range(0, trials).Select(i => Trial(i, space.Sample(random), random, history, began))],
        };
    }

    // Four at a time; the loss falls to a level that three parameters decide on.
    private static TrialRecord Trial(int index, Configuration configuration, SeededRandom random, bool history, DateTimeOffset began)
    {
        var level = configuration["x0"].Number + (configuration["x1"].Number * configuration["x2"].Number);
        Measurement[] curve = [.. Enumerable.Range(1, history ? Reports : 1).Select(step =>
            new Measurement("loss", step, level + (1.0 / step) + (0.05 * random.NextDouble()), TimeSpan.FromSeconds(step + (0.001 * index % 1))))];
        return new TrialRecord
        {
            Number = index + 1,
            State = TrialState.Complete,
            Parameters = [.. configuration.Values],
            Metrics = [new("loss", curve[^1].Value)],
            Values = [curve[^1].Value],
            Steps = curve[^1].Step,
            Started = began + TimeSpan.FromSeconds(index / 4 * 110),
            WallSeconds = 105,
            Attempts = 1,
            History = history ? curve : [],
        };
    }
}
